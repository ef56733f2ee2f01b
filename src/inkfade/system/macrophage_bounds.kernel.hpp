#pragma once

#include "inkfade/base/math.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// Where (M4) lets the macrophages of a cell be within a step: they move towards their target n* and never past it.
///
/// The matrix knows one side of the target only, and recruitment is far faster than departure. An argument past the
/// target then asks for rates of the other side, which can throw the end of the step back to where it began: the cell
/// stands still beside its target for years, and all steps stay short.
template <class S>
struct MacrophageBounds {
  S target{};  ///< n* over the resident density at the start of the step [1]
  S lowest{};  ///< the lower one of those at the start and now: n* rises and then falls, and is never below it [1]
  S slope{};   ///< of n* over the resident density, at the start; where it is not above 0, n* only falls [1/s]

  /// @param resident density [1/m3] @param before n at the start of the step @param n of the method
  [[nodiscard]] S held(S resident, S before, S n) const {
    // The second argument wins a tie, and where the first is not a number: n goes through with its derivative.
    const S inside = maximum(minimum(before, resident * lowest), n);
    return select(slope > S(0.0), inside, minimum(maximum(before, resident * target), inside));
  }
};

}  // namespace inkfade::INKFADE_ISA
