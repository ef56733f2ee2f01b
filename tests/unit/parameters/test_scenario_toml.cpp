#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/scenario.hpp"

namespace inkfade::parameters {
namespace {

using testing::HasSubstr;

std::string message_of(const std::string& text) {
  try {
    static_cast<void>(Scenario::from_toml(text, "x.toml"));
  } catch (const ParameterError& error) {
    return error.what();
  }
  return "no error";
}

const std::string head = "format = 1\npreset = \"scalp-smp\"\n";  // two lines

struct BadText {
  const char* name;
  std::string text;
  std::vector<std::string> parts;
};

void PrintTo(const BadText& each, std::ostream* out) { *out << each.name; }

class BadTexts : public testing::TestWithParam<BadText> {};

TEST_P(BadTexts, AreParameterErrorsWithFileLineAndColumn) {
  const std::string message = message_of(GetParam().text);
  for (const std::string& part : GetParam().parts) EXPECT_THAT(message, HasSubstr(part));
}

std::vector<BadText> bad_values() {
  return {
      {"below_bound",
       head + "[[skin.layer]]\nname = \"papillary_dermis\"\nthickness = \"-100 um\"\n",
       {"skin.papillary_dermis.thickness = -100 um: must be between 1 um and 10 mm (x.toml:5:13)"}},
      {"zero", head + "[procedure]\ndepth_sd = \"0 um\"\n", {"must be between 1 um and 5 mm", "(x.toml:4:12)"}},
      {"bare_number", head + "[procedure]\ndepth = 400\n", {"give a length in um, e.g. \"400 um\"", "(x.toml:4:9)"}},
      {"wrong_dimension", head + "[procedure]\ndepth = \"4 ug\"\n", {"is the unit of a mass", "(x.toml:4:9)"}},
      {"nan", head + "[procedure]\nepidermal_fraction = nan\n", {"must be a finite number", "(x.toml:4:22)"}},
      {"inf", head + "[procedure]\nepidermal_fraction = inf\n", {"must be a finite number", "(x.toml:4:22)"}},
      {"overflow", head + "[procedure]\nepidermal_fraction = 1e999\n", {"(x.toml:4:"}},
      {"bool_for_number", head + "[procedure]\nepidermal_fraction = true\n", {"not true or false", "(x.toml:4:22)"}},
      {"date_for_number", head + "[procedure]\ndepth = 2027-01-01\n", {"not a date", "(x.toml:4:9)"}},
      {"array_for_number", head + "[procedure]\ndepth = [1]\n", {"not an array", "(x.toml:4:9)"}},
      {"float_cells", head + "[numerics]\ncells = 64.0\n", {"must be a whole number", "(x.toml:4:9)"}},
      {"value_missing", head + "[procedure]\ndepth = { gsd = 1.2 }\n", {"value is missing", "(x.toml:4:9)"}},
      {"bad_grade", head + "[procedure]\ndepth = { value = \"400 um\", grade = \"sure\" }\n", {"measured, inferred"}},
      {"bad_gsd", head + "[procedure]\ndepth = { value = \"400 um\", gsd = 0.5 }\n", {"gsd = 0.5: must be between 1"}},
      {"gsd_of_whole_number", head + "[numerics]\ncells = { value = 64, gsd = 1.5 }\n", {"only real parameters vary"}},
      {"extra_key", head + "[procedure]\ndepth = { value = \"400 um\", unit = \"um\" }\n", {"unknown key unit"}},
      {"unknown_key", head + "[procedure]\ndpeth = \"400 um\"\n", {"did you mean procedure.depth?", "(x.toml:4:1)"}},
      {"unknown_group", head + "[proceedure]\n", {"did you mean procedure?", "(x.toml:3:2)"}},
      {"alias_at_top", head + "depth = \"400 um\"\n", {"did you mean procedure.depth?", "(x.toml:3:1)"}},
      {"two_doses",
       head + "[procedure]\ndeposit_per_dot = \"1 ug\"\nlocal_dose = \"1 mg/cm2\"\n",
       {"the dose is given twice", "(x.toml:5:1)"}},
      {"depth_outside", head + "[procedure]\ndepth = \"5 mm\"\n", {"must lie inside the dermis", "(x.toml:4:1)"}},
      {"layer_twice",
       head + "[[skin.layer]]\nname = \"papillary_dermis\"\n[[skin.layer]]\nname = \"papillary_dermis\"\n",
       {"papillary_dermis is given twice", "(x.toml:6:8)"}},
      {"layer_unnamed", head + "[[skin.layer]]\nthickness = \"1 mm\"\n", {"name is missing", "(x.toml:3:1)"}},
      {"layer_incomplete",
       head + "[[skin.layer]]\nname = \"subcutis\"\nthickness = \"1 mm\"\n",
       {"skin.subcutis.tissue: missing", "(x.toml:4:8)"}},
      {"layer_order",
       head + "[[skin.layer]]\nname = \"papillary_dermis\"\n[[skin.layer]]\nname = \"stratum_corneum\"\n",
       {"stratum_corneum is out of order", "(x.toml:"}},
      {"layer_as_table", head + "[skin.papillary_dermis]\nthickness = \"1 mm\"\n", {"given as [[skin.layer]]"}},
      {"layer_not_array", head + "[skin]\nlayer = 3\n", {"must be an array of tables", "(x.toml:4:9)"}},
  };
}

std::vector<BadText> bad_events() {
  return {
      {"session_late", head + "[[session]]\nat = \"11 year\"\n", {"must lie before the horizon", "(x.toml:4:6)"}},
      {"session_order",
       head + "[[session]]\nat = \"9 day\"\n[[session]]\nat = \"3 day\"\n",
       {"session 2: at = 3 day: must come after the session before, at 9 day", "(x.toml:6:6)"}},
      {"session_first", head + "[[session]]\nat = \"0 day\"\nkind = \"touch_up\"\n", {"must be a treatment"}},
      {"session_kind",
       head + "[[session]]\nat = \"0 day\"\nkind = \"visit\"\n",
       {"must be one of treatment, touch_up"}},
      {"session_no_time", head + "[[session]]\nkind = \"treatment\"\n", {"at is missing", "(x.toml:3:1)"}},
      {"session_key", head + "[[session]]\nat = \"0 day\"\nspf = 3\n", {"unknown key spf", "(x.toml:5:1)"}},
      {"session_date", head + "[[session]]\nat = 2027-01-01\n", {"a date needs the date of the start", "(x.toml:4:6)"}},
      {"session_before", head + "start = 2027-03-14\n[[session]]\nat = 2027-01-01\n", {"must not lie before start"}},
      {"session_depth",
       head + "[[session]]\nat = \"0 day\"\ndepth = \"3 mm\"\n",
       {"session 1: procedure.depth = 3000 um: must lie inside the dermis", "(x.toml:4:6)"}},
      {"session_none", head + "session = []\n", {"at least one [[session]]", "(x.toml:3:11)"}},
      {"start_text", head + "start = \"2027-03-14\"\n", {"must be a date without quotes", "(x.toml:3:9)"}},
      {"aftercare_overlap",
       head + "[[aftercare]]\nfrom = \"0 day\"\nto = \"9 day\"\n[[aftercare]]\nfrom = \"8 day\"\nto = \"10 day\"\n",
       {"overlaps the span before", "(x.toml:6:1)"}},
      {"aftercare_reversed", head + "[[aftercare]]\nfrom = \"9 day\"\nto = \"8 day\"\n", {"must come after from"}},
      {"aftercare_regime", head + "[[aftercare]]\nregime = \"tipical\"\n", {"did you mean typical?", "(x.toml:4:10)"}},
      {"aftercare_long",
       head + "[[aftercare]]\nfrom = \"0 day\"\nto = \"99 day\"\nregime = \"poor\"\n",
       {"describes the first 42 day only"}},
      {"aftercare_share",
       head + "[[aftercare]]\nfrom = \"0 day\"\nto = \"9 day\"\nwashing = 2\n",
       {"washing = 2: must be between 0 and 1", "(x.toml:6:11)"}},
      {"aftercare_date", head + "[[aftercare]]\nfrom = 2027-01-01\nto = \"9 day\"\n", {"a time since the session"}},
      {"exposure_overlap",
       head + "[[exposure]]\nfrom = \"0 day\"\nto = \"9 day\"\n[[exposure]]\nfrom = \"8 day\"\nto = \"10 day\"\n",
       {"exposure 2", "overlaps the span before", "(x.toml:6:1)"}},
      {"exposure_late", head + "[[exposure]]\nfrom = \"0 day\"\nto = \"11 year\"\n", {"beyond the horizon"}},
      {"exposure_key", head + "[[exposure]]\nfrom = \"0 day\"\nto = \"9 day\"\nspff = 3\n", {"did you mean spf?"}},
  };
}

std::vector<BadText> bad_files() {
  std::string deep_keys = head + "a";
  for (int i = 0; i < 100'000; ++i) deep_keys += ".a";
  return {
      {"empty", "", {"format: missing", "(x.toml:1:1)"}},
      {"no_preset", "format = 1\n", {"preset: missing", "(x.toml:1:1)"}},
      {"incomplete",
       "format = 1\nname = \"mine\"\n[procedure]\nlocal_dose = \"1 mg/cm2\"\n",
       {": missing", "(x.toml:"}},
      {"no_dose", "format = 1\nname = \"mine\"\n", {"the dose is missing", "(x.toml:1:1)"}},
      {"newer_format", "format = 2\n", {"newer format", "(x.toml:1:10)"}},
      {"old_format", "format = 0\n", {"must be 1", "(x.toml:1:10)"}},
      {"text_format", "format = \"1\"\n", {"must be the whole number 1"}},
      {"unknown_preset",
       "format = 1\npreset = \"scalp_smp\"\n",
       {"unknown preset \"scalp_smp\" (did you mean scalp-smp?)", "the presets are", "(x.toml:2:10)"}},
      {"duplicate_key", head + "preset = \"scalp-smp\"\n", {"is not valid TOML", "(x.toml:3:"}},
      {"syntax", head + "[procedure\n", {"is not valid TOML", "(x.toml:3:"}},
      {"nul", head + std::string("a = 1\0", 6), {"NUL", "(x.toml:3:6)"}},
      {"utf8", head + "# \xC3\x28\n", {"UTF-8", "(x.toml:3:3)"}},
      {"utf8_overlong", head + "# \xC0\xAF\n", {"UTF-8", "(x.toml:3:3)"}},
      {"utf8_surrogate", head + "# \xED\xA0\x80\n", {"UTF-8", "(x.toml:3:3)"}},
      {"too_long", std::string(1'048'577, '#'), {"longer than 1 MiB", "(x.toml:1:1)"}},
      {"deep_brackets", head + "a = " + std::string(65, '['), {"nested deeper than 64", "(x.toml:3:"}},
      {"deep_keys", deep_keys + " = 1\n", {"nested deeper than 64", "(x.toml:3:"}},
  };
}

INSTANTIATE_TEST_SUITE_P(Values, BadTexts, testing::ValuesIn(bad_values()),
                         [](const auto& each) { return each.param.name; });
INSTANTIATE_TEST_SUITE_P(Events, BadTexts, testing::ValuesIn(bad_events()),
                         [](const auto& each) { return each.param.name; });
INSTANTIATE_TEST_SUITE_P(Files, BadTexts, testing::ValuesIn(bad_files()),
                         [](const auto& each) { return each.param.name; });

TEST(ScenarioToml, OverlaysThePresetAndKeepsItsSpread) {
  const Scenario scenario =
      Scenario::from_toml(head + "[procedure]\ndepth = \"450 um\"\n[sweep]\ndepth = [\"1 mm\"]\n");
  EXPECT_EQ(scenario.real("depth"), 450e-6);
  EXPECT_EQ(scenario.entry("depth").gsd, 1.2);
  EXPECT_EQ(scenario.entry("depth").source, "user");
  EXPECT_EQ(scenario.preset_name(), "scalp-smp");
  EXPECT_EQ(scenario.entry("depth_sd").source, "smp_depth");
}

TEST(ScenarioToml, DoseReplacesThePresetsDose) {
  const Scenario scenario = Scenario::from_toml(head + "[procedure]\npatch_dose = \"20 ug/cm2\"\n");
  EXPECT_FALSE(scenario.has("deposit_per_dot"));
  EXPECT_DOUBLE_EQ(scenario.real("procedure.patch_dose"), 20e-5);
}

TEST(ScenarioToml, NewLayerLiesBelowTheOneBeforeIt) {
  const Scenario scenario = Scenario::from_toml(head + R"(
[[skin.layer]]
name = "lower_reticular_dermis"
[[skin.layer]]
name = "deep_dermis"
tissue = "dermis"
thickness = "300 um"
hindrance = 1
macrophage_density = "1000 mm-3"
binding_capacity = "5 mg cm-3"
lymph_factor = 1
uv_attenuation = "24 mm-1"
visible_attenuation = "3.5 mm-1"
)");
  EXPECT_EQ(scenario.layers().back(), "deep_dermis");
  EXPECT_EQ(scenario.layers().size(), 6U);
  EXPECT_TRUE(Scenario::from_toml(scenario.to_toml()) == scenario);
}

TEST(ScenarioToml, RegimeIsClippedToItsSpanAndExplicitFieldsWin) {
  const Scenario scenario = Scenario::from_toml(
      head + "[[aftercare]]\nfrom = \"1 day\"\nto = \"10 day\"\nregime = \"careful\"\nwashing = 0.9\n");
  ASSERT_EQ(scenario.aftercare().size(), 2U);
  EXPECT_EQ(scenario.aftercare()[0].from, 86400.0);
  EXPECT_EQ(scenario.aftercare()[0].dressing, "moist");
  EXPECT_EQ(scenario.aftercare()[1].to, 10.0 * 86400.0);
  for (const AftercareSpan& span : scenario.aftercare()) EXPECT_EQ(span.washing, 0.9);
}

TEST(ScenarioToml, DatesCountFromTheStart) {
  const Scenario scenario = Scenario::from_toml(head + "start = 2027-03-14\n[[session]]\nat = 2027-03-15\n");
  EXPECT_EQ(scenario.sessions().at(0).at, 86400.0);
  ASSERT_TRUE(scenario.start());
}

TEST(ScenarioFile, RefusesWhatIsNoRegularFile) {
  const auto folder = std::filesystem::temp_directory_path();
  EXPECT_THROW(static_cast<void>(Scenario::from_file(folder)), FileError);
  EXPECT_THROW(static_cast<void>(Scenario::from_file(folder / "no-such-file.toml")), FileError);
  EXPECT_THROW(static_cast<void>(Scenario::from_file("/dev/zero")), FileError);
}

TEST(ScenarioFile, IsNamedInMessages) {
  const auto path = std::filesystem::temp_directory_path() / "inkfade_test_scenario.toml";
  std::ofstream(path) << head << "[procedure]\ndepth = 3\n";
  try {
    static_cast<void>(Scenario::from_file(path));
    FAIL();
  } catch (const ParameterError& error) {
    EXPECT_THAT(error.what(), HasSubstr("(" + path.string() + ":4:9)"));
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace inkfade::parameters
