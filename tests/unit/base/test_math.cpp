// Elementary functions against the C library in long double (64-bit mantissa: its own error is below 1/1000 of a unit
// in the last place of a double).
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <random>
#include <vector>

#include "inkfade/base/elementwise.hpp"
#include "inkfade/base/math.kernel.hpp"
#include "inkfade/base/pack.kernel.hpp"

namespace {

using namespace inkfade::INKFADE_ISA;

constexpr unsigned seed = 4711;
constexpr int samples = 200000;
constexpr long double pi = 3.14159265358979323846264338327950288L;

/// Distance in units in the last place of the exact value.
double ulps(double value, long double exact) {
  const double rounded = std::abs(static_cast<double>(exact));
  const double unit = std::nextafter(rounded, std::numeric_limits<double>::infinity()) - rounded;
  return static_cast<double>(std::abs(static_cast<long double>(value) - exact) / static_cast<long double>(unit));
}

/// Largest distance over random arguments; prints where.
template <class Draw, class Function, class Reference>
double worst_ulps(const char* name, Draw&& draw, Function&& function, Reference&& reference) {
  std::mt19937_64 random(seed);
  double worst = 0.0;
  double where = 0.0;
  for (int i = 0; i < samples; ++i) {
    const double x = draw(random);
    const double distance = ulps(function(x), reference(static_cast<long double>(x)));
    if (!(distance <= worst)) {
      worst = distance;
      where = x;
    }
  }
  std::printf("  %s: worst %.3f ulp at %.17g (seed %u)\n", name, worst, where, seed);
  return worst;
}

auto uniform(double low, double high) {
  return [=](std::mt19937_64& random) { return std::uniform_real_distribution<double>(low, high)(random); };
}
/// Log-uniform over the given powers of ten.
auto magnitudes(double low, double high) {
  return [=](std::mt19937_64& random) {
    return std::pow(10.0, std::uniform_real_distribution<double>(low, high)(random));
  };
}

TEST(Math, ExpIsWithinThreeUnitsInTheLastPlace) {
  const auto reference = [](long double x) { return std::exp(x); };
  EXPECT_LE(worst_ulps("exp", uniform(-708.0, 709.0), exp_<double>, reference), 3.0);
  EXPECT_LE(worst_ulps("exp near 0", uniform(-1.0, 1.0), exp_<double>, reference), 3.0);
}

TEST(Math, LogIsWithinThreeUnitsInTheLastPlace) {
  const auto reference = [](long double x) { return std::log(x); };
  EXPECT_LE(worst_ulps("log", magnitudes(-300.0, 300.0), log_<double>, reference), 3.0);
  EXPECT_LE(worst_ulps("log near 1", uniform(0.5, 2.0), log_<double>, reference), 3.0);
}

TEST(Math, CbrtIsWithinThreeUnitsInTheLastPlace) {
  const auto reference = [](long double x) { return std::cbrt(x); };
  EXPECT_LE(worst_ulps("cbrt", magnitudes(-30.0, 30.0), cbrt_<double>, reference), 3.0);
}

TEST(Math, RootsOfPacksAreTheCorrectlyRoundedOnes) {
  for (const double x : {0.0, 1e-300, 2.0, 3.7e11}) {
    const Pack<2> roots = sqrt_(Pack<2>(x));
    EXPECT_EQ(roots.values[0], std::sqrt(x));
    EXPECT_EQ(roots.values[1], std::sqrt(x));
  }
}

TEST(Math, TwoAtATimeHaveTheBitsOfOneAtATime) {
  const double infinity = std::numeric_limits<double>::infinity();
  std::vector<double> x{infinity, -infinity, -0.0, 1e-9, -1e-9, 8.5, -8.5, 8.6, -9.0, 720.0, -720.0, 0.5, -36.9};
  std::mt19937_64 random(seed);
  for (int i = 0; i < 1000; ++i) x.push_back(uniform(-9.0, 9.0)(random));
  const std::vector<double> given = x;
  ASSERT_EQ(given.size() % 2, 1U);
  const auto expect_bits = [&](const char* what, auto&& f) {
    std::vector<double> values = given;
    inkfade::apply_to_each(values, f);
    for (std::size_t i = 0; i < given.size(); ++i) {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(values[i]), std::bit_cast<std::uint64_t>(f(given[i])))
          << what << " of " << given[i];
    }
  };
  expect_bits("exp", [](auto each) { return exp_(each); });
  expect_bits("normal_cdf", [](auto each) { return normal_cdf(each); });
  EXPECT_TRUE(std::isnan(normal_cdf(std::numeric_limits<double>::quiet_NaN())));
}

TEST(Math, PowErrorGrowsWithTheLogarithmOfTheResultOnly) {
  // The error of p log x (half a unit of at most 708, so 2^-53 * 708 in the exponent) becomes relative: 2 |p log x| + 4
  // ulp.
  std::mt19937_64 random(seed);
  for (int i = 0; i < samples; ++i) {
    const double x = magnitudes(-3.0, 3.0)(random);
    const double p = uniform(-10.0, 10.0)(random);
    const long double exact = std::pow(static_cast<long double>(x), static_cast<long double>(p));
    ASSERT_LE(ulps(pow_(x, p), exact), 2.0 * std::abs(p * std::log(x)) + 4.0) << x << " ^ " << p << ", seed " << seed;
  }
}

TEST(Math, CosAndSinOfTurnsAreWithinTheirAbsoluteError) {
  std::mt19937_64 random(seed);
  for (int i = 0; i < samples; ++i) {
    const double x = uniform(-50.0, 50.0)(random);
    const long double angle = 2.0L * pi * (static_cast<long double>(x) - std::round(static_cast<long double>(x)));
    ASSERT_LE(std::abs(static_cast<double>(cos_turns(x) - std::cos(angle))), 1e-15) << x << ", seed " << seed;
    ASSERT_LE(std::abs(static_cast<double>(sin_turns(x) - std::sin(angle))), 1e-15 + 6.3 * 4e-15) << x;
  }
}

TEST(Math, ExactArgumentsGiveExactResults) {
  EXPECT_EQ(exp_(0.0), 1.0);
  EXPECT_EQ(log_(1.0), 0.0);
  EXPECT_EQ(cos_turns(0.0), 1.0);
  EXPECT_EQ(normal_cdf(0.0), 0.5);
  EXPECT_EQ(round_to_integer(2.5), 2.0);  // to even
  EXPECT_EQ(power_of_two(-1022.0), std::numeric_limits<double>::min());
}

TEST(Math, ExpIsZeroBelowAndFiniteAboveItsRange) {
  EXPECT_EQ(exp_(-708.1), 0.0);
  EXPECT_EQ(exp_(-1e300), 0.0);
  EXPECT_EQ(exp_(-std::numeric_limits<double>::infinity()), 0.0);
  EXPECT_EQ(exp_(1e300), exp_(709.0));
  EXPECT_TRUE(std::isfinite(exp_(1e300)));
}

TEST(Math, ExpIsMonotonic) {
  double before = exp_(-2.0);
  for (double x = -2.0; x < 2.0; x += 1e-5) {
    const double here = exp_(x);
    ASSERT_GE(here, before) << x;
    before = here;
  }
}

TEST(Math, SplitExponentReturnsTheNumber) {
  std::mt19937_64 random(seed);
  for (int i = 0; i < 1000; ++i) {
    const double x = magnitudes(-300.0, 300.0)(random);
    double m = 0.0;
    double exponent = 0.0;
    split_exponent(x, m, exponent);
    EXPECT_EQ(std::ldexp(m, static_cast<int>(exponent)), x);
    EXPECT_GE(m, std::sqrt(0.5));
    EXPECT_LT(m, std::sqrt(2.0));
  }
}

TEST(Math, NormalCdfIsWithinItsAbsoluteError) {
  for (double x = -9.0; x <= 9.0; x += 0.001) {
    const auto exact = static_cast<double>(0.5L * std::erfc(-static_cast<long double>(x) / std::sqrt(2.0L)));
    ASSERT_NEAR(normal_cdf(x), exact, 1e-15) << x;
  }
}

TEST(Math, NormalCdfIsOneWithItsMirrorImage) {
  for (double x = 0.0; x <= 9.0; x += 0.01) ASSERT_NEAR(normal_cdf(x) + normal_cdf(-x), 1.0, 2e-15) << x;
}

}  // namespace
