#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "support/solution_bits.hpp"

namespace inkfade::simulation {
namespace {

using testing::HasSubstr;

parameters::Scenario smp() {
  return parameters::Scenario::preset("scalp-smp").with({{"run.horizon", std::string("1 year")}});
}

Options watched(OnSaved on_saved) {
  Options options;
  options.on_saved = std::move(on_saved);
  return options;
}

TEST(OnSaved, IsCalledOnceForEverySavedTimeWithItsRow) {
  std::vector<double> seen;
  const Solution run = simulate(smp(), watched([&](const Solution& so_far) {
                                  seen.push_back(so_far.retained_of_deposit.back());
                                  return true;
                                }));
  EXPECT_EQ(seen, run.retained_of_deposit);
}

TEST(OnSaved, LeavesTheResultAsItIs) {
  const Solution alone = simulate(smp());
  const Solution seen = simulate(smp(), watched([](const Solution&) { return true; }));
  EXPECT_TRUE(test::same_bits(alone, seen));
}

TEST(OnSaved, FalseEndsTheRunAtThatTimeAsCancelled) {
  const Solution run = simulate(smp(), watched([](const Solution& so_far) { return so_far.time.back() < 14.0 * day; }));
  EXPECT_EQ(run.status, Status::cancelled);
  EXPECT_EQ(run.time.back(), 14.0 * day);
  EXPECT_EQ(run.status_time, 14.0 * day);
  EXPECT_THAT(run.message, HasSubstr("cancelled after 14 day"));
}

TEST(OnSaved, FalseAtTimeZeroKeepsThatRowAlone) {
  const Solution run = simulate(smp(), watched([](const Solution&) { return false; }));
  EXPECT_EQ(run.status, Status::cancelled);
  EXPECT_EQ(run.n_times(), 1U);
}

TEST(OnSaved, FalseAtTheHorizonComesTooLateToCancel) {
  const Solution run = simulate(smp(), watched([](const Solution& so_far) { return so_far.time.back() < year; }));
  EXPECT_EQ(run.status, Status::ok);
  EXPECT_TRUE(test::same_bits(run, simulate(smp())));
}

TEST(OnSaved, AnExceptionEndsTheRunAndIsPassedOn) {
  int calls = 0;
  const auto fail = [&](const Solution&) -> bool {
    if (++calls == 3) throw std::runtime_error("mine");
    return true;
  };
  EXPECT_THROW(static_cast<void>(simulate(smp(), watched(fail))), std::runtime_error);
  EXPECT_EQ(calls, 3);
}

}  // namespace
}  // namespace inkfade::simulation
