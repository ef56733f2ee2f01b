#pragma once

#include <string>
#include <string_view>

#include "inkfade/storage/dataset.hpp"

namespace inkfade::storage {

/// SHA-256, as hexadecimal digits, of everything in the Dataset that is a result, an input or a setting: dimensions,
/// variables and attributes, each sorted by name, every NaN as the same NaN. Outside it: the file attributes
/// `digest`, `file_checksum`, `date`, `host`, `wall_time_s` and the variable `wall_time`.
[[nodiscard]] std::string digest(const Dataset& dataset);

/// Whether a file attribute may differ between two runs of the same study.
[[nodiscard]] bool is_volatile_attribute(std::string_view name);

/// Whether a variable may differ between two runs of the same study.
[[nodiscard]] bool is_volatile_variable(std::string_view name);

}  // namespace inkfade::storage
