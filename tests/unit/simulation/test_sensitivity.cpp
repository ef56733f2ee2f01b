#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/simulation/sensitivity.hpp"

namespace inkfade::test {
namespace {

using parameters::Scenario;
using simulation::Options;
using simulation::SensitivityResult;
using Settings = std::vector<std::pair<std::string, parameters::Setting>>;

/// Steps so fine that what their number changes with a parameter is lost in the differences.
Scenario fine(const Settings& settings = {}, const std::string& events = "") {
  Settings all{{"numerics.rtol", std::string("1e-7")},
               {"numerics.cells", std::int64_t{8}},
               {"numerics.classes", std::int64_t{2}},
               {"numerics.max_steps", std::int64_t{1000000}},
               {"run.horizon", std::string("6 year")},
               {"ink.uv_sensitivity", std::string("2e-6 m2/J")},
               {"touch_up.measure", std::string("retained_of_healed")},
               {"touch_up.threshold", 0.7},
               {"start", std::string("2027-03-14")}};
  for (const auto& setting : settings) {
    std::erase_if(all, [&](const auto& other) { return other.first == setting.first; });
    all.push_back(setting);
  }
  return Scenario::preset("scalp-smp").with(all, events);
}

Options at_days(const std::vector<double>& days) {
  Options options;
  for (const double d : days) options.times.push_back(d * day);
  return options;
}

const std::vector<std::string> observables{"retained_of_deposit",
                                           "retained_of_healed",
                                           "patch_dose",
                                           "free_mass",
                                           "stroma_mass",
                                           "drained",
                                           "centroid",
                                           "spread"};
const std::vector<double> days{3.0, 20.5, 42.0, 400.0, 1500.0, 2191.5};

Scenario moved(const Scenario& scenario, const std::string& name, double share) {
  const std::array names{name};
  const std::array values{scenario.real(name) * (1.0 + share)};
  return scenario.with_values(names, values);
}

/// Values and the touch-up time [year], as one row of numbers.
std::vector<double> numbers(const Scenario& scenario, const Options& options) {
  const SensitivityResult result =
      simulation::sensitivities({scenario, {"macrophages.capture_rate"}, observables}, options, 1);
  std::vector<double> row = result.values;
  row.push_back(result.touch_up.observed ? result.touch_up.time : 0.0);
  return row;
}

/// Elasticities, d ln(number) / d ln(parameter), by central differences of order 4.
std::vector<double> elasticities(const Scenario& scenario, const std::string& name, const Options& options,
                                 double share) {
  const std::vector<double> middle = numbers(scenario, options);
  std::vector<double> slopes(middle.size(), 0.0);
  for (const auto& [steps, weight] : {std::pair{1.0, 4.0 / 3.0}, std::pair{2.0, -1.0 / 3.0}}) {
    const std::vector<double> above = numbers(moved(scenario, name, steps * share), options);
    const std::vector<double> below = numbers(moved(scenario, name, -steps * share), options);
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      slopes[i] += weight * (above[i] - below[i]) / (2.0 * steps * share);
    }
  }
  for (std::size_t i = 0; i < slopes.size(); ++i) slopes[i] /= middle[i] != 0.0 ? middle[i] : 1.0;
  return slopes;
}

void expect_differences(const Scenario& scenario, const std::vector<std::string>& names, double bound,
                        double share = 2e-3) {
  const Options options = at_days(days);
  const SensitivityResult result = simulation::sensitivities({scenario, names, observables}, options, 2);
  ASSERT_EQ(result.status, Status::ok) << result.message;
  const std::size_t n_times = days.size();
  double worst = 0.0;
  for (std::size_t p = 0; p < names.size(); ++p) {
    const std::vector<double> expected = elasticities(scenario, names[p], options, share);
    const double value = scenario.real(names[p]);
    double largest = 0.0;
    for (std::size_t q = 0; q < observables.size(); ++q) {
      for (std::size_t i = 0; i < n_times; ++i) {
        const double number = result.values[q * n_times + i];
        const double slope = result.slopes[(q * names.size() + p) * n_times + i] * value / number;
        if (std::isnan(number)) continue;  // not healed yet
        const double difference = std::abs(slope - expected[q * n_times + i]) / std::max(1.0, std::abs(slope));
        EXPECT_LE(difference, bound) << names[p] << ", " << observables[q] << " on day " << days[i] << ": " << slope
                                     << " and " << expected[q * n_times + i];
        worst = std::max(worst, difference);
        largest = std::max(largest, std::abs(slope));
      }
    }
    if (result.touch_up.observed) {
      const double slope = result.touch_up_slopes[p] * value / result.touch_up.time;
      EXPECT_NEAR(slope, expected.back(), bound * std::max(1.0, std::abs(slope))) << names[p] << ", touch-up";
      worst = std::max(worst, std::abs(slope - expected.back()));
    }
    EXPECT_GT(largest, 1e-3) << names[p] << " does nothing";
  }
  std::printf("  worst difference of an elasticity: %.1e\n", worst);
}

// Runs at rtol 1e-7 leave noise of some 1e-7 in numbers, ten times that in small pools; over differences of 5e-4 to
// 2e-3 it is below 1e-3. A millionth is shown in tests/python/test_sensitivity.py: finer runs would take minutes under
// sanitizers. What is forgotten here, an event, a coefficient, shows as a share of order 1.
constexpr double tolerance = 1e-3;

TEST(Sensitivity, AgreesWithCentralDifferencesOfSimulate) {
  expect_differences(fine(), {"procedure.depth", "macrophages.half_life", "skin.papillary_dermis.thickness"},
                     tolerance);
}

TEST(Sensitivity, GoesThroughLaserSessionsAndAblations) {
  const std::string events =
      "format = 1\n[[intervention]]\nkind = \"macrophage_ablation\"\nat = \"200 day\"\n"
      "[[intervention]]\nkind = \"laser\"\nat = \"1 year\"\n";
  expect_differences(
      fine({}, events),
      {"interventions.laser_fragmented_share", "interventions.ablation_delay", "macrophages.capture_rate"}, tolerance);
}

TEST(Sensitivity, FollowsVisitsThatMoveWithTheParameter) {
  expect_differences(fine({{"touch_up.schedule", std::string("when_due")},
                           {"touch_up.threshold", 0.9},
                           {"touch_up.dose_factor", 0.02},
                           {"touch_up.minimum_spacing", std::string("500 day")}}),
                     {"touch_up.threshold", "touch_up.minimum_spacing", "skin.lymph.rate"}, 10.0 * tolerance,
                     5e-4);  // the threshold's elasticity is -11: its powers are what differences miss
  expect_differences(fine({{"touch_up.schedule", std::string("fixed")}, {"touch_up.interval", std::string("700 day")}}),
                     {"touch_up.interval", "stroma.release_rate"}, tolerance);
}

TEST(Sensitivity, FollowsTheInstantOfHealing) {
  expect_differences(fine({{"run.healed_after", std::string("50 day")}}), {"run.healed_after"}, tolerance);
}

Scenario quick(const Settings& settings = {}) { return Scenario::preset("scalp-smp").with(settings); }

TEST(Sensitivity, GivesTheValuesOfSimulateBitByBit) {
  const Scenario scenario = quick({{"touch_up.schedule", std::string("when_due")}});
  const Options options = at_days(days);
  const SensitivityResult result =
      simulation::sensitivities({scenario, {"depth", "skin.lymph.rate"}, {"retained_of_deposit"}}, options, 2);
  const simulation::Solution alone = simulation::simulate(scenario, options);
  EXPECT_EQ(result.values, alone.retained_of_deposit);
  EXPECT_EQ(result.touch_up.time, alone.touch_up.time);
  EXPECT_EQ(result.steps, alone.statistics.accepted + alone.statistics.rejected);
}

TEST(Sensitivity, HasTheSameBitsForAnyNumberOfThreadsAndCompanyInTheLanes) {
  const Options options = at_days(days);
  const std::vector<std::string> names{"depth", "skin.lymph.rate", "macrophages.capture_rate", "ink.size_gsd",
                                       "stroma.binding_rate"};
  const SensitivityResult all = simulation::sensitivities({quick(), names, observables}, options, 1);
  const SensitivityResult threads = simulation::sensitivities({quick(), names, observables}, options, 2);
  const auto same = [](const std::vector<double>& a, const std::vector<double>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
  };
  EXPECT_TRUE(same(all.slopes, threads.slopes));
  for (std::size_t p = 0; p < names.size(); ++p) {
    const SensitivityResult alone = simulation::sensitivities({quick(), {names[p]}, observables}, options, 1);
    for (std::size_t q = 0; q < observables.size(); ++q) {
      EXPECT_EQ(std::memcmp(alone.slopes.data() + q * days.size(),
                            all.slopes.data() + (q * names.size() + p) * days.size(), days.size() * sizeof(double)),
                0)
          << names[p];
    }
  }
}

TEST(Sensitivity, KeepsTheBalanceOfPigment) {
  const Options options = at_days(days);
  const std::vector<std::string> fates{"free_mass", "macrophage_mass", "stroma_mass", "shed",
                                       "drained",   "degraded",        "removed",     "deposited"};
  const SensitivityResult result =
      simulation::sensitivities({quick(), {"depth", "procedure.deposit_per_dot"}, fates}, options, 1);
  for (std::size_t p = 0; p < 2; ++p) {
    for (std::size_t i = 0; i < days.size(); ++i) {
      const auto slope = [&](std::size_t q) { return result.slopes[(q * 2 + p) * days.size() + i]; };
      double balance = -slope(7);
      double size = std::abs(slope(7));
      for (std::size_t q = 0; q < 7; ++q) {
        balance += slope(q);
        size += std::abs(slope(q));
      }
      EXPECT_LE(std::abs(balance), 1e-9 * size) << p << " on day " << days[i];  // deposits nearby: 1e-10, differences
    }
  }
}

TEST(Sensitivity, TakesOneSideWhereTheParameterIsAtItsBound) {
  const Scenario scenario =
      quick({{"exposure.adherence", 0.0}, {"exposure.spf", 30.0}, {"ink.uv_sensitivity", std::string("2e-6 m2/J")}});
  const Options options = at_days({3000.0});
  const SensitivityResult at_bound =
      simulation::sensitivities({scenario, {"exposure.adherence"}, {"degraded"}}, options, 1);
  const SensitivityResult inside = simulation::sensitivities(
      {scenario.with({{"exposure.adherence", 1e-4}}), {"exposure.adherence"}, {"degraded"}}, options, 1);
  EXPECT_NEAR(at_bound.slopes[0] / inside.slopes[0], 1.0, 1e-3);
}

TEST(Sensitivity, HasNoValueAtAnInstantThatTheParameterMoves) {
  const Scenario scenario =
      quick({{"touch_up.schedule", std::string("fixed")}, {"touch_up.interval", std::string("1 year")}});
  const SensitivityResult result = simulation::sensitivities(
      {scenario, {"touch_up.interval", "depth"}, {"retained_of_deposit"}}, at_days({300.0, 365.25, 400.0}), 1);
  EXPECT_EQ(result.slopes[0], 0.0);  // before the first visit
  EXPECT_TRUE(std::isnan(result.slopes[1]));
  EXPECT_GT(result.slopes[2], 0.0);  // a later visit leaves more on day 400
  for (std::size_t i = 3; i < 6; ++i) EXPECT_TRUE(std::isfinite(result.slopes[i])) << i;
}

/// Slopes of one observable (n_times), and by differences to one or both sides of the parameter.
std::vector<double> slopes_of(const Scenario& scenario, const std::string& name, const std::string& observable,
                              const Options& options) {
  return simulation::sensitivities({scenario, {name}, {observable}}, options, 1).slopes;
}
std::vector<double> difference(const Scenario& scenario, const std::string& name, const std::string& observable,
                               const Options& options, double low, double high) {
  const std::array names{name};
  const auto values = [&](double p) {
    const std::array at{p};
    return simulation::sensitivities({scenario.with_values(names, at), {"depth"}, {observable}}, options, 1).values;
  };
  std::vector<double> slope = values(high);
  const std::vector<double> below = values(low);
  for (std::size_t i = 0; i < slope.size(); ++i) slope[i] = (slope[i] - below[i]) / (high - low);
  return slope;
}

TEST(Sensitivity, SeesLightThatPigmentDoesNotMindYet) {
  const Options options = at_days({100.0, 1000.0});
  const Scenario scenario = fine({{"ink.uv_sensitivity", std::string("0 m2/J")}});
  const std::vector<double> slope = slopes_of(scenario, "ink.uv_sensitivity", "degraded", options);
  const std::vector<double> expected = difference(scenario, "ink.uv_sensitivity", "degraded", options, 0.0, 1e-11);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(slope[i] / expected[i], 1.0, 1e-3) << i;
}

TEST(Sensitivity, TakesTheAllowedSideOfAKink) {
  const Options options = at_days({100.0, 1000.0});
  const Scenario dark = fine({{"exposure.ambient_share", 0.0}});
  const std::vector<double> slope = slopes_of(dark, "exposure.ambient_share", "degraded", options);
  const std::vector<double> expected = difference(dark, "exposure.ambient_share", "degraded", options, 0.0, 1e-5);
  const Scenario covered = fine({{"exposure.hat", 1.0}});
  const std::vector<double> of_hat = slopes_of(covered, "exposure.hat", "degraded", options);
  const std::vector<double> hat = difference(covered, "exposure.hat", "degraded", options, 1.0 - 1e-5, 1.0);
  const Scenario calm = fine({{"macrophages.inflammation_peak", 1.0}});
  const std::vector<double> of_peak = slopes_of(calm, "macrophages.inflammation_peak", "retained_of_deposit", options);
  const std::vector<double> peak =
      difference(calm, "macrophages.inflammation_peak", "retained_of_deposit", options, 1.0, 1.0 + 1e-4);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(slope[i] / expected[i], 1.0, 1e-3) << i;
    EXPECT_NEAR(of_hat[i] / hat[i], 1.0, 1e-3) << i;
    EXPECT_LT(of_hat[i], 0.0);
    EXPECT_NEAR(of_peak[i] / peak[i], 1.0, 1e-2) << i;
  }
}

TEST(Sensitivity, IsANumberAtEventsWhichTheParameterDoesNotMove) {
  for (const auto& [name, none] :
       {std::pair{"ink.visible_sensitivity", "0 1/(Mlx h)"}, {"skin.lymph.rate", "0 1/day"}}) {
    const Scenario scenario = fine({{name, std::string(none)}});
    for (const double slope :
         slopes_of(scenario, name, "retained_of_deposit", at_days({0.0, 4.0, 14.0, 42.0, 365.25, 2191.5}))) {
      EXPECT_TRUE(std::isfinite(slope)) << name;
    }
  }
}

TEST(Sensitivity, FollowsHealingThatFallsOnAnEvent) {
  const Options options = at_days({365.25});
  const Scenario scenario = fine();  // healed on day 42, when aftercare ends
  const double slope = slopes_of(scenario, "run.healed_after", "retained_of_healed", options)[0];
  const double right =
      difference(scenario, "run.healed_after", "retained_of_healed", options, 42.0 * day, 42.001 * day)[0];
  EXPECT_NEAR(slope / right, 1.0, 1e-3);
  // The event moves and healing does not: an ablation's end at the time of healing.
  const Scenario ablated =
      fine({{"run.healed_after", std::string("50 day")}, {"interventions.ablation_delay", std::string("14 day")}},
           "format = 1\n[[intervention]]\nkind = \"macrophage_ablation\"\nat = \"36 day\"\n");
  const std::string delay = "interventions.ablation_delay";
  EXPECT_NEAR(slopes_of(ablated, delay, "retained_of_healed", options)[0] /
                  difference(ablated, delay, "retained_of_healed", options, 14.0 * day, 14.01 * day)[0],
              1.0, 2e-2);
  const SensitivityResult at_healing = simulation::sensitivities(
      {fine({{"run.healed_after", std::string("50 day")}}), {"run.healed_after"}, {"retained_of_healed"}},
      at_days({50.0, 50.1}), 1);
  EXPECT_TRUE(std::isnan(at_healing.slopes[0]));  // there is no such share before
  EXPECT_TRUE(std::isfinite(at_healing.slopes[1]));
}

TEST(Sensitivity, KnowsATouchUpThatIsDueWhenHealed) {
  for (const char* healed : {"50 day", "42 day"}) {
    const Scenario scenario = fine({{"run.healed_after", std::string(healed)},
                                    {"touch_up.measure", std::string("retained_of_deposit")},
                                    {"touch_up.threshold", 0.9}});
    const SensitivityResult result = simulation::sensitivities(
        {scenario, {"run.healed_after", "skin.lymph.rate", "touch_up.threshold"}, {}}, at_days({365.25}), 1);
    EXPECT_EQ(result.touch_up.time, scenario.real("run.healed_after"));
    EXPECT_NEAR(result.touch_up_slopes[0], 1.0, 1e-9) << healed;
    EXPECT_EQ(result.touch_up_slopes[1], 0.0) << healed;
    EXPECT_EQ(result.touch_up_slopes[2], 0.0) << healed;
  }
}

TEST(Sensitivity, FollowsVisitsAtWhichAftercareEnds) {
  const Scenario scenario = fine({{"touch_up.schedule", std::string("when_due")},
                                  {"touch_up.minimum_spacing", std::string("42 day")},
                                  {"touch_up.dose_factor", 0.001},
                                  {"touch_up.threshold", 0.97},
                                  {"run.horizon", std::string("2 year")},
                                  {"run.healed_after", std::string("50 day")}});
  for (const char* name : {"skin.lymph.rate", "macrophages.half_life", "stroma.release_rate"}) {
    EXPECT_TRUE(std::isfinite(slopes_of(scenario, name, "retained_of_deposit", at_days({700.0}))[0])) << name;
  }
}

TEST(Sensitivity, RefusesWhatHasNoDerivative) {
  const auto message = [](const std::vector<std::string>& names, const Scenario& scenario = quick(),
                          const std::vector<std::string>& kept = {"retained_of_deposit"}) -> std::string {
    try {
      static_cast<void>(simulation::sensitivities({scenario, names, kept}, at_days({1.0}), 1));
    } catch (const ParameterError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message({}), "parameters: give at least one to differentiate by");
  EXPECT_EQ(message({"depth", "procedure.depth"}), "parameters: procedure.depth is given twice");
  EXPECT_EQ(message({"numerics.rtol"}),
            "numerics.rtol has no derivative: it belongs to the numerics, not to the model");
  EXPECT_EQ(message({"numerics.cells"}), "numerics.cells has no derivative: it is no real number");
  EXPECT_EQ(message({"run.horizon"}),
            "run.horizon has no derivative: saved times lie within the horizon and do not move with it");
  EXPECT_EQ(message({"procedure.local_dose"}),
            "procedure.local_dose has no derivative: the scenario gives its dose by another parameter");
  EXPECT_EQ(message({"depth"}, quick(), {"ledger_residual"}),
            "observables: ledger_residual is round-off and has no derivative");
  EXPECT_EQ(message({"skin.papillary_dermis.macrophage_density"},
                    quick({{"skin.papillary_dermis.macrophage_density", std::string("0 mm-3")}})),
            "skin.papillary_dermis.macrophage_density has no derivative here: a layer has macrophages only beside this "
            "value; take another value");
  EXPECT_EQ(message({"skin.stratum_corneum.macrophage_density"}),
            "skin.stratum_corneum.macrophage_density has no derivative: no value beside 0 mm-3 is allowed");
  EXPECT_NE(message({"procedure.dept"}).find("procedure.depth"), std::string::npos);
}

}  // namespace
}  // namespace inkfade::test
