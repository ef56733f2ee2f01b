#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/sweep_table.hpp"

namespace inkfade::parameters {
namespace {

using testing::HasSubstr;

const std::string head = "format = 1\npreset = \"scalp-smp\"\n[sweep]\n";  // three lines

TEST(SweepTable, ReadsListsAndRanges) {
  const SweepTable sweep = read_sweep_text(head + R"(
aftercare = ["poor", "typical", "careful"]
dot_density = ["60 cm-2", "100 cm-2"]
depth = { from = "0.2 mm", to = "0.8 mm", n = 7 }
skin.phototype = [1, 2]
"procedure.epidermal_fraction" = { from = 0.1, to = 0.5, n = 5 }
)");
  ASSERT_EQ(sweep.axes.size(), 5U);
  EXPECT_EQ(sweep.size(), 7U * 2U * 3U * 2U * 5U);
  EXPECT_EQ(sweep.axes[0].parameter, "skin.phototype");
  EXPECT_EQ(sweep.axes[1].name, "depth");
  EXPECT_EQ(sweep.axes[1].parameter, "procedure.depth");
  EXPECT_EQ(sweep.axes[1].unit, "um");
  EXPECT_EQ(std::get<std::string>(sweep.axes[1].settings[1]), "0.3 mm");
  EXPECT_EQ(std::get<std::string>(sweep.axes[1].settings[6]), "0.8 mm");
  EXPECT_EQ(sweep.axes[2].name, "dot_density");
  EXPECT_EQ(std::get<double>(sweep.axes[3].settings[2]), 0.3);
  EXPECT_EQ(sweep.axes[4].name, "aftercare");
  const Scenario base = Scenario::preset("scalp-smp");
  for (const SweepAxis& axis : sweep.axes) {
    for (const Setting& setting : axis.settings) EXPECT_NO_THROW(static_cast<void>(base.with({{axis.name, setting}})));
  }
}

TEST(SweepTable, IsEmptyWhereTheFileHasNone) {
  const SweepTable sweep = read_sweep_text("format = 1\npreset = \"scalp-smp\"\n");
  EXPECT_TRUE(sweep.axes.empty());
  EXPECT_EQ(sweep.size(), 1U);
}

struct BadSweep {
  const char* lines;
  const char* part;
};

class BadSweeps : public testing::TestWithParam<BadSweep> {};

TEST_P(BadSweeps, AreParameterErrorsWithTheirPlace) {
  try {
    static_cast<void>(read_sweep_text(head + GetParam().lines, "x.toml"));
    FAIL() << GetParam().lines;
  } catch (const ParameterError& error) {
    EXPECT_THAT(error.what(), HasSubstr(GetParam().part));
    EXPECT_THAT(error.what(), HasSubstr("(x.toml:"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Axes, BadSweeps,
    testing::Values(BadSweep{"", "has no axis"}, BadSweep{"depth = []", "is an empty axis"},
                    BadSweep{"dept = [\"1 mm\"]", "did you mean procedure.depth?"},
                    BadSweep{"depth = [\"1 mm\"]\nprocedure.depth = [\"1 mm\"]", "are the same axis"},
                    BadSweep{"depth = [\"1 mm\", \"1 mm\"]", "twice"}, BadSweep{"depth = [1, 2]", "needs a unit"},
                    BadSweep{"depth = [\"1 m\"]", "must be between 1 um and 10 mm (x.toml:4:10)"},
                    BadSweep{"depth = \"1 mm\"", "must be a list of settings"},
                    BadSweep{"depth = { from = \"1 mm\", to = \"2 mm\" }", "n is missing"},
                    BadSweep{"depth = { from = \"1 mm\", to = \"2 mm\", n = 1 }", "n = 1: must be a whole number"},
                    BadSweep{"depth = { from = \"1 mm\", to = \"2 mm\", n = 1e9 }",
                             "n = 1e+09: must be a whole number"},
                    BadSweep{"depth = { from = \"1 mm\", to = \"1000 um\", n = 3 }", "must differ"},
                    BadSweep{"depth = { from = \"1 mm\", to = \"2 m\", n = 3 }", "must be between"},
                    BadSweep{"numerics.cells = { from = 10, to = 20, n = 3 }", "only real parameters have a range"},
                    BadSweep{"aftercare = [\"pour\"]", "did you mean poor?"},
                    BadSweep{"depth = { from = \"0.2 mm\", to = \"0.8 mm\", n = 1000000 }\n"
                             "depth_sd = { from = \"0.1 mm\", to = \"0.8 mm\", n = 1000000 }",
                             "more than 1000000000 points"}));

}  // namespace
}  // namespace inkfade::parameters
