#include "inkfade/parameters/registry.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <unordered_map>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/registry_rows.hpp"
#include "inkfade/parameters/suggest.hpp"

namespace inkfade::parameters {
namespace {

constexpr std::string_view layer_mark = "<layer>";

double bound_in_si(const std::string& text, const std::string& display_unit) {
  const SplitQuantity quantity = split_quantity(text).value();
  return unit(quantity.unit.empty() ? display_unit : quantity.unit).to_si(quantity.number);
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return words;
}

ParameterInfo make_info(const rows::Row& row) {
  ParameterInfo info;
  info.name = row.name;
  info.alias = row.alias;
  info.kind = row.kind;
  info.unit = row.unit;
  info.lower = row.lower;
  info.upper = row.upper;
  info.choices = split_words(row.choices);
  info.description = row.description;
  info.symbol = row.symbol;
  info.fallback = row.fallback;
  if (row.kind == Kind::real || row.kind == Kind::integer) {
    info.lower_si = bound_in_si(info.lower, info.unit);
    info.upper_si = bound_in_si(info.upper, info.unit);
  }
  return info;
}

std::vector<ParameterInfo> build_registry() {
  std::vector<ParameterInfo> list;
  for (const auto group : {rows::skin(), rows::procedure(), rows::cells(), rows::protocol(), rows::run()}) {
    for (const rows::Row& row : group) list.push_back(make_info(row));
  }
  return list;
}

const std::vector<ParameterInfo>& registry() {
  static const std::vector<ParameterInfo> list = build_registry();
  return list;
}

struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using Index = std::unordered_map<std::string, const ParameterInfo*, StringHash, std::equal_to<>>;

const Index& name_index() {
  static const Index index = [] {
    Index result;
    for (const ParameterInfo& info : registry()) {
      result.emplace(info.name, &info);
      if (!info.alias.empty()) result.emplace(info.alias, &info);
    }
    return result;
  }();
  return index;
}

// "skin.papillary_dermis.thickness" -> "skin.<layer>.thickness"; "" where the name cannot be a layer's.
std::string template_name(std::string_view name) {
  constexpr std::string_view prefix = "skin.";
  if (!name.starts_with(prefix)) return {};
  const std::size_t dot = name.find('.', prefix.size());
  if (dot == std::string_view::npos || !is_layer_name(name.substr(prefix.size(), dot - prefix.size()))) return {};
  return std::string(prefix) + std::string(layer_mark) + std::string(name.substr(dot));
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::real:
      return "real";
    case Kind::integer:
      return "integer";
    case Kind::boolean:
      return "boolean";
    case Kind::choice:
      return "choice";
  }
  return "";
}

bool ParameterInfo::is_layer_template() const { return name.find(layer_mark) != std::string::npos; }

std::span<const ParameterInfo> all_parameters() { return registry(); }

const ParameterInfo* find_parameter(std::string_view name_or_alias) {
  const Index& index = name_index();
  const auto found = index.find(name_or_alias);
  // The template itself names no parameter of any scenario.
  if (found != index.end()) return found->second->is_layer_template() ? nullptr : found->second;
  const auto layer = index.find(template_name(name_or_alias));
  return layer == index.end() ? nullptr : layer->second;
}

const ParameterInfo& parameter(std::string_view name_or_alias) {
  if (const ParameterInfo* info = find_parameter(name_or_alias)) return *info;
  throw ParameterError("unknown parameter \"" + std::string(name_or_alias) + "\"" + suggest_parameter(name_or_alias) +
                       ": `inkfade parameters` lists all");
}

std::string canonical_name(std::string_view name_or_alias) {
  const ParameterInfo* info = find_parameter(name_or_alias);
  return info != nullptr && info->alias == name_or_alias ? info->name : std::string(name_or_alias);
}

std::span<const std::string> dose_parameters() {
  static const std::array<std::string, 3> names{"procedure.deposit_per_dot", "procedure.local_dose",
                                                "procedure.patch_dose"};
  return names;
}

bool is_dose(std::string_view name) {
  const auto names = dose_parameters();
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string layer_parameter(std::string_view layer, std::string_view quantity) {
  return "skin." + std::string(layer) + "." + std::string(quantity);
}

bool is_layer_name(std::string_view name) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_allowed = [&](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_'; };
  if (name.empty() || name.size() > 64 || !is_lower(name.front())) return false;
  if (!std::all_of(name.begin(), name.end(), is_allowed)) return false;
  return name != "wound" && name != "lymph" && name != "layer";
}

std::string suggest_parameter(std::string_view name) {
  // The last word alone is what people half remember: "dot_spacing", "halflife".
  std::vector<std::string> candidates;
  std::vector<std::string> answers;
  const std::string as_template = template_name(name);
  const std::string_view layer = as_template.empty() ? std::string_view{} : name.substr(5, name.find('.', 5) - 5);
  for (const ParameterInfo& info : registry()) {
    std::string full = info.name;
    if (info.is_layer_template()) {
      if (layer.empty()) continue;
      full = layer_parameter(layer, info.name.substr(info.name.rfind('.') + 1));
    }
    candidates.push_back(full);
    answers.push_back(full);
    if (name.find('.') != std::string_view::npos) continue;
    candidates.push_back(full.substr(full.rfind('.') + 1));
    answers.push_back(full);
  }
  const std::string best = nearest(name, candidates);
  if (best.empty()) return {};
  const auto position = std::find(candidates.begin(), candidates.end(), best) - candidates.begin();
  return " (did you mean " + answers[static_cast<std::size_t>(position)] + "?)";
}

std::string format_value(const ParameterInfo& info, double value_si, int digits) {
  return format_quantity(value_si, unit(info.unit), digits);
}

}  // namespace inkfade::parameters
