#pragma once

namespace inkfade::appearance {

/// A clump of pigment: grains in a sphere.
struct Clump {
  double fraction = 0.2;   ///< share of its volume that is pigment [1]
  double diameter = 1e-6;  ///< [m]
};

/// How pigment is clumped in each pool of the model (M22). Grade of all: assumed; of 5 um to 10 um in macrophages.
struct Clumps {
  Clump free{0.2, 1e-6};
  Clump macrophage{0.2, 7e-6};
  Clump stroma{0.2, 1e-6};
};

/// Dots of ink in a patch of skin (M23): how much of it they cover, and their shape.
struct DotPatch {
  double coverage = 1.0;  ///< share of the patch [1]; pigment is given per volume inside of the dots
  double radius = 0.0;    ///< [m]; 0: evenly inked, no dots
  double height = 0.0;    ///< of the pigment over depth [m]; 0: as thick as the profile is
};

/// Share of its absorption that packed pigment keeps, from its optical thickness across (Duysens 1956).
[[nodiscard]] double packaging_factor(double optical_thickness);
/// Mean chord of a cylinder, 2 a h/(a + h) [m].
[[nodiscard]] double mean_chord(double radius, double height);

/// @throws ParameterError naming what is not allowed
void check(const Clumps& clumps);
void check(const DotPatch& dots);

}  // namespace inkfade::appearance
