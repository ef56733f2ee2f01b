#pragma once

#include "inkfade/base/isa.kernel.hpp"
#include "inkfade/base/math.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// Conductance of two half cells in series, (h1/2/D1 + h2/2/D2)^-1, equation (M5): exact for a piecewise constant
/// diffusivity, 0 where both vanish. @param half1, half2 half widths [m] @param d1, d2 diffusivities [m2/s]
/// @returns [m/s]
template <class S>
S series_conductance(S half1, S d1, S half2, S d2) {
  return d1 * d2 / maximum(half1 * d2 + half2 * d1, S(1e-300));
}

/// Conductance of a membrane of permeability `membrane` in series with conductance g, 0 where both vanish [m/s].
template <class S>
S behind_membrane(S g, S membrane) {
  return g * membrane / maximum(g + membrane, S(1e-300));
}

}  // namespace inkfade::INKFADE_ISA
