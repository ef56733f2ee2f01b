#pragma once

#include <cstddef>
#include <vector>

#include "inkfade/integration/ode_system.hpp"
#include "inkfade/integration/rosenbrock_w.kernel.hpp"
#include "inkfade/integration/step.hpp"

namespace inkfade::integration {

/// ROS34PW2 as a method of the Integrator: the one that carries the column.
template <OdeSystem System>
class RosenbrockW {
 public:
  /// The error of a step falls as the step size to this power.
  static constexpr double error_power = 3.0;
  /// Calls of rates() in one attempt.
  static constexpr int rate_evaluations = INKFADE_ISA::Ros34pw2::stages - 1;

  /// @param n components
  explicit RosenbrockW(std::size_t n) : n_(n), memory_(6 * n) {
    for (int i = 0; i < 4; ++i) increments_[i] = memory_.data() + static_cast<std::size_t>(i) * n;
  }

  /// Tries a step of size h from (t, y). @param rate f(t, y) (n) @param y_new, error set (n)
  void attempt(System& system, double t, double h, const double* y, const double* rate, double* y_new, double* error) {
    INKFADE_ISA::rosenbrock_w_stages(system, t, h, y, rate, increments_, memory_.data() + 4 * n_);
    INKFADE_ISA::rosenbrock_w_finish(n_, y, increments_, y_new, error);
  }
  /// The first increment of the last attempt (n), the solution for rates that are finite: where it is not, the matrix
  /// is to blame.
  [[nodiscard]] const double* first_solution() const { return increments_[0]; }
  /// The last attempt, with its dense output.
  [[nodiscard]] Step step(double t, double h, const double* y, const double* y_new) {
    return {t, h, n_, y, y_new, increments_, INKFADE_ISA::rosenbrock_w_dense<double>};
  }

 private:
  std::size_t n_;
  std::vector<double> memory_;  ///< increments (4 n), stage work (2 n)
  double* increments_[4]{};
};

}  // namespace inkfade::integration
