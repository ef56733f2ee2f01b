#include <map>

#include "inkfade/parameters/calendar.hpp"
#include "inkfade/parameters/grade.hpp"
#include "inkfade/parameters/intervention_kinds.hpp"
#include "inkfade/parameters/protocol_fields.hpp"
#include "inkfade/parameters/quoted_text.hpp"
#include "inkfade/parameters/scenario_data.hpp"
#include "inkfade/parameters/units.hpp"

namespace inkfade::parameters {
namespace {

// Texts by key: std::map writes them in sorted order, which is what makes the result canonical.
using Object = std::map<std::string, std::string>;

std::string json(const Object& object) {
  std::string text = "{";
  for (const auto& [key, value] : object) {
    if (text.size() > 1) text += ',';
    text.append(quoted_text(key)).append(":").append(value);
  }
  return text + "}";
}

template <class List, class ToText>
std::string json_list(const List& list, ToText to_text) {
  std::string text = "[";
  for (const auto& each : list) {
    if (text.size() > 1) text += ',';
    text += to_text(each);
  }
  return text + "]";
}

std::string json(const Value& value) {
  struct Visitor {
    std::string operator()(double number) const { return format_number(number); }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(const std::string& text) const { return quoted_text(text); }
  };
  return std::visit(Visitor{}, value);
}

std::string json(const std::map<std::string, Value>& values) {
  Object object;
  for (const auto& [name, value] : values) object[name] = json(value);
  return json(object);
}

std::string json(const Entry& entry) {
  return json(Object{{"value", json(entry.value)},
                     {"grade", quoted_text(to_string(entry.grade))},
                     {"source", quoted_text(entry.source)},
                     {"gsd", format_number(entry.gsd)}});
}

std::string json(const Session& session) {
  return json(Object{{"kind", session.kind == SessionKind::treatment ? "\"treatment\"" : "\"touch_up\""},
                     {"at", format_number(session.at)},
                     {"overrides", json(session.overrides)}});
}

std::string json(const AftercareSpan& span) {
  Object object{{"from", format_number(span.from)},
                {"to", format_number(span.to)},
                {"regime", quoted_text(span.regime)},
                {"dressing", quoted_text(span.dressing)}};
  for (const AftercareField& field : aftercare_fields) object[field.name] = format_number(span.*field.member);
  return json(object);
}

std::string json(const ExposureSpan& span) {
  return json(
      Object{{"from", format_number(span.from)}, {"to", format_number(span.to)}, {"overrides", json(span.overrides)}});
}

std::string json(const Intervention& intervention) {
  return json(Object{{"kind", quoted_text(about(intervention.kind).name)},
                     {"from", format_number(intervention.from)},
                     {"to", format_number(intervention.to)},
                     {"overrides", json(intervention.overrides)}});
}

}  // namespace

std::string Scenario::to_json() const {
  const ScenarioData& data = *data_;
  Object values;
  for (std::size_t i = 0; i < data.entries.size(); ++i) values[data.layout->names[i]] = json(data.entries[i]);
  const auto as_json = [](const auto& each) { return json(each); };
  return json(Object{
      {"format", "1"},
      {"name", quoted_text(data.preset_name)},
      {"start", data.start ? quoted_text(format_date(*data.start)) : "null"},
      {"layers", json_list(data.layout->layers, [](const std::string& layer) { return quoted_text(layer); })},
      {"parameters", json(values)},
      {"sessions", json_list(data.sessions, as_json)},
      {"aftercare", json_list(data.aftercare, as_json)},
      {"exposure", json_list(data.exposure, as_json)},
      {"interventions", json_list(data.interventions, as_json)},
  });
}

}  // namespace inkfade::parameters
