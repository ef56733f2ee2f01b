#pragma once

#include <string>
#include <string_view>

#include "inkfade/parameters/registry.hpp"
#include "inkfade/parameters/scenario.hpp"

namespace inkfade::parameters {

/// A setting as messages show it: text as it was typed, numbers shortest.
std::string show(const Setting& setting);

/// The SI value that a setting gives to a parameter.
///
/// Text of a dimensional parameter needs a unit; numbers are bare only where the parameter is dimensionless.
/// `label` is what messages call the parameter (its full name, or "session 2: at").
/// @throws ParameterError naming label, setting, what is allowed and an example.
Value resolve(const ParameterInfo& info, std::string_view label, const Setting& setting);

/// A value as text that `resolve` reads back to the same bits, without quotes.
std::string value_text(const ParameterInfo& info, const Value& value);

}  // namespace inkfade::parameters
