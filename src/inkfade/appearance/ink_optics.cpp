#include "inkfade/appearance/ink_optics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>

#include "inkfade/appearance/allowed.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/base/math.kernel.hpp"

namespace inkfade::appearance {

namespace {

using INKFADE_ISA::exp_;
using INKFADE_ISA::log_;
using INKFADE_ISA::pow_;

constexpr double per_gram = 1000.0;  // m2/g in m2/kg

constexpr std::string_view mie_hematite =
    "Mie theory for spheres of 200 nm in a medium of n = 1.38, index of hematite by Querry (refractiveindex.info, CC0)";
constexpr std::string_view mie_rutile =
    "Mie theory for spheres of 300 nm in a medium of n = 1.38, index of rutile by DeVore (refractiveindex.info, CC0)";
constexpr std::string_view assumed_oxide =
    "no open optical constants that can be trusted: an edge or a slope by eye, mass absorption within a factor of 2.5";
constexpr std::string_view assumed_organic =
    "no open optical constants: a band where the hue needs it, mass absorption within a factor of 2";

const std::vector<PigmentFacts> facts = {
    {"carbon_black", "carbon black (CI 77266)", Evidence::measured,
     "Bond and Bergstrom 2006: 7.5 +- 1.2 m2/g at 550 nm; Liu 2018: exponent 1.0 (0.6 to 1.3); scattering left out"},
    {"iron_oxide_red", "red iron oxide, hematite (CI 77491)", Evidence::inferred, mie_hematite},
    {"iron_oxide_yellow", "yellow iron oxide, goethite (CI 77492)", Evidence::assumed, assumed_oxide},
    {"iron_oxide_black", "black iron oxide, magnetite (CI 77499)", Evidence::assumed, assumed_oxide},
    {"titanium_dioxide", "titanium dioxide, rutile (CI 77891)", Evidence::inferred, mie_rutile},
    {"azo_red", "red azo pigment (PR 170 and the like)", Evidence::assumed, assumed_organic},
    {"azo_yellow", "yellow azo pigment (PY 74 and the like)", Evidence::assumed, assumed_organic},
    {"phthalocyanine_blue", "copper phthalocyanine blue (PB 15)", Evidence::assumed, assumed_organic},
    {"phthalocyanine_green", "copper phthalocyanine green (PG 7)", Evidence::assumed, assumed_organic},
};

/// A table over wavelength, between its nodes by logarithms, beyond them constant.
struct Table {
  std::array<double, 3> at_450_550_650;  ///< [m2/g]

  [[nodiscard]] Spectrum spectrum() const {
    Spectrum values{};
    for (std::size_t i = 0; i < n_visible; ++i) {
      const double x = std::clamp((wavelength_nm(i) - 450.0) / 100.0, 0.0, 2.0);
      const std::size_t left = x < 1.0 ? 0 : 1;
      const double share = x - static_cast<double>(left);
      values[i] = per_gram * exp_((1.0 - share) * log_(at_450_550_650[left]) + share * log_(at_450_550_650[left + 1]));
    }
    return values;
  }
};

/// A Gaussian absorption band [nm] on a floor, [m2/g].
struct Band {
  double peak;
  double centre;
  double width;
  double floor;
};

Spectrum bands(std::span<const Band> all) {
  Spectrum values{};
  for (std::size_t i = 0; i < n_visible; ++i) {
    for (const Band& band : all) {
      const double x = (wavelength_nm(i) - band.centre) / band.width;
      values[i] += per_gram * (band.floor + band.peak * exp_(-0.5 * x * x));
    }
  }
  return values;
}

/// High below an edge [nm], low above it, [m2/g].
Spectrum edge(double high, double low, double centre, double width) {
  Spectrum values{};
  for (std::size_t i = 0; i < n_visible; ++i) {
    const double x = (wavelength_nm(i) - centre) / width;
    values[i] = per_gram * (low + (high - low) / (1.0 + exp_(x)));
  }
  return values;
}

InkOptics organic(std::initializer_list<Band> absorption) {
  return {bands(std::span<const Band>(absorption.begin(), absorption.size())), Table{{1.0, 1.0, 1.0}}.spectrum(),
          1500.0};
}

}  // namespace

InkOptics InkOptics::carbon_black(double mac, double exponent) {
  check_range("mac", mac, "m2/g", 0.0, 100.0 * per_gram, per_gram);
  check_range("exponent", exponent, "", -2.0, 5.0);
  InkOptics ink;
  for (std::size_t i = 0; i < n_visible; ++i) ink.absorption[i] = mac * pow_(550.0 / wavelength_nm(i), exponent);
  return ink;
}

InkOptics InkOptics::pigment(std::string_view name) {
  if (name == "carbon_black") return carbon_black();
  if (name == "iron_oxide_red") {
    return {Table{{2.4, 2.2, 0.7}}.spectrum(), Table{{0.8, 1.5, 3.2}}.spectrum(), 5250.0};
  }
  if (name == "iron_oxide_yellow") return {edge(2.0, 0.05, 520.0, 12.0), Table{{1.0, 1.2, 1.2}}.spectrum(), 4200.0};
  if (name == "iron_oxide_black") return {edge(2.5, 1.5, 550.0, 80.0), Table{{0.5, 0.5, 0.5}}.spectrum(), 5170.0};
  if (name == "titanium_dioxide") return {Spectrum{}, Table{{2.2, 2.4, 2.1}}.spectrum(), 4230.0};
  if (name == "azo_red") return organic({{9.0, 530.0, 40.0, 0.1}});
  if (name == "azo_yellow") return organic({{10.0, 430.0, 40.0, 0.05}});
  if (name == "phthalocyanine_blue") return organic({{10.0, 620.0, 45.0, 0.1}, {5.0, 690.0, 30.0, 0.0}});
  if (name == "phthalocyanine_green") return organic({{10.0, 650.0, 40.0, 0.1}, {4.0, 410.0, 35.0, 0.0}});
  std::string known;
  for (const PigmentFacts& pigment : facts) known += (known.empty() ? "" : ", ") + std::string(pigment.name);
  throw ParameterError("pigment = '" + std::string(name) + "': the pigments are " + known);
}

InkOptics InkOptics::mixture(const std::vector<std::pair<InkOptics, double>>& parts) {
  double total = 0.0;
  for (const auto& [ink, share] : parts) {
    check_range("share", share, "", 0.0, 1e6);
    total += share;
  }
  if (!(total > 0.0)) throw ParameterError("mixture: no pigment has a share above 0");
  InkOptics mixed;
  double volume = 0.0;
  for (const auto& [ink, share] : parts) {
    const double part = share / total;
    volume += part / ink.density;
    for (std::size_t i = 0; i < n_visible; ++i) {
      mixed.absorption[i] += part * ink.absorption[i];
      mixed.scattering[i] += part * ink.scattering[i];
    }
  }
  mixed.density = 1.0 / volume;
  return mixed;
}

void InkOptics::check() const {
  for (std::size_t i = 0; i < n_visible; ++i) {
    const std::string at = "(" + number(wavelength_nm(i)) + " nm)";
    check_range("absorption" + at, absorption[i], "m2/g", 0.0, 1000.0 * per_gram, per_gram);
    check_range("scattering" + at, scattering[i], "m2/g", 0.0, 1000.0 * per_gram, per_gram);
  }
  check_range("density", density, "g/cm3", 100.0, 2e4, 1000.0);
}

const std::vector<PigmentFacts>& pigments() { return facts; }

}  // namespace inkfade::appearance
