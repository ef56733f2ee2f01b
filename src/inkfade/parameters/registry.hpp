#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inkfade/parameters/units.hpp"

namespace inkfade::parameters {

enum class Kind : std::uint8_t { real, integer, boolean, choice };

/// The text of a kind, e.g. "real".
std::string_view to_string(Kind kind);

/// All that is fixed about one parameter; its value in a case is an Entry of a Scenario.
///
/// Layer parameters are templates: the name "skin.<layer>.thickness" stands for skin.papillary_dermis.thickness and
/// its siblings.
struct ParameterInfo {
  std::string name;   ///< dotted name
  std::string alias;  ///< unique short name, or ""
  Kind kind = Kind::real;
  std::string unit;                  ///< display unit; "1" where dimensionless
  std::string lower;                 ///< lower bound as people read it, e.g. "20 um" (real and integer)
  std::string upper;                 ///< upper bound as people read it
  double lower_si = 0.0;             ///< lower bound, SI, allowed itself
  double upper_si = 0.0;             ///< upper bound, SI, allowed itself
  std::vector<std::string> choices;  ///< allowed values of a choice
  std::string description;           ///< one sentence
  std::string symbol;                ///< in the equations of models/README.md, or ""
  std::string fallback;              ///< value where a complete file from before this parameter leaves it out, or ""

  [[nodiscard]] bool is_layer_template() const;
  [[nodiscard]] bool is_dimensionless() const { return unit == "1"; }
};

/// Every parameter, in registry order. The list lives as long as the program.
std::span<const ParameterInfo> all_parameters();

/// The parameter of a dotted name or an alias, or nullptr; a layer's parameter is found under its template.
const ParameterInfo* find_parameter(std::string_view name_or_alias);

/// The same for a name that must exist. @throws ParameterError with a suggestion.
const ParameterInfo& parameter(std::string_view name_or_alias);

/// The dotted name behind an alias; any other name as it is.
std::string canonical_name(std::string_view name_or_alias);

/// The three ways to say how much pigment is placed; a scenario holds exactly one of them.
std::span<const std::string> dose_parameters();

/// True for the name of one of `dose_parameters()`.
bool is_dose(std::string_view name);

/// The dotted name of a layer's parameter, e.g. ("papillary_dermis", "thickness").
std::string layer_parameter(std::string_view layer, std::string_view quantity);

/// Layer names are lower-case words joined by underscores, and not a group of the registry such as "wound".
bool is_layer_name(std::string_view name);

/// " (did you mean procedure.depth?)" for a name that is not in the registry, or "".
std::string suggest_parameter(std::string_view name);

/// An SI value of this parameter in its display unit, e.g. "450 um".
std::string format_value(const ParameterInfo& info, double value_si, int digits = 6);

}  // namespace inkfade::parameters
