#include <array>

#include "inkfade/parameters/registry_rows.hpp"

namespace inkfade::parameters::rows {

std::span<const Row> procedure() {
  static constexpr auto row_table = std::to_array<Row>({
      real("ink.size_median", "nm", "1 nm", "100 um", "d_k",
           "Median diameter by mass of the pigment aggregates (lognormal)."),
      real("ink.size_gsd", "1", "1.01", "10", "d_k",
           "Geometric standard deviation of the aggregate diameters within the ink."),
      real("ink.size_min", "nm", "1 nm", "100 um", "d_1", "Diameter of the smallest size class."),
      real("ink.size_max", "um", "1 nm", "100 um", "d_K", "Diameter of the largest size class."),
      real("ink.particle_density", "g cm-3", "0.5 g cm-3", "20 g cm-3", "rho", "Density of the pigment particles."),
      real("ink.uv_sensitivity", "m2/J", "0 m2/J", "0.001 m2/J", "q_UV",
           "Share of pigment destroyed per ultraviolet dose at the particle."),
      real("ink.visible_sensitivity", "1/(Mlx h)", "0 1/(Mlx h)", "1000 1/(Mlx h)", "q_vis",
           "Share of pigment destroyed per luminous exposure at the particle."),
      real("ink.uv_absorption", "m2 g-1", "0 m2 g-1", "100 m2 g-1", "eps_UV",
           "Mass absorption of ultraviolet light by pigment, for self-shading only."),
      real(
          "ink.visible_absorption", "m2 g-1", "0 m2 g-1", "100 m2 g-1", "eps_vis",
          "Mass absorption of visible light by pigment, at 550 nm; what is seen of other pigments than carbon black is "
          "tabulated."),
      later(choice("ink.pigment",
                   "carbon_black iron_oxide_red iron_oxide_yellow iron_oxide_black titanium_dioxide azo_red azo_yellow "
                   "phthalocyanine_blue phthalocyanine_green",
                   "What the pigment is: its spectrum of absorption and scattering."),
            "carbon_black"),
      later(real("ink.absorption_exponent", "1", "0", "4", "AAE",
                 "Visible absorption of carbon black falls with wavelength to the power of minus this."),
            "1"),
      later(real("ink.clump_fraction", "1", "0", "1", "phi",
                 "Share of a clump of pigment in skin that is pigment; 0: dispersed."),
            "0.2"),
      later(real("ink.clump_diameter", "um", "0 um", "100 um", "D_f",
                 "Diameter of clumps of free pigment, as they are seen."),
            "1 um"),

      real("procedure.depth", "um", "1 um", "10 mm", "z_0",
           "Depth of the centroid of the dermal deposit below the skin surface; not the needle length.", "depth"),
      real("procedure.depth_sd", "um", "1 um", "5 mm", "sigma_z", "Standard deviation in depth of the dermal deposit.",
           "depth_sd"),
      real("procedure.dot_diameter", "mm", "10 um", "10 mm", "d", "Diameter of a fresh dot.", "dot_diameter"),
      real("procedure.dot_density", "cm-2", "0.01 cm-2", "10000 cm-2", "N", "Dots per area of skin.", "dot_density"),
      real("procedure.deposit_per_dot", "ug", "0.000001 ug", "10 mg", "",
           "Pigment deposited in one dot; excludes what is wiped off.", "deposit_per_dot"),
      real("procedure.local_dose", "mg cm-2", "0.000001 mg cm-2", "100 mg cm-2", "",
           "Pigment deposited per area inside a dot."),
      real("procedure.patch_dose", "ug cm-2", "0.000001 ug cm-2", "100 mg cm-2", "",
           "Pigment deposited per area of treated skin, dots and gaps together."),
      real("procedure.epidermal_fraction", "1", "0", "1", "f_epi",
           "Share of the deposit that lies in epidermis and crust."),
      real("procedure.kept_share", "1", "0.001", "1", "",
           "Share of the dispensed pigment that is deposited; the rest is wiped off."),
      choice("procedure.placement", "random lattice", "How dots are placed: at random or on a regular lattice."),
      real("procedure.overlap", "1", "0", "1", "", "Share of a dot's skin that a later session hits again."),
  });
  return row_table;
}

}  // namespace inkfade::parameters::rows
