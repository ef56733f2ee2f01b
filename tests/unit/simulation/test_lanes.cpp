// Runs share blocks of lanes, threads and instruction sets; none of it may show in a result.
#include <gtest/gtest.h>

#include <algorithm>
#include <cfenv>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/float_environment.hpp"
#include "inkfade/simulation/lane_driver.hpp"
#include "support/solution_bits.hpp"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace inkfade::simulation {
namespace {

using parameters::Scenario;
using test::same_bits;

std::string text(const char* value) { return value; }

/// Unlike in size of state, position of the junction, events, visits, light and in how they end.
std::vector<Scenario> unlike_scenarios() {
  const Scenario smp = Scenario::preset("scalp-smp").with({{"run.horizon", text("3 year")}});
  std::vector<Scenario> scenarios;
  for (int i = 0; i < 9; ++i) scenarios.push_back(smp.draw(7, static_cast<std::uint64_t>(i)));
  scenarios.push_back(smp.with({{"numerics.classes", std::int64_t{4}}}));
  scenarios.push_back(smp.with({{"numerics.cells", std::int64_t{40}}}));
  scenarios.push_back(smp.with({{"skin.viable_epidermis.thickness", text("90 um")}}));
  scenarios.push_back(smp.with({{"touch_up.schedule", text("when_due")}, {"touch_up.threshold", 0.9}}));
  scenarios.push_back(smp.with({{"touch_up.schedule", text("fixed")}, {"touch_up.interval", text("1 year")}}));
  scenarios.push_back(smp.with(
      {{"start", text("2027-03-14")}, {"ink.uv_sensitivity", text("1e-6 m2/J")}, {"numerics.self_shading", true}}));
  scenarios.push_back(smp.with({{"numerics.max_steps", std::int64_t{20}}}));  // too_many_steps
  scenarios.push_back(smp.with({{"start", text("2027-03-14")}, {"ink.uv_sensitivity", text("1e-6 m2/J")}}));
  // Niches that fill beside one that is empty: what holds the load of one lane must leave the other alone.
  for (const char* density : {"0 mm-3", "2500 mm-3", "4000 mm-3", "9000 mm-3", "0 mm-3"}) {
    scenarios.push_back(smp.with({{"procedure.local_dose", text("2.5 mg/cm2")},
                                  {"skin.upper_reticular_dermis.macrophage_density", text(density)}}));
  }
  return scenarios;
}

Options without_fields() {
  Options options;
  options.fields = false;
  return options;
}

/// All runs through one driver, with so many lanes of an instruction set. Each run has to come out once.
/// @param before_run called with the number of the run that the source is asked for
std::vector<Solution> driven(const std::vector<Scenario>& scenarios, lanes::InstructionSet set, int most_lanes,
                             std::size_t most_bytes = LaneDriver::usual_bytes,
                             const std::function<void(std::size_t)>& before_run = {}) {
  const KernelFloatEnvironment environment;
  const Options options = without_fields();
  std::vector<Solution> solutions(scenarios.size());
  std::vector<int> times_done(scenarios.size(), 0);
  std::size_t next = 0;
  const LaneDriver::Source source = [&]() -> std::optional<Job> {
    if (next == scenarios.size()) return std::nullopt;
    if (before_run) before_run(next);
    const std::size_t i = next++;
    return Job{i, std::make_unique<ColumnRun>(std::make_unique<ColumnCase>(scenarios[i]),
                                              default_times(scenarios[i].real("run.horizon")), options, false)};
  };
  LaneDriver driver(options, most_lanes, set, lanes::Numbers::plain, most_bytes);
  driver.work(source, [&](std::size_t i, Solution s) {
    solutions[i] = std::move(s);
    ++times_done[i];
  });
  if (most_bytes > 0) {
    EXPECT_LE(driver.bytes(), most_bytes);
  }
  EXPECT_EQ(times_done, std::vector<int>(scenarios.size(), 1));
  return solutions;
}

TEST(Lanes, ARunAloneHasTheBitsItHasAmongOthers) {
  const std::vector<Scenario> scenarios = unlike_scenarios();
  const std::vector<Solution> together = simulate_many(scenarios, without_fields(), 1);
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    EXPECT_TRUE(same_bits(simulate(scenarios[i], without_fields()), together[i])) << i;
    EXPECT_EQ(together[i].status, i == 15 ? Status::too_many_steps : Status::ok) << i << ": " << together[i].message;
  }
}

TEST(Lanes, NeitherThreadsNorOrderShowInTheBits) {
  std::vector<Scenario> scenarios = unlike_scenarios();
  const std::vector<Solution> one = simulate_many(scenarios, without_fields(), 1);
  for (const int threads : {2, 5}) {
    const std::vector<Solution> many = simulate_many(scenarios, without_fields(), threads);
    for (std::size_t i = 0; i < scenarios.size(); ++i) EXPECT_TRUE(same_bits(one[i], many[i])) << threads << ": " << i;
  }
  std::ranges::reverse(scenarios);
  const std::vector<Solution> backwards = simulate_many(scenarios, without_fields(), 2);
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    EXPECT_TRUE(same_bits(one[i], backwards[scenarios.size() - 1 - i])) << i;
  }
}

TEST(Lanes, NeitherInstructionSetNorNumberOfLanesShowsInTheBits) {
  const std::vector<Scenario> scenarios = unlike_scenarios();
  const std::vector<Solution> narrow = driven(scenarios, lanes::InstructionSet::narrow, 1);
  for (const lanes::InstructionSet set : lanes::instruction_sets()) {
    for (const int most_lanes : {3, 64}) {
      const std::vector<Solution> wide = driven(scenarios, set, most_lanes);
      for (std::size_t i = 0; i < scenarios.size(); ++i) {
        EXPECT_TRUE(same_bits(narrow[i], wide[i])) << name(set) << ", " << most_lanes << " lanes: " << i;
      }
    }
  }
}

/// So many runs of each shape, by shape neither in a row nor equally many.
std::vector<Scenario> many_shapes(int shapes, int rounds) {
  std::vector<Scenario> scenarios;
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < shapes; ++i) {
      if ((i + round) % 3 == 0 && i > 2) continue;
      scenarios.push_back(Scenario::preset("scalp-smp")
                              .with({{"run.horizon", text("60 day")},
                                     {"numerics.rtol", 1e-2},
                                     {"numerics.cells", std::int64_t{20 + i}},
                                     {"macrophages.capture_rate", std::to_string(2 + round) + " 1/day"}}));
    }
  }
  return scenarios;
}

TEST(Lanes, ManyShapesChangeNoBitWhateverMemoryTheyMayTake) {
  const std::vector<Scenario> scenarios = many_shapes(24, 5);
  const std::vector<Solution> narrow = driven(scenarios, lanes::InstructionSet::narrow, 1);
  for (const std::size_t most_bytes : {std::size_t{0}, std::size_t{1} << 20, LaneDriver::usual_bytes}) {
    const std::vector<Solution> wide = driven(scenarios, lanes::best_instruction_set(), 64, most_bytes);
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
      EXPECT_EQ(wide[i].status, Status::ok) << i << ": " << wide[i].message;
      EXPECT_TRUE(same_bits(narrow[i], wide[i])) << i << ", " << most_bytes << " bytes";
    }
  }
}

TEST(Lanes, NeitherOtherShapesNorMakingRunsReadyIsARunsOwnTime) {
  // The only run of its shape cannot fill its group's lanes, which soon waits while the others step. The source is slow
  // twice: while that group is at work, and while it waits.
  constexpr double slow = 0.3;
  std::vector<Scenario> scenarios = many_shapes(2, 60);
  std::erase_if(scenarios, [](const Scenario& each) { return each.integer("numerics.cells") == 20; });
  scenarios.insert(scenarios.begin(), many_shapes(1, 1).front());
  const auto sleep = [&](std::size_t i) {
    if (i == 1 || i + 1 == scenarios.size()) std::this_thread::sleep_for(std::chrono::duration<double>(slow));
  };
  const auto begin = std::chrono::steady_clock::now();
  double longest = 0.0;
  for (const Solution& s : driven(scenarios, lanes::best_instruction_set(), 2, LaneDriver::usual_bytes, sleep)) {
    EXPECT_GE(s.statistics.wall_time, 0.0);
    longest = std::max(longest, s.statistics.wall_time);
  }
  const std::chrono::duration<double> all = std::chrono::steady_clock::now() - begin;
  EXPECT_LE(longest, all.count() - 2.0 * slow);
}

TEST(Lanes, TimeInWhichAGroupWaitsDoesNotCount) {
  const KernelFloatEnvironment environment;
  constexpr double waited = 0.2;
  const Options options = without_fields();
  const Scenario scenario = many_shapes(1, 1).front();
  for (const bool pauses : {true, false}) {
    auto run =
        std::make_unique<ColumnRun>(std::make_unique<ColumnCase>(scenario), std::vector<double>{}, options, false);
    LaneGroup group(shape_of(*run), options, 1, lanes::best_instruction_set(), lanes::Numbers::plain);
    Solution solution;
    const Sink sink = [&](std::size_t, Solution s) { solution = std::move(s); };
    const auto begin = std::chrono::steady_clock::now();
    group.load(Job{0, std::move(run)}, sink);
    group.step(sink);
    if (pauses) group.pause();
    std::this_thread::sleep_for(std::chrono::duration<double>(waited));
    if (pauses) group.resume();
    while (group.n_live() > 0) group.step(sink);
    const std::chrono::duration<double> all = std::chrono::steady_clock::now() - begin;
    if (pauses) {
      EXPECT_LE(solution.statistics.wall_time, all.count() - waited);
    } else {
      EXPECT_GE(solution.statistics.wall_time, waited);
    }
  }
}

TEST(Lanes, KeepingProfilesChangesNoObservable) {
  for (const Scenario& scenario : unlike_scenarios()) {
    Solution with = simulate(scenario);
    with.pigment.clear();
    with.macrophages.clear();
    with.macrophage_load.clear();
    EXPECT_TRUE(same_bits(with, simulate(scenario, without_fields())));
  }
}

TEST(Lanes, ARunThatKeepsOnlyMassesHasTheBitsOfOneThatKeepsAll) {
  const std::vector<Scenario> scenarios = unlike_scenarios();
  Options options = without_fields();
  std::vector<Solution> all = simulate_many(scenarios, options, 1);
  options.series.parts = false;
  const std::vector<Solution> masses = simulate_many(scenarios, options, 1);
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    for (std::vector<double>* left_out : {&all[i].layer_mass, &all[i].class_mass, &all[i].drained_by_class,
                                          &all[i].centroid, &all[i].spread, &all[i].peak_load}) {
      EXPECT_FALSE(left_out->empty());
      left_out->clear();
    }
    EXPECT_TRUE(same_bits(all[i], masses[i])) << i;
  }
}

TEST(Lanes, ProfilesAddUpToTheMassesOfTheirPoolsWhereTheNicheIsFull) {
  const Scenario full =
      Scenario::preset("scalp-smp")
          .with(
              {{"procedure.local_dose", text("2.5 mg/cm2")}, {"run.horizon", text("2 year")}, {"numerics.rtol", 1e-2}});
  const Solution s = simulate(full);
  const std::size_t cells = s.n_cells();
  for (std::size_t i = 0; i < s.n_times(); ++i) {
    for (std::size_t pool = 0; pool < 3; ++pool) {
      double mass = 0.0;
      for (std::size_t k = 0; k < s.n_classes(); ++k) {
        for (std::size_t c = 0; c < cells; ++c) {
          mass += s.pigment[((i * 3 + pool) * s.n_classes() + k) * cells + c] * (s.z_bounds[c + 1] - s.z_bounds[c]);
        }
      }
      // Round-off, but where a profile is drawn to its floor: a share of the step's error, far below rtol.
      EXPECT_NEAR(mass, s.mass[3 * i + pool], 1e-3 * s.deposited[i]) << s.time[i] / day << " days, pool " << pool;
    }
  }
}

TEST(Lanes, EveryRunOfASpreadKeepsTheLedger) {
  const std::vector<Scenario> scenarios = unlike_scenarios();
  for (const Solution& s : simulate_many(scenarios, without_fields(), 2)) {
    for (const double residual : s.ledger_residual) EXPECT_LE(residual, 1e-12);
    for (const double load : s.peak_load) EXPECT_LE(load, 1.0 + 1e-12);
  }
}

#if defined(__x86_64__)
TEST(Lanes, LeaveTheCallersFloatingPointStateAsItWas) {
  const Scenario scenario = unlike_scenarios().front();
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before | 0x6000U);  // round towards zero
  const Solution odd = simulate(scenario, without_fields());
  EXPECT_EQ(_mm_getcsr() & 0xe040U, (before | 0x6000U) & 0xe040U);
  _mm_setcsr(before);
  EXPECT_TRUE(same_bits(odd, simulate(scenario, without_fields())));
}
#endif

}  // namespace
}  // namespace inkfade::simulation
