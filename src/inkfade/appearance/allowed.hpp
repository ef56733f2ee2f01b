#pragma once

#include <string>
#include <string_view>

namespace inkfade::appearance {

/// "name = value unit: must be between lower unit and upper unit" where value lies outside, or is no number.
/// @param unit as it is written after a number; empty for a bare number @param factor SI value of one unit
/// @throws ParameterError
void check_range(std::string_view name, double value, std::string_view unit, double lower, double upper,
                 double factor = 1.0);

/// As in messages: six digits at most.
[[nodiscard]] std::string number(double value);

}  // namespace inkfade::appearance
