#pragma once

#include <cstdint>
#include <string_view>

#include "inkfade/parameters/scenario_data.hpp"

namespace inkfade::parameters {

/// FNV-1a hash of a name: the part of a draw that belongs to a parameter.
std::uint64_t name_hash(std::string_view name);

/// The standard normal deviate of (seed, index, name) [1]: the same bits on every machine.
double normal_deviate(std::uint64_t seed, std::uint64_t index, std::uint64_t name);

/// Draws every real parameter with a spread (gsd > 1) from its lognormal around its value, and moves what falls outside
/// its bounds, or outside what the other values allow, onto the nearest allowed value. A session's own value of a
/// parameter is moved by the same factor: it is the same person.
void draw_person(ScenarioData& data, std::uint64_t seed, std::uint64_t index);

}  // namespace inkfade::parameters
