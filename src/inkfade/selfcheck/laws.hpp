#pragma once

#include "inkfade/parameters/scenario.hpp"
#include "inkfade/simulation/column_case.hpp"
#include "inkfade/simulation/solution.hpp"

namespace inkfade::selfcheck {

/// Largest |in skin + shed + drained + degraded + removed - deposited| over deposited at any saved time [1], summed
/// anew from the arrays that a user sees. @param bias deposits count 1 + bias times: 0, except to see a check fail
[[nodiscard]] double ledger_gap(const simulation::Solution& solution, double bias = 0.0);

/// An upper bound of the absolute tolerance of pigment [kg/m3]: from all deposits on top of each other.
[[nodiscard]] double largest_atol(const simulation::ColumnCase& column);

/// Lowest concentration of any pool, class and cell at the ends of segments, where a state is an accepted one, in units
/// of largest_atol [1]. @param floor subtracted from it [kg/m3]: 0, except to see a check fail
[[nodiscard]] double lowest_in_atol(const parameters::Scenario& scenario, double floor = 0.0);

}  // namespace inkfade::selfcheck
