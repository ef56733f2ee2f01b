#pragma once

#include <concepts>
#include <cstddef>

namespace inkfade::integration {

/// What the W-method needs of a system of n = size() ordinary differential equations dy/dt = f(t, y).
///
/// rates(t, y, dydt) sets dydt; factor(t, y, hg) prepares the matrix I - hg A for some A near df/dy (any A keeps the
/// order); solve(r, x) sets x to the solution of (I - hg A) x = hg r.
template <class System>
concept OdeSystem = requires(System& system, double t, const double* y, double* out) {
  { system.size() } -> std::convertible_to<std::size_t>;
  system.rates(t, y, out);
  system.factor(t, y, t);
  system.solve(y, out);
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
