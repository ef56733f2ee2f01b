#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "inkfade/parameters/units.hpp"

namespace inkfade::parameters {
namespace {

struct UnitCase {
  const char* spelling;
  double si;  // one of it
};

class Spelling : public testing::TestWithParam<UnitCase> {};

TEST_P(Spelling, ConvertsToSi) {
  const Unit* found = find_unit(GetParam().spelling);
  ASSERT_NE(found, nullptr) << GetParam().spelling;
  EXPECT_DOUBLE_EQ(found->to_si(1.0), GetParam().si) << GetParam().spelling;
}

INSTANTIATE_TEST_SUITE_P(
    Units, Spelling,
    testing::Values(UnitCase{"um", 1e-6}, UnitCase{"\xC2\xB5m", 1e-6}, UnitCase{"\xCE\xBCm", 1e-6},
                    UnitCase{"nm", 1e-9}, UnitCase{"mm", 1e-3}, UnitCase{"cm", 1e-2}, UnitCase{"m", 1.0},
                    UnitCase{"mg cm-2", 1e-2}, UnitCase{"mg/cm2", 1e-2}, UnitCase{"ug/cm2", 1e-5},
                    UnitCase{"mg cm-3", 1.0}, UnitCase{"g cm-3", 1e3}, UnitCase{"cm-2", 1e4}, UnitCase{"1/cm2", 1e4},
                    UnitCase{"mm-3", 1e9}, UnitCase{"1/mm3", 1e9}, UnitCase{"day", 86400.0}, UnitCase{"days", 86400.0},
                    UnitCase{"1/day", 1.0 / 86400.0}, UnitCase{"day-1", 1.0 / 86400.0},
                    UnitCase{"year", 365.25 * 86400.0}, UnitCase{"week", 604800.0}, UnitCase{"hour", 3600.0},
                    UnitCase{"ug", 1e-9}, UnitCase{"ng", 1e-12}, UnitCase{"kg m-3", 1.0}, UnitCase{"um3", 1e-18},
                    UnitCase{"um2/s", 1e-12}, UnitCase{"m2/s", 1.0}, UnitCase{"m2/J", 1.0}, UnitCase{"m2 g-1", 1e3},
                    UnitCase{"1/mm", 1e3}, UnitCase{"mm-1", 1e3}, UnitCase{"1/(Mlx h)", 1.0 / 3.6e9},
                    UnitCase{"degree", 3.14159265358979323846 / 180.0}, UnitCase{"percent", 0.01}, UnitCase{"1", 1.0},
                    UnitCase{"um/day", 1e-6 / 86400.0}, UnitCase{"mg  cm-2", 1e-2}));

TEST(Units, AreAWhitelist) {
  for (const char* spelling :
       {"", "a", "days since 1970-01-01", "furlong", "UM", "metre", "K", "m m", "s^2", "day day"}) {
    EXPECT_EQ(find_unit(spelling), nullptr) << spelling;
  }
}

TEST(Units, RoundOnceSoThatTextAndLiteralAgree) {
  EXPECT_EQ(unit("um").to_si(450.0), 450e-6);
  EXPECT_EQ(unit("mg cm-2").to_si(0.25), 0.0025);
  EXPECT_EQ(unit("nm").to_si(16.9), 16.9e-9);
}

TEST(Units, MayBeAskedFromManyThreads) {
  std::vector<std::thread> threads;
  std::vector<double> factors(8, 0.0);
  for (double& factor : factors) threads.emplace_back([&factor] { factor = unit("mg cm-2").to_si(1.0); });
  for (std::thread& thread : threads) thread.join();
  for (const double factor : factors) EXPECT_EQ(factor, 0.01);
}

TEST(SplitQuantity, SeparatesNumberAndUnit) {
  const auto spaced = split_quantity(" -1.5e-3  mg cm-2 ");
  ASSERT_TRUE(spaced);
  EXPECT_EQ(spaced->number, -1.5e-3);
  EXPECT_EQ(spaced->unit, "mg cm-2");
  EXPECT_EQ(split_quantity("450um")->unit, "um");
  EXPECT_EQ(split_quantity("5 1/day")->unit, "1/day");
  EXPECT_EQ(split_quantity("0.35")->unit, "");
}

TEST(SplitQuantity, TakesPlainDecimalNumbersOnly) {
  for (const char* text : {"", "um", "nan um", "inf", "-inf um", "1e999 um", ".", "+-3", "e5", "--1", "infinity"}) {
    EXPECT_FALSE(split_quantity(text)) << text;
  }
  // What follows the number is no unit: refused one step later.
  EXPECT_EQ(find_unit(split_quantity("0x10 um")->unit), nullptr);
  EXPECT_EQ(find_unit(split_quantity("1_000 um")->unit), nullptr);
  EXPECT_EQ(find_unit(split_quantity("1,5 um")->unit), nullptr);
}

TEST(FormatExact, ReadsBackToTheSameBits) {
  // Multiples of an irrational step: values with all digits used.
  for (const char* spelling : {"um", "day", "year", "mg cm-2", "1/day", "degree", "um2/s", "1/(Mlx h)", "1"}) {
    const Unit& scale = unit(spelling);
    double value = scale.to_si(0.1234567890123456);
    for (int i = 0; i < 200; ++i, value *= 1.0471285480508996) {
      const auto read = split_quantity(format_exact(value, scale));
      ASSERT_TRUE(read);
      EXPECT_EQ(unit(read->unit.empty() ? "1" : read->unit).to_si(read->number), value) << spelling << " step " << i;
    }
  }
}

}  // namespace
}  // namespace inkfade::parameters
