#pragma once

#include "inkfade/base/constants.hpp"
#include "inkfade/selfcheck/bare_column.hpp"

// Two layers of different diffusivity.
namespace inkfade::selfcheck {

struct TwoLayers {
  static constexpr double upper = 200.0 * micrometre;  ///< thickness [m]
  static constexpr double lower = 300.0 * micrometre;
  static constexpr double upper_diffusivity = 1e-14;  ///< [m2/s]
  static constexpr double lower_diffusivity = 4e-15;
};

/// Each layer on its own number of equal cells, with a face on the interface. @param first_dermal_cell where m may be
[[nodiscard]] BareColumn two_layers(int n_upper, int n_lower, int first_dermal_cell);

/// Resistance between the centres of the outermost and the innermost cell as a steady state shows it [s/m].
[[nodiscard]] double steady_resistance(BareColumn column);

/// The same as resistances in series. @param membrane resistance at the interface [s/m]
[[nodiscard]] double series_resistance(int n_upper, int n_lower, double membrane = 0.0);

}  // namespace inkfade::selfcheck
