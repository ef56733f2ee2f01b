#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "inkfade/base/dual.kernel.hpp"

namespace inkfade::baseline {
namespace {

using D = Dual<2>;

D variable(double value, int direction) {
  D x(value);
  x.slope[direction] = 1.0;
  return x;
}

TEST(Dual, ArithmeticFollowsTheRulesOfDerivatives) {
  const D x = variable(3.0, 0);
  const D y = variable(-2.0, 1);
  const D result = (x * y + D(4.0)) / (x - y);  // -2/5; by hand: d/dx = (y (x - y) - (x y + 4))/(x - y)^2
  EXPECT_DOUBLE_EQ(result.value, -0.4);
  EXPECT_DOUBLE_EQ(result.slope[0], (-10.0 + 2.0) / 25.0);
  EXPECT_DOUBLE_EQ(result.slope[1], (15.0 - 2.0) / 25.0);
}

TEST(Dual, FunctionsHaveTheirDerivatives) {
  // Values are those of doubles, bit for bit; derivatives to a few units in the last place.
  for (const double value : {0.3, 1.0, 7.5}) {
    const D x = variable(value, 1);
    EXPECT_EQ(exp_(x).value, exp_(value));
    EXPECT_DOUBLE_EQ(exp_(x).slope[1], std::exp(value));
    EXPECT_EQ(log_(x).value, log_(value));
    EXPECT_DOUBLE_EQ(log_(x).slope[1], 1.0 / value);
    EXPECT_EQ(sqrt_(x).value, std::sqrt(value));
    EXPECT_NEAR(sqrt_(x).slope[1], 0.5 / std::sqrt(value), 1e-15 / std::sqrt(value));
    EXPECT_EQ(absolute(D(0.0) - x).slope[1], 1.0);
    EXPECT_EQ(cbrt_(x).value, cbrt_(value));
    EXPECT_NEAR(cbrt_(x).slope[1], std::pow(value, -2.0 / 3.0) / 3.0, 1e-15);
    EXPECT_NEAR(pow_(x, D(2.5)).slope[1], 2.5 * std::pow(value, 1.5), 1e-12);
    EXPECT_EQ(sin_turns(x).value, sin_turns(value));
    EXPECT_NEAR(sin_turns(x).slope[1], 6.283185307179586 * std::cos(6.283185307179586 * value), 1e-12);
    EXPECT_NEAR(cos_turns(x).slope[1], -6.283185307179586 * std::sin(6.283185307179586 * value), 1e-12);
    EXPECT_EQ(exp_(x).slope[0], 0.0);
  }
}

TEST(Dual, ChoicesTakeTheDerivativeOfTheBranch) {
  const D x = variable(3.0, 0);
  const D y = variable(5.0, 1);
  EXPECT_EQ(maximum(x, y).slope[1], 1.0);
  EXPECT_EQ(minimum(x, y).slope[0], 1.0);
  EXPECT_EQ(select(x < y, x, y).slope[0], 1.0);
  EXPECT_EQ(select(x > y, x, y).slope[0], 0.0);
}

}  // namespace
}  // namespace inkfade::baseline
