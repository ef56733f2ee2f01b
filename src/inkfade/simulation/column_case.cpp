#include "inkfade/simulation/column_case.hpp"

#include <utility>

#include "inkfade/base/errors.hpp"
#include "inkfade/simulation/visit_schedule.hpp"
#include "inkfade/system/well_mixed.hpp"

namespace inkfade::simulation {

namespace {

/// Cells of the mesh on which the averages of the well-mixed rung are taken, whatever numerics.cells says.
constexpr std::size_t averaging_cells = 512;

std::size_t cells_of(const parameters::Scenario& scenario, Rung rung) {
  return rung == Rung::well_mixed ? averaging_cells : static_cast<std::size_t>(scenario.integer("numerics.cells"));
}

}  // namespace

ColumnCase::ColumnCase(const parameters::Scenario& given, Rung rung_asked)
    : scenario(given),
      rung(rung_asked),
      skin(skin::make_skin_profile(scenario)),
      ink(skin::make_ink(scenario)),
      protocol(skin::make_protocol(scenario, skin, ink)),
      mesh(mesh::make_column_mesh(skin, cells_of(scenario, rung))),
      kinetics(kinetics::make_cell_kinetics(scenario, skin, ink)),
      coefficients(skin, ink, kinetics, mesh, scenario.boolean("numerics.self_shading")),
      coverage(skin::coverage(scenario)),
      kept_share(scenario.real("procedure.kept_share")),
      rtol(scenario.real("numerics.rtol")),
      atol_fraction(scenario.real("numerics.atol_fraction")),
      max_steps(scenario.integer("numerics.max_steps")),
      measure(scenario.text("touch_up.measure")),
      threshold(scenario.real("touch_up.threshold")),
      contrast_floor(scenario.real("touch_up.contrast_floor")) {
  if (!tells_measure() && scenario.text("touch_up.schedule") == "when_due") {
    throw ParameterError("touch_up.measure = " + measure +
                         " with touch_up.schedule = when_due: what is seen depends on depth, and the well_mixed rung "
                         "has none; take rung column, or touch_up.measure = retained_of_healed");
  }
  if (rung == Rung::well_mixed) mix();
}

std::vector<double> ColumnCase::likely_visits() const {
  if (scenario.text("touch_up.schedule") == "when_due") return {protocol.healed_time};  // how many is not known
  std::vector<double> visits;
  for (VisitSchedule schedule(scenario); schedule.next() < protocol.horizon;) {
    visits.push_back(schedule.next());
    schedule.session_took_place(schedule.next());
  }
  return visits;
}

void ColumnCase::mix() {
  const std::vector<skin::Deposit> deposits = skin::make_deposits(scenario, ink, likely_visits());
  system::WellMixed mixed = system::mix_well(coefficients, mesh, deposits, skin, ink);
  mesh = std::move(mixed.mesh);
  coefficients = std::move(mixed.coefficients);
  skin = system::two_tissues(skin);
}

}  // namespace inkfade::simulation
