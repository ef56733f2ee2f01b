#pragma once

#include "inkfade/appearance/spectrum.hpp"

// What absorbs and scatters light in skin without pigment from outside (M20). Figures as read in 2026; sources beside
// each in tissue.cpp, with their grade.
namespace inkfade::appearance {

/// Absorption inside a melanosome [1/m].
[[nodiscard]] Spectrum melanosome_absorption();
/// Absorption of skin without blood and melanin [1/m].
[[nodiscard]] Spectrum baseline_absorption();
/// Absorption of whole blood [1/m]. @param saturation share of haemoglobin that carries oxygen @param haemoglobin
/// [kg/m3]
[[nodiscard]] Spectrum blood_absorption(double saturation, double haemoglobin);
/// Absorption of fat [1/m].
[[nodiscard]] Spectrum fat_absorption();
/// Reduced scattering a (f (lambda/500)^-4 + (1 - f) (lambda/500)^-b) [1/m]. @param a at 500 nm [1/m] @param rayleigh f
[[nodiscard]] Spectrum reduced_scattering(double a, double rayleigh, double b);
/// Mean cosine of scattering in epidermis and dermis [1].
[[nodiscard]] Spectrum mean_cosine();
/// Share of its absorption that blood keeps in vessels, cylinders of this radius [1].
[[nodiscard]] Spectrum vessel_packaging(const Spectrum& blood, double radius);

}  // namespace inkfade::appearance
