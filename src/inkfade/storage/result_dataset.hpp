#pragma once

#include <span>

#include "inkfade/parameters/scenario.hpp"
#include "inkfade/simulation/solution.hpp"
#include "inkfade/storage/dataset.hpp"

namespace inkfade::storage {

/// One run as the labelled arrays of a result file (docs/result-file.md), in the file's units.
[[nodiscard]] Dataset to_dataset(const parameters::Scenario& scenario, const simulation::Solution& solution);

/// Several runs that share their saved times and grid, along a leading dimension `point`. Observables only where a
/// solution lacks fields; a failed run's rows after its end are NaN and its `status` says why.
[[nodiscard]] Dataset to_dataset(std::span<const parameters::Scenario> scenarios,
                                 std::span<const simulation::Solution> solutions);

}  // namespace inkfade::storage
