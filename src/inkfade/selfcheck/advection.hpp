#pragma once

#include "inkfade/base/constants.hpp"
#include "inkfade/selfcheck/bare_column.hpp"

// The epidermis carries pigment upwards: upwind differences, first order by design.
namespace inkfade::selfcheck {

inline constexpr double epidermis_thickness = 60.0 * micrometre;  ///< [m]
inline constexpr double epidermis_transit = 30.0 * day;           ///< from its base to the surface [s]

/// n equal cells that move upwards, nothing else.
[[nodiscard]] BareColumn moving_epidermis(int n);

/// Integral over depth of |computed - exact| for a Gaussian of unit mass that is carried from 40 um to 20 um depth [1].
/// @param bias the exact values are multiplied by 1 + bias: 0, except to see a check fail @throws IntegrationError
[[nodiscard]] double advection_error(int n, double bias = 0.0);

}  // namespace inkfade::selfcheck
