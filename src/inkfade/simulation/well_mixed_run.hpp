#pragma once

#include "inkfade/simulation/column_run.hpp"

namespace inkfade::simulation {

/// Integrates a run on the well-mixed rung, with Odeint's rosenbrock4 in our own loop.
[[nodiscard]] Solution run_well_mixed(ColumnRun& run, const Options& options);

}  // namespace inkfade::simulation
