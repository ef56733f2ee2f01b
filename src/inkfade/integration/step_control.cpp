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

}  // namespace

double error_norm(const Tolerances& tolerances, const double* y, const double* y_new, const double* error,
                  std::size_t n) {
  const double* atol = tolerances.atol.data();
  const double rtol = tolerances.rtol;
  double sum[4]{};  // four sums of every fourth component: one would wait for itself
  double counted[4]{};
  const auto add = [&](std::size_t q, std::size_t j) {
    const double ratio = error[q] / (atol[q] + rtol * std::max(std::abs(y[q]), std::abs(y_new[q])));
    const double counts = atol[q] < 1e300 ? 1.0 : 0.0;
    sum[j] += counts * ratio * ratio;
    counted[j] += counts;
  };
  const std::size_t whole = n - n % 4;
  for (std::size_t q = 0; q < whole; q += 4) {
    for (std::size_t j = 0; j < 4; ++j) add(q + j, j);
  }
  for (std::size_t q = whole; q < n; ++q) add(q, 0);
  const double number = (counted[0] + counted[1]) + (counted[2] + counted[3]);
  return std::sqrt(((sum[0] + sum[1]) + (sum[2] + sum[3])) / std::max(number, 1.0));
}

double StepController::root(double x) const {
  if (error_power_ == 3.0 && x < 1e100) return INKFADE_ISA::cbrt_(x);  // a third of the time; of infinity it is none
  return INKFADE_ISA::exp_(INKFADE_ISA::log_(x) / error_power_);
}

double StepController::after_accepted(double h, double error) {
  const double e = std::max(error, smallest_error);
  double factor = safety / root(e);
  if (last_h_ > 0.0) factor = std::min(factor, safety * (h / last_h_) * root(last_error_ / (e * e)));
  factor = std::clamp(factor, shrink_most, grow_most);
  if (rejected_) factor = std::min(factor, 1.0);
  last_h_ = h;
  last_error_ = e;
  rejected_ = false;
  return h * factor;
}

double StepController::after_rejected(double h, double error) {
  // An error that barely falls with h is a stiff component off its slow manifold: creeping towards it takes for ever.
  const double shrink_least = rejected_ ? 0.5 : 0.9;
  rejected_ = true;
  return h * std::clamp(safety / root(std::max(error, smallest_error)), shrink_most, shrink_least);
}

void StepController::restart() { *this = StepController{error_power_}; }

}  // namespace inkfade::integration
