#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inkfade/appearance/colour.hpp"
#include "inkfade/appearance/layers.hpp"
#include "inkfade/appearance/spectrum.hpp"

namespace inkfade::appearance {

/// What skin without ink looks like: epidermis, dermis and subcutis of one refractive index (M20). Grades of the
/// defaults: thicknesses, saturation, haemoglobin, vessel radii and the blood of the subcutis are assumed; the two
/// fractions are inferred, fitted to published skin colours.
struct SkinOptics {
  double melanosomes = 0.037;             ///< volume fraction of the epidermis [1], 0 to 0.6
  double blood = 0.012;                   ///< volume fraction of the dermis [1], 0 to 0.3
  double epidermis_thickness = 80e-6;     ///< [m], 1 um to 50 mm
  double dermis_thickness = 1.5e-3;       ///< [m], 1 um to 100 mm
  double saturation = 0.7;                ///< oxygen saturation of haemoglobin [1]
  double haemoglobin = 150.0;             ///< in blood [kg/m3]
  double vessel_radius = 10e-6;           ///< of dermal vessels [m]
  double subcutis_blood = 0.005;          ///< volume fraction of the subcutis [1]
  double subcutis_vessel_radius = 50e-6;  ///< [m]
  double n = 1.4;                         ///< refractive index [1]

  /// "light", "medium" or "dark". @throws ParameterError for another name
  [[nodiscard]] static SkinOptics preset(std::string_view name);
  [[nodiscard]] static std::vector<std::string> preset_names();
  /// Skin of an individual typology angle [degree]: melanosomes fitted, blood given. Dark skin shows less of its blood.
  /// @throws ParameterError for an angle that no fraction of melanosomes gives
  [[nodiscard]] static SkinOptics from_ita(double ita, double blood = 0.012);
  /// Skin of a measured colour (D65, 2 degrees, specular component excluded): both fractions fitted, for the smallest
  /// difference dE00. @throws ParameterError for a colour that is none of skin: dE00 above 5
  [[nodiscard]] static SkinOptics from_lab(const Lab& lab);

  /// @throws ParameterError naming what is not allowed
  void check() const;
  friend bool operator==(const SkinOptics&, const SkinOptics&) = default;
};

/// The layers of the skin, topmost first: epidermis, dermis, and the subcutis, infinitely thick; 31 wavelengths.
[[nodiscard]] Layers skin_layers(const SkinOptics& skin);

/// Reflectance of bare skin, specular component excluded, by adding-doubling with 6 streams.
[[nodiscard]] Spectrum bare_reflectance(const SkinOptics& skin);

}  // namespace inkfade::appearance
