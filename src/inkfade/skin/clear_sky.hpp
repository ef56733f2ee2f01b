#pragma once

#include "inkfade/skin/forcing.kernel.hpp"

namespace inkfade::skin {

/// Clear-sky daylight on a horizontal surface through the year, 24-hour averages.
struct ClearSky {
  INKFADE_ISA::Daylight<double> uv;       ///< erythemally weighted [W/m2]
  INKFADE_ISA::Daylight<double> visible;  ///< illuminance [lx]
};

/// @param latitude [rad], north positive; seasons turn with its sign.
///
/// Sun position and extraterrestrial radiation: FAO Irrigation and Drainage Paper 56, eqs 21-25; clear-sky global
/// radiation 0.75 of it (eq. 37 at sea level) at 110 lm/W. Ultraviolet: UV index 12.5 mu0^2.42 at 300 DU of ozone
/// (Madronich, Photochem Photobiol 2007;83:1537), an index of 1 being 25 mW/m2 erythemal.
[[nodiscard]] ClearSky clear_sky(double latitude);

}  // namespace inkfade::skin
