#pragma once

#include <boost/numeric/odeint/stepper/rosenbrock4.hpp>
#include <cstddef>
#include <utility>
#include <vector>

#include "inkfade/integration/ode_system.hpp"
#include "inkfade/integration/step.hpp"

namespace inkfade::integration {

/// Dense output of OdeintRosenbrock4: the chord from y to y_new (increment 0) and a cubic that vanishes at both ends,
/// by its values at half (1) and at a quarter (2) of the step.
inline void rosenbrock4_dense(double theta, double (&coefficient)[4]) {
  const double bump = theta * (1.0 - theta);
  coefficient[0] = theta;
  coefficient[1] = bump * (16.0 * theta - 4.0);
  coefficient[2] = bump * (32.0 - 64.0 * theta) / 3.0;
  coefficient[3] = 0.0;
}

/// Odeint's coefficients of rosenbrock4 (Hairer and Wanner's RODAS) with the sign of d4 put right.
///
/// Up to Boost 1.81 at least it is positive, which leaves order 1 where rates depend on time. The coefficients of df/dt
/// are fixed by those of the stages: d_i/gamma - sum_j c_ij d_j = 1 (tests/unit/integration).
struct Rosenbrock4Coefficients : boost::numeric::odeint::default_rosenbrock_coefficients<double> {
  const double d4 = -0.3620000000000023e-01;
};

/// Boost.Odeint's rosenbrock4 (order 4, L-stable, a dense matrix on uBLAS) as a method of the Integrator, which checks
/// what Odeint's own loops do not: numbers that are not finite, stalls, caps on steps and time.
///
/// The cost of a step grows as n^3: for small systems. It needs the exact Jacobian; where the columns of that sum to
/// zero over conserved components, the step conserves them to the round-off of the elimination.
template <HasJacobian System>
class OdeintRosenbrock4 {
 public:
  /// The error of a step falls as the step size to this power.
  static constexpr double error_power = 4.0;
  /// Calls of rates() in one attempt: Odeint evaluates the first stage itself.
  static constexpr int rate_evaluations = 6;

  /// @param n components
  explicit OdeintRosenbrock4(std::size_t n)
      : n_(n), x_(n), x_new_(n), x_error_(n), zero_(n, 0.0), unit_(n, 1.0), spoilt_(n), memory_(5 * n) {
    for (int i = 0; i < 4; ++i) increments_[i] = memory_.data() + static_cast<std::size_t>(i) * n;
    state_ = memory_.data() + 4 * n;
  }

  /// Tries a step of size h from (t, y). @param y_new, error set (n)
  void attempt(System& system, double t, double h, const double* y, const double* /*rate*/, double* y_new,
               double* error) {
    if constexpr (HasUnits<System>) {
      for (std::size_t q = 0; q < n_; ++q) unit_[q] = system.unit(q);
    }
    for (std::size_t q = 0; q < n_; ++q) x_[q] = y[q] / unit_[q];
    const auto rates = [&](const Vector& x, Vector& dxdt, double time) {
      system.rates(time, in_si(x), &dxdt[0]);
      for (std::size_t q = 0; q < n_; ++q) dxdt[q] /= unit_[q];
    };
    const auto jacobian = [&](const Vector& x, Matrix& matrix, double time, Vector& dfdt) {
      system.jacobian(time, in_si(x), &matrix(0, 0), &dfdt[0]);
      for (std::size_t q = 0; q < n_; ++q) {
        dfdt[q] /= unit_[q];
        double zero = dfdt[q] * 0.0;
        for (std::size_t p = 0; p < n_; ++p) zero += (matrix(q, p) *= unit_[p] / unit_[q]) * 0.0;
        spoilt_[q] = zero;
      }
    };
    stepper_.do_step(std::make_pair(rates, jacobian), x_, t, x_new_, h, x_error_);
    for (std::size_t q = 0; q < n_; ++q) {
      y_new[q] = x_new_[q] * unit_[q] + spoilt_[q];
      error[q] = x_error_[q] * unit_[q];
    }
  }
  /// Finite where every row of the last attempt's matrix was (n); Odeint does not show the first stage itself.
  [[nodiscard]] const double* first_solution() const { return spoilt_.data(); }
  /// The last attempt, with its dense output of order 3.
  [[nodiscard]] Step step(double t, double h, const double* y, const double* y_new) {
    stepper_.prepare_dense_output();
    for (std::size_t q = 0; q < n_; ++q) increments_[0][q] = y_new[q] - y[q];
    bend(0.5, increments_[1]);
    bend(0.25, increments_[2]);
    return {t, h, n_, y, y_new, increments_, rosenbrock4_dense};
  }

 private:
  using Stepper = boost::numeric::odeint::rosenbrock4<double, Rosenbrock4Coefficients>;
  using Vector = Stepper::state_type;
  using Matrix = Stepper::matrix_type;

  const double* in_si(const Vector& x) {
    for (std::size_t q = 0; q < n_; ++q) state_[q] = x[q] * unit_[q];
    return state_;
  }
  /// How far Odeint's dense output is from the chord at the share theta of the step. @param out (n)
  void bend(double theta, double* out) {
    stepper_.calc_state(theta, x_, zero_, 0.0, zero_, 1.0);
    for (std::size_t q = 0; q < n_; ++q) out[q] = x_[q] * unit_[q];
  }

  std::size_t n_;
  Stepper stepper_;
  Vector x_;  ///< in units of unit_, as all that Odeint sees
  Vector x_new_;
  Vector x_error_;
  Vector zero_;
  std::vector<double> unit_;
  std::vector<double> spoilt_;  ///< NaN where a row of the Jacobian is not finite: elimination would turn that into 0
  std::vector<double> memory_;  ///< increments (4 n, the last stays zero), state (n)
  double* increments_[4]{};
  double* state_ = nullptr;
};

}  // namespace inkfade::integration
