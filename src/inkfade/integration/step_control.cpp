#include "inkfade/integration/step_control.hpp"

#include <algorithm>
#include <cmath>

#include "inkfade/base/math.kernel.hpp"

namespace inkfade::integration {

namespace {

constexpr double safety = 0.9;
constexpr double shrink_most = 0.2;
constexpr double grow_most = 6.0;
constexpr double smallest_error = 1e-6;  // below it a step is as good as exact

double cube_root(double x) { return INKFADE_ISA::exp_(INKFADE_ISA::log_(x) / 3.0); }

}  // namespace

double error_norm(const Tolerances& tolerances, const double* y, const double* y_new, const double* error,
                  std::size_t n) {
  double sum = 0.0;
  double counted = 0.0;
  for (std::size_t q = 0; q < n; ++q) {
    const double scale = tolerances.atol[q] + tolerances.rtol * std::max(std::abs(y[q]), std::abs(y_new[q]));
    const double ratio = error[q] / scale;
    const double counts = tolerances.atol[q] < 1e300 ? 1.0 : 0.0;
    sum += counts * ratio * ratio;
    counted += counts;
  }
  return std::sqrt(sum / std::max(counted, 1.0));
}

double StepController::after_accepted(double h, double error) {
  const double e = std::max(error, smallest_error);
  double factor = safety / cube_root(e);
  if (last_h_ > 0.0) factor = std::min(factor, safety * (h / last_h_) * cube_root(last_error_ / (e * e)));
  factor = std::clamp(factor, shrink_most, grow_most);
  if (rejected_) factor = std::min(factor, 1.0);
  last_h_ = h;
  last_error_ = e;
  rejected_ = false;
  return h * factor;
}

double StepController::after_rejected(double h, double error) {
  // An error that barely falls with h is a stiff component off its slow manifold: creeping towards it takes for ever.
  const double shrink_least = rejected_ ? 0.3 : 0.9;
  rejected_ = true;
  return h * std::clamp(safety / cube_root(std::max(error, smallest_error)), shrink_most, shrink_least);
}

void StepController::restart() { *this = StepController{}; }

}  // namespace inkfade::integration
