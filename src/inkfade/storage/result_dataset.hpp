#pragma once

#include <span>

#include "inkfade/parameters/scenario.hpp"
#include "inkfade/simulation/solution.hpp"
#include "inkfade/storage/dataset.hpp"

namespace inkfade::storage {

/// Version of the model's equations and numerics: raised by every change that alters results.
inline constexpr int physics_version = 1;

/// One run as the labelled arrays of a result file (docs/result-file.md), in the file's units.
[[nodiscard]] Dataset to_dataset(const parameters::Scenario& scenario, const simulation::Solution& solution);

/// Several runs that share saved times, size classes and layers, along a leading dimension `point`; where their cells
/// differ, no depth is stored. Observables only where a solution lacks fields; a failed run's rows after its end are
/// NaN and its `status` says why. @throws ParameterError where the runs cannot share their axes
[[nodiscard]] Dataset to_dataset(std::span<const parameters::Scenario> scenarios,
                                 std::span<const simulation::Solution> solutions);

}  // namespace inkfade::storage
