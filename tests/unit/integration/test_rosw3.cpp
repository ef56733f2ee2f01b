// The coefficients of Rosw3 against the conditions that define them (Hairer & Wanner, Solving ODEs II, IV.7), from the
// coefficients on increments that a step uses. Rounding: sums of some ten products of numbers below 20.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>

#include "inkfade/integration/rosw3.kernel.hpp"

namespace {

using inkfade::INKFADE_ISA::rosw3;
using inkfade::INKFADE_ISA::Rosw3;

constexpr double rounding = 1e-13;
constexpr double alpha[3] = {0.0, Rosw3::alpha, Rosw3::alpha};

/// Lower triangle of gammas, back from c = diag(1/gamma) - Gamma^-1.
struct Gammas {
  double g[3][3]{};
  Gammas() {
    constexpr double i = 1.0 / Rosw3::gamma;
    const double inverse[3][3] = {{i, 0.0, 0.0}, {-rosw3.c21, i, 0.0}, {-rosw3.c31, -rosw3.c32, i}};
    for (int j = 0; j < 3; ++j) {
      for (int row = j; row < 3; ++row) {
        double sum = row == j ? 1.0 : 0.0;
        for (int k = j; k < row; ++k) sum -= inverse[row][k] * g[k][j];
        g[row][j] = sum / inverse[row][row];
      }
    }
  }
  [[nodiscard]] double sum(int i) const { return g[i][0] + g[i][1] + g[i][2]; }
  [[nodiscard]] double beta(int i, int j) const { return g[i][j] + (i > 0 && j == 0 ? Rosw3::alpha : 0.0); }
  [[nodiscard]] double beta(int i) const { return sum(i) + alpha[i]; }
};

/// Weights of the stages from those of the increments: b_j = sum_i m_i Gamma_ij.
void stage_weights(const double (&m)[3], double (&b)[3]) {
  const Gammas gammas;
  for (int j = 0; j < 3; ++j) b[j] = m[0] * gammas.g[0][j] + m[1] * gammas.g[1][j] + m[2] * gammas.g[2][j];
}

template <class Value>
double weighted(const double (&b)[3], Value&& value) {
  return b[0] * value(0) + b[1] * value(1) + b[2] * value(2);
}

TEST(Rosw3, MeetsTheConditionsOfOrderThreeWithTheJacobian) {
  const Gammas gammas;
  double b[3];
  stage_weights(rosw3.m, b);
  EXPECT_NEAR(weighted(b, [](int) { return 1.0; }), 1.0, rounding);
  EXPECT_NEAR(weighted(b, [&](int i) { return gammas.beta(i); }), 0.5, rounding);
  EXPECT_NEAR(weighted(b, [](int i) { return alpha[i] * alpha[i]; }), 1.0 / 3.0, rounding);
  const auto twice = [&](int i) {
    double sum = 0.0;
    for (int j = 0; j <= i; ++j) sum += gammas.beta(i, j) * gammas.beta(j);
    return sum;
  };
  EXPECT_NEAR(weighted(b, twice), 1.0 / 6.0, rounding);
}

TEST(Rosw3, MeetsTheConditionsOfOrderTwoWithAnyMatrix) {
  const Gammas gammas;
  double b[3];
  stage_weights(rosw3.m, b);
  EXPECT_NEAR(weighted(b, [](int i) { return alpha[i]; }), 0.5, rounding);
  EXPECT_NEAR(weighted(b, [&](int i) { return gammas.sum(i); }), 0.0, rounding);
}

TEST(Rosw3, WeighsTheTimeDerivativeByItsGammas) {
  const Gammas gammas;
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(rosw3.gamma_sum[i], gammas.sum(i), rounding);
}

TEST(Rosw3, EmbeddedMethodHasOrderTwoWithTheJacobianAndNotThree) {
  const Gammas gammas;
  double e[3];
  stage_weights(rosw3.e, e);  // what the step and the embedded step differ by, halved
  EXPECT_NEAR(weighted(e, [](int) { return 1.0; }), 0.0, rounding);
  EXPECT_NEAR(weighted(e, [&](int i) { return gammas.beta(i); }), 0.0, rounding);
  EXPECT_GT(std::abs(weighted(e, [](int i) { return alpha[i] * alpha[i]; })), 0.01);
  EXPECT_GT(std::abs(weighted(e, [](int i) { return alpha[i]; })), 0.01);  // with another matrix: order 1
}

/// A step for y' = z y: 1 + sum_i m_i u_i with (1/gamma - z) u_i = z (1 + a_i u_1) + sum_j c_ij u_j.
std::complex<double> stability(std::complex<double> z, const double (&weights)[3]) {
  const std::complex<double> pivot = 1.0 / Rosw3::gamma - z;
  const std::complex<double> u1 = z / pivot;
  const std::complex<double> argument = z * (1.0 + rosw3.a * u1);
  const std::complex<double> u2 = (argument + rosw3.c21 * u1) / pivot;
  const std::complex<double> u3 = (argument + rosw3.c31 * u1 + rosw3.c32 * u2) / pivot;
  return 1.0 + weights[0] * u1 + weights[1] * u2 + weights[2] * u3;
}

TEST(Rosw3, DampsInfinitelyFastModesAtOnce) {
  EXPECT_LT(std::abs(stability(-1e12, rosw3.m)), 1e-9);
  EXPECT_LT(std::abs(stability({0.0, 1e12}, rosw3.m)), 1e-9);
}

TEST(Rosw3, EndsNearWhatAnInfinitelyFastModeFollows) {
  // y' = z (t^2 - y) from 0, h = 1: (1/gamma - z) u_i = z (alpha_i^2 - a_i u_1) + sum_j c_ij u_j, f_t(0) = 0. Fast
  // pools follow slow ones like this; the exact end is 1. Within an eighth, chosen by work and precision.
  const double z = -1e9;
  const double pivot = 1.0 / Rosw3::gamma - z;
  const double u1 = 0.0;
  const double argument = -z * (alpha[1] * alpha[1] - rosw3.a * u1);
  const double u2 = (argument + rosw3.c21 * u1) / pivot;
  const double u3 = (argument + rosw3.c31 * u1 + rosw3.c32 * u2) / pivot;
  EXPECT_NEAR(rosw3.m[0] * u1 + rosw3.m[1] * u2 + rosw3.m[2] * u3, 1.0, 0.125);
}

TEST(Rosw3, GrowsNoModeThatDecays) {
  for (double y = 0.0; y < 1e3; y = 1.1 * y + 0.01) {  // on the imaginary axis: A-stable by the maximum principle
    EXPECT_LE(std::abs(stability({0.0, y}, rosw3.m)), 1.0 + 1e-14) << y;
  }
}

TEST(Rosw3, DenseOutputMeetsBothEndsAndOrderTwoBetween) {
  const Gammas gammas;
  for (const double theta : {0.0, 0.25, 0.6, 1.0}) {
    double on_increments[3];
    inkfade::INKFADE_ISA::rosw3_dense(theta, on_increments);
    double b[3];
    stage_weights(on_increments, b);
    EXPECT_NEAR(weighted(b, [](int) { return 1.0; }), theta, rounding);
    EXPECT_NEAR(weighted(b, [](int i) { return alpha[i]; }), 0.5 * theta * theta, rounding);
    EXPECT_NEAR(weighted(b, [&](int i) { return gammas.sum(i); }), 0.0, rounding);
    for (int i = 0; theta == 1.0 && i < 3; ++i) EXPECT_NEAR(on_increments[i], rosw3.m[i], rounding);
  }
}

}  // namespace
