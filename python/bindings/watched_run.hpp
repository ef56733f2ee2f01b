#pragma once

#include <pybind11/pybind11.h>

#include "inkfade/simulation/simulate.hpp"

namespace inkfade::bindings {

/// Runs one scenario on a thread of its own and calls `callback(so_far)` at every saved time on the calling thread,
/// which holds the GIL then and only then; so Ctrl-C reaches it between saved times and inside the callback alike.
///
/// `so_far` is a dict of SI arrays (read-only copies) of the newest saved time. A true return ends the run with status
/// `cancelled`. What the callback raises ends the run and is raised here, when the run's thread has ended.
[[nodiscard]] simulation::Solution simulate_watched(const parameters::Scenario& scenario, simulation::Options options,
                                                    const pybind11::object& callback);

}  // namespace inkfade::bindings
