#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "support/solution_bits.hpp"

// A run on the well-mixed rung: the same protocol, the same observables, no depth.
namespace inkfade::simulation {
namespace {

using parameters::Scenario;

Options on_rung() {
  Options options;
  options.rung = Rung::well_mixed;
  return options;
}

Scenario two_sessions() {
  return Scenario::from_toml(
      "format = 1\npreset = \"scalp-smp\"\n[run]\nhorizon = \"6 year\"\n"
      "[[session]]\nkind = \"treatment\"\nat = \"0 day\"\n[[session]]\nkind = \"touch_up\"\nat = \"3 year\"\n");
}

Scenario by_pigment() {
  return Scenario::preset("scalp-smp")
      .with({{"touch_up.measure", std::string("retained_of_healed")}, {"touch_up.threshold", 0.7}});
}

TEST(WellMixedRun, SaysWhichRungItIs) {
  EXPECT_EQ(simulate(two_sessions(), on_rung()).rung, Rung::well_mixed);
  EXPECT_EQ(simulate(two_sessions()).rung, Rung::column);
  EXPECT_EQ(name(Rung::well_mixed), "well_mixed");
}

TEST(WellMixedRun, HasNoDepths) {
  const Solution s = simulate(two_sessions(), on_rung());
  for (const auto* values :
       {&s.z, &s.z_bounds, &s.centroid, &s.spread, &s.pigment, &s.macrophages, &s.macrophage_load}) {
    EXPECT_TRUE(values->empty());
  }
  EXPECT_EQ(s.layers, (std::vector<std::string>{"epidermis", "dermis"}));
}

TEST(WellMixedRun, FollowsTheSameProtocol) {
  const Solution rung = simulate(two_sessions(), on_rung());
  const Solution column = simulate(two_sessions());
  ASSERT_EQ(rung.status, Status::ok) << rung.message;
  EXPECT_EQ(rung.time, column.time);
  EXPECT_EQ(rung.event_time, column.event_time);
  EXPECT_EQ(rung.event_kind, column.event_kind);
  EXPECT_EQ(rung.healed_time, column.healed_time);
  for (std::size_t i = 0; i < rung.n_times(); ++i) {
    EXPECT_NEAR(rung.deposited[i] / column.deposited[i], 1.0, 1e-13);
  }
}

TEST(WellMixedRun, FindsTheTouchUpInsideOfSteps) {
  // Saved on both sides of the time it found, the measure is above and below the threshold.
  const auto scenario = by_pigment();
  const Solution first = simulate(scenario, on_rung());
  ASSERT_TRUE(first.touch_up.observed);
  Options around = on_rung();
  around.times = {first.touch_up.time * (1.0 - 1e-6), first.touch_up.time * (1.0 + 1e-6)};
  const Solution s = simulate(scenario, around);
  EXPECT_GT(s.retained_of_healed[0], s.threshold);
  EXPECT_LT(s.retained_of_healed[1], s.threshold);
}

TEST(WellMixedRun, EndsWithAStatusAtItsLimits) {
  const Solution few = simulate(two_sessions().with({{"numerics.max_steps", std::int64_t{5}}}), on_rung());
  EXPECT_EQ(few.status, Status::too_many_steps);
  EXPECT_EQ(few.status_depth, -1.0);
  EXPECT_EQ(few.rung, Rung::well_mixed);
  EXPECT_EQ(few.message.find("depth"), std::string::npos);
  Options stopped = on_rung();
  stopped.stop.request_stop();
  const Solution cancelled = simulate(two_sessions(), stopped);
  EXPECT_EQ(cancelled.status, Status::cancelled);
  EXPECT_EQ(cancelled.rung, Rung::well_mixed);
  Options hurried = on_rung();
  hurried.wall_limit = 1e-9;
  EXPECT_EQ(simulate(two_sessions(), hurried).status, Status::deadline);
}

TEST(WellMixedRun, GivesTheSameBitsOnAnyNumberOfThreads) {
  std::vector<Scenario> scenarios;
  for (const double depth : {250e-6, 400e-6, 600e-6}) {
    scenarios.push_back(two_sessions().with({{"procedure.depth", std::to_string(depth * 1e6) + " um"}}));
  }
  const auto one = simulate_many(scenarios, on_rung(), 1);
  const auto two = simulate_many(scenarios, on_rung(), 2);
  for (std::size_t i = 0; i < scenarios.size(); ++i) EXPECT_TRUE(inkfade::test::same_bits(one[i], two[i]));
}

TEST(WellMixedRun, DrawsPeopleOnItsRung) {
  const auto scenario = by_pigment();
  const auto drawn = touch_up_draws(scenario, 0.7, 2, 3, 1, {}, {}, Rung::well_mixed);
  const Solution own = simulate(scenario.with({{"touch_up.threshold", 0.7}}).draw(3, 1), on_rung());
  EXPECT_EQ(drawn[1].time, own.touch_up.time);
  EXPECT_NE(drawn[1].time, touch_up_draws(scenario, 0.7, 2, 3, 1, {})[1].time);
}

TEST(WellMixedRun, IgnoresTheCellsOfTheColumn) {
  const Solution coarse = simulate(two_sessions().with({{"numerics.cells", std::int64_t{16}}}), on_rung());
  EXPECT_TRUE(inkfade::test::same_bits(simulate(two_sessions(), on_rung()), coarse));
}

}  // namespace
}  // namespace inkfade::simulation
