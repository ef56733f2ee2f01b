#include <array>

#include "inkfade/parameters/registry_rows.hpp"

namespace inkfade::parameters::rows {

std::span<const Row> run() {
  static constexpr auto row_table = std::to_array<Row>({
      real("run.horizon", "year", "1 hour", "200 year", "", "Time span that is simulated."),
      real("run.healed_after", "day", "0.1 day", "10 year", "",
           "Time after the last treatment at which the skin counts as healed: the reference of retained_of_healed."),

      integer("numerics.cells", "8", "4096", "N_z", "Grid cells over the depth of the skin."),
      integer("numerics.classes", "1", "32", "K", "Particle-size classes of the pigment."),
      real("numerics.rtol", "1", "1e-14", "0.5", "rtol", "Relative tolerance of the time integration."),
      real("numerics.atol_fraction", "1", "1e-14", "1", "atol",
           "Absolute tolerance of the time integration as a share of the peak deposited concentration."),
      integer("numerics.max_steps", "1", "1000000000", "", "Most time steps before a run ends with too_many_steps."),
      boolean("numerics.self_shading", "Whether pigment shades the skin below it from light."),
  });
  return row_table;
}

}  // namespace inkfade::parameters::rows
