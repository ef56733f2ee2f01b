#pragma once

#include <string>

#include "inkfade/simulation/solution.hpp"

namespace inkfade::simulation {

/// Reads one observable off a solution at saved time i; SI.
using Pick = double (*)(const Solution&, std::size_t i);

/// @throws ParameterError with the names that there are; see observable_names()
[[nodiscard]] Pick find_observable(const std::string& name);

}  // namespace inkfade::simulation
