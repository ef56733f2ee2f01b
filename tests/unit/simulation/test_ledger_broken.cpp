#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inkfade/simulation/lane_driver.hpp"

namespace inkfade::simulation {
namespace {

using parameters::Scenario;
using testing::HasSubstr;

/// The preset, with one cell a millionth wider where masses are measured than where pigment moves.
Solution measured_with_another_width(double factor) {
  ColumnCase column(Scenario::preset("scalp-smp"));
  column.mesh.width[column.mesh.first_dermal_cell + 5] *= factor;
  return run_column(column, default_times(column.protocol.horizon), {}, false);
}

TEST(LedgerBroken, IsTheStatusOfARunWhoseMassesDoNotAddUp) {
  const Solution s = measured_with_another_width(1.0 + 1e-6);
  EXPECT_EQ(s.status, Status::ledger_broken);
  EXPECT_THAT(s.message, HasSubstr("ledger_broken after"));
}

TEST(LedgerBroken, IsNotTheStatusOfTheSameRunUntouched) {
  EXPECT_EQ(measured_with_another_width(1.0).status, Status::ok);
}

}  // namespace
}  // namespace inkfade::simulation
