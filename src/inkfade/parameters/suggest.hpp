#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace inkfade::parameters {

/// Number of single-letter insertions, deletions, replacements and swaps of neighbours between two words [1].
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word`, or "" where none is near enough to be what was meant.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// " (did you mean procedure.depth?)", or "" where no candidate is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace inkfade::parameters
