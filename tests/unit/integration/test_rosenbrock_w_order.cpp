// Observed order of accuracy: slope of log(error) over log(step) between the two finest grids, which differs from the
// design order by O(h); the grids are chosen so that the promised 0.10 holds with room and rounding is far away.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "inkfade/integration/rosenbrock_w_stepper.hpp"
#include "support/dense_system.hpp"

namespace {

using namespace inkfade::test;
using inkfade::integration::RosenbrockWStepper;

constexpr double order_tolerance = 0.10;

enum class Measured { step, embedded, dense };

/// Error with n equal steps: of the last state; of the embedded method at the end; of the dense output anywhere.
double error_with(const Problem& problem, DenseSystem system, int n, Measured measured) {
  RosenbrockWStepper stepper;
  std::vector<double> y = problem.y0;
  std::vector<double> error;
  std::vector<double> between;
  const double h = problem.t_end / n;
  double worst = 0.0;
  for (int i = 0; i < n; ++i) {
    const std::vector<double> before = y;
    stepper.do_step(std::ref(system), y, i * h, h, error);
    if (measured == Measured::embedded) {
      for (std::size_t q = 0; q < y.size(); ++q) y[q] -= error[q];
    }
    if (measured == Measured::dense) {
      for (const double theta : {0.2, 0.4, 0.6, 0.8}) {
        stepper.interpolate((i + theta) * h, before, i * h, h, between);
        worst = std::max(worst, relative_error(between, problem.exact((i + theta) * h)));
      }
    }
  }
  return measured == Measured::dense ? worst : relative_error(y, problem.exact(problem.t_end));
}

double observed_order(const Problem& problem, const DenseSystem& system, int n, Measured measured = Measured::step) {
  const double coarse = error_with(problem, system, n, measured);
  const double fine = error_with(problem, system, 2 * n, measured);
  const double order = std::log2(coarse / fine);
  std::printf("  %s, %d and %d steps: errors %.3e, %.3e, order %.3f\n", problem.name, n, 2 * n, coarse, fine, order);
  return order;
}

/// Jacobians that are wrong in the ways an implementation chooses: the entries of the exact one times `factor`.
Jacobian distorted(const Problem& problem, std::function<double(std::size_t row, std::size_t column)> factor) {
  return [exact = problem.jacobian, n = problem.y0.size(), factor](double t, const double* y, double* matrix) {
    exact(t, y, matrix);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) matrix[i * n + j] *= factor(i, j);
    }
  };
}

TEST(RosenbrockWOrder, IsThreeOnAStiffLinearProblem) {
  // The fast mode (h lambda from -1e4 to -1e5) is damped at once; what remains is R(-h)^n on the slow one.
  const Problem problem = stiff_linear(1e6, 2.0);
  EXPECT_NEAR(observed_order(problem, problem.system(), 64), 3.0, order_tolerance);
}

TEST(RosenbrockWOrder, IsThreeOnANonLinearNonAutonomousProblemWithTheExactJacobian) {
  const Problem problem = kaps(5.0, 1.0);
  EXPECT_NEAR(observed_order(problem, problem.system(), 512), 3.0, order_tolerance);
}

TEST(RosenbrockWOrder, IsThreeWithTheDiagonalOfTheJacobianOnly) {
  const Problem problem = kaps(5.0, 1.0);
  const auto diagonal = distorted(problem, [](std::size_t i, std::size_t j) { return i == j ? 1.0 : 0.0; });
  EXPECT_NEAR(observed_order(problem, problem.system(diagonal), 1024), 3.0, order_tolerance);
}

TEST(RosenbrockWOrder, IsThreeWithAZeroJacobian) {
  const Problem problem = kaps(5.0, 1.0);
  const auto zero = distorted(problem, [](std::size_t, std::size_t) { return 0.0; });
  EXPECT_NEAR(observed_order(problem, problem.system(zero), 1024), 3.0, order_tolerance);
}

TEST(RosenbrockWOrder, IsThreeWithAPerturbedJacobian) {
  const Problem problem = kaps(5.0, 1.0);
  const auto perturbed =
      distorted(problem, [](std::size_t i, std::size_t j) { return 0.6 + 0.3 * double(i) + 0.5 * double(j); });
  EXPECT_NEAR(observed_order(problem, problem.system(perturbed), 1024), 3.0, order_tolerance);
}

TEST(RosenbrockWOrder, OfTheEmbeddedMethodIsTwo) {
  const Problem problem = kaps(5.0, 1.0);
  EXPECT_NEAR(observed_order(problem, problem.system(), 512, Measured::embedded), 2.0, order_tolerance);
}

TEST(RosenbrockWOrder, OfTheDenseOutputIsThreeWithTheExactJacobian) {
  const Problem problem = kaps(5.0, 1.0);
  EXPECT_NEAR(observed_order(problem, problem.system(), 1024, Measured::dense), 3.0, order_tolerance);
}

TEST(RosenbrockWOrder, OfTheDenseOutputIsThreeWithAnInexactJacobian) {
  const Problem problem = kaps(5.0, 1.0);
  const auto diagonal = distorted(problem, [](std::size_t i, std::size_t j) { return i == j ? 1.0 : 0.0; });
  EXPECT_NEAR(observed_order(problem, problem.system(diagonal), 1024, Measured::dense), 3.0, order_tolerance);
}

TEST(RosenbrockWOrder, FallsNoLowerThanOneUnderStiffForcing) {
  // Order reduction: the kernel leaves df/dt out of the linear algebra (a W-method may), which for h lambda ->
  // -infinity costs the stages their accuracy in a rapidly relaxing, driven component. The error then falls with h at
  // least linearly and carries 1/lambda: never more than a step's share of the drive.
  const Problem problem = prothero_robinson(1e6, 1.0);
  const double coarse = error_with(problem, problem.system(), 32, Measured::step);
  const double fine = error_with(problem, problem.system(), 64, Measured::step);
  std::printf("  errors %.3e, %.3e\n", coarse, fine);
  EXPECT_LT(fine, 0.6 * coarse);
  EXPECT_LT(coarse, 1.0 / 32.0);
}

TEST(RosenbrockWOrder, RemainsAtAnyStiffnessOfARelaxedState) {
  // Start on the slow manifold of y' = A y: stiffness from 1e3 to 1e12 must not change the error.
  double least = 1.0;
  double most = 0.0;
  for (const double stiffness : {1e3, 1e6, 1e9}) {
    Problem problem = stiff_linear(stiffness, 1.0);
    problem.y0 = {1.0, 1.0};
    problem.exact = [](double t) { return std::vector<double>{std::exp(-t), std::exp(-t)}; };
    const double error = error_with(problem, problem.system(), 32, Measured::step);
    least = std::min(least, error);
    most = std::max(most, error);
  }
  // Eigenvectors mix through rounding of entries of size `stiffness`: 1e-16 * 1e9 = 1e-7 of the rates, not of the
  // state.
  EXPECT_LT(most, 1.1 * least);
}

}  // namespace
