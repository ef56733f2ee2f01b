#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "support/random_scenarios.hpp"

// What the model says in words, held against what it computes: the presets' behaviour, no stored numbers.
namespace inkfade::test {
namespace {

using parameters::Scenario;
using simulation::Solution;

Solution run(const char* preset, const Settings& settings, const std::vector<double>& times) {
  simulation::Options options;
  options.times = times;
  options.fields = false;
  Solution solution = simulation::simulate(Scenario::preset(preset).with(settings), options);
  EXPECT_EQ(solution.status, Status::ok) << solution.message;
  return solution;
}

parameters::Setting micrometres(double depth) { return text(std::to_string(depth) + " um"); }

/// Loss of pigment per time between saved times i and i + 1, relative to what was there.
double fade_rate(const Solution& s, std::size_t i) {
  const double kept = s.retained_of_deposit[i + 1] / s.retained_of_deposit[i];
  return -std::log(kept) / (s.time[i + 1] - s.time[i]);
}

TEST(Fading, IsBiphasic) {
  // Weeks of healing lose far faster than the years after; tenfold is a fraction of what the literature describes.
  const Solution s = run("scalp-smp", {}, {0.0, 14.0 * day, 1.0 * year, 10.0 * year});
  EXPECT_GT(fade_rate(s, 0), 10.0 * fade_rate(s, 2));
}

TEST(Fading, NeverRunsBackwards) {
  const Solution s = run("scalp-smp", {}, simulation::default_times(10.0 * year));
  for (std::size_t i = 1; i < s.n_times(); ++i) {
    // Nothing brings pigment back; dense output is good to the tolerance of a step.
    EXPECT_LE(s.retained_of_deposit[i], s.retained_of_deposit[i - 1] + 1e-3) << s.time[i] / day << " days";
  }
}

void expect_shallower_loses_more(double t) {
  double above = 0.0;
  for (const double depth : {200.0, 300.0, 400.0, 500.0, 600.0, 700.0}) {
    const Solution s = run("scalp-smp", {{"depth", micrometres(depth)}, {"depth_sd", text("80 um")}}, {0.0, t});
    EXPECT_GT(s.retained_of_deposit.back(), above) << depth << " um";
    above = s.retained_of_deposit.back();
  }
}

TEST(Fading, IsStrongerInShallowerPigmentOverHealing) { expect_shallower_loses_more(42.0 * day); }
TEST(Fading, IsStrongerInShallowerPigmentOverTenYears) { expect_shallower_loses_more(10.0 * year); }

TEST(Fading, LeavesTwoFifthsToNineTenthsOfTheDepositWhenHealed) {
  for (const double depth : {300.0, 400.0, 500.0, 600.0}) {
    const Solution s = run("scalp-smp", {{"depth", micrometres(depth)}}, {0.0, 42.0 * day});
    EXPECT_GE(s.retained_of_deposit.back(), 0.4) << depth << " um";
    EXPECT_LE(s.retained_of_deposit.back(), 0.9) << depth << " um";
  }
}

TEST(MacrophageLoad, StaysAtMostOneAtEveryDose) {
  for (const double dose : {0.02, 0.1, 0.5, 1.0, 2.5}) {
    const Solution s = run("scalp-smp", {{"procedure.local_dose", text(std::to_string(dose) + " mg/cm2")}},
                           simulation::default_times(10.0 * year));
    // 1 by equation (M7); the solver adds at most its tolerance of 1e-3.
    EXPECT_LE(std::ranges::max(s.peak_load), 1.0 + 1e-3) << dose << " mg/cm2";
  }
}

double degraded_share(const Solution& s) { return s.ledger[s.ledger.size() - 2] / s.deposited.back(); }

TEST(Light, DoesNotBleachCarbon) {
  const Solution s = run("scalp-smp", {{"exposure.ambient_share", 0.5}, {"exposure.hat", 0.0}}, {0.0, 10.0 * year});
  EXPECT_LT(degraded_share(s), 1e-6);
}

TEST(Light, BleachesAnAzoPigmentOutdoors) {
  // Blue wool 5 pigment under a tenth of full daylight for a year: a noticeable share, by far not all.
  const Solution dark = run("mouse-skh1", {}, {0.0, 1.0 * year});
  const Solution outdoors = run("mouse-skh1", {{"exposure.ambient_share", 0.1}}, {0.0, 1.0 * year});
  EXPECT_EQ(degraded_share(dark), 0.0);
  EXPECT_GT(degraded_share(outdoors), 1e-3);
  EXPECT_LT(outdoors.retained_of_deposit.back(), dark.retained_of_deposit.back());
}

TEST(Light, InSummerBleachesMoreThanInWinter) {
  const auto early = [](const char* start) {
    return degraded_share(
        run("mouse-skh1", {{"exposure.ambient_share", 0.1}, {"start", text(start)}}, {0.0, 60.0 * day}));
  };
  // At 48 degrees the June day brings four times the light of the December day (FAO-56): more than twice is safe.
  EXPECT_GT(early("2027-05-22"), 2.0 * early("2027-11-22"));
}

}  // namespace
}  // namespace inkfade::test
