#pragma once

namespace inkfade::appearance {

/// Share of unpolarised light that a smooth surface reflects. @param from, to refractive indices on the side of the
/// light and behind the surface @param cosine of the angle of incidence, in [0, 1]; 1 (total reflection) beyond the
/// critical angle
[[nodiscard]] double fresnel(double from, double to, double cosine);

/// fresnel() for light from all sides of the half space: the mean over 2 mu dmu, by Gauss quadrature on either side of
/// the critical angle.
[[nodiscard]] double diffuse_fresnel(double from, double to);

}  // namespace inkfade::appearance
