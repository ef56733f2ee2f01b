#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inkfade/appearance/spectrum.hpp"

namespace inkfade::appearance {

/// How well a figure is known: as for parameters of the model (CONTRIBUTING.md).
enum class Evidence { measured, inferred, assumed };

/// What is known of a pigment by its name.
struct PigmentFacts {
  std::string_view name;
  std::string_view description;
  Evidence evidence;        ///< of its spectrum
  std::string_view source;  ///< where the spectrum comes from, with the range where it is assumed
};

/// Optics of a pigment or a mixture of pigments, per mass of dry pigment (M21).
struct InkOptics {
  Spectrum absorption{};  ///< mass absorption coefficient of dispersed pigment [m2/kg]
  Spectrum scattering{};  ///< reduced scattering [m2/kg]
  double density = 1800;  ///< of solid pigment [kg/m3]: how much absorption fits into a clump

  /// "carbon_black", "iron_oxide_red", ...: pigments() lists them. @throws ParameterError for another name
  [[nodiscard]] static InkOptics pigment(std::string_view name);
  /// Carbon black of a given mass absorption at 550 nm [m2/kg] that falls with wavelength to the power -exponent.
  [[nodiscard]] static InkOptics carbon_black(double mac = 7500.0, double exponent = 1.0);
  /// Mixed by mass; shares are normalised. @throws ParameterError without a positive share
  [[nodiscard]] static InkOptics mixture(const std::vector<std::pair<InkOptics, double>>& parts);
  /// @throws ParameterError naming what is not allowed
  void check() const;
};

/// All pigments with a name.
[[nodiscard]] const std::vector<PigmentFacts>& pigments();

}  // namespace inkfade::appearance
