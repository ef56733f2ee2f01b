// The asked tolerance is kept: error <= 10 rtol at the end, whatever the problem.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <vector>

#include "inkfade/integration/integrate.hpp"
#include "support/dense_system.hpp"

namespace {

using namespace inkfade::test;
using inkfade::Status;
using inkfade::integration::Integrator;
using inkfade::integration::Step;
using inkfade::integration::Tolerances;

struct Worst {
  double at_ends = 0.0;  ///< of steps
  double between = 0.0;  ///< dense output
};

/// Largest errors over a run.
Worst worst_errors(const Problem& problem, double rtol) {
  DenseSystem system = problem.system();
  const std::vector<double> atol(problem.y0.size(), 1e-3 * rtol);
  const Tolerances tolerances{rtol, atol, {}};
  Integrator<DenseSystem> integrator(system, tolerances, {});
  std::vector<double> y = problem.y0;
  std::vector<double> inside(y.size());
  Worst worst;
  double t = 0.0;
  const Status status = integrator.advance(t, problem.t_end, y.data(), [&](const Step& step) {
    for (const double theta : {0.25, 0.5, 0.75}) {
      const double time = step.t + theta * step.h;
      step.interpolate(time, inside.data());
      worst.between = std::max(worst.between, relative_error(inside, problem.exact(time)));
    }
    worst.at_ends =
        std::max(worst.at_ends, relative_error({step.y_new, step.y_new + step.n}, problem.exact(step.t + step.h)));
    return true;
  });
  EXPECT_EQ(status, Status::ok) << problem.name << ", rtol " << rtol;
  std::printf("  %-18s rtol %.0e: error / rtol %6.3f at ends, %6.3f between; %4ld steps, %ld rejected\n", problem.name,
              rtol, worst.at_ends / rtol, worst.between / rtol, static_cast<long>(integrator.counters().accepted),
              static_cast<long>(integrator.counters().rejected));
  return worst;
}

class Tolerance : public ::testing::TestWithParam<double> {};

TEST_P(Tolerance, IsKeptOnNonStiffAndStiffProblems) {
  const double rtol = GetParam();
  for (const Problem& problem :
       {kaps(1.0, 3.0), kaps(1e3, 3.0), kaps(1e6, 3.0), logistic(2.0, 5.0), stiff_linear(1e3, 3.0),
        stiff_linear(1e6, 3.0), decay_chain(2.5, 5.0), decay_chain(1e5, 5.0)}) {
    const Worst worst = worst_errors(problem, rtol);
    EXPECT_LE(worst.at_ends, 10.0 * rtol) << problem.name;
    EXPECT_LE(worst.between, 10.0 * rtol) << problem.name;
  }
}

TEST_P(Tolerance, IsKeptAtTheEndsOfStepsUnderStiffForcing) {
  // Between the ends a driven, relaxing component is interpolated to order 2 in h lambda only, and the error estimate
  // does not see it: measured up to 26 rtol at stiffness 1e2, below 5 rtol from 1e3 on. Nothing stiff in the column is
  // driven; 50 rtol says how bad it can get.
  const double rtol = GetParam();
  for (const double stiffness : {1e1, 1e2, 1e3, 1e4, 1e6}) {
    const Problem problem = prothero_robinson(stiffness, 3.0);
    const Worst worst = worst_errors(problem, rtol);
    EXPECT_LE(worst.at_ends, 10.0 * rtol) << stiffness;
    EXPECT_LE(worst.between, 50.0 * rtol) << stiffness;
  }
}

INSTANTIATE_TEST_SUITE_P(FromLooseToTight, Tolerance, ::testing::Values(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8));

TEST(ToleranceCost, GrowsWithTheCubeRootOfItsTightness) {
  // Order 3 with an error estimate of order 2: steps grow as rtol^(-1/3), so 1000-fold tighter takes about 10 times
  // more.
  const Problem problem = kaps(10.0, 3.0);
  DenseSystem system = problem.system();
  double steps[2] = {};
  for (int i = 0; i < 2; ++i) {
    const double rtol = i == 0 ? 1e-5 : 1e-8;
    const std::vector<double> atol(2, rtol);
    const Tolerances tolerances{rtol, atol, {}};
    Integrator<DenseSystem> integrator(system, tolerances, {});
    std::vector<double> y = problem.y0;
    double t = 0.0;
    ASSERT_EQ(integrator.advance(t, problem.t_end, y.data(), [](const Step&) { return true; }), Status::ok);
    steps[i] = static_cast<double>(integrator.counters().accepted);
  }
  EXPECT_GT(steps[1] / steps[0], 5.0);
  EXPECT_LT(steps[1] / steps[0], 15.0);
}

}  // namespace
