#include <array>

#include "inkfade/parameters/registry_rows.hpp"

namespace inkfade::parameters::rows {

std::span<const Row> cells() {
  static constexpr auto row_table = std::to_array<Row>({
      real("macrophages.capture_rate", "1/day", "0 1/day", "1000 1/day", "k_cap",
           "Rate at which empty macrophages at the reference density capture large free particles."),
      real("macrophages.uptake_diameter", "nm", "0.1 nm", "10 um", "d_e",
           "Particle diameter at which uptake is half as efficient as for large particles."),
      real("macrophages.crowding_concentration", "mg cm-3", "0.001 mg cm-3", "100000 mg cm-3", "K_f",
           "Free concentration that halves the capture rate per mass."),
      real("macrophages.capacity_volume", "um3", "1 um3", "100000 um3", "L",
           "Pigment volume that one macrophage can hold."),
      real("macrophages.reference_density", "mm-3", "1 mm-3", "1000000 mm-3", "n_ref",
           "Macrophage density at which the capture and drainage rates hold."),
      real("macrophages.half_life", "day", "0.1 day", "100 year", "delta",
           "Half-life of laden macrophages, whose death releases their pigment."),
      real("macrophages.egress_rate", "1/day", "0 1/day", "10 1/day", "eps",
           "Rate at which laden macrophages leave the skin."),
      real("macrophages.fragmentation_rate", "1/day", "0 1/day", "10 1/day", "phi",
           "Rate at which captured pigment breaks down into the next smaller size class."),
      real("macrophages.recruitment_rate", "1/day", "0 1/day", "100 1/day", "r_in",
           "Rate at which macrophages fill up to the wanted density."),
      real("macrophages.departure_rate", "1/day", "0 1/day", "100 1/day", "r_out",
           "Rate at which surplus empty macrophages leave after inflammation."),
      real("macrophages.inflammation_peak", "1", "1", "100", "P",
           "Macrophage density at the peak of inflammation, as a multiple of the resident density."),
      real("macrophages.inflammation_time", "day", "0.1 day", "100 day", "t_p",
           "Time of the peak of inflammation after a session."),
      real("macrophages.hop_factor", "1", "0", "100", "hop",
           "Displacement of pigment per death-recapture cycle, in units of the macrophage spacing."),
      later(real("macrophages.clump_diameter", "um", "0 um", "100 um", "D_m",
                 "Diameter of the clumps of pigment in macrophages, as they are seen."),
            "7 um"),
      real("macrophages.light_exposure", "1", "0", "1", "s_m",
           "Light sensitivity of captured pigment relative to free pigment."),

      real("stroma.binding_rate", "1/day", "0 1/day", "100 1/day", "a_b",
           "Rate at which empty fibroblasts and stroma bind free pigment."),
      real("stroma.release_rate", "1/day", "0 1/day", "100 1/day", "delta_b",
           "Rate at which bound pigment is released."),
      later(real("stroma.clump_diameter", "um", "0 um", "100 um", "D_b",
                 "Diameter of the clumps of pigment in fibroblasts and stroma, as they are seen."),
            "1 um"),
      real("stroma.light_exposure", "1", "0", "1", "s_b",
           "Light sensitivity of bound pigment relative to free pigment."),
  });
  return row_table;
}

}  // namespace inkfade::parameters::rows
