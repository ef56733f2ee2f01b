#include "inkfade/simulation/column_case.hpp"

namespace inkfade::simulation {

ColumnCase::ColumnCase(const parameters::Scenario& given)
    : scenario(given),
      skin(skin::make_skin_profile(scenario)),
      ink(skin::make_ink(scenario)),
      protocol(skin::make_protocol(scenario, skin, ink)),
      mesh(mesh::make_column_mesh(skin, static_cast<std::size_t>(scenario.integer("numerics.cells")))),
      kinetics(kinetics::make_cell_kinetics(scenario, skin, ink)),
      coefficients(skin, ink, kinetics, mesh, scenario.boolean("numerics.self_shading")),
      coverage(skin::coverage(scenario)),
      kept_share(scenario.real("procedure.kept_share")),
      rtol(scenario.real("numerics.rtol")),
      atol_fraction(scenario.real("numerics.atol_fraction")),
      max_steps(scenario.integer("numerics.max_steps")),
      measure(scenario.text("touch_up.measure")),
      threshold(scenario.real("touch_up.threshold")) {}

}  // namespace inkfade::simulation
