#include <sstream>

#include "inkfade/parameters/calendar.hpp"
#include "inkfade/parameters/grade.hpp"
#include "inkfade/parameters/intervention_kinds.hpp"
#include "inkfade/parameters/protocol_fields.hpp"
#include "inkfade/parameters/quoted_text.hpp"
#include "inkfade/parameters/scenario_data.hpp"
#include "inkfade/parameters/setting.hpp"

namespace inkfade::parameters {
namespace {

// A value as TOML: quoted where it carries a unit or is text, bare where it is a plain number or a flag.
std::string toml_value(const ParameterInfo& info, const Value& value) {
  const std::string text = value_text(info, value);
  const bool bare =
      info.kind == Kind::integer || info.kind == Kind::boolean || (info.kind == Kind::real && info.is_dimensionless());
  return bare ? text : quoted_text(text);
}

std::string last_word(const std::string& name) { return name.substr(name.rfind('.') + 1); }

std::string group_of(const std::string& name) { return name.substr(0, name.rfind('.')); }

void write_entry(std::ostream& out, const ParameterInfo& info, const std::string& key, const Entry& entry) {
  out << key << " = { value = " << toml_value(info, entry.value) << ", grade = " << quoted_text(to_string(entry.grade))
      << ", source = " << quoted_text(entry.source);
  if (entry.gsd != 1.0) out << ", gsd = " << format_number(entry.gsd);
  out << " }\n";
}

void write_group(std::ostream& out, const ScenarioData& data, const std::string& group, const std::string& header) {
  out << "\n" << header << "\n";
  for (std::size_t i = 0; i < data.entries.size(); ++i) {
    const std::string& name = data.layout->names[i];
    if (group_of(name) == group) write_entry(out, *data.layout->infos[i], last_word(name), data.entries[i]);
  }
}

std::string time_text(double time) { return quoted_text(format_exact(time, unit("day"))); }

void write_sessions(std::ostream& out, const ScenarioData& data) {
  for (const Session& session : data.sessions) {
    out << "\n[[session]]\nkind = " << (session.kind == SessionKind::treatment ? "\"treatment\"" : "\"touch_up\"")
        << "\nat = " << time_text(session.at) << "\n";
    for (const auto& [name, value] : session.overrides) {
      out << name << " = " << toml_value(parameter(name), value) << "\n";
    }
  }
}

void write_aftercare(std::ostream& out, const ScenarioData& data) {
  write_group(out, data, "aftercare", "[[aftercare]]");
  for (const AftercareSpan& span : data.aftercare) {
    out << "\n[[aftercare]]\nfrom = " << time_text(span.from) << "\nto = " << time_text(span.to) << "\n";
    if (!span.regime.empty()) out << "regime = " << quoted_text(span.regime) << "\n";
    out << "dressing = " << quoted_text(span.dressing) << "\n";
    for (const AftercareField& field : aftercare_fields) {
      out << field.name << " = " << format_number(span.*field.member) << "\n";
    }
  }
}

void write_exposure(std::ostream& out, const ScenarioData& data) {
  write_group(out, data, "exposure", "[[exposure]]");
  for (const ExposureSpan& span : data.exposure) {
    out << "\n[[exposure]]\nfrom = " << time_text(span.from) << "\nto = " << time_text(span.to) << "\n";
    for (const auto& [name, value] : span.overrides) {
      out << last_word(name) << " = " << toml_value(parameter(name), value) << "\n";
    }
  }
}

void write_interventions(std::ostream& out, const ScenarioData& data) {
  for (const Intervention& intervention : data.interventions) {
    const InterventionKindInfo& info = about(intervention.kind);
    out << "\n[[intervention]]\nkind = " << quoted_text(info.name) << "\n";
    out << (info.is_span ? "from = " : "at = ") << time_text(intervention.from) << "\n";
    if (info.is_span) out << "to = " << time_text(intervention.to) << "\n";
    for (const auto& [name, value] : intervention.overrides) {
      out << last_word(name) << " = " << toml_value(parameter(name), value) << "\n";
    }
  }
}

}  // namespace

std::string Scenario::to_toml() const {
  const ScenarioData& data = *data_;
  std::ostringstream out;
  out << "format = 1\nname = " << quoted_text(data.preset_name) << "\n";
  if (data.start) out << "start = " << format_date(*data.start) << "\n";
  write_group(out, data, "skin", "[skin]");
  for (const std::string& layer : data.layout->layers) {
    write_group(out, data, "skin." + layer, "[[skin.layer]]\nname = " + quoted_text(layer));
  }
  for (const char* group : {"skin.wound", "skin.lymph", "ink", "procedure", "macrophages", "stroma", "interventions",
                            "touch_up", "run", "numerics"}) {
    write_group(out, data, group, std::string("[").append(group).append("]"));
  }
  write_sessions(out, data);
  write_aftercare(out, data);
  write_exposure(out, data);
  write_interventions(out, data);
  return out.str();
}

}  // namespace inkfade::parameters
