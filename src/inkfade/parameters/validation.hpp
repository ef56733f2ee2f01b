#pragma once

#include <string>

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

/// A threshold belongs to its measure: half of the contrast is not half of the pigment. @returns what to say where the
/// touch-up measure changes from what is seen to what is left, or back, and the threshold is not given; else nothing
[[nodiscard]] std::string lone_measure(const std::string& before, const std::string& measure);

}  // namespace inkfade::parameters
