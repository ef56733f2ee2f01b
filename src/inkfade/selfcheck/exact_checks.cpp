#include <cmath>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "inkfade/base/errors.hpp"
#include "inkfade/selfcheck/advection.hpp"
#include "inkfade/selfcheck/check.hpp"
#include "inkfade/selfcheck/dense_system.hpp"
#include "inkfade/selfcheck/diffusion.hpp"
#include "inkfade/selfcheck/exponential_fade.hpp"
#include "inkfade/selfcheck/local_kinetics.hpp"
#include "inkfade/selfcheck/time_stepping.hpp"
#include "inkfade/selfcheck/two_layers.hpp"
#include "inkfade/simulation/simulate.hpp"

namespace inkfade::selfcheck {
namespace {

/// The observed order that is farthest from the design; all of them as detail.
Measured farthest_order(double design, std::initializer_list<int> sizes, const std::function<double(int size)>& error) {
  std::vector<double> errors;
  for (const int n : sizes) errors.push_back(error(n));
  Measured worst{design, "orders"};
  for (const double order : observed_orders(errors)) {
    if (!(std::abs(order - design) <= std::abs(worst.value - design))) worst.value = order;
    char text[32];
    std::snprintf(text, sizeof text, " %.3f", order);
    worst.detail += text;
  }
  return worst;
}

Measured gaussian_order(const Options& options) {
  // Standard deviation 204 um at the end: both walls reflect.
  const ReflectedGaussian slab{180.0 * micrometre, 40.0 * micrometre, 4};
  return farthest_order(2.0, {32, 64, 128, 256}, [&](int n) { return gaussian_error(slab, n, 2e6, options.bias); });
}

Measured cosine_order(const Options& options) {
  return farthest_order(2.0, {16, 32, 64, 128}, [&](int n) {
    const Mode mode = cosine_mode(n, 3, 3e5, 1e-10);
    return std::abs(mode.computed - (1.0 + options.bias) * mode.continuous);
  });
}

Measured cosine_decay(const Options& options) {
  const Mode mode = cosine_mode(40, 3, 3e5, 1e-6);
  return {std::abs(mode.computed - (1.0 + options.bias) * mode.semi_discrete), ""};
}

Measured advection_order(const Options& options) {
  return farthest_order(1.0, {800, 1600, 3200}, [&](int n) { return advection_error(n, options.bias); });
}

// Cells of unequal width meet at the interface: the half widths and diffusivities of a face must belong together.
constexpr int upper_cells = 10;
constexpr int lower_cells = 40;

Measured two_layer_flux(const Options& options) {
  const double exact = (1.0 + options.bias) * series_resistance(upper_cells, lower_cells);
  return {std::abs(steady_resistance(two_layers(upper_cells, lower_cells, 0)) / exact - 1.0), ""};
}

Measured membrane_flux(const Options& options) {
  BareColumn column = two_layers(upper_cells, lower_cells, upper_cells);
  column.scalars.junction_permeability = 3e-11;
  const double exact = (1.0 + options.bias) * series_resistance(upper_cells, lower_cells, 1.0 / 3e-11);
  return {std::abs(steady_resistance(column) / exact - 1.0), ""};
}

Measured local_kinetics(const Options& options) { return {kinetics_error(1e-6, options.bias), ""}; }

/// Error of the stepper with n equal steps on Kaps' problem. @param jacobian factor on its exact Jacobian
double kaps_error(int n, double jacobian, double bias) {
  const Problem problem = kaps(5.0, 1.0);
  DenseSystem system = problem.system([&](double t, const double* y, double* matrix) {
    problem.jacobian(t, y, matrix);
    for (int i = 0; i < 4; ++i) matrix[i] *= jacobian;
  });
  std::vector<double> y = problem.y0;
  fixed_steps(system, 0.0, problem.t_end, n, y);
  std::vector<double> exact = problem.exact(problem.t_end);
  for (double& value : exact) value *= 1.0 + bias;
  return relative_error(y, exact);
}

Measured stepper_order(const Options& options) {
  return farthest_order(3.0, {512, 1024, 2048}, [&](int n) { return kaps_error(n, 1.0, options.bias); });
}

Measured stepper_order_inexact(const Options& options) {
  return farthest_order(3.0, {1024, 2048, 4096}, [&](int n) { return kaps_error(n, 0.0, options.bias); });
}

Measured touch_up_time(const Options& options) {
  const simulation::Solution s = simulation::simulate(exponential_fade(0.01, 400.0, 0.7));
  if (s.status != Status::ok) throw IntegrationError(s.message);
  if (!s.touch_up.observed) throw IntegrationError("the touch-up was not observed within 400 days");
  return {std::abs(s.touch_up.time / ((1.0 + options.bias) * exponential_touch_up(0.01, 0.7)) - 1.0), ""};
}

// The tolerances are those of tests/README.md, where each is derived.
constexpr Check checks[] = {
    {"diffusion-gaussian", "Free diffusion on the graded mesh converges with order 2 in the cell width",
     "a Gaussian and its reflections in a slab (exact)", "observed order, 32 to 256 cells, farthest from 2 [1]", 1.9,
     2.1, gaussian_order},
    {"diffusion-mode", "A cosine eigenmode without flux at the walls converges with order 2 in the cell width",
     "decay by the eigenvalue of the differential operator (exact)",
     "observed order, 16 to 128 cells, farthest from 2 [1]", 1.9, 2.1, cosine_order},
    {"diffusion-decay", "Time integration keeps the tolerance asked for: error at most 10 rtol",
     "decay by the eigenvalue of the difference operator (exact)", "error of the amplitude at rtol 1e-6 [1]", 0.0, 1e-5,
     cosine_decay},
    {"two-layers", "Steady flux through two layers meets their resistances in series",
     "resistances in series (exact on any mesh)", "relative error of the resistance [1]", 0.0, 1e-11, two_layer_flux},
    {"membrane", "A membrane at the dermo-epidermal junction adds its resistance",
     "resistances in series (exact on any mesh)", "relative error of the resistance [1]", 0.0, 1e-11, membrane_flux},
    {"advection", "Epidermal turnover (upwind) converges with order 1 in the cell width",
     "a Gaussian carried along (exact)", "observed order, 800 to 3200 cells, farthest from 1 [1]", 0.9, 1.1,
     advection_order},
    {"kinetics",
     "Uptake, release, binding, drainage, wound loss, light, egress and fragmentation without saturation: error at "
     "most "
     "10 rtol",
     "matrix exponential", "largest error of a pool or ledger entry at rtol 1e-6, start 0 to 1 [kg/m3]", 0.0, 1e-5,
     local_kinetics},
    {"stepper", "The time stepper has order 3", "Kaps' non-linear problem on an uneven clock (exact)",
     "observed order, 512 to 2048 steps, farthest from 3 [1]", 2.9, 3.1, stepper_order},
    {"stepper-w", "The time stepper keeps order 3 with a wrong Jacobian (here: zero)",
     "Kaps' non-linear problem on an uneven clock (exact)", "observed order, 1024 to 4096 steps, farthest from 3 [1]",
     2.9, 3.1, stepper_order_inexact},
    {"touch-up", "The touch-up time of a single-exponential fade is found", "its logarithm (closed form)",
     "relative error of the time [1]", 0.0, 1e-5, touch_up_time},
};

}  // namespace

std::span<const Check> exact_checks() { return checks; }

}  // namespace inkfade::selfcheck
