#pragma once

#include <array>
#include <cstddef>

namespace inkfade::appearance {

/// Colour is computed from 31 wavelengths, 400 nm to 700 nm in steps of 10 nm.
inline constexpr std::size_t n_visible = 31;

/// One number for each of the 31 wavelengths.
using Spectrum = std::array<double, n_visible>;

/// @returns wavelength [nm]
constexpr double wavelength_nm(std::size_t i) { return 400.0 + 10.0 * static_cast<double>(i); }

}  // namespace inkfade::appearance
