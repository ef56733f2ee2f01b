#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/mesh/column_mesh.hpp"
#include "inkfade/system/column_system.hpp"
#include "support/expect_orders.hpp"
#include "support/test_column.hpp"
#include "support/time_stepping.hpp"

// Items 1 and 2: diffusion of free pigment alone, against closed forms.
namespace inkfade::test {
namespace {

constexpr double depth = 500.0 * micrometre;
constexpr double diffusivity = 1e-14;  // [m2/s]

/// The graded mesh of the simulator, finest in the middle; both layers get half of the cells, so that doubling the
/// number of cells splits every cell.
std::vector<double> graded_faces(int n) {
  skin::SkinProfile skin;
  skin.layers = {{"upper", skin::Tissue::epidermis, 0.0, 0.5 * depth},
                 {"lower", skin::Tissue::dermis, 0.5 * depth, 0.5 * depth}};
  skin.junction_depth = 0.5 * depth;
  skin.depth = depth;
  return mesh::make_column_mesh(skin, static_cast<std::size_t>(n)).face;
}

/// A Gaussian of unit mass and its reflections by no-flux walls at 0 and, for a slab, at depth.
struct ReflectedGaussian {
  double centre;
  double sd_start;
  int images;  ///< 0: half space

  [[nodiscard]] double cell_mean(double top, double bottom, double t) const {
    const double sd = std::sqrt(sd_start * sd_start + 2.0 * diffusivity * t);
    double sum = 0.0;
    for (int j = -images; j <= images; ++j) {
      for (const double source : {2.0 * j * depth + centre, 2.0 * j * depth - centre}) {
        sum += baseline::normal_cdf((bottom - source) / sd) - baseline::normal_cdf((top - source) / sd);
      }
    }
    return sum / (bottom - top);
  }
};

/// Root mean square over depth of (computed - exact cell mean), relative to the largest exact value.
double gaussian_error(const ReflectedGaussian& exact, int n, double t_end) {
  TestColumn column(graded_faces(n), 1, 0);
  column.set_diffusivity(0, [](double) { return diffusivity; });
  system::ColumnSystem<0> system(column.tables());
  system.set_forcing(quiet_forcing());
  const auto& at = system.layout();
  std::vector<double> y = system::initial_state(column.tables());
  for (int i = 0; i < n; ++i) {
    const auto c = static_cast<std::size_t>(i);
    y[static_cast<std::size_t>(at.free(i))] = exact.cell_mean(column.face[c], column.face[c + 1], 0.0);
  }
  const double peak = *std::max_element(y.begin(), y.end(), [](double a, double b) {
    return (a < 1e9 ? a : 0.0) < (b < 1e9 ? b : 0.0);  // skips the macrophages
  });
  // Solver error about 1e-8 of the peak, a hundredth of the spatial error on the finest mesh.
  EXPECT_EQ(integrate_to(system, 0.0, t_end, y, 1e-8, column_atol(at, 1e-8 * peak, 1.0)), Status::ok);
  double square = 0.0;
  double largest = 0.0;
  for (int i = 0; i < n; ++i) {
    const auto c = static_cast<std::size_t>(i);
    const double mean = exact.cell_mean(column.face[c], column.face[c + 1], t_end);
    const double error = y[static_cast<std::size_t>(at.free(i))] - mean;
    square += column.width[c] * error * error;
    largest = std::max(largest, mean);
  }
  return std::sqrt(square / depth) / largest;
}

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

/// Amplitude of the cosine eigenmode after t_end, in units of the exact amplitude of the continuous mode.
struct Mode {
  double computed;
  double semi_discrete;  ///< exp of the eigenvalue of the difference operator
  double continuous;     ///< exp of the eigenvalue of the differential operator
};

Mode cosine_mode(int n, int waves, double t_end, double rtol) {
  const double h = depth / n;
  TestColumn column(uniform_faces(n, depth), 1, 0);
  column.set_diffusivity(0, [](double) { return diffusivity; });
  system::ColumnSystem<0> system(column.tables());
  system.set_forcing(quiet_forcing());
  const auto& at = system.layout();
  std::vector<double> y = system::initial_state(column.tables());
  const auto mode = [&](int i) { return std::cos(pi * waves * (i + 0.5) / n); };
  for (int i = 0; i < n; ++i) y[static_cast<std::size_t>(at.free(i))] = 2.0 + mode(i);
  EXPECT_EQ(integrate_to(system, 0.0, t_end, y, rtol, column_atol(at, 1e-3 * rtol, 1.0)), Status::ok);
  double projection = 0.0;
  for (int i = 0; i < n; ++i) projection += 2.0 / n * mode(i) * y[static_cast<std::size_t>(at.free(i))];
  const double s = 2.0 / h * std::sin(0.5 * pi * waves / n);
  const double k = pi * waves / depth;
  return {projection, std::exp(-diffusivity * s * s * t_end), std::exp(-diffusivity * k * k * t_end)};
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
  column.set_diffusivity(0, [](double) { return diffusivity; });
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
