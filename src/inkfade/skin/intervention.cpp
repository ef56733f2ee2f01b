#include "inkfade/skin/intervention.hpp"

#include <string>

namespace inkfade::skin {

using parameters::InterventionKind;
using parameters::Scenario;

namespace {

double strength(const Scenario& scenario, const parameters::Intervention& intervention, const std::string& name) {
  const auto own = intervention.overrides.find(name);
  return own == intervention.overrides.end() ? scenario.real(name) : std::get<double>(own->second);
}

Intervention laser(const Scenario& scenario, const parameters::Intervention& given, const Ink& ink) {
  Intervention result;
  result.fragmented_share = strength(scenario, given, "interventions.laser_fragmented_share");
  result.removed_share = strength(scenario, given, "interventions.laser_removed_share");
  result.laden_killed = strength(scenario, given, "interventions.laser_killed_share");
  const double median = strength(scenario, given, "interventions.laser_fragment_diameter");
  result.fragments = lognormal_mass_fractions(ink.diameter, median, scenario.real("ink.size_gsd"));
  return result;
}

/// End of the time without recruitment after an ablation [s].
double wake_of(const Scenario& scenario, const parameters::Intervention& ablation) {
  return ablation.from + strength(scenario, ablation, "interventions.ablation_delay");
}

}  // namespace

std::vector<Intervention> interventions_at(const Scenario& scenario, const Ink& ink, double t) {
  std::vector<Intervention> events;
  for (const auto& given : scenario.interventions()) {
    if (given.from != t) continue;
    if (given.kind == InterventionKind::laser) events.push_back(laser(scenario, given, ink));
    if (given.kind == InterventionKind::macrophage_ablation) {
      events.emplace_back().killed = strength(scenario, given, "interventions.ablation_share");
    }
  }
  return events;
}

CellActivity cell_activity(const Scenario& scenario, double t) {
  CellActivity activity;
  for (const auto& given : scenario.interventions()) {
    if (given.from > t) break;
    if (given.kind == InterventionKind::immune_stimulation && t < given.to) {
      activity.capture = strength(scenario, given, "interventions.stimulation_capture");
      activity.egress = strength(scenario, given, "interventions.stimulation_egress");
    }
    if (given.kind == InterventionKind::macrophage_ablation && t < wake_of(scenario, given)) activity.recruitment = 0.0;
  }
  return activity;
}

std::vector<double> intervention_breakpoints(const Scenario& scenario) {
  std::vector<double> times;
  for (const auto& given : scenario.interventions()) {
    times.push_back(given.from);
    if (given.kind == InterventionKind::immune_stimulation) times.push_back(given.to);
    if (given.kind == InterventionKind::macrophage_ablation) times.push_back(wake_of(scenario, given));
  }
  return times;
}

}  // namespace inkfade::skin
