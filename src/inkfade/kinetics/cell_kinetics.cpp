#include "inkfade/kinetics/cell_kinetics.hpp"

#include <algorithm>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/math.kernel.hpp"

namespace inkfade::kinetics {

using INKFADE_ISA::exp_;
using INKFADE_ISA::pow_;

CellKinetics make_cell_kinetics(const parameters::Scenario& s, const skin::SkinProfile& skin, const skin::Ink& ink) {
  constexpr double ln2 = 0.6931471805599453;
  CellKinetics kinetics;
  auto& c = kinetics.local;
  c.inverse_capacity = 1.0 / (s.real("macrophages.capacity_volume") * ink.particle_density);
  c.inverse_crowding = 1.0 / s.real("macrophages.crowding_concentration");
  c.release_rate = ln2 / s.real("macrophages.half_life");
  c.egress_rate = s.real("macrophages.egress_rate");
  c.fragmentation_rate = s.real("macrophages.fragmentation_rate");
  c.recruitment_rate = s.real("macrophages.recruitment_rate");
  c.departure_rate = s.real("macrophages.departure_rate");
  c.inflammation_peak = s.real("macrophages.inflammation_peak");
  c.binding_rate = s.real("stroma.binding_rate");
  c.unbinding_rate = s.real("stroma.release_rate");
  c.macrophage_light = s.real("macrophages.light_exposure");
  c.stroma_light = s.real("stroma.light_exposure");
  c.uv_sensitivity = ink.uv_sensitivity;
  c.visible_sensitivity = ink.visible_sensitivity;

  kinetics.reference_density = s.real("macrophages.reference_density");
  kinetics.hop_factor = s.real("macrophages.hop_factor");
  const double capture = s.real("macrophages.capture_rate") / kinetics.reference_density;
  const double uptake_diameter = s.real("macrophages.uptake_diameter");
  for (const double d : ink.diameter) {
    const double ratio = uptake_diameter / d;
    kinetics.uptake.push_back(capture / (1.0 + ratio * ratio));
    kinetics.lymph_gate.push_back(1.0 / (1.0 + pow_(d / skin.lymph_gate_diameter, skin.lymph_gate_exponent)));
  }
  return kinetics;
}

double lymph_exponent(const skin::SkinProfile& skin, double z) {
  return -(z - skin.lymph_reference_depth) / skin.lymph_decay_length;
}

double lymph_clearance(const skin::SkinProfile& skin, const skin::Layer& layer, double reference_density,
                       double share) {
  return skin.lymph_rate * layer.lymph_factor * (layer.macrophage_density / reference_density) * share;
}

double free_diffusivity(const skin::SkinProfile& skin, double diameter) {
  constexpr double reference_diameter = 1e-7;
  const double hindrance = exp_(-pow_(diameter / skin.hindrance_diameter, skin.hindrance_exponent));
  return skin.diffusivity_100nm * (reference_diameter / diameter) * hindrance;
}

double diffusivity_in(const skin::Layer& layer, double free) {
  // Large particles do not move; a floor far below any effect keeps products of diffusivities normal numbers.
  constexpr double immobile = 1e-40;
  return std::max(free * layer.hindrance, immobile);
}

}  // namespace inkfade::kinetics
