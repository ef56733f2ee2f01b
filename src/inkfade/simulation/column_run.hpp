#pragma once

#include "inkfade/simulation/column_case.hpp"
#include "inkfade/simulation/simulate.hpp"

namespace inkfade::simulation {

/// Integrates one prepared case over its segments. @param times saved times [s]
/// @param until_touch_up end the run once the touch-up is known
[[nodiscard]] Solution run_column(const ColumnCase& column, const std::vector<double>& times, const Options& options,
                                  bool until_touch_up);

}  // namespace inkfade::simulation
