#pragma once

#include "inkfade/parameters/scenario.hpp"
#include "inkfade/selfcheck/laws.hpp"
#include "inkfade/simulation/column_case.hpp"
#include "inkfade/simulation/solution.hpp"

namespace inkfade::test {

/// An upper bound of the absolute tolerance of pigment in a run, scheduled visits included [kg/m3]: all deposits on top
/// of each other.
inline double atol_bound(const parameters::Scenario& scenario, const simulation::Solution& run) {
  const double visits = static_cast<double>(run.visit_time.size());
  return selfcheck::largest_atol(simulation::ColumnCase(scenario)) *
         (1.0 + visits * scenario.real("touch_up.dose_factor"));
}

}  // namespace inkfade::test
