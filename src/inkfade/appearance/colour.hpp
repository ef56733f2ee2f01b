#pragma once

#include "inkfade/appearance/spectrum.hpp"

// Colour of a reflectance spectrum under daylight D65 for the CIE 1931 (2 degree) observer (M24).
namespace inkfade::appearance {

/// Tristimulus values, on the scale where a perfect white has Y = 100.
struct Xyz {
  double x = 0.0;
  double y = 0.0;
  double z = 0.0;
};

/// CIE 1976 L*a*b*, relative to the white of white_point().
struct Lab {
  double l = 0.0;
  double a = 0.0;
  double b = 0.0;
  friend bool operator==(const Lab&, const Lab&) = default;
};

/// Colour on a screen, each 0 to 1 and cut to it, gamma encoded (IEC 61966-2-1).
struct Srgb {
  double red = 0.0;
  double green = 0.0;
  double blue = 0.0;
};

/// What each of the 31 wavelengths adds to X, Y and Z, per unit of reflectance.
struct ColourWeights {
  Spectrum x;
  Spectrum y;
  Spectrum z;
};
[[nodiscard]] const ColourWeights& colour_weights();

/// Of a surface that reflects all light: 95.047, 100, 108.883 but for rounding.
[[nodiscard]] Xyz white_point();
[[nodiscard]] Xyz xyz_of(const Spectrum& reflectance);
[[nodiscard]] Lab lab_of(const Xyz& xyz);
[[nodiscard]] Lab lab_of(const Spectrum& reflectance);
[[nodiscard]] Xyz xyz_of(const Lab& lab);
[[nodiscard]] Srgb srgb_of(const Xyz& xyz);
/// Individual typology angle, atan((L* - 50)/b*) [degree]: above 55 very light, below -30 dark skin.
[[nodiscard]] double individual_typology_angle(const Lab& lab);
/// CIEDE2000 colour difference with all weights 1 (Sharma, Wu and Dalal, Color Res. Appl. 2005;30:21).
[[nodiscard]] double delta_e_2000(const Lab& first, const Lab& second);
/// How far the hue of what is added to a colour has turned, from -180 to 180 [degree]: positive from red over yellow
/// and green to blue. NaN where nothing coloured is added. @param before, after the colour with it @param bare without
[[nodiscard]] double hue_turn(const Lab& before, const Lab& after, const Lab& bare);

}  // namespace inkfade::appearance
