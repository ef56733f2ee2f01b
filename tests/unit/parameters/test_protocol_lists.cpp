#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/intervention_kinds.hpp"
#include "inkfade/parameters/registry.hpp"
#include "inkfade/parameters/scenario.hpp"

// Courses of sessions, interventions, and lists over a scenario.
namespace inkfade::parameters {
namespace {

Scenario smp() { return Scenario::preset("scalp-smp"); }

const std::string head = "format = 1\n";
const std::string first = "[[session]]\nkind = \"treatment\"\nat = \"0 day\"\n";

TEST(Course, IsTheSameSessionAgainAtItsSpacing) {
  const Scenario s = smp().with({}, head + first + "repeat = 3\nevery = \"14 day\"\ndepth = \"350 um\"\n");
  ASSERT_EQ(s.sessions().size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_DOUBLE_EQ(s.sessions()[i].at, 14.0 * day * static_cast<double>(i));
    EXPECT_EQ(s.sessions()[i].overrides, s.sessions()[0].overrides);
  }
}

TEST(Intervention, SurvivesTheRoundTripThroughToml) {
  const Scenario s = smp().with({}, head + R"(
[[intervention]]
kind = "laser"
at = "1 year"
laser_fragment_diameter = "30 nm"
[[intervention]]
kind = "immune_stimulation"
from = "2 year"
to = "3 year"
stimulation_capture = 5
)");
  ASSERT_EQ(s.interventions().size(), 2U);
  EXPECT_EQ(Scenario::from_toml(s.to_toml()), s);
}

TEST(Lists, LeaveTheScenariosOwnWhereTheyAreNotGiven) {
  const Scenario s = smp().with({}, head + "[[intervention]]\nkind = \"laser\"\nat = \"1 year\"\n");
  EXPECT_EQ(s.sessions(), smp().sessions());
  EXPECT_EQ(s.aftercare(), smp().aftercare());
}

TEST(Lists, AreCheckedTogetherWithTheSettings) {
  const std::string late = head + "[[intervention]]\nkind = \"laser\"\nat = \"12 year\"\n";
  EXPECT_THROW(static_cast<void>(smp().with({}, late)), ParameterError);
  EXPECT_NO_THROW(static_cast<void>(smp().with({{"run.horizon", std::string("20 year")}}, late)));
}

// Scenario files are kept for years: a complete one from before these parameters must go on meaning what it did.
TEST(CompleteFile, FromBeforeALaterParameterTakesItsFallback) {
  std::string old;
  bool later = false;
  std::string text = smp().to_toml();
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin) + 1;
    const std::string line = text.substr(begin, end - begin);
    begin = end;
    if (line.starts_with("[")) later = line == "[interventions]\n";
    bool left_out = later;
    for (const char* key :
         {"schedule =", "minimum_spacing =", "interval =", "dose_factor =", "melanosome_fraction =", "blood_fraction =",
          "pigment =", "absorption_exponent =", "clump_fraction =", "clump_diameter ="}) {
      left_out = left_out || line.starts_with(key);
    }
    if (!left_out) old += line;
  }
  const Scenario s = Scenario::from_toml(old);
  EXPECT_EQ(s.text("touch_up.schedule"), "none");
  int from_before = 0;
  for (const ParameterInfo& info : all_parameters()) {
    if (info.fallback.empty()) continue;
    EXPECT_EQ(s.entry(info.name).source, "inkfade") << info.name;
    ++from_before;
  }
  EXPECT_GE(from_before, 19);  // interventions, schedule, appearance
}

struct Bad {
  const char* text;
  const char* message;
};

class BadList : public testing::TestWithParam<Bad> {};

TEST_P(BadList, IsRefusedWithItsReason) {
  try {
    static_cast<void>(smp().with({}, head + GetParam().text, "x.toml"));
    FAIL() << "accepted: " << GetParam().text;
  } catch (const ParameterError& error) {
    EXPECT_STREQ(error.what(), GetParam().message);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Protocol, BadList,
    testing::Values(
        Bad{"[[intervention]]\nat = \"1 year\"\n",
            "intervention 1: kind is missing; it is one of macrophage_ablation, immune_stimulation, laser "
            "(x.toml:2:1)"},
        Bad{"[[intervention]]\nkind = \"lasr\"\nat = \"1 year\"\n",
            "intervention 1: kind = lasr: must be one of macrophage_ablation, immune_stimulation, laser (did you mean "
            "laser?) (x.toml:3:8)"},
        Bad{"[[intervention]]\nkind = \"laser\"\n", "intervention 1: at is missing (x.toml:2:1)"},
        Bad{"[[intervention]]\nkind = \"laser\"\nat = \"1 year\"\nkilled = 1\n",
            "intervention 1 (laser): unknown key killed; the keys here are kind, at, laser_fragmented_share, "
            "laser_fragment_diameter, laser_killed_share, laser_removed_share (x.toml:5:1)"},
        Bad{"[[intervention]]\nkind = \"laser\"\nat = \"11 year\"\n",
            "intervention 1 (laser): at = 4017.75 day: must lie before the horizon, run.horizon = 10 year "
            "(x.toml:2:1)"},
        Bad{"[[intervention]]\nkind = \"immune_stimulation\"\nfrom = \"9 year\"\nto = \"11 year\"\n",
            "intervention 1 (immune_stimulation): to = 4017.75 day: must not lie beyond the horizon, run.horizon = 10 "
            "year (x.toml:2:1)"},
        Bad{"[[intervention]]\nkind = \"immune_stimulation\"\nfrom = \"9 day\"\nto = \"9 day\"\n",
            "intervention 1 (immune_stimulation): to = 9 day: must come after from = 9 day (x.toml:2:1)"},
        Bad{"[[intervention]]\nkind = \"immune_stimulation\"\nfrom = \"1 day\"\nto = \"9 day\"\n"
            "[[intervention]]\nkind = \"immune_stimulation\"\nfrom = \"5 day\"\nto = \"19 day\"\n",
            "intervention 2 (immune_stimulation): from = 5 day: overlaps the immune_stimulation before, which ends at "
            "9 "
            "day (x.toml:6:1)"},
        Bad{"[[intervention]]\nkind = \"laser\"\nat = \"2 year\"\n[[intervention]]\nkind = \"laser\"\nat = \"1 "
            "year\"\n",
            "intervention 2 (laser): at = 365.25 day: must not come before the intervention before it, at 730.5 day "
            "(x.toml:5:1)"},
        Bad{"[[session]]\nkind = \"treatment\"\nat = \"0 day\"\nrepeat = 3\n",
            "session 1: every is missing, e.g. every = \"14 day\" (x.toml:5:10)"},
        Bad{"[[session]]\nkind = \"treatment\"\nat = \"0 day\"\nevery = \"14 day\"\n",
            "session 1: repeat is missing; every = .. says how often, repeat how many (x.toml:5:9)"},
        Bad{"[[session]]\nkind = \"treatment\"\nat = \"0 day\"\nrepeat = 3\nevery = \"0 day\"\n",
            "session 1: every = 0 day: must be above 0 day (x.toml:6:9)"},
        Bad{"[[session]]\nkind = \"treatment\"\nat = \"0 day\"\nrepeat = 0\nevery = \"1 day\"\n",
            "session 1: repeat = 0: must be a whole number between 1 and 50 (x.toml:5:10)"},
        Bad{"[touch_up]\nschedule = \"fixed\"\ninterval = \"30 day\"\n",
            "touch_up.interval = 0.0821355 year: must be at least touch_up.minimum_spacing, touch_up.minimum_spacing = "
            "180 "
            "day, where touch_up.schedule = fixed (x.toml:4:1)"},
        Bad{"preset = \"pig\"\n",
            "preset: must not be named here, the text lies over another scenario (x.toml:2:10)"}));

}  // namespace
}  // namespace inkfade::parameters
