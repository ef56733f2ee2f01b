#pragma once

#include <cstddef>
#include <span>

namespace inkfade::integration {

/// How accurate the integration is to be and when it gives up.
struct Tolerances {
  double rtol = 1e-3;             ///< relative tolerance of a step [1]
  std::span<const double> atol;   ///< absolute tolerance per component; infinite: not in the error norm
  std::span<const double> floor;  ///< lowest value accepted per component; empty: none
};

/// Root mean square of error / (atol + rtol max(|y|, |y_new|)) over the components with a finite tolerance [1].
[[nodiscard]] double error_norm(const Tolerances& tolerances, const double* y, const double* y_new, const double* error,
                                std::size_t n);

/// Step sizes by the predictive controller of Gustafsson (Hairer & Wanner, Solving ODEs II, IV.8).
class StepController {
 public:
  /// @param error_power the error of a step falls as its size to this power
  explicit StepController(double error_power = 3.0) : error_power_(error_power) {}

  /// Next step size after an accepted step [same unit as h]. @param error norm of the error, 1 is just accepted
  [[nodiscard]] double after_accepted(double h, double error);
  /// Size to try again with after a step whose error was too large.
  [[nodiscard]] double after_rejected(double h, double error);
  /// Forgets the past: the solution has just jumped.
  void restart();

 private:
  /// x^(1/error_power).
  [[nodiscard]] double root(double x) const;

  double error_power_;
  double last_h_ = 0.0;
  double last_error_ = 0.0;
  bool rejected_ = false;
};

}  // namespace inkfade::integration
