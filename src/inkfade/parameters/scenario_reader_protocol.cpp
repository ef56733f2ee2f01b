#include <algorithm>

#include "inkfade/base/constants.hpp"
#include "inkfade/parameters/aftercare.hpp"
#include "inkfade/parameters/calendar.hpp"
#include "inkfade/parameters/protocol_fields.hpp"
#include "inkfade/parameters/scenario_reader.hpp"
#include "inkfade/parameters/setting.hpp"
#include "inkfade/parameters/suggest.hpp"

namespace inkfade::parameters {
namespace {

// The names a short key of a group may stand for, e.g. "spf" -> "exposure.spf"; real and choice parameters alike.
std::vector<std::string> group_keys(const std::string& group) {
  std::vector<std::string> keys;
  for (const ParameterInfo& info : all_parameters()) {
    if (info.name.starts_with(group + ".")) keys.push_back(info.name.substr(group.size() + 1));
  }
  return keys;
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// TOML has one meaning for a name: where [[exposure]] lists spans, the values that hold outside them have no [exposure]
// to stand in. They are the entry without from and to. The same holds for [[aftercare]].
bool is_base_entry(const toml::table& table) {
  for (const char* key : {"from", "to", "regime", "dressing"}) {
    if (table.contains(key)) return false;
  }
  return std::none_of(aftercare_fields.begin(), aftercare_fields.end(),
                      [&](const AftercareField& field) { return table.contains(field.name); });
}

std::vector<std::string> aftercare_keys() {
  std::vector<std::string> keys{"from", "to", "regime", "dressing"};
  for (const AftercareField& field : aftercare_fields) keys.emplace_back(field.name);
  return keys;
}

}  // namespace

void read_aftercare_fields(const TomlDocument& document, const toml::table& table, const std::string& label,
                           AftercareSpan& span) {
  if (const toml::node* node = table.get("dressing")) {
    span.dressing = std::get<std::string>(document.resolve_at(protocol_field("dressing"), label + ": dressing", *node));
  }
  for (const AftercareField& field : aftercare_fields) {
    const toml::node* node = table.get(field.name);
    if (node == nullptr) continue;
    span.*field.member =
        std::get<double>(document.resolve_at(protocol_field(field.name), label + ": " + field.name, *node));
  }
}

void ScenarioReader::read_base_entry(const std::string& group, const toml::node& node) {
  bool found = false;
  for (const toml::table* table : document_.tables(node, group)) {
    if (!is_base_entry(*table)) continue;
    if (found) document_.fail(group + ": only one entry may stand without from and to", *table);
    found = true;
    read_group(group, *table);
  }
}

void ScenarioReader::read_protocol() {
  const toml::table& root = document_.root();
  if (const toml::node* node = root.get("session")) read_sessions(*node);
  if (const toml::node* node = root.get("aftercare"); node != nullptr && !node->is_table()) read_aftercare(*node);
  if (const toml::node* node = root.get("exposure"); node != nullptr && !node->is_table()) read_exposure(*node);
  if (const toml::node* node = root.get("intervention")) read_interventions(*node);
}

double ScenarioReader::read_time(const toml::node& node, const std::string& label, const char* field,
                                 bool dates_allowed) const {
  const std::string name = label + ": " + field;
  const auto* date = node.as_date();
  if (date == nullptr) return std::get<double>(document_.resolve_at(protocol_field(field), name, node));
  if (!dates_allowed) {
    document_.fail(name + ": must be a time since the session such as \"14 day\", not a date", node);
  }
  const auto day = make_date(date->get().year, date->get().month, date->get().day);
  if (!day) document_.fail(name + ": there is no such day", node);
  const std::string text = format_date(*day);
  if (!data_.start)
    document_.fail(name + " = " + text + ": a date needs the date of the start, e.g. start = " + text, node);
  if (day->days_since_epoch < data_.start->days_since_epoch) {
    document_.fail(name + " = " + text + ": must not lie before start = " + format_date(*data_.start), node);
  }
  return static_cast<double>(day->days_since_epoch - data_.start->days_since_epoch) * inkfade::day;
}

double ScenarioReader::read_needed_time(const toml::table& table, const std::string& label, const char* field,
                                        bool dates_allowed) const {
  const toml::node* node = table.get(field);
  if (node == nullptr) document_.fail(label + ": " + field + " is missing", table);
  return read_time(*node, label, field, dates_allowed);
}

void ScenarioReader::read_sessions(const toml::node& node) {
  data_.sessions.clear();
  positions_["session"] = node.source().begin;
  for (const toml::table* table : document_.tables(node, "session")) {
    const std::string index = std::to_string(data_.sessions.size());
    const std::string label = "session " + std::to_string(data_.sessions.size() + 1);
    Session session;
    session.at = read_needed_time(*table, label, "at", true);
    positions_["session." + index] = table->get("at")->source().begin;
    for (const auto& [key, value] : *table) {
      const std::string name(key.str());
      if (name == "at" || name == "repeat" || name == "every") continue;
      if (name == "kind") {
        const Value kind = document_.resolve_at(protocol_field("kind"), label + ": kind", value);
        session.kind = std::get<std::string>(kind) == "treatment" ? SessionKind::treatment : SessionKind::touch_up;
      } else if (name == "procedure" || name == "ink") {
        const toml::table& group = document_.table(value, label + ": " + name);
        document_.check_keys(group, label + ": " + name, group_keys(name));
        for (const auto& [inner, setting] : group) {
          read_override(session, label, name + "." + std::string(inner.str()), setting);
        }
      } else if (find_parameter(name) != nullptr && canonical_name(name).starts_with("procedure.")) {
        read_override(session, label, canonical_name(name), value);
      } else {
        document_.fail(
            label + ": unknown key " + show(name) +
                did_you_mean(name, std::vector<std::string>{"kind", "at", "repeat", "every", "procedure", "ink"}) +
                "; the keys here are kind, at, repeat, every, procedure, ink and the aliases of procedure "
                "parameters",
            position_of(key));
      }
    }
    data_.sessions.push_back(std::move(session));
    repeat_session(*table, label);
  }
}

void ScenarioReader::read_override(Session& session, const std::string& label, const std::string& name,
                                   const toml::node& node) {
  const std::string full = label + ": " + name;
  if (session.overrides.contains(name)) document_.fail(full + " is given twice", node);
  if (is_dose(name)) {
    for (const std::string& dose : dose_parameters()) {
      if (session.overrides.contains(dose)) document_.fail(full + ": the dose is given twice, also as " + dose, node);
    }
  }
  session.overrides.emplace(name, document_.resolve_at(parameter(name), full, node));
}

std::vector<AftercareSpan> ScenarioReader::read_aftercare_entry(const toml::table& table, const std::string& label) {
  document_.check_keys(table, label, aftercare_keys());
  const toml::node* name = table.get("regime");
  std::vector<AftercareSpan> spans(1);
  spans.front().dressing = "dry";
  const bool whole_regime = name != nullptr && !table.contains("from") && !table.contains("to");
  if (!whole_regime) {
    spans.front().from = read_needed_time(table, label, "from", false);
    spans.front().to = read_needed_time(table, label, "to", false);
  }
  const std::string regime = name == nullptr ? std::string{} : document_.text(*name, label + ": regime");
  if (name != nullptr) {
    try {
      spans = whole_regime ? aftercare_regime(regime) : clip_regime(regime, spans.front().from, spans.front().to);
    } catch (const ParameterError& error) {
      document_.fail(label + ": " + error.what(), *name);
    }
  }
  for (AftercareSpan& span : spans) read_aftercare_fields(document_, table, label, span);
  return spans;
}

void ScenarioReader::read_aftercare(const toml::node& node) {
  const auto tables = document_.tables(node, "aftercare");
  const bool only_base = !tables.empty() && std::all_of(tables.begin(), tables.end(),
                                                        [](const toml::table* each) { return is_base_entry(*each); });
  if (only_base) return;
  data_.aftercare.clear();
  std::size_t number = 0;
  for (const toml::table* table : tables) {
    if (is_base_entry(*table)) continue;
    for (AftercareSpan& span : read_aftercare_entry(*table, "aftercare " + std::to_string(++number))) {
      positions_["aftercare." + std::to_string(data_.aftercare.size())] = table->source().begin;
      data_.aftercare.push_back(std::move(span));
    }
  }
}

void ScenarioReader::read_exposure(const toml::node& node) {
  const auto tables = document_.tables(node, "exposure");
  const bool only_base = !tables.empty() && std::all_of(tables.begin(), tables.end(),
                                                        [](const toml::table* each) { return is_base_entry(*each); });
  if (only_base) return;
  data_.exposure.clear();
  const std::vector<std::string> parameters = group_keys("exposure");
  for (const toml::table* table : tables) {
    if (is_base_entry(*table)) continue;
    const std::string index = std::to_string(data_.exposure.size());
    const std::string label = "exposure " + std::to_string(data_.exposure.size() + 1);
    document_.check_keys(*table, label, joined({"from", "to"}, parameters));
    ExposureSpan span;
    span.from = read_needed_time(*table, label, "from", true);
    span.to = read_needed_time(*table, label, "to", true);
    for (const auto& [key, value] : *table) {
      const std::string name = "exposure." + std::string(key.str());
      const ParameterInfo* info = find_parameter(name);
      if (info != nullptr) span.overrides.emplace(name, document_.resolve_at(*info, label + ": " + name, value));
    }
    positions_["exposure." + index] = table->source().begin;
    data_.exposure.push_back(std::move(span));
  }
}

}  // namespace inkfade::parameters
