#pragma once

#include <cstddef>

#include "inkfade/integration/rosenbrock_w.kernel.hpp"

namespace inkfade::integration {

/// Coefficients of up to four increments at the share theta in [0, 1] of a step: the dense output of a method.
using DenseOutput = void (*)(double theta, double (&coefficient)[4]);

/// An accepted step, valid during the observer's call: dense output between its ends.
struct Step {
  double t = 0.0;                             ///< start
  double h = 0.0;                             ///< size
  std::size_t n = 0;                          ///< components
  const double* y = nullptr;                  ///< state at t (n)
  const double* y_new = nullptr;              ///< state at t + h (n)
  const double* const* increments = nullptr;  ///< the four increments (n each)
  DenseOutput dense = INKFADE_ISA::rosenbrock_w_dense<double>;

  /// Coefficients of the increments at `time` in [t, t + h]: a linear functional of the state is that of y plus their
  /// combination of its values on the increments.
  void coefficients(double time, double (&c)[4]) const { dense((time - t) / h, c); }
  /// State at `time` in [t, t + h], order 3. @param out (n)
  void interpolate(double time, double* __restrict out) const;
  /// The same, drawn towards the chord from y to y_new as far as it takes to keep every component at or above its floor
  /// (as y and y_new are): a cubic through a fast decay undershoots. One share for all components, so what they
  /// conserve stays conserved. @param floor (n)
  void interpolate_above(const double* floor, double time, double* __restrict out) const;
};

inline void Step::interpolate(double time, double* __restrict out) const {
  double c[4];
  coefficients(time, c);
  const double* __restrict start = y;
  const double* __restrict u0 = increments[0];
  const double* __restrict u1 = increments[1];
  const double* __restrict u2 = increments[2];
  const double* __restrict u3 = increments[3];
  for (std::size_t q = 0; q < n; ++q) {
    out[q] = start[q] + (((c[0] * u0[q] + c[1] * u1[q]) + c[2] * u2[q]) + c[3] * u3[q]);
  }
}

inline void Step::interpolate_above(const double* floor, double time, double* __restrict out) const {
  interpolate(time, out);
  const double theta = (time - t) / h;
  double share = 0.0;  // of the chord
  for (std::size_t q = 0; q < n; ++q) {
    if (out[q] >= floor[q]) continue;
    const double chord = y[q] + theta * (y_new[q] - y[q]);
    const double needed = chord > floor[q] ? (floor[q] - out[q]) / (chord - out[q]) : 1.0;
    if (needed > share) share = needed;
  }
  if (share == 0.0) return;
  for (std::size_t q = 0; q < n; ++q) out[q] += share * (y[q] + theta * (y_new[q] - y[q]) - out[q]);
}

}  // namespace inkfade::integration
