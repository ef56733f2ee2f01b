#include "inkfade/appearance/skin_optics.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "inkfade/appearance/allowed.hpp"
#include "inkfade/appearance/layer_solver.hpp"
#include "inkfade/appearance/tissue.hpp"
#include "inkfade/base/constants.hpp"
#include "inkfade/base/errors.hpp"

namespace inkfade::appearance {

namespace {

constexpr double millimetre = 1e-3;

struct Named {
  std::string_view name;
  double melanosomes;
  double blood;
};
// Fitted to published colours of skin (Alaluf 2002; Xiao 2017) and rounded. Grade: inferred.
constexpr Named presets[] = {{"light", 0.019, 0.012}, {"medium", 0.037, 0.012}, {"dark", 0.072, 0.020}};

void fill(Layers& layers, double thickness, const Spectrum& mu_a, const Spectrum& reduced, const Spectrum& g) {
  const std::size_t layer = layers.append(thickness);
  for (std::size_t i = 0; i < n_visible; ++i) {
    layers.mu_a(layer)[i] = mu_a[i];
    layers.mu_s(layer)[i] = reduced[i] / (1.0 - g[i]);
    layers.g(layer)[i] = g[i];
  }
  layers.pad(layer);
}

Spectrum mixture(double share, const Spectrum& of, const Spectrum& rest) {
  Spectrum values{};
  for (std::size_t i = 0; i < n_visible; ++i) values[i] = share * of[i] + (1.0 - share) * rest[i];
  return values;
}

Spectrum product(const Spectrum& a, const Spectrum& b) {
  Spectrum values{};
  for (std::size_t i = 0; i < n_visible; ++i) values[i] = a[i] * b[i];
  return values;
}

}  // namespace

SkinOptics SkinOptics::preset(std::string_view name) {
  std::string known;
  for (const Named& preset : presets) {
    if (preset.name == name) {
      SkinOptics skin;
      skin.melanosomes = preset.melanosomes;
      skin.blood = preset.blood;
      return skin;
    }
    known += (known.empty() ? "" : ", ") + std::string(preset.name);
  }
  throw ParameterError("preset = '" + std::string(name) + "': the skins are " + known);
}

std::vector<std::string> SkinOptics::preset_names() {
  std::vector<std::string> names;
  for (const Named& preset : presets) names.emplace_back(preset.name);
  return names;
}

void SkinOptics::check() const {
  check_range("melanosomes", melanosomes, "", 0.0, 0.6);
  check_range("blood", blood, "", 0.0, 0.3);
  check_range("epidermis_thickness", epidermis_thickness, "um", 1 * micrometre, 50 * millimetre, micrometre);
  check_range("dermis_thickness", dermis_thickness, "mm", 1 * micrometre, 100 * millimetre, millimetre);
  check_range("saturation", saturation, "", 0.0, 1.0);
  check_range("haemoglobin", haemoglobin, "g/L", 0.0, 300.0);
  check_range("vessel_radius", vessel_radius, "um", 1 * micrometre, 500 * micrometre, micrometre);
  check_range("subcutis_blood", subcutis_blood, "", 0.0, 0.3);
  check_range("subcutis_vessel_radius", subcutis_vessel_radius, "um", 1 * micrometre, 500 * micrometre, micrometre);
  check_range("n", n, "", 1.3, 1.6);
}

Layers skin_layers(const SkinOptics& skin) {
  skin.check();
  const Spectrum baseline = baseline_absorption();
  const Spectrum blood = blood_absorption(skin.saturation, skin.haemoglobin);
  const Spectrum g = mean_cosine();
  Layers layers(n_visible);
  // Reduced scattering: Jacques 2013, as used by lewisfish/Monte-Carlo-Radiation-Phd. Grade: inferred (fits).
  fill(layers, skin.epidermis_thickness, mixture(skin.melanosomes, melanosome_absorption(), baseline),
       reduced_scattering(6670.0, 0.29, 0.689), g);
  fill(layers, skin.dermis_thickness,
       mixture(skin.blood, product(vessel_packaging(blood, skin.vessel_radius), blood), baseline),
       reduced_scattering(4360.0, 0.41, 0.562), g);
  // Subcutis: 1050.6 lambda^-0.68 1/cm and g 0.8; published values differ by a factor of two. Grade: assumed.
  Spectrum fat_g{};
  fat_g.fill(0.8);
  fill(layers, std::numeric_limits<double>::infinity(),
       mixture(skin.subcutis_blood, product(vessel_packaging(blood, skin.subcutis_vessel_radius), blood),
               fat_absorption()),
       reduced_scattering(1535.1, 0.0, 0.68), fat_g);
  return layers;
}

Spectrum bare_reflectance(const SkinOptics& skin) {
  StreamOptions options;
  options.n = skin.n;
  options.n_below = skin.n;
  const Reflectance result = layered_reflectance(skin_layers(skin), options);
  Spectrum reflectance{};
  std::copy(result.sce.begin(), result.sce.end(), reflectance.begin());
  return reflectance;
}

}  // namespace inkfade::appearance
