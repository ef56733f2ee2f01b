#include <string>

#include "inkfade/parameters/intervention_kinds.hpp"
#include "inkfade/parameters/protocol_fields.hpp"
#include "inkfade/parameters/scenario_reader.hpp"
#include "inkfade/parameters/setting.hpp"

namespace inkfade::parameters {

// A course: the same session again, `repeat` of them in all, `every` so often.
void ScenarioReader::repeat_session(const toml::table& table, const std::string& label) {
  const toml::node* repeat = table.get("repeat");
  const toml::node* every = table.get("every");
  if (repeat == nullptr && every == nullptr) return;
  if (repeat == nullptr)
    document_.fail(label + ": repeat is missing; every = .. says how often, repeat how many", *every);
  if (every == nullptr) document_.fail(label + ": every is missing, e.g. every = \"14 day\"", *repeat);
  const auto sessions =
      std::get<std::int64_t>(document_.resolve_at(protocol_field("repeat"), label + ": repeat", *repeat));
  const double spacing = read_time(*every, label, "every", false);
  if (sessions > 1 && !(spacing > 0.0)) document_.fail(label + ": every = 0 day: must be above 0 day", *every);
  const Session first = data_.sessions.back();
  for (std::int64_t i = 1; i < sessions; ++i) {
    Session session = first;
    session.at = first.at + static_cast<double>(i) * spacing;
    positions_["session." + std::to_string(data_.sessions.size())] = every->source().begin;
    data_.sessions.push_back(std::move(session));
  }
}

Intervention ScenarioReader::read_intervention(const toml::table& table, const std::string& label) {
  Intervention intervention;
  const toml::node* kind = table.get("kind");
  if (kind == nullptr) document_.fail(label + ": kind is missing; it is one of " + intervention_kind_list(), table);
  intervention.kind = intervention_kind(
      std::get<std::string>(document_.resolve_at(protocol_field("intervention"), label + ": kind", *kind)));
  const InterventionKindInfo& info = about(intervention.kind);
  std::vector<std::string> keys{"kind"};
  if (info.is_span) {
    keys.insert(keys.end(), {"from", "to"});
  } else {
    keys.emplace_back("at");
  }
  const std::vector<std::string> strengths = strengths_of(info);
  for (const std::string& name : strengths) keys.push_back(name.substr(name.rfind('.') + 1));
  document_.check_keys(table, label + " (" + info.name + ")", keys);
  intervention.from = read_needed_time(table, label, info.is_span ? "from" : "at", true);
  intervention.to = info.is_span ? read_needed_time(table, label, "to", true) : intervention.from;
  for (const std::string& name : strengths) {
    const toml::node* node = table.get(name.substr(name.rfind('.') + 1));
    if (node == nullptr) continue;
    intervention.overrides.emplace(name, document_.resolve_at(parameter(name), label + ": " + name, *node));
  }
  return intervention;
}

void ScenarioReader::read_interventions(const toml::node& node) {
  data_.interventions.clear();
  for (const toml::table* table : document_.tables(node, "intervention")) {
    const std::size_t index = data_.interventions.size();
    positions_["intervention." + std::to_string(index)] = table->source().begin;
    data_.interventions.push_back(read_intervention(*table, "intervention " + std::to_string(index + 1)));
  }
}

}  // namespace inkfade::parameters
