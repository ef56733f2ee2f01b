#pragma once

#include <vector>

#include "inkfade/base/constants.hpp"

// Diffusion of free pigment alone, against closed forms. `bias` multiplies the exact values by 1 + bias: 0, except to
// see a check fail.
namespace inkfade::selfcheck {

inline constexpr double diffusion_depth = 500.0 * micrometre;  ///< of the slab [m]
inline constexpr double slab_diffusivity = 1e-14;              ///< everywhere in it [m2/s]

/// The graded mesh of the simulator over the slab, finest in the middle: n + 1 faces [m]. Both halves get half of the
/// cells, so that doubling n splits every cell.
[[nodiscard]] std::vector<double> graded_faces(int n);

/// A Gaussian of unit mass and its reflections by no-flux walls at 0 and, for a slab, at diffusion_depth.
struct ReflectedGaussian {
  double centre;    ///< [m]
  double sd_start;  ///< standard deviation at time 0 [m]
  int images;       ///< on either side; 0: half space

  /// Exact mean between two depths at time t [1/m].
  [[nodiscard]] double cell_mean(double top, double bottom, double t) const;
};

/// Root mean square over depth of computed - exact cell mean on n graded cells at t_end [s], relative to the largest
/// exact value [1]. @throws IntegrationError
[[nodiscard]] double gaussian_error(const ReflectedGaussian& exact, int n, double t_end, double bias = 0.0);

/// Amplitude of the cosine eigenmode after some time, relative to the start [1].
struct Mode {
  double computed;
  double semi_discrete;  ///< exp of the eigenvalue of the difference operator
  double continuous;     ///< exp of the eigenvalue of the differential operator
};

/// The mode with `waves` half waves over n equal cells after t_end [s]. @throws IntegrationError
[[nodiscard]] Mode cosine_mode(int n, int waves, double t_end, double rtol);

}  // namespace inkfade::selfcheck
