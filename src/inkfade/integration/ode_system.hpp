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

}  // namespace inkfade::integration
