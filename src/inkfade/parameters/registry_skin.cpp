#include <array>

#include "inkfade/parameters/registry_rows.hpp"

namespace inkfade::parameters::rows {

// Bounds are physical caps, wide enough for sweeps far outside the plausible ranges that the presets cite.
std::span<const Row> skin() {
  static constexpr auto row_table = std::to_array<Row>({
      integer("skin.phototype", "1", "6", "",
              "Fitzpatrick phototype; melanin scales the light attenuation of the epidermis."),
      later(real("skin.melanosome_fraction", "1", "0", "0.6", "f_mel",
                 "Volume fraction of melanosomes in the epidermis: how dark the skin looks."),
            "0.019"),
      later(real("skin.blood_fraction", "1", "0", "0.3", "f_blood",
                 "Volume fraction of blood in the dermis, as it is seen."),
            "0.012"),
      real("skin.turnover_time", "day", "1 day", "1 year", "v",
           "Time in which intact epidermis is renewed once: the upward velocity is its thickness over this time."),
      real("skin.turnover_healing_factor", "1", "0.05", "5", "v",
           "Factor on the turnover time while the wound heals (below 1: faster)."),
      real("skin.diffusivity_100nm", "um2/s", "0 um2/s", "1000 um2/s", "D_SE",
           "Stokes-Einstein diffusivity of a free particle of 100 nm; proportional to 1/diameter."),
      real("skin.hindrance_diameter", "nm", "0.1 nm", "10 um", "d_h",
           "Diameter at which dermis slows free diffusion by the factor e."),
      real("skin.hindrance_exponent", "1", "0.1", "10", "p",
           "Exponent p of the dermal hindrance H(d) = exp(-(d/d_h)^p)."),

      choice("skin.<layer>.tissue", "epidermis dermis",
             "Whether the layer lies above the dermo-epidermal junction (free pigment only) or below it."),
      real("skin.<layer>.thickness", "um", "1 um", "10 mm", "h_l", "Thickness of the layer."),
      real("skin.<layer>.hindrance", "1", "0", "1", "H_l",
           "Factor of the layer on the dermal hindrance of free diffusion (dermis: 1)."),
      real("skin.<layer>.macrophage_density", "mm-3", "0 mm-3", "1000000 mm-3", "n0",
           "Resident macrophages per volume of uninflamed tissue; 0 outside the dermis."),
      real("skin.<layer>.binding_capacity", "mg cm-3", "0 mg cm-3", "1000 mg cm-3", "B",
           "Most pigment that fibroblasts and stroma can hold; 0 outside the dermis."),
      real("skin.<layer>.lymph_factor", "1", "0", "100", "g_l",
           "Factor of the layer on lymphatic drainage; 0 outside the dermis."),
      real("skin.<layer>.uv_attenuation", "mm-1", "0 mm-1", "1000 mm-1", "mu_UV",
           "Attenuation of ultraviolet light in the layer at phototype II."),
      real("skin.<layer>.visible_attenuation", "mm-1", "0 mm-1", "1000 mm-1", "mu_vis",
           "Attenuation of visible light in the layer at phototype II."),

      real("skin.wound.loss_rate", "1/day", "0 1/day", "100 1/day", "omega0",
           "Rate at which an open wound carries free pigment out with exudate and crust, at the junction."),
      real("skin.wound.closure_time", "day", "0.1 day", "100 day", "tau_close",
           "Time constant of wound closure under a dry dressing."),
      real("skin.wound.loss_depth", "um", "1 um", "10 mm", "l_w",
           "Depth below the junction over which wound loss falls by the factor e."),
      real("skin.wound.junction_permeability", "um/day", "0 um/day", "10000 um/day", "P_j",
           "Permeability of the open dermo-epidermal junction to free pigment; closes with the wound."),

      real("skin.lymph.rate", "1/day", "0 1/day", "100 1/day", "k0",
           "Lymphatic drainage of the smallest free particles at the reference depth."),
      real("skin.lymph.gate_diameter", "nm", "1 nm", "10 um", "d50",
           "Particle diameter at which lymphatic drainage is halved."),
      real("skin.lymph.gate_exponent", "1", "0.1", "20", "h", "Steepness of the lymphatic size gate."),
      real("skin.lymph.reference_depth", "um", "0 um", "10 mm", "z_ref", "Depth at which skin.lymph.rate holds."),
      real("skin.lymph.decay_length", "um", "10 um", "100 mm", "l_g",
           "Depth over which lymphatic drainage falls by the factor e."),
      real("skin.lymph.oedema_factor", "1", "1", "100", "A_l", "Factor on lymph flow at the peak of inflammation."),
  });
  return row_table;
}

}  // namespace inkfade::parameters::rows
