#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "inkfade/parameters/aftercare.hpp"
#include "inkfade/parameters/registry.hpp"
#include "inkfade/parameters/scenario.hpp"
#include "inkfade/parameters/sources.hpp"

namespace inkfade::parameters {
namespace {

class Preset : public testing::TestWithParam<std::string> {};

TEST_P(Preset, BearsTheNameOfItsFile) { EXPECT_EQ(Scenario::preset(GetParam()).preset_name(), GetParam()); }

TEST_P(Preset, CitesASourceForEveryValue) {
  const Scenario scenario = Scenario::preset(GetParam());
  for (const std::string& name : scenario.names()) {
    const Entry& entry = scenario.entry(name);
    EXPECT_NE(find_source(entry.source), nullptr) << name << " cites " << entry.source;
  }
}

TEST_P(Preset, GradesFollowTheEvidenceOfTheSource) {
  const Scenario scenario = Scenario::preset(GetParam());
  for (const std::string& name : scenario.names()) {
    const Entry& entry = scenario.entry(name);
    const Source* source = find_source(entry.source);
    ASSERT_NE(source, nullptr) << name;
    const Grade expected = source->evidence == "V"   ? Grade::measured
                           : source->evidence == "D" ? Grade::inferred
                                                     : Grade::assumed;
    EXPECT_EQ(entry.grade, expected) << name << " cites " << entry.source;
  }
}

TEST_P(Preset, IsCompleteAndReadsBackEqual) {
  const Scenario scenario = Scenario::preset(GetParam());
  // Every parameter, layer parameters once per layer, less the two other ways to give the dose.
  std::size_t expected = 0;
  for (const ParameterInfo& info : all_parameters())
    expected += info.is_layer_template() ? scenario.layers().size() : 1;
  EXPECT_EQ(scenario.names().size(), expected - 2);
  EXPECT_TRUE(Scenario::from_toml(scenario.to_toml()) == scenario);
}

INSTANTIATE_TEST_SUITE_P(Models, Preset, testing::ValuesIn(Scenario::preset_names()));

TEST(Presets, AreAllListed) {
  const auto names = Scenario::preset_names();
  EXPECT_THAT(names, testing::UnorderedElementsAre("areola", "brow-pmu", "cornea-like", "decorative-forearm",
                                                   "mouse-skh1", "pig", "scalp-smp", "trichopigmentation"));
}

TEST(Presets, ShareTheCalibratedLossConstants) {
  const Scenario smp = Scenario::preset("scalp-smp");
  for (const std::string& preset : Scenario::preset_names()) {
    const Scenario scenario = Scenario::preset(preset);
    std::vector<std::string> calibrated;
    for (const std::string& name : scenario.names()) {
      if (scenario.entry(name).source != "calibration") continue;
      calibrated.push_back(name);
      EXPECT_EQ(scenario.real(name), smp.real(name)) << preset << ": " << name;
    }
    EXPECT_THAT(calibrated, testing::UnorderedElementsAre("macrophages.capture_rate", "skin.lymph.gate_diameter",
                                                          "skin.lymph.rate"))
        << preset;
  }
}

TEST(Presets, VaryBetweenPeople) {
  for (const std::string& preset : Scenario::preset_names()) {
    const Scenario scenario = Scenario::preset(preset);
    for (const char* name : {"procedure.depth", "procedure.depth_sd", "ink.size_median", "macrophages.half_life"})
      EXPECT_GT(scenario.entry(name).gsd, 1.0) << preset << ": " << name;
  }
}

TEST(Presets, ScalpDotHoldsAQuarterMilligramPerSquareCentimetre) {
  const Scenario smp = Scenario::preset("scalp-smp");
  const double radius = smp.real("dot_diameter") / 2.0;
  const double local_dose = smp.real("deposit_per_dot") / (3.14159265358979 * radius * radius);
  EXPECT_NEAR(local_dose, 0.0025, 0.0001);  // [kg/m2]; two digits, as 0.18 ug is rounded
}

TEST(Presets, HindranceCurveMeetsTheThreePointsItWasFittedTo) {
  const Scenario smp = Scenario::preset("scalp-smp");
  const auto hindrance = [&](double d) {
    return std::exp(-std::pow(d / smp.real("skin.hindrance_diameter"), smp.real("skin.hindrance_exponent")));
  };
  // The points are order-of-magnitude statements: a factor 1.6 is inside each of their ranges.
  EXPECT_NEAR(std::log(hindrance(20e-9)), std::log(0.3), std::log(1.6));
  EXPECT_NEAR(std::log(hindrance(50e-9)), std::log(0.02), std::log(2.1));
  EXPECT_NEAR(std::log(hindrance(100e-9)), std::log(1e-3), std::log(1.6));
}

TEST(Regimes, CoverSixWeeksWithoutGaps) {
  EXPECT_THAT(aftercare_regimes(), testing::ElementsAre("poor", "typical", "careful"));
  for (const std::string& name : aftercare_regimes()) {
    const auto& spans = aftercare_regime(name);
    EXPECT_EQ(spans.front().from, 0.0);
    EXPECT_EQ(spans.back().to, 42.0 * 86400.0);
    for (std::size_t i = 1; i < spans.size(); ++i) EXPECT_EQ(spans[i].from, spans[i - 1].to) << name;
  }
}

TEST(Regimes, AreOrderedInEveryFieldThatCostsPigment) {
  const auto& poor = aftercare_regime("poor");
  const auto& typical = aftercare_regime("typical");
  const auto& careful = aftercare_regime("careful");
  for (std::size_t i = 0; i < poor.size(); ++i) {
    EXPECT_GE(poor[i].scab_disturbance, typical[i].scab_disturbance);
    EXPECT_GE(typical[i].scab_disturbance, careful[i].scab_disturbance);
    EXPECT_GT(poor[i].washing, typical[i].washing);
    EXPECT_GT(typical[i].washing, careful[i].washing);
    EXPECT_LT(poor[i].moisturiser, careful[i].moisturiser);
  }
}

}  // namespace
}  // namespace inkfade::parameters
