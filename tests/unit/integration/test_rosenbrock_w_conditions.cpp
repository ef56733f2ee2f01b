// The coefficients of ROS34PW2 against the conditions that define them (Hairer & Wanner, Solving ODEs II, IV.7; Rang &
// Angermann, BIT 2005;45:761). Tolerance of the sums: the published numbers have 16 digits and are at most 1.6, a sum
// of at most 64 products of three of them stays within 1e-14; 1e-13 leaves room for the published rounding.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>

#include "inkfade/integration/rosenbrock_w.kernel.hpp"

namespace {

using inkfade::INKFADE_ISA::Ros34pw2;
using inkfade::INKFADE_ISA::ros34pw2;
using inkfade::INKFADE_ISA::rosenbrock_w_dense;

constexpr double rounding = 1e-13;

double alpha(int i) {
  double sum = 0.0;
  for (const double a : Ros34pw2::alpha[i]) sum += a;
  return sum;
}

double gamma_sum(int i) {
  double sum = 0.0;
  for (const double g : Ros34pw2::gammas[i]) sum += g;
  return sum;
}

/// sum_i weights_i value(i)
template <class Value>
double weighted(const double (&weights)[4], Value&& value) {
  double sum = 0.0;
  for (int i = 0; i < 4; ++i) sum += weights[i] * value(i);
  return sum;
}

/// sum_j matrix_ij value(j)
template <class Value>
double row(const double (&matrix)[4][4], int i, Value&& value) {
  return weighted(matrix[i], value);
}

/// Weights b_i(theta) of the dense output, from those on increments: b = Gamma^T-transformed, b_i = sum_j d_j Gamma_ji.
void dense_weights(double theta, double (&b)[4]) {
  double on_increments[4];
  rosenbrock_w_dense(theta, on_increments);
  for (int i = 0; i < 4; ++i) {
    b[i] = 0.0;
    for (int j = 0; j < 4; ++j) b[i] += on_increments[j] * Ros34pw2::gammas[j][i];
  }
}

TEST(Ros34pw2, MeetsTheConditionsOfOrderTwoWithAnyJacobian) {
  const auto& b = Ros34pw2::weights;
  EXPECT_NEAR(weighted(b, [](int) { return 1.0; }), 1.0, rounding);
  EXPECT_NEAR(weighted(b, alpha), 0.5, rounding);
  EXPECT_NEAR(weighted(b, gamma_sum), 0.0, rounding);
}

TEST(Ros34pw2, MeetsTheConditionsOfOrderThreeWithAnyJacobian) {
  const auto& b = Ros34pw2::weights;
  EXPECT_NEAR(weighted(b, [](int i) { return alpha(i) * alpha(i); }), 1.0 / 3.0, rounding);
  EXPECT_NEAR(weighted(b, [](int i) { return row(Ros34pw2::alpha, i, alpha); }), 1.0 / 6.0, rounding);
  EXPECT_NEAR(weighted(b, [](int i) { return row(Ros34pw2::alpha, i, gamma_sum); }), 0.0, rounding);
  EXPECT_NEAR(weighted(b, [](int i) { return row(Ros34pw2::gammas, i, alpha); }), 0.0, rounding);
  EXPECT_NEAR(weighted(b, [](int i) { return row(Ros34pw2::gammas, i, gamma_sum); }), 0.0, rounding);
}

TEST(Ros34pw2, EmbeddedMethodHasOrderTwoWithAnyJacobianAndNotThree) {
  const auto& b = Ros34pw2::embedded_weights;
  EXPECT_NEAR(weighted(b, [](int) { return 1.0; }), 1.0, rounding);
  EXPECT_NEAR(weighted(b, alpha), 0.5, rounding);
  EXPECT_NEAR(weighted(b, gamma_sum), 0.0, rounding);
  EXPECT_GT(std::abs(weighted(b, [](int i) { return alpha(i) * alpha(i); }) - 1.0 / 3.0), 0.01);
}

TEST(Ros34pw2, IsStifflyAccurate) {
  for (int j = 0; j < 4; ++j) {
    EXPECT_NEAR(Ros34pw2::alpha[3][j] + Ros34pw2::gammas[3][j], Ros34pw2::weights[j], rounding);
  }
}

/// R(z) = 1 + sum_i m_i u_i of y' = z y, h = 1: the stages in the form the kernel uses.
std::complex<double> stability(std::complex<double> z) {
  const Ros34pw2& w = ros34pw2;
  std::complex<double> u[4];
  std::complex<double> y_new = 1.0;
  for (int i = 0; i < 4; ++i) {
    std::complex<double> argument = 1.0;
    std::complex<double> rest = 0.0;
    for (int j = 0; j < i; ++j) {
      argument += w.a[i][j] * u[j];
      rest += w.c[i][j] * u[j];
    }
    u[i] = (z * argument + rest) / (1.0 / Ros34pw2::gamma - z);
    y_new += w.m[i] * u[i];
  }
  return y_new;
}

TEST(Ros34pw2, IsAStableOnTheImaginaryAxis) {
  // A rational function without poles on the left is largest on its boundary: the imaginary axis suffices.
  for (double y = 1e-3; y < 1e8; y *= 1.1) EXPECT_LE(std::abs(stability({0.0, y})), 1.0 + 1e-12) << "at " << y << " i";
}

TEST(Ros34pw2, IsLStable) {
  // R(z) falls as 1/z, so z R(z) stays bounded; 1e-15 |z| of rounding enters through sums that cancel.
  for (double z = -1e2; z > -1e9; z *= 10.0) EXPECT_LE(std::abs(stability(z)), 10.0 / -z + 1e-12) << "at z = " << z;
}

TEST(Ros34pw2, DampsAComponentOfAnyStiffnessWithinOneStep) {
  EXPECT_LE(std::abs(stability(-1e6)), 1e-4);
  EXPECT_LE(std::abs(stability(-1e300)), 1e-12);
}

TEST(Ros34pw2DenseOutput, MeetsTheConditionsOfOrderTwoEverywhereWithAnyJacobian) {
  for (int n = 0; n <= 16; ++n) {
    const double theta = n / 16.0;
    double b[4];
    dense_weights(theta, b);
    EXPECT_NEAR(weighted(b, [](int) { return 1.0; }), theta, rounding);
    EXPECT_NEAR(weighted(b, alpha), theta * theta / 2.0, rounding);
    EXPECT_NEAR(weighted(b, gamma_sum), 0.0, rounding);
    EXPECT_NEAR(weighted(b, [](int i) { return alpha(i) * alpha(i); }), theta * theta * theta / 3.0, rounding);
  }
}

TEST(Ros34pw2DenseOutput, IsTheStepItselfAtItsEnds) {
  double at_start[4];
  double at_end[4];
  rosenbrock_w_dense(0.0, at_start);
  rosenbrock_w_dense(1.0, at_end);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(at_start[i], 0.0);
    EXPECT_NEAR(at_end[i], ros34pw2.m[i], rounding);
  }
}

}  // namespace
