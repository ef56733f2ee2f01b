#pragma once

#include <vector>

#include "inkfade/kinetics/local.kernel.hpp"
#include "inkfade/parameters/scenario.hpp"
#include "inkfade/skin/ink.hpp"
#include "inkfade/skin/skin_profile.hpp"

namespace inkfade::kinetics {

/// Kinetics of macrophages, stroma and lymph for one scenario; SI units.
struct CellKinetics {
  INKFADE_ISA::LocalConstants<double> local;
  double reference_density = 0.0;  ///< n_ref [1/m3]
  double hop_factor = 1.0;         ///< hop over the mean distance between macrophages [1]
  std::vector<double> uptake;      ///< k_cap e_k / n_ref, per class, equation (M7) [m3/s]
  std::vector<double> lymph_gate;  ///< share of k0 that passes, per class, equation (M10) [1]
};

[[nodiscard]] CellKinetics make_cell_kinetics(const parameters::Scenario& scenario, const skin::SkinProfile& skin,
                                              const skin::Ink& ink);

/// How clearance by lymph falls with depth, equation (M10): its exponential is a share of that at the reference depth.
[[nodiscard]] double lymph_exponent(const skin::SkinProfile& skin, double z);
/// Clearance of free pigment by lymph, before the size gate: k0 g(z) of equation (M10) [1/s]. @param share the
/// exponential of lymph_exponent()
[[nodiscard]] double lymph_clearance(const skin::SkinProfile& skin, const skin::Layer& layer, double reference_density,
                                     double share);

/// Diffusivity of free pigment of a diameter, equation (M6) but for its layer: Stokes-Einstein times hindrance [m2/s].
[[nodiscard]] double free_diffusivity(const skin::SkinProfile& skin, double diameter);
/// The same in a layer. @param free of the grain, but for its layer [m2/s]
[[nodiscard]] double diffusivity_in(const skin::Layer& layer, double free);
[[nodiscard]] inline double free_diffusivity(const skin::SkinProfile& skin, const skin::Layer& layer, double diameter) {
  return diffusivity_in(layer, free_diffusivity(skin, diameter));
}

}  // namespace inkfade::kinetics
