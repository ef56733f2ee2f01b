#include "inkfade/parameters/intervention_kinds.hpp"

#include <algorithm>
#include <stdexcept>

#include "inkfade/parameters/registry.hpp"

namespace inkfade::parameters {

const InterventionKindInfo& about(InterventionKind kind) {
  const auto found = std::ranges::find(intervention_kinds, kind, &InterventionKindInfo::kind);
  if (found == intervention_kinds.end()) throw std::logic_error("an intervention of no known kind");
  return *found;
}

InterventionKind intervention_kind(std::string_view name) {
  for (const InterventionKindInfo& info : intervention_kinds) {
    if (info.name == name) return info.kind;
  }
  throw std::logic_error("no such kind of intervention: " + std::string(name));
}

std::string intervention_kind_list() {
  std::string list;
  for (const InterventionKindInfo& info : intervention_kinds)
    list += (list.empty() ? "" : ", ") + std::string(info.name);
  return list;
}

std::vector<std::string> strengths_of(const InterventionKindInfo& kind) {
  std::vector<std::string> names;
  for (const ParameterInfo& info : all_parameters()) {
    if (info.name.starts_with(kind.prefix)) names.push_back(info.name);
  }
  return names;
}

}  // namespace inkfade::parameters
