#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "inkfade/parameters/scenario.hpp"

namespace inkfade::parameters {

/// One axis of a sweep: a parameter and the settings that it takes, in order.
struct SweepAxis {
  std::string name;               ///< as the file gives it: an alias, a dotted name, or "aftercare"
  std::string parameter;          ///< dotted name, or "aftercare"
  std::string unit;               ///< display unit; "1" where dimensionless
  std::vector<Setting> settings;  ///< what Scenario::with takes
};

/// The [sweep] table of an experiment file.
struct SweepTable {
  std::vector<SweepAxis> axes;  ///< registry order, aftercare last (TOML tables have no order of their own)

  /// Number of combinations [1]; 1 without axes.
  [[nodiscard]] std::size_t size() const;
};

inline constexpr std::size_t max_sweep_points = 1'000'000'000;

/// The sweep of a file; no axes where it has no [sweep]. Each setting is checked against the registry.
/// An axis is a list of settings, or { from = "0.2 mm", to = "0.8 mm", n = 25 } for evenly spaced ones.
/// @throws FileError, ParameterError with file:line:column
SweepTable read_sweep(const std::filesystem::path& path);

/// The same from text; `origin` is what messages call the file.
SweepTable read_sweep_text(std::string_view text, std::string_view origin = "<text>");

/// `n` >= 2 evenly spaced settings of a real parameter, both ends included, as text in the unit of `from`.
/// @throws ParameterError
std::vector<Setting> linspace(std::string_view parameter_name, const Setting& from, const Setting& to, std::size_t n);

}  // namespace inkfade::parameters
