#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace inkfade::parameters {

/// One source of models/sources.toml.
struct Source {
  std::string key;
  std::string citation;  ///< full reference
  std::string evidence;  ///< how it was read: V seen, Vg seen (grey literature), M remembered, U range only, D derived
};

/// Every source, by key.
const std::vector<Source>& all_sources();

/// The source of a citation key as it stands in Entry::source, or nullptr ("user" has none).
const Source* find_source(std::string_view key);

}  // namespace inkfade::parameters
