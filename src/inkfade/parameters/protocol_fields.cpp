#include "inkfade/parameters/protocol_fields.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace inkfade::parameters {
namespace {

ParameterInfo time_field(const char* name, const char* description) {
  ParameterInfo info;
  info.name = name;
  info.unit = "day";
  info.lower = "0 day";
  info.upper = "200 year";
  info.upper_si = unit("year").to_si(200.0);
  info.description = description;
  return info;
}

ParameterInfo share_field(const char* name, const char* description) {
  ParameterInfo info;
  info.name = name;
  info.unit = std::string("1");
  info.lower = std::string("0");
  info.upper = std::string("1");
  info.upper_si = 1.0;
  info.description = description;
  return info;
}

ParameterInfo whole_field(const char* name, int lower, int upper, const char* description) {
  ParameterInfo info;
  info.name = name;
  info.kind = Kind::integer;
  info.unit = std::string("1");
  info.lower = std::to_string(lower);
  info.upper = std::to_string(upper);
  info.lower_si = lower;
  info.upper_si = upper;
  info.description = description;
  return info;
}

ParameterInfo choice_field(const char* name, std::vector<std::string> choices, const char* description) {
  ParameterInfo info;
  info.name = name;
  info.kind = Kind::choice;
  info.unit = std::string("1");
  info.choices = std::move(choices);
  info.description = description;
  return info;
}

}  // namespace

const ParameterInfo& protocol_field(std::string_view name) {
  static const std::vector<ParameterInfo> fields{
      choice_field("kind", {"treatment", "touch_up"}, "What the session is."),
      choice_field("intervention", {"macrophage_ablation", "immune_stimulation", "laser"}, "What is done."),
      whole_field("repeat", 1, 50, "Number of sessions of a course."),
      time_field("every", "Time between the sessions of a course."),
      time_field("at", "Time of the session since the start."),
      time_field("from", "Begin of the span, included."),
      time_field("to", "End of the span, excluded."),
      choice_field("dressing", {"dry", "moist", "occlusive"}, "How the wound is covered."),
      share_field("washing", "0: gentle; 1: hard scrubbing."),
      share_field("scab_disturbance", "0: scabs left alone; 1: picked off."),
      share_field("moisturiser", "Use of moisturiser."),
      share_field("exfoliant", "Use of exfoliants or retinoids."),
      share_field("massage", "Share of the day under massage."),
  };
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const ParameterInfo& info) { return info.name == name; });
  if (found == fields.end()) throw std::logic_error("no such protocol field: " + std::string(name));
  return *found;
}

}  // namespace inkfade::parameters
