#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/selfcheck/diffusion.hpp"
#include "inkfade/system/column_system.hpp"
#include "support/expect_orders.hpp"
#include "support/test_column.hpp"
#include "support/time_stepping.hpp"

// Items 1 and 2: diffusion of free pigment alone, against closed forms.
namespace inkfade::test {
namespace {

using namespace selfcheck;

void expect_second_order(const ReflectedGaussian& exact, double t_end) {
  std::vector<double> errors;
  for (const int n : {32, 64, 128, 256}) errors.push_back(gaussian_error(exact, n, t_end));
  expect_orders(errors, 2.0);
}

TEST(FreeDiffusion, OfAGaussianInAHalfSpaceIsOfSecondOrderOnTheGradedMesh) {
  // The far wall is over 6 standard deviations away at the end: a half space to 1e-9.
  expect_second_order({100.0 * micrometre, 40.0 * micrometre, 0}, 1e5);
}

TEST(FreeDiffusion, OfAGaussianInASlabIsOfSecondOrderOnTheGradedMesh) {
  // Standard deviation 204 um at the end: both walls reflect.
  expect_second_order({180.0 * micrometre, 40.0 * micrometre, 4}, 2e6);
}

TEST(CosineMode, DecaysWithTheSemiDiscreteEigenvalueToTheAskedTolerance) {
  for (const double rtol : {1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8}) {
    const Mode mode = cosine_mode(40, 3, 3e5, rtol);
    // "error <= 10 rtol" is the promise; the state is 1 to 3, so the absolute error of the amplitude counts.
    EXPECT_NEAR(mode.computed, mode.semi_discrete, 10.0 * rtol) << "rtol " << rtol;
  }
}

TEST(CosineMode, ApproachesTheContinuousDecayWithSecondOrder) {
  std::vector<double> errors;
  for (const int n : {16, 32, 64, 128}) {
    const Mode mode = cosine_mode(n, 3, 3e5, 1e-10);
    errors.push_back(std::abs(mode.computed - mode.continuous));
  }
  expect_orders(errors, 2.0);
}

TEST(FreeDiffusion, MakesNoNewMaximumOrMinimum) {
  // A step is the hardest start; overshoots of an accepted step are bounded by its tolerance, over all steps by
  // tenfold.
  constexpr double rtol = 1e-4;
  TestColumn column(graded_faces(100), 1, 0);
  column.set_diffusivity(0, [](double) { return slab_diffusivity; });
  system::ColumnSystem<0> system(column.tables());
  system.set_forcing(quiet_forcing());
  const auto& at = system.layout();
  std::vector<double> y = system::initial_state(column.tables());
  for (int i = 0; i < 100; ++i) y[static_cast<std::size_t>(at.free(i))] = i >= 30 && i < 60 ? 1.0 : 0.0;
  double highest = 0.0;
  double lowest = 1.0;
  const auto watch = [&](const integration::Step& step) {
    for (int i = 0; i < 100; ++i) {
      highest = std::max(highest, step.y_new[at.free(i)]);
      lowest = std::min(lowest, step.y_new[at.free(i)]);
    }
  };
  ASSERT_EQ(integrate_to(system, 0.0, 1e7, y, rtol, column_atol(at, 1e-3 * rtol, 1.0), watch), Status::ok);
  EXPECT_LE(highest, 1.0 + 10.0 * rtol);
  EXPECT_GE(lowest, -10.0 * rtol);
}

}  // namespace
}  // namespace inkfade::test
