#include "inkfade/skin/skin_profile.hpp"

#include <array>
#include <cstddef>

#include "inkfade/base/errors.hpp"

namespace inkfade::skin {

double melanin_factor(int phototype) {
  constexpr std::array<double, 6> factors{1.0, 1.0, 1.5, 2.0, 2.5, 3.0};
  return factors.at(static_cast<std::size_t>(phototype - 1));
}

SkinProfile make_skin_profile(const parameters::Scenario& s) {
  SkinProfile skin;
  skin.layers.reserve(s.layers().size());
  const double melanin = melanin_factor(static_cast<int>(s.integer("skin.phototype")));
  for (std::size_t l = 0; l < s.layers().size(); ++l) {
    const auto real = [&](const char* quantity) { return s.real_in_layer(l, quantity); };
    Layer layer;
    layer.name = s.layers()[l];
    layer.tissue = s.is_epidermis(l) ? Tissue::epidermis : Tissue::dermis;
    layer.top = skin.depth;
    layer.thickness = real("thickness");
    layer.hindrance = real("hindrance");
    layer.lymph_factor = real("lymph_factor");
    layer.uv_attenuation = real("uv_attenuation");
    layer.visible_attenuation = real("visible_attenuation");
    if (layer.tissue == Tissue::epidermis) {
      layer.uv_attenuation *= melanin;
      layer.visible_attenuation *= melanin;
      skin.junction_depth = layer.bottom();
    } else {
      layer.macrophage_density = real("macrophage_density");
      layer.binding_capacity = real("binding_capacity");
    }
    skin.depth = layer.bottom();
    skin.layers.push_back(std::move(layer));
  }
  bool in_dermis = false;
  for (const Layer& layer : skin.layers) {
    if (in_dermis && layer.tissue == Tissue::epidermis) {
      throw ParameterError("skin." + layer.name + ".tissue = epidermis: must lie above every dermal layer");
    }
    in_dermis = layer.tissue == Tissue::dermis;
  }
  if (skin.junction_depth <= 0.0 || !in_dermis) {
    throw ParameterError("skin.layer: there must be at least one epidermal layer above at least one dermal layer");
  }

  skin.turnover_time = s.real("skin.turnover_time");
  skin.turnover_healing_factor = s.real("skin.turnover_healing_factor");
  skin.diffusivity_100nm = s.real("skin.diffusivity_100nm");
  skin.hindrance_diameter = s.real("skin.hindrance_diameter");
  skin.hindrance_exponent = s.real("skin.hindrance_exponent");
  skin.wound_loss_rate = s.real("skin.wound.loss_rate");
  skin.wound_closure_time = s.real("skin.wound.closure_time");
  skin.wound_loss_depth = s.real("skin.wound.loss_depth");
  skin.junction_permeability = s.real("skin.wound.junction_permeability");
  skin.lymph_rate = s.real("skin.lymph.rate");
  skin.lymph_gate_diameter = s.real("skin.lymph.gate_diameter");
  skin.lymph_gate_exponent = s.real("skin.lymph.gate_exponent");
  skin.lymph_reference_depth = s.real("skin.lymph.reference_depth");
  skin.lymph_decay_length = s.real("skin.lymph.decay_length");
  skin.oedema_factor = s.real("skin.lymph.oedema_factor");
  return skin;
}

}  // namespace inkfade::skin
