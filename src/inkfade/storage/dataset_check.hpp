#pragma once

#include <cstddef>
#include <string_view>

#include "inkfade/storage/dataset.hpp"

namespace inkfade::storage {

/// Refuses a Dataset that cannot be a result file: names not unique or not allowed, unknown dimensions, a number of
/// values that is not the product of the dimensions, text that is not UTF-8 or holds NUL, attributes above 60 KiB.
/// @throws ParameterError that names the variable or attribute and what is allowed.
void check_dataset(const Dataset& dataset);

/// Whether `name` belongs to the netCDF-4 conventions (`CLASS`, `_FillValue`, ...) and is written by inkfade itself.
[[nodiscard]] bool is_reserved_attribute(std::string_view name);

/// Whether `text` is well-formed UTF-8 (no overlong forms, no surrogates, at most U+10FFFF) without NUL.
[[nodiscard]] bool is_utf8_text(std::string_view text);

/// Whether `variable` holds the values of the dimension that it is named after.
[[nodiscard]] bool is_coordinate(const Variable& variable);

/// Number of values in the variable.
[[nodiscard]] std::size_t size_of(const Variable& variable);

}  // namespace inkfade::storage
