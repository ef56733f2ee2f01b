#pragma once

#include "inkfade/parameters/scenario_data.hpp"

namespace inkfade::parameters {

/// The depths between which the centroid of the deposit may lie: inside the dermis, with a margin. [m]
struct DepthRange {
  double lower = 0.0;
  double upper = 0.0;
};

/// From the layers' tissue and thickness. Preconditions: every layer parameter is there.
DepthRange deposit_depths(const ScenarioData& data);

/// Checks what no single value can show: layers, depth inside the dermis, ordered and dated events.
/// @throws CrossFieldError
void validate(const ScenarioData& data);

}  // namespace inkfade::parameters
