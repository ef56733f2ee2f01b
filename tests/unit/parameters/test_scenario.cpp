#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/scenario.hpp"
#include "inkfade/parameters/value_setter.hpp"

namespace inkfade::parameters {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const Scenario& smp() {
  static const Scenario scenario = Scenario::preset("scalp-smp");
  return scenario;
}

std::string message_of(const std::vector<std::pair<std::string, Setting>>& settings) {
  try {
    static_cast<void>(smp().with(settings));
  } catch (const ParameterError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Scenario, HoldsSiValues) {
  EXPECT_EQ(smp().real("procedure.depth"), 400e-6);
  EXPECT_EQ(smp().real("depth"), 400e-6);
  EXPECT_EQ(smp().real("skin.papillary_dermis.thickness"), 150e-6);
  EXPECT_EQ(smp().real("skin.papillary_dermis.macrophage_density"), 8e12);
  EXPECT_EQ(smp().real("run.horizon"), 10.0 * 365.25 * 86400.0);
  EXPECT_EQ(smp().integer("numerics.cells"), 64);
  EXPECT_EQ(smp().boolean("numerics.self_shading"), false);
  EXPECT_EQ(smp().text("skin.viable_epidermis.tissue"), "epidermis");
  EXPECT_EQ(smp().layers().front(), "stratum_corneum");
  EXPECT_EQ(smp().layers().size(), 5U);
}

TEST(Scenario, HasExactlyOneDose) {
  EXPECT_TRUE(smp().has("procedure.deposit_per_dot"));
  EXPECT_FALSE(smp().has("procedure.local_dose"));
  const Scenario local = smp().with({{"procedure.local_dose", std::string("0.3 mg/cm2")}});
  EXPECT_FALSE(local.has("deposit_per_dot"));
  EXPECT_EQ(local.real("procedure.local_dose"), 0.003);
  EXPECT_EQ(local.entry("procedure.local_dose").gsd, smp().entry("deposit_per_dot").gsd);
  EXPECT_THAT(message_of({{"deposit_per_dot", std::string("1 ug")}, {"procedure.patch_dose", std::string("1 ug/cm2")}}),
              HasSubstr("the dose is set twice"));
}

TEST(Scenario, ReturnsNamesInRegistryOrder) {
  const auto names = smp().names();
  EXPECT_EQ(names.front(), "skin.phototype");
  EXPECT_EQ(names.back(), "numerics.self_shading");
  for (const std::string& name : names) EXPECT_TRUE(smp().has(name)) << name;
}

TEST(Scenario, RefusesUnknownNamesAndOtherKinds) {
  EXPECT_THROW(static_cast<void>(smp().real("nonsense")), ParameterError);
  EXPECT_THROW(static_cast<void>(smp().has("nonsense")), ParameterError);
  EXPECT_THROW(static_cast<void>(smp().real("numerics.cells")), ParameterError);
  EXPECT_THROW(static_cast<void>(smp().real("skin.subcutis.thickness")), ParameterError);
  EXPECT_THROW(static_cast<void>(smp().real("procedure.patch_dose")), ParameterError);
}

TEST(With, ChangesACopyByAlias) {
  const Scenario deeper = smp().with({{"depth", std::string("450 um")}, {"dot_density", std::string("120 cm-2")}});
  EXPECT_EQ(deeper.real("procedure.depth"), 450e-6);
  EXPECT_EQ(deeper.real("procedure.dot_density"), 120e4);
  EXPECT_EQ(smp().real("procedure.depth"), 400e-6);
  EXPECT_EQ(deeper.entry("depth").source, "user");
  EXPECT_EQ(deeper.entry("depth").gsd, smp().entry("depth").gsd);
  EXPECT_FALSE(deeper == smp());
  EXPECT_TRUE(deeper.with({}) == deeper);
}

TEST(With, SetsAftercareByRegime) {
  const Scenario careful = smp().with({{"aftercare", std::string("careful")}});
  ASSERT_FALSE(careful.aftercare().empty());
  EXPECT_EQ(careful.aftercare().front().dressing, "moist");
  EXPECT_EQ(careful.aftercare().back().to, 42.0 * 86400.0);
  EXPECT_THAT(message_of({{"aftercare", std::string("carefull")}}),
              AllOf(HasSubstr("did you mean careful?"), HasSubstr("poor, typical, careful")));
}

TEST(With, SetsAndClearsTheStart) {
  const Scenario dated = smp().with({{"start", std::string("2027-03-14")}});
  ASSERT_TRUE(dated.start());
  EXPECT_EQ(dated.start()->days_since_epoch, 20891);
  EXPECT_FALSE(dated.with({{"start", std::string("")}}).start());
  EXPECT_THAT(message_of({{"start", std::string("2027-02-29")}}), HasSubstr("must be a date"));
}

struct BadSetting {
  const char* name;
  Setting setting;
  const char* part;
};

class BadSettings : public testing::TestWithParam<BadSetting> {};

TEST_P(BadSettings, AreParameterErrorsThatSayWhatIsAllowed) {
  EXPECT_THAT(message_of({{GetParam().name, GetParam().setting}}), HasSubstr(GetParam().part));
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double subnormal = std::numeric_limits<double>::denorm_min();

INSTANTIATE_TEST_SUITE_P(
    Values, BadSettings,
    testing::Values(
        BadSetting{"depth", 450.0, "procedure.depth = 450.0: needs a unit: give a length in um, e.g. \"450 um\""},
        BadSetting{"depth", std::int64_t{450}, "needs a unit: give a length in um, e.g. \"450 um\""},
        BadSetting{"depth", std::string("450"), "needs a unit: give a length in um, e.g. \"450 um\""},
        BadSetting{"depth", std::string("450 day"),
                   "\"day\" is the unit of a time; expected a length in one of m, cm, mm, um, nm"},
        BadSetting{"depth", std::string("450 parsec"),
                   "unknown unit \"parsec\"; expected a length in one of m, cm, mm, um, nm, e.g. \"450 um\""},
        BadSetting{"depth", std::string("-450 um"), "procedure.depth = -450 um: must be between 1 um and 10 mm"},
        BadSetting{"depth", std::string("0 um"), "must be between 1 um and 10 mm"},
        BadSetting{"depth", std::string("1 m"), "must be between 1 um and 10 mm"},
        BadSetting{"depth", std::string("nan um"), "a finite decimal number and a unit"},
        BadSetting{"depth", std::string("inf um"), "a finite decimal number and a unit"},
        BadSetting{"depth", std::string("1e999 um"), "a finite decimal number and a unit"},
        BadSetting{"depth", std::string("0x10 um"), "unknown unit"}, BadSetting{"depth", nan, "needs a unit"},
        BadSetting{"depth", true, "must be a number, not true or false"},
        BadSetting{"procedure.epidermal_fraction", 1.5, "must be between 0 and 1"},
        BadSetting{"procedure.epidermal_fraction", nan, "must be a finite number"},
        BadSetting{"procedure.epidermal_fraction", inf, "must be a finite number"},
        BadSetting{"procedure.epidermal_fraction", subnormal, "too small"},
        BadSetting{"procedure.epidermal_fraction", std::string("0.3 um"), "expected a plain number, e.g. 0.3"},
        BadSetting{"numerics.cells", 64.0, "must be a whole number between 8 and 4096, written without a point"},
        BadSetting{"numerics.cells", std::int64_t{0}, "must be a whole number between 8 and 4096"},
        BadSetting{"numerics.cells", std::int64_t{-1}, "must be a whole number between 8 and 4096"},
        BadSetting{"numerics.cells", true, "must be a whole number"},
        BadSetting{"numerics.rtol", 0.0, "must be between 1e-14 and 0.5"},
        BadSetting{"numerics.rtol", 1.0, "must be between 1e-14 and 0.5"},
        BadSetting{"numerics.rtol", 1e-15, "must be between 1e-14 and 0.5"},
        BadSetting{"numerics.max_steps", std::int64_t{0}, "must be a whole number between 1"},
        BadSetting{"numerics.self_shading", std::int64_t{1}, "must be true or false"},
        BadSetting{"procedure.placement", std::string("latice"),
                   "must be one of random, lattice (did you mean lattice?)"},
        BadSetting{"run.horizon", std::string("0 year"), "must be between 1 hour and 200 year"},
        BadSetting{"run.horizon", std::string("-1 year"), "must be between 1 hour and 200 year"},
        BadSetting{"dept", std::string("450 um"), "did you mean procedure.depth?"},
        BadSetting{"skin.subcutis.thickness", std::string("1 mm"), "there is no such layer here; the layers are"}));

struct BadPair {
  std::vector<std::pair<std::string, Setting>> settings;
  const char* part;
};

class CrossChecks : public testing::TestWithParam<BadPair> {};

TEST_P(CrossChecks, RefuseValuesThatDoNotGoTogether) {
  EXPECT_THAT(message_of(GetParam().settings), HasSubstr(GetParam().part));
}

INSTANTIATE_TEST_SUITE_P(
    Scenario, CrossChecks,
    testing::Values(BadPair{{{"depth", std::string("50 um")}}, "must lie inside the dermis, between 67 um and"},
                    BadPair{{{"depth", std::string("2 mm")}}, "must lie inside the dermis"},
                    BadPair{{{"ink.size_min", std::string("300 nm")}}, "must be between ink.size_min and ink.size_max"},
                    BadPair{{{"ink.size_max", std::string("10 nm")}}, "must be below ink.size_max"},
                    BadPair{{{"procedure.placement", std::string("lattice")}, {"dot_diameter", std::string("2 mm")}},
                            "dots on a lattice would touch"},
                    BadPair{{{"skin.papillary_dermis.tissue", std::string("epidermis")}},
                            "must be 0 where skin.papillary_dermis.tissue = epidermis"},
                    BadPair{{{"skin.viable_epidermis.tissue", std::string("dermis")},
                             {"skin.stratum_corneum.tissue", std::string("dermis")}},
                            "outermost layer must be of tissue epidermis"},
                    BadPair{{{"skin.lower_reticular_dermis.tissue", std::string("epidermis")}},
                            "must lie above every dermal layer"},
                    BadPair{{{"depth", std::string("1 mm")}, {"procedure.depth", std::string("1 mm")}},
                            "is set twice"}));

TEST(ValueSetter, DoesWhatWithValuesDoes) {
  struct Case {
    std::vector<std::string> names;
    std::vector<double> values;
  };
  const std::vector<Case> cases{
      {{"depth", "skin.papillary_dermis.thickness"}, {450e-6, 160e-6}},
      {{"procedure.patch_dose", "ink.size_median"}, {2e-5, 90e-9}},       // another way to give the dose
      {{"procedure.depth", "ink.size_median"}, {410e-6, 1.0}},            // out of bounds
      {{"procedure.depth"}, {std::numeric_limits<double>::quiet_NaN()}},  // no number
      {{"procedure.depth"}, {40e-6}},                                     // not in the dermis
      {{"procedure.depth", "ink.size_medium"}, {410e-6, 90e-9}},          // no such name
      {{"skin.fat.thickness"}, {1e-3}},                                   // no such layer
      {{"touch_up.measure"}, {1.0}},                                      // no number at all
      {{"procedure.depth", "depth"}, {410e-6, 420e-6}},                   // twice: the last one counts
  };
  const auto json_or_message = [](const auto& make) -> std::string {
    try {
      return make().to_json();
    } catch (const ParameterError& error) {
      return error.what();
    }
  };
  for (const auto& [names, values] : cases) {
    const ValueSetter setter(smp(), names);
    EXPECT_EQ(json_or_message([&] { return setter.with(values); }),
              json_or_message([&] { return smp().with_values(names, values); }))
        << names.back();
  }
}

TEST(Json, IsCanonicalAndComplete) {
  const std::string text = smp().to_json();
  EXPECT_EQ(text, Scenario::from_toml(smp().to_toml()).to_json());
  EXPECT_THAT(text, HasSubstr("\"procedure.depth\":{\"grade\":\"assumed\",\"gsd\":1.2,\"source\":\"smp_depth\","
                              "\"value\":4e-04}"));
  EXPECT_LT(text.find("\"aftercare\""), text.find("\"exposure\""));
  EXPECT_THAT(text, HasSubstr("\"start\":null"));
}

TEST(RoundTrip, OfFileTextKeepsEverything) {
  const Scenario rich = Scenario::from_toml(R"(
format = 1
preset = "scalp-smp"
start = 2027-03-14
[procedure]
depth = { value = "412.3456789 um", source = "a \"quoted\" \\ key", gsd = 1.07 }
local_dose = "0.31 mg/cm2"
[[session]]
at = 2027-03-14
[[session]]
kind = "touch_up"
at = "3.3 year"
depth = "333.3 um"
ink = { size_median = "123.4 nm" }
[[aftercare]]
scab_loss = 1.1
[[aftercare]]
from = "0 day"
to = "9.7 day"
regime = "typical"
washing = 0.123
[[aftercare]]
from = "10 day"
to = "20 day"
dressing = "occlusive"
[[exposure]]
ambient_share = 0.07
[[exposure]]
from = 2027-06-01
to = 2027-09-01
spf = 30
adherence = 0.4
latitude = "12.3 degree"
)");
  const Scenario again = Scenario::from_toml(rich.to_toml());
  EXPECT_TRUE(again == rich);
  EXPECT_EQ(again.to_toml(), rich.to_toml());
  EXPECT_EQ(rich.exposure().at(0).from, 79.0 * 86400.0);
  EXPECT_EQ(std::get<double>(rich.exposure().at(0).overrides.at("exposure.spf")), 30.0);
  EXPECT_EQ(rich.real("exposure.ambient_share"), 0.07);
  EXPECT_EQ(std::get<double>(rich.sessions().at(1).overrides.at("procedure.depth")), 333.3e-6);
}

TEST(RoundTrip, OfDrawnPeopleKeepsEveryBit) {
  for (std::uint64_t index = 0; index < 50; ++index) {
    const Scenario person = smp().draw(11, index);
    EXPECT_TRUE(Scenario::from_toml(person.to_toml()) == person) << "index " << index;
  }
}

}  // namespace
}  // namespace inkfade::parameters
