#pragma once

#include "inkfade/parameters/scenario.hpp"

namespace inkfade::selfcheck {

/// One size class that nothing holds: free pigment in the dermis, drained at a rate that does not vary with depth, on
/// the scalp. @param rate_per_day [1/day] @param horizon_days [day] @param threshold of the touch-up [1]
[[nodiscard]] parameters::Scenario exponential_fade(double rate_per_day, double horizon_days, double threshold);

/// When it falls below the threshold, in closed form [s]: to 1e-5, see the definition.
[[nodiscard]] double exponential_touch_up(double rate_per_day, double threshold);

}  // namespace inkfade::selfcheck
