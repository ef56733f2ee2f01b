#pragma once

#include <string>

#include "inkfade/simulation/solution.hpp"

namespace inkfade::simulation {

/// Reads one observable off a solution at saved time i; SI.
using Pick = double (*)(const Solution&, std::size_t i);

/// An observable by name.
struct Observable {
  Pick pick;
  bool is_seen;    ///< does it take a look at the patch (Options::contrast)?
  bool of_masses;  ///< does a run that keeps only masses (Options::only_masses) have it?
};

/// @throws ParameterError with the names that there are; see observable_names()
[[nodiscard]] Observable find_observable(const std::string& name);

}  // namespace inkfade::simulation
