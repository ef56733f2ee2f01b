#pragma once

#include <concepts>
#include <cstddef>

namespace inkfade::integration {

/// A system of n = size() ordinary differential equations dy/dt = f(t, y): rates(t, y, dydt) sets dydt.
template <class System>
concept HasRates = requires(System& system, double t, const double* y, double* out) {
  { system.size() } -> std::convertible_to<std::size_t>;
  system.rates(t, y, out);
};

/// What the W-method needs of a system besides its rates: factor(t, y, hg) prepares the matrix I - hg A for some A near
/// df/dy (any A keeps the order); solve(r, x) sets x to the solution of (I - hg A) x = hg r.
template <class System>
concept OdeSystem = HasRates<System> && requires(System& system, double t, const double* y, double* out) {
  system.factor(t, y, t);
  system.solve(y, out);
};

/// What a method with an exact Jacobian needs besides the rates: jacobian(t, y, matrix, dfdt) sets matrix (n, n), row
/// by row, to df/dy and dfdt (n) to df/dt.
template <class System>
concept HasJacobian = HasRates<System> && requires(System& system, double t, const double* y, double* out) {
  system.jacobian(t, y, out, out);
};

/// A system may also say in which units its components are numbers of ordinary size: elimination with pivots needs
/// that, or rows of large numbers cost the others their last digits. Powers of two, so that scaling rounds nothing.
template <class System>
concept HasUnits = requires(const System& system, std::size_t q) {
  { system.unit(q) } -> std::convertible_to<double>;
};

/// A system may also say which states a step may end in; others are rejected and tried again with a smaller step.
template <class System>
concept HasAcceptableStates = requires(const System& system, const double* y) {
  { system.acceptable(y) } -> std::convertible_to<bool>;
};

/// A system may also settle a state in which a step ended: move it, within the error of the step, to where the exact
/// solution cannot leave.
template <class System>
concept SettlesStates = requires(const System& system, double* y) {
  system.settle(y);
};

}  // namespace inkfade::integration
