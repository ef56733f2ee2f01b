#pragma once

#include "inkfade/base/math.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// Duysens' packaging factor P (M22): what a sphere of optical thickness rho = mu D across absorbs, over what the same
/// pigment absorbs when dispersed. 1 for rho = 0, 1.5/rho for large rho. @param rho >= 0 [1]
template <class S>
S packaging_factor(S rho) {
  const S one(1.0);
  // The closed form cancels for small rho: below 1/8 the series, sum_m 3 (-rho)^m (m + 2)/(m + 3)!.
  constexpr double series[] = {1.0, -3.0 / 8, 1.0 / 10, -1.0 / 48, 1.0 / 280, -1.0 / 1920, 1.0 / 15120, -1.0 / 134400};
  const S small = minimum(rho, S(0.125));
  S sum = S(-1.0 / 134400);
  for (int i = 6; i >= 0; --i) sum = sum * small + S(series[i]);
  const S large = maximum(rho, S(0.125));
  const S per = one / large;
  const S e = exp_(S(0.0) - large);
  const S closed = S(1.5) * per * (one + S(2.0) * per * (e + per * (e - one)));
  return select(rho < S(0.125), sum, closed);
}

}  // namespace inkfade::INKFADE_ISA
