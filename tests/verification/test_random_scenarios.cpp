#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "inkfade/selfcheck/laws.hpp"
#include "inkfade/simulation/column_case.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "support/atol_bound.hpp"
#include "support/random_scenarios.hpp"
#include "support/solution_bits.hpp"

// Items 7, 8 and 12: laws that hold for every scenario, on 120 random ones (seeds 0 to 119).
namespace inkfade::test {
namespace {

using selfcheck::ledger_gap;
using selfcheck::lowest_in_atol;

constexpr unsigned scenario_count = 120;
constexpr double spread = 10.0;
constexpr bool moving_light = true;

struct Runs {
  std::vector<parameters::Scenario> scenarios;
  std::vector<simulation::Solution> one_thread;
  std::vector<simulation::Solution> two_threads;
};

const Runs& runs() {
  static const Runs all = [] {
    Runs made;
    for (unsigned seed = 0; seed < scenario_count; ++seed)
      made.scenarios.push_back(ScenarioMaker(seed).make(spread, moving_light));
    made.one_thread = simulation::simulate_many(made.scenarios, {}, 1);
    made.two_threads = simulation::simulate_many(made.scenarios, {}, 2);
    return made;
  }();
  return all;
}

template <class Check>
void for_each_run(Check&& check) {
  for (unsigned seed = 0; seed < scenario_count; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    check(runs().scenarios[seed], runs().one_thread[seed]);
  }
}

TEST(RandomScenarios, AllEndWithStatusOk) {
  for_each_run([](const auto&, const simulation::Solution& s) { EXPECT_EQ(s.status, Status::ok) << s.message; });
}

TEST(RandomScenarios, CloseTheLedgerAtEverySavedTime) {
  double worst = 0.0;
  for_each_run([&](const auto&, const simulation::Solution& s) {
    ASSERT_FALSE(s.ledger_residual.empty());
    const double residual = std::max(std::ranges::max(s.ledger_residual), ledger_gap(s));
    EXPECT_LE(residual, 1e-12);  // the promise; round-off of a few thousand steps, 1e-16 sqrt(steps) each way
    worst = std::max(worst, residual);
  });
  RecordProperty("worst", std::to_string(worst * 1e12) + "e-12");
}

TEST(RandomScenarios, AreFiniteThroughout) {
  for_each_run([](const auto&, const simulation::Solution& s) {
    for (const auto* values : {&s.pigment, &s.macrophages, &s.mass, &s.ledger, &s.retained_of_deposit}) {
      EXPECT_TRUE(std::ranges::all_of(*values, [](double v) { return std::isfinite(v); }));
    }
  });
}

TEST(RandomScenarios, KeepTheMacrophageLoadAtMostOneWhenSolvedTightly) {
  // Capture stops at load 1, and only empty cells leave. Steps that end above 1 + rtol are rejected; between the ends
  // of steps the dense output has no such limit, and may pass it by its own error.
  simulation::Options options;
  options.fields = false;
  std::vector<parameters::Scenario> tight;
  for (unsigned seed = 0; seed < scenario_count; seed += 3) {
    tight.push_back(runs().scenarios[seed].with({{"numerics.rtol", 1e-6}}));
  }
  double worst = 0.0;
  for (const auto& s : simulation::simulate_many(tight, options, 2))
    worst = std::max(worst, std::ranges::max(s.peak_load));
  RecordProperty("largest_load", std::to_string(worst));
  EXPECT_LE(worst, 1.0 + 1e-4);
}

TEST(RandomScenarios, KeepTheMacrophageLoadAtMostOnePlusRtolAtTheEndsOfSteps) {
  double worst = 0.0;
  for (unsigned seed = 0; seed < scenario_count; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    simulation::Options options;
    options.fields = false;
    const simulation::ColumnCase column(runs().scenarios[seed]);
    for (const auto& segment : column.protocol.segments) options.times.push_back(segment.end);
    const auto s = simulation::simulate(runs().scenarios[seed], options);
    const double load = std::ranges::max(s.peak_load);
    EXPECT_LE(load, 1.0 + column.rtol);  // the limit that step control keeps
    worst = std::max(worst, load);
  }
  RecordProperty("largest_load", std::to_string(worst));
}

TEST(RandomScenarios, StayAboveTheDocumentedFloorAtTheEndsOfSteps) {
  // Saved at events, a state is an accepted one: not below -10 atol, atol = rtol x atol_fraction x peak deposit.
  double worst = 0.0;
  for (unsigned seed = 0; seed < scenario_count; ++seed) {
    const double lowest = lowest_in_atol(runs().scenarios[seed]);
    EXPECT_GE(lowest, -10.0) << "seed " << seed;
    worst = std::min(worst, lowest);
  }
  RecordProperty("worst_in_atol", std::to_string(worst));
}

TEST(RandomScenarios, StayAboveTheDocumentedFloorInsideOfSteps) {
  // A cubic through a fast decay undershoots; saved states are drawn towards the chord until none is below the floor.
  double worst = 0.0;
  for_each_run([&](const auto& scenario, const simulation::Solution& s) {
    const double lowest = std::ranges::min(s.pigment) / atol_bound(scenario, s);
    EXPECT_GE(lowest, -10.0 * (1.0 + 1e-9));  // the share of the chord rounds
    worst = std::min(worst, lowest);
  });
  RecordProperty("worst_in_atol", std::to_string(worst));
}

TEST(RandomScenarios, GiveTheSameBitsAgainAndOnTwoThreads) {
  for (unsigned seed = 0; seed < scenario_count; ++seed) {
    EXPECT_TRUE(same_bits(runs().one_thread[seed], runs().two_threads[seed])) << "seed " << seed;
  }
}

}  // namespace
}  // namespace inkfade::test
