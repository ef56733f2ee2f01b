#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/simulation/ensemble.hpp"
#include "inkfade/simulation/sensitivity.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "support/solution_bits.hpp"

namespace inkfade::simulation {
namespace {

using parameters::Scenario;
using Settings = std::vector<std::pair<std::string, parameters::Setting>>;

parameters::Setting text(std::string value) { return value; }

/// Fine pigment, which leaves fast, so that contrast falls within years.
Scenario fading(const Settings& settings = {}, const std::string& protocol = "") {
  Settings all{{"touch_up.measure", text("patch_contrast_of_healed")},
               {"touch_up.threshold", 0.5},
               {"ink.size_median", text("60 nm")},
               {"run.horizon", text("8 year")}};
  for (const auto& setting : settings) {
    std::erase_if(all, [&](const auto& other) { return other.first == setting.first; });
    all.push_back(setting);
  }
  return Scenario::preset("scalp-smp").with(all, protocol);
}

Options looking(std::vector<double> times = {}) {
  Options options;
  options.fields = false;
  options.series.contrast = true;
  options.times = std::move(times);
  return options;
}

TEST(TouchUpByContrast, IsWhereTheContrastOfTheDenseOutputFallsToItsShare) {
  const Scenario scenario = fading();
  const Solution run = simulate(scenario);
  ASSERT_EQ(run.status, Status::ok) << run.message;
  ASSERT_TRUE(run.touch_up.observed);
  const double fall = run.touch_up.time;
  EXPECT_GT(fall, year);
  const Solution s = simulate(scenario, looking({run.healed_time, fall - 20.0 * day, fall, fall + 20.0 * day}));
  EXPECT_EQ(s.touch_up.time, fall);  // looks change nothing
  EXPECT_EQ(s.patch_contrast[0], s.healed_contrast);
  EXPECT_EQ(s.healed_contrast, run.healed_contrast);
  EXPECT_GT(s.patch_contrast[1], 0.5 * s.healed_contrast);
  EXPECT_NEAR(s.patch_contrast[2], 0.5 * s.healed_contrast, 1e-4 * s.healed_contrast);
  EXPECT_LT(s.patch_contrast[3], 0.5 * s.healed_contrast);
}

TEST(TouchUpByContrast, ComesAtTheFloorWhereThatIsMetFirst) {
  const double share = simulate(fading()).touch_up.time;
  const Solution healed = simulate(fading(), looking({}));
  const double floor = 0.7 * healed.healed_contrast;
  const Scenario floored = fading({{"touch_up.contrast_floor", floor}});
  const Solution run = simulate(floored);
  ASSERT_TRUE(run.touch_up.observed);
  EXPECT_LT(run.touch_up.time, share);
  const Solution s = simulate(floored, looking({run.touch_up.time}));
  EXPECT_NEAR(s.patch_contrast[0], floor, 1e-4 * floor);
  // Below it from healing on: due then.
  const Solution at_once = simulate(fading({{"touch_up.contrast_floor", 2.0 * healed.healed_contrast}}));
  EXPECT_TRUE(at_once.touch_up.observed);
  EXPECT_EQ(at_once.touch_up.time, at_once.healed_time);
  // A floor below what is ever seen changes nothing.
  EXPECT_EQ(simulate(fading({{"touch_up.contrast_floor", 0.01}})).touch_up.time, share);
}

TEST(TouchUpByContrast, LooksNoLessThanNeeded) {
  // What is sure without a look must not hide a fall: saved times find none before the run does.
  for (const double threshold : {0.3, 0.5, 0.8, 0.95}) {
    for (const char* depth : {"250 um", "600 um"}) {
      const Scenario scenario = fading({{"touch_up.threshold", threshold}, {"depth", text(depth)}});
      const Solution s = simulate(scenario, looking());
      ASSERT_EQ(s.status, Status::ok);
      for (std::size_t i = 0; i < s.n_times(); ++i) {
        if (s.time[i] < s.healed_time || s.time[i] >= s.touch_up.time - day) continue;
        EXPECT_GT(s.patch_contrast[i], threshold * s.healed_contrast * (1.0 - 2e-3)) << s.time[i] / day << depth;
      }
    }
  }
}

TEST(TouchUpByContrast, SchedulesVisitsAndMeasuresThem) {
  const Solution s = simulate(fading({{"touch_up.schedule", text("when_due")}}), looking());
  ASSERT_EQ(s.status, Status::ok) << s.message;
  ASSERT_GE(s.visit_time.size(), 2U);
  EXPECT_EQ(s.visit_time.front(), s.touch_up.time);
  for (const double measure : s.visit_measure) EXPECT_NEAR(measure, 0.5, 5e-3);
  const double lowest = *std::min_element(s.patch_contrast.begin() + 30, s.patch_contrast.end());
  EXPECT_GT(lowest, 0.49 * s.healed_contrast);  // visits keep it up
}

TEST(TouchUpByContrast, IsAtALaserSessionThatTakesThePigment) {
  const std::string laser = "format = 1\n[[intervention]]\nkind = \"laser\"\nat = \"300 day\"\n";
  const Solution s = simulate(
      fading({{"interventions.laser_removed_share", 1.0}, {"interventions.laser_fragmented_share", 0.95}}, laser));
  ASSERT_EQ(s.status, Status::ok) << s.message;
  ASSERT_TRUE(s.touch_up.observed);
  EXPECT_EQ(s.touch_up.time, 300.0 * day);
}

TEST(TouchUpByContrast, HasTheSameBitsInAnyCompany) {
  EnsembleRequest request{fading(), 0, {}, {}, 0, {}};
  request.n = 9;
  request.parameters = {"skin.lymph.rate", "procedure.depth"};
  for (std::size_t i = 0; i < request.n; ++i) {
    request.values.push_back((1.0 + 0.2 * static_cast<double>(i)) / day);
    request.values.push_back((300.0 + 25.0 * static_cast<double>(i)) * 1e-6);
  }
  const EnsembleResult result = run_ensemble(request, {}, 2);
  for (std::size_t i = 0; i < request.n; ++i) {
    const Solution alone = simulate(
        request.scenario.with_values(request.parameters, std::array{request.values[2 * i], request.values[2 * i + 1]}));
    EXPECT_EQ(result.touch_up_time[i], alone.touch_up.time) << i;
    EXPECT_EQ(result.touch_up_observed[i] != 0, alone.touch_up.observed) << i;
  }
}

TEST(TouchUpByContrast, IsUnknownWithoutDepth) {
  Options options;
  options.rung = Rung::well_mixed;
  options.series.contrast = true;
  const Solution s = simulate(fading(), options);
  ASSERT_EQ(s.status, Status::ok) << s.message;
  EXPECT_TRUE(s.patch_contrast.empty());
  EXPECT_FALSE(s.touch_up.observed);
  EXPECT_TRUE(std::isnan(s.touch_up.time));
  EXPECT_TRUE(std::isnan(s.healed_contrast));
  const Solution fixed = simulate(fading({{"touch_up.schedule", text("fixed")}}), options);
  ASSERT_FALSE(fixed.visit_time.empty());
  EXPECT_TRUE(std::isnan(fixed.visit_measure.front()));
  EXPECT_THROW((void)simulate(fading({{"touch_up.schedule", text("when_due")}}), options), ParameterError);
}

// Contrast rises in the first year: what called for a touch-up before the spacing is over may not do so any more.
TEST(TouchUpByContrast, CallsOffAVisitWhenThePatchHasRecovered) {
  const double healed = simulate(Scenario::preset("scalp-smp"), looking({})).healed_contrast;
  const Settings rule{{"touch_up.schedule", text("when_due")},
                      {"ink.size_median", text("200 nm")},
                      {"touch_up.contrast_floor", 1.15 * healed},
                      {"run.horizon", text("12 year")}};
  const Solution s = simulate(fading(rule), looking());
  ASSERT_EQ(s.status, Status::ok) << s.message;
  EXPECT_EQ(s.touch_up.time, s.healed_time);
  ASSERT_FALSE(s.visit_time.empty());
  EXPECT_GT(s.visit_time.front(), 2.0 * year);  // after the rise, when it has fallen again
  for (const double measure : s.visit_measure) EXPECT_NEAR(measure, 1.15, 2e-2);
}

// A floor above what healed: every visit comes as soon as it may, whatever the solver's tolerance.
TEST(TouchUpByContrast, VisitsAsSoonAsItIsBelowAndTheSpacingIsOver) {
  for (const double rtol : {1e-3, 1e-5}) {
    const Settings rule{{"touch_up.schedule", text("when_due")},   {"ink.size_median", text("200 nm")},
                        {"touch_up.contrast_floor", 7.0},          {"touch_up.minimum_spacing", text("180 day")},
                        {"run.horizon", text("6 year")},           {"numerics.rtol", rtol},
                        {"numerics.max_steps", std::int64_t{5000}}};
    std::vector<double> times;
    for (double t = 43.0 * day; t < 6.0 * year; t += 5.0 * day) times.push_back(t);
    const Solution s = simulate(fading(rule), looking(times));
    ASSERT_EQ(s.status, Status::ok) << s.message;
    ASSERT_GE(s.visit_time.size(), 3U);
    double last = 0.0;
    std::size_t next = 0;
    for (std::size_t i = 0; i < s.n_times(); ++i) {
      while (next < s.visit_time.size() && s.visit_time[next] <= s.time[i]) last = s.visit_time[next++];
      const bool may = s.time[i] > last + 181.0 * day;
      if (!may) continue;
      EXPECT_GT(s.patch_contrast[i], 7.0 * (1.0 - 5e-3)) << s.time[i] / day << " days, rtol " << rtol;
    }
  }
}

TEST(PatchContrast, IsRecordedWhateverTheMeasure) {
  const Scenario by_mass = fading({{"touch_up.measure", text("retained_of_healed")}, {"touch_up.threshold", 0.7}});
  const Solution seen = simulate(by_mass, looking());
  const Solution unseen = simulate(by_mass);
  EXPECT_EQ(seen.touch_up.time, unseen.touch_up.time);
  EXPECT_TRUE(unseen.patch_contrast.empty());
  EXPECT_TRUE(std::isnan(unseen.healed_contrast));
  ASSERT_EQ(seen.patch_contrast.size(), seen.n_times());
  ASSERT_EQ(seen.patch_lab.size(), 3 * seen.n_times());
  for (std::size_t i = 0; i < seen.n_times(); ++i) {
    const appearance::Lab lab{seen.patch_lab[3 * i], seen.patch_lab[3 * i + 1], seen.patch_lab[3 * i + 2]};
    EXPECT_EQ(appearance::delta_e_2000(lab, seen.bare_lab), seen.patch_contrast[i]);
  }
}

/// With the touch-up time's derivative by central differences of it.
TEST(SensitivityOfContrast, AgreesWithDifferences) {
  const Scenario scenario = fading({{"numerics.rtol", text("1e-7")},
                                    {"numerics.cells", std::int64_t{8}},
                                    {"run.healed_after", text("50 day")},  // not with aftercare, on day 42
                                    {"numerics.classes", std::int64_t{2}},
                                    {"numerics.max_steps", std::int64_t{1000000}}});
  const std::vector<std::string> names{"skin.lymph.rate", "macrophages.clump_diameter", "skin.melanosome_fraction",
                                       "touch_up.threshold", "run.healed_after"};
  const std::vector<double> times{100.0 * day, 600.0 * day};
  const SensitivityResult result =
      sensitivities({scenario, names, {"patch_contrast", "patch_contrast_of_healed"}}, looking(times), 1);
  ASSERT_EQ(result.status, Status::ok) << result.message;
  ASSERT_TRUE(result.touch_up.observed);
  for (std::size_t p = 0; p < names.size(); ++p) {
    const double value = scenario.real(names[p]);
    const double step = 1e-4 * value;
    const auto at = [&](double shifted) {
      return simulate(scenario.with_values(std::array{names[p]}, std::array{shifted}), looking(times));
    };
    const Solution above = at(value + step);
    const Solution below = at(value - step);
    const double expected = (above.touch_up.time - below.touch_up.time) / (2.0 * step);
    EXPECT_NEAR(result.touch_up_slopes[p] * value / result.touch_up.time, expected * value / result.touch_up.time, 2e-3)
        << names[p];
    for (std::size_t i = 0; i < times.size(); ++i) {
      const double difference = (above.patch_contrast[i] - below.patch_contrast[i]) / (2.0 * step);
      const double slope = result.slopes[p * times.size() + i];
      EXPECT_NEAR(slope * value, difference * value, 1e-4 * result.values[i])
          << names[p] << " on day " << times[i] / day;
    }
  }
}

// Layers are merged otherwise from time to time, and doubled otherwise: neither may show in a derivative.
TEST(SensitivityOfContrast, HasNoOutliersOverTime) {
  std::vector<double> times;
  for (int i = 0; i < 300; ++i) times.push_back((200.0 + 8.0 * i) * day);
  const std::vector<std::string> names{"procedure.depth", "macrophages.clump_diameter"};
  const SensitivityResult result = sensitivities({fading(), names, {"patch_contrast"}}, looking(times), 1);
  ASSERT_EQ(result.status, Status::ok) << result.message;
  for (std::size_t p = 0; p < names.size(); ++p) {
    const double* slope = result.slopes.data() + p * times.size();
    double largest = 0.0;
    double worst = 0.0;
    for (std::size_t i = 1; i + 1 < times.size(); ++i) {
      largest = std::max(largest, std::abs(slope[i]));
      worst = std::max(worst, std::abs(slope[i + 1] - 2.0 * slope[i] + slope[i - 1]));
    }
    EXPECT_LT(worst, 0.1 * largest) << names[p];
  }
}

}  // namespace
}  // namespace inkfade::simulation
