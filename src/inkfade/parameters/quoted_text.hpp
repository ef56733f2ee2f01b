#pragma once

#include <string>
#include <string_view>

namespace inkfade::parameters {

/// Text between double quotes with the escapes that TOML and JSON share.
std::string quoted_text(std::string_view text);

}  // namespace inkfade::parameters
