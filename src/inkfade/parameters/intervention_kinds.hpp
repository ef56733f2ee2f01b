#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "inkfade/parameters/scenario.hpp"

namespace inkfade::parameters {

/// What is fixed about one kind of intervention.
struct InterventionKindInfo {
  InterventionKind kind;
  const char* name;    ///< in files and results
  const char* prefix;  ///< of the interventions.* parameters that set its strength
  bool is_span;        ///< lasts from `from` to `to`; else an event
};

inline constexpr std::array<InterventionKindInfo, 3> intervention_kinds{{
    {InterventionKind::macrophage_ablation, "macrophage_ablation", "interventions.ablation_", false},
    {InterventionKind::immune_stimulation, "immune_stimulation", "interventions.stimulation_", true},
    {InterventionKind::laser, "laser", "interventions.laser_", false},
}};

const InterventionKindInfo& about(InterventionKind kind);

/// Precondition: `name` is one of intervention_kinds.
InterventionKind intervention_kind(std::string_view name);

/// "macrophage_ablation, immune_stimulation, laser"
std::string intervention_kind_list();

/// Dotted names of the parameters that set the strength of a kind, in registry order.
std::vector<std::string> strengths_of(const InterventionKindInfo& kind);

}  // namespace inkfade::parameters
