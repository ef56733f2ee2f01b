#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inkfade/parameters/scenario.hpp"

namespace inkfade::parameters {

/// The named aftercare regimes of models/aftercare.toml, in the order of that file.
std::vector<std::string> aftercare_regimes();

/// What a regime does on the clock of a session: ordered spans without gaps.
/// @throws ParameterError for a name that is no regime.
const std::vector<AftercareSpan>& aftercare_regime(std::string_view name);

/// The part of a regime inside [from, to), both in seconds since the session.
/// @throws ParameterError where the regime says nothing about a part of it.
std::vector<AftercareSpan> clip_regime(std::string_view name, double from, double to);

}  // namespace inkfade::parameters
