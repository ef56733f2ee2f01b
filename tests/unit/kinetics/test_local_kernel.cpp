#include <gtest/gtest.h>

#include "inkfade/kinetics/local.kernel.hpp"

namespace inkfade::baseline {
namespace {

LocalConstants<double> constants() {
  LocalConstants<double> c;
  c.inverse_capacity = 0.5;
  c.inverse_crowding = 0.1;
  c.recruitment_rate = 0.3;
  c.departure_rate = 0.7;
  c.binding_rate = 0.2;
  return c;
}

LocalPlace<double> place() {
  LocalPlace<double> p;
  p.inverse_binding = 0.25;
  return p;
}

TEST(LocalClosures, AreEquationsM7AndM9) {
  const auto closures = local_closures(constants(), place(), 5.0, 10.0, 4.0, 1.0);
  EXPECT_DOUBLE_EQ(closures.room, 3.0);            // 5 - 4/2
  EXPECT_DOUBLE_EQ(closures.crowding, 0.5);        // 1/(1 + 10/10)
  EXPECT_DOUBLE_EQ(closures.binding, 0.15);        // 0.2 (1 - 1/4)
  EXPECT_DOUBLE_EQ(closures.binding_slope, 0.05);  // 0.2/4
}

TEST(LocalClosures, StopInAFullNicheAndFullStroma) {
  const auto full = local_closures(constants(), place(), 5.0, 10.0, 11.0, 4.5);
  EXPECT_EQ(full.room, 0.0);
  EXPECT_EQ(full.binding, 0.0);
}

TEST(LocalClosures, GoOnSmoothlyForArgumentsOfStages) {
  const auto past = local_closures(constants(), place(), 5.0, 10.0, 11.0, 4.5, PastFull::go_on);
  EXPECT_EQ(past.room, -0.5);
  EXPECT_DOUBLE_EQ(past.binding, -0.025);  // 0.2 (1 - 4.5/4)
}

TEST(MacrophageRate, RecruitsTowardsARaisedTarget) {
  EXPECT_DOUBLE_EQ(macrophage_rate(constants(), 8.0, 5.0, 4.0), 0.9);  // 0.3 (8 - 5)
}

TEST(MacrophageRate, LetsOnlyEmptyCellsLeave) {
  EXPECT_DOUBLE_EQ(macrophage_rate(constants(), 3.0, 5.0, 4.0), -0.84);  // 0.7 (5 - 3) (1 - 4/(2 x 5))
  EXPECT_DOUBLE_EQ(macrophage_rate(constants(), 3.0, 5.0, 10.0), 0.0);   // all laden
}

TEST(MacrophageRate, HasTheSlopeThatTheMatrixUses) {
  // Central differences: error of order delta^2 = 1e-10, round-off 1e-11.
  const auto c = constants();
  for (const double target : {3.0, 8.0}) {
    for (const double held : {0.0, 4.0, 12.0}) {
      const double delta = 1e-5;
      const double expected =
          (macrophage_rate(c, target, 5.0 + delta, held) - macrophage_rate(c, target, 5.0 - delta, held)) /
          (2.0 * delta);
      EXPECT_NEAR(macrophage_rate_slope(c, target, 5.0, held), expected, 1e-9) << target << ", " << held;
    }
  }
}

}  // namespace
}  // namespace inkfade::baseline
