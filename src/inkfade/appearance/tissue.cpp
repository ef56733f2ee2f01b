#include "inkfade/appearance/tissue.hpp"

#include <algorithm>
#include <cmath>

#include "inkfade/base/math.kernel.hpp"

namespace inkfade::appearance {

using INKFADE_ISA::exp_;
using INKFADE_ISA::log_;
using INKFADE_ISA::pow_;

namespace {

constexpr double per_cm = 100.0;  // [1/m]

// Molar extinction of haemoglobin with and without oxygen [1/(cm M)], 400 nm to 700 nm: S. Prahl,
// omlc.org/spectra/hemoglobin. Grade: measured.
constexpr Spectrum oxygenated = {266232, 466840, 480360, 246072, 102580, 62816, 44480, 33209, 26629, 23684, 20932,
                                 20035,  24202,  39956,  53236,  43016,  32613, 44496, 50104, 14400, 3200,  1506,
                                 942,    610,    442,    368,    319,    294,   277,   276,   290};
constexpr Spectrum deoxygenated = {223296, 303956, 407560, 528600, 413280, 103292, 23388, 16156, 14550, 16684, 20862,
                                   25773,  31589,  39036,  46592,  53412,  53788,  45072, 37020, 28324, 14677, 9443,
                                   6509,   5148,   4345,   3750,   3226,   2795,   2407,  2051,  1794};
constexpr double haemoglobin_molar_mass = 64500.0;  // [g/mol]
constexpr double ln10 = 2.302585092994046;

/// f at each wavelength [nm].
template <class F>
Spectrum over_wavelengths(F&& f) {
  Spectrum values{};
  for (std::size_t i = 0; i < n_visible; ++i) values[i] = f(wavelength_nm(i));
  return values;
}

}  // namespace

Spectrum melanosome_absorption() {
  // Jacques 1998, omlc.org (skin optics): 6.6e11 lambda^-3.33 1/cm. Grade: inferred (a fit to several data sets).
  return over_wavelengths([](double nm) { return 6.6e11 * per_cm * pow_(nm, -3.33); });
}

Spectrum baseline_absorption() {
  // Jacques 1998, omlc.org: bloodless rat skin, 350 nm to 1100 nm. Grade: measured.
  return over_wavelengths([](double nm) { return per_cm * (0.244 + 85.3 * exp_(-(nm - 154.0) / 66.2)); });
}

Spectrum blood_absorption(double saturation, double haemoglobin) {
  Spectrum values{};
  for (std::size_t i = 0; i < n_visible; ++i) {
    const double molar = saturation * oxygenated[i] + (1.0 - saturation) * deoxygenated[i];
    values[i] = per_cm * ln10 * molar * haemoglobin / haemoglobin_molar_mass;
  }
  return values;
}

Spectrum fat_absorption() {
  // Three values left over when the subcutis of the reference cases (models/README.md, M20) is taken apart: 6.4, 0.77
  // and 0.47 1/m at 450, 550 and 650 nm, between them by their logarithms. Grade: inferred.
  constexpr double nodes[] = {450.0, 550.0, 650.0};
  constexpr double values[] = {6.37, 0.77, 0.469};
  return over_wavelengths([&](double nm) {
    const double x = std::clamp(nm, nodes[0], nodes[2]);
    const int left = x < nodes[1] ? 0 : 1;
    const double share = (x - nodes[left]) / (nodes[left + 1] - nodes[left]);
    return exp_((1.0 - share) * log_(values[left]) + share * log_(values[left + 1]));
  });
}

Spectrum reduced_scattering(double a, double rayleigh, double b) {
  return over_wavelengths(
      [&](double nm) { return a * (rayleigh * pow_(nm / 500.0, -4.0) + (1.0 - rayleigh) * pow_(nm / 500.0, -b)); });
}

Spectrum mean_cosine() {
  // van Gemert 1989 (302 nm to 633 nm). Grade: measured.
  return over_wavelengths([](double nm) { return 0.62 + 0.29e-3 * nm; });
}

Spectrum vessel_packaging(const Spectrum& blood, double radius) {
  Spectrum factor{};
  for (std::size_t i = 0; i < n_visible; ++i) {
    const double x = 2.0 * blood[i] * radius;
    factor[i] = x < 1e-6 ? 1.0 - 0.5 * x : (1.0 - exp_(-x)) / x;
  }
  return factor;
}

}  // namespace inkfade::appearance
