#pragma once

#include <string>

#include "inkfade/simulation/simulate.hpp"

namespace inkfade::simulation {

/// Reads one observable off a solution at saved time i; SI.
using Pick = double (*)(const Solution&, std::size_t i);

/// An observable by name.
struct Observable {
  Pick pick;
  bool Series::*needs;  ///< what a run has to keep for it
};

/// @throws ParameterError with the names that there are; see observable_names()
[[nodiscard]] Observable find_observable(const std::string& name);

}  // namespace inkfade::simulation
