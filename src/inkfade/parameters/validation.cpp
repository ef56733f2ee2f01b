#include "inkfade/parameters/validation.hpp"

#include "inkfade/parameters/intervention_kinds.hpp"
#include "inkfade/parameters/setting.hpp"

namespace inkfade::parameters {
namespace {

bool is_seen(const std::string& measure) { return measure.starts_with("patch_contrast"); }

constexpr double depth_margin = 1e-6;  // [m]: a centroid on the junction itself leaves no room for a deposit

[[noreturn]] void fail(const std::string& message, std::vector<std::string> about) {
  throw CrossFieldError(message, std::move(about));
}

std::string shown(std::string_view name, double value) {
  return std::string(name) + " = " + format_value(parameter(name), value);
}

void check_layers(const ScenarioData& data) {
  const auto& layers = data.layout->layers;
  bool in_dermis = false;
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    if (!data.is_epidermis(layer)) {
      in_dermis = true;
      continue;
    }
    const auto name_of = [&](const char* quantity) { return layer_parameter(layers[layer], quantity); };
    if (in_dermis) fail(name_of("tissue") + " = epidermis: must lie above every dermal layer", {name_of("tissue")});
    for (const char* quantity : {"macrophage_density", "binding_capacity", "lymph_factor"}) {
      if (data.real_in_layer(layer, quantity) != 0.0) {
        const std::string name = name_of(quantity);
        const std::string tissue = name_of("tissue");
        fail(shown(name, data.real(name)) + ": must be 0 where " + tissue +
                 " = epidermis: the epidermis holds free pigment only",
             {name, tissue});
      }
    }
  }
  const bool has_epidermis = !layers.empty() && data.is_epidermis(0);
  if (!has_epidermis) fail("skin.layer: the outermost layer must be of tissue epidermis", {"skin.layer"});
  if (!in_dermis) fail("skin.layer: at least one layer must be of tissue dermis", {"skin.layer"});
}

// A procedure.* or ink.* value as it holds in one session; `session` may be null: the scenario's own.
double real_in(const ScenarioData& data, const Session* session, std::string_view name) {
  if (session != nullptr && !session->overrides.empty()) {
    const auto found = session->overrides.find(std::string(name));
    if (found != session->overrides.end()) return std::get<double>(found->second);
  }
  return data.real(name);
}

std::string text_in(const ScenarioData& data, const Session* session, std::string_view name) {
  if (session != nullptr && !session->overrides.empty()) {
    const auto found = session->overrides.find(std::string(name));
    if (found != session->overrides.end()) return std::get<std::string>(found->second);
  }
  return data.text(name);
}

void check_deposit(const ScenarioData& data, const DepthRange& range, const Session* session, const std::string& where,
                   const std::string& where_key) {
  const auto about = [&](std::initializer_list<const char*> names) {
    std::vector<std::string> list;
    if (session != nullptr) list.push_back(where_key);
    list.insert(list.end(), names.begin(), names.end());
    return list;
  };
  const double depth = real_in(data, session, "procedure.depth");
  if (!(depth >= range.lower && depth <= range.upper)) {
    const ParameterInfo& info = parameter("procedure.depth");
    fail(where + shown("procedure.depth", depth) + ": must lie inside the dermis, between " +
             format_value(info, range.lower) + " and " + format_value(info, range.upper) + " here",
         about({"procedure.depth"}));
  }
  const double smallest = real_in(data, session, "ink.size_min");
  const double largest = real_in(data, session, "ink.size_max");
  const double median = real_in(data, session, "ink.size_median");
  if (!(smallest < largest)) {
    fail(where + shown("ink.size_min", smallest) +
             ": must be below ink.size_max = " + format_value(parameter("ink.size_min"), largest),
         about({"ink.size_min", "ink.size_max"}));
  }
  if (!(median >= smallest && median <= largest)) {
    const ParameterInfo& info = parameter("ink.size_median");
    fail(where + shown("ink.size_median", median) + ": must be between ink.size_min and ink.size_max, " +
             format_value(info, smallest) + " and " + format_value(info, largest) + " here",
         about({"ink.size_median", "ink.size_min", "ink.size_max"}));
  }
  const double diameter = real_in(data, session, "procedure.dot_diameter");
  const double density = real_in(data, session, "procedure.dot_density");
  const bool touching = diameter * diameter * density > 1.0 + 1e-12;
  if (touching && text_in(data, session, "procedure.placement") == "lattice") {
    const ParameterInfo& info = parameter("procedure.dot_density");
    fail(where + shown("procedure.dot_density", density) + ": dots on a lattice would touch; at " +
             shown("procedure.dot_diameter", diameter) + " at most " + format_value(info, 1.0 / (diameter * diameter)) +
             ", or placement = \"random\"",
         about({"procedure.dot_density", "procedure.dot_diameter", "procedure.placement"}));
  }
}

std::string day_text(double time) { return format_quantity(time, unit("day")); }

/// Time of the last treatment before the first touch-up [s].
double last_treatment_of_first_course(const ScenarioData& data) {
  double last = 0.0;
  for (const Session& session : data.sessions) {
    if (session.kind == SessionKind::touch_up) break;
    last = session.at;
  }
  return last;
}

/// Lymph grows by exp((z_ref - z)/l_g) towards the junction: more than e^8 there is no skin, and no step could follow
/// it.
void check_lymph(const ScenarioData& data) {
  const double reference = data.real("skin.lymph.reference_depth");
  const double length = data.real("skin.lymph.decay_length");
  if (reference <= 8.0 * length) return;
  fail(shown("skin.lymph.reference_depth", reference) + ": must be at most 8 times " +
           shown("skin.lymph.decay_length", length),
       {"skin.lymph.reference_depth", "skin.lymph.decay_length"});
}

void check_sessions(const ScenarioData& data, const DepthRange& range) {
  const double horizon = data.real("run.horizon");
  if (data.sessions.empty()) fail("session: at least one [[session]] is needed", {"session"});
  for (std::size_t i = 0; i < data.sessions.size(); ++i) {
    const Session& session = data.sessions[i];
    const std::string key = "session." + std::to_string(i);
    const std::string label = "session " + std::to_string(i + 1) + ": ";
    if (i == 0 && session.kind != SessionKind::treatment) {
      fail(label + "kind = touch_up: the first session must be a treatment", {key});
    }
    if (session.at < 0.0) fail(label + "at = " + day_text(session.at) + ": must not lie before the start", {key});
    if (session.at >= horizon) {
      fail(label + "at = " + day_text(session.at) + ": must lie before the horizon, " + shown("run.horizon", horizon),
           {key, "run.horizon"});
    }
    if (i > 0 && session.at <= data.sessions[i - 1].at) {
      fail(label + "at = " + day_text(session.at) + ": must come after the session before, at " +
               day_text(data.sessions[i - 1].at),
           {key});
    }
    if (session.kind == SessionKind::touch_up) {
      const double healed = last_treatment_of_first_course(data) + data.real("run.healed_after");
      if (session.at < healed) {
        fail(label + "at = " + day_text(session.at) + ": a touch_up must not come before healing, at " +
                 day_text(healed) + "; a pass before that belongs to the first course: kind = \"treatment\"",
             {key});
      }
    }
    check_deposit(data, range, &session, label, key);
  }
}

template <class Span>
void check_spans(const std::vector<Span>& spans, const std::string& group) {
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const std::string key = group + "." + std::to_string(i);
    const std::string label = group + " " + std::to_string(i + 1) + ": ";
    if (spans[i].from < 0.0) fail(label + "from = " + day_text(spans[i].from) + ": must not be negative", {key});
    if (!(spans[i].from < spans[i].to)) {
      fail(label + "to = " + day_text(spans[i].to) + ": must come after from = " + day_text(spans[i].from), {key});
    }
    if (i > 0 && spans[i].from < spans[i - 1].to) {
      fail(label + "from = " + day_text(spans[i].from) + ": overlaps the span before, which ends at " +
               day_text(spans[i - 1].to),
           {key});
    }
  }
}

void check_exposure(const ScenarioData& data) {
  check_spans(data.exposure, "exposure");
  const double horizon = data.real("run.horizon");
  for (std::size_t i = 0; i < data.exposure.size(); ++i) {
    if (data.exposure[i].to > horizon) {
      fail("exposure " + std::to_string(i + 1) + ": to = " + day_text(data.exposure[i].to) +
               ": must not lie beyond the horizon, " + shown("run.horizon", horizon),
           {"exposure." + std::to_string(i), "run.horizon"});
    }
  }
}

void check_interventions(const ScenarioData& data) {
  const double horizon = data.real("run.horizon");
  const Intervention* span_before = nullptr;
  for (std::size_t i = 0; i < data.interventions.size(); ++i) {
    const Intervention& each = data.interventions[i];
    const InterventionKindInfo& info = about(each.kind);
    const std::string key = "intervention." + std::to_string(i);
    const std::string begin = info.is_span ? "from" : "at";
    const std::string label = "intervention " + std::to_string(i + 1) + " (" + info.name + "): ";
    if (each.from < 0.0) fail(label + begin + " = " + day_text(each.from) + ": must not lie before the start", {key});
    if (each.from >= horizon) {
      fail(label + begin + " = " + day_text(each.from) + ": must lie before the horizon, " +
               shown("run.horizon", horizon),
           {key, "run.horizon"});
    }
    if (each.to > horizon) {
      fail(label + "to = " + day_text(each.to) + ": must not lie beyond the horizon, " + shown("run.horizon", horizon),
           {key, "run.horizon"});
    }
    if (i > 0 && each.from < data.interventions[i - 1].from) {
      fail(label + begin + " = " + day_text(each.from) + ": must not come before the intervention before it, at " +
               day_text(data.interventions[i - 1].from),
           {key});
    }
    if (!info.is_span) continue;
    if (!(each.from < each.to)) {
      fail(label + "to = " + day_text(each.to) + ": must come after from = " + day_text(each.from), {key});
    }
    if (span_before != nullptr && each.from < span_before->to) {
      fail(label + "from = " + day_text(each.from) + ": overlaps the " + info.name + " before, which ends at " +
               day_text(span_before->to),
           {key});
    }
    span_before = &each;
  }
}

/// A contrast is no level of pigment.
void check_floor(const ScenarioData& data) {
  const double floor = data.real("touch_up.contrast_floor");
  if (floor == 0.0 || is_seen(data.text("touch_up.measure"))) return;
  fail(shown("touch_up.contrast_floor", floor) + ": must be 0 where touch_up.measure = " +
           data.text("touch_up.measure") + "; a contrast is a level of patch_contrast_of_healed",
       {"touch_up.contrast_floor", "touch_up.measure"});
}

/// A touch-up at a fixed interval must not come before healing, as no touch-up may.
void check_schedule(const ScenarioData& data) {
  if (data.text("touch_up.schedule") != "fixed") return;
  const double interval = data.real("touch_up.interval");
  const double healing = data.real("run.healed_after");
  const double spacing = data.real("touch_up.minimum_spacing");
  if (interval < spacing) {
    fail(shown("touch_up.interval", interval) + ": must be at least touch_up.minimum_spacing, " +
             shown("touch_up.minimum_spacing", spacing) + ", where touch_up.schedule = fixed",
         {"touch_up.interval", "touch_up.minimum_spacing", "touch_up.schedule"});
  }
  if (interval >= healing) return;
  fail(shown("touch_up.interval", interval) + ": must be at least run.healed_after, " +
           shown("run.healed_after", healing) + ", where touch_up.schedule = fixed",
       {"touch_up.interval", "run.healed_after", "touch_up.schedule"});
}

}  // namespace

DepthRange deposit_depths(const ScenarioData& data) {
  double junction = 0.0;
  double base = 0.0;
  for (std::size_t layer = 0; layer < data.layout->layers.size(); ++layer) {
    base += data.real_in_layer(layer, "thickness");
    if (data.is_epidermis(layer)) junction = base;
  }
  return {junction + depth_margin, base - depth_margin};
}

void validate(const ScenarioData& data) {
  check_layers(data);
  const DepthRange range = deposit_depths(data);
  check_deposit(data, range, nullptr, "", "");
  check_lymph(data);
  check_sessions(data, range);
  check_spans(data.aftercare, "aftercare");
  check_exposure(data);
  check_interventions(data);
  check_schedule(data);
  check_floor(data);
}

std::string lone_measure(const std::string& before, const std::string& measure) {
  if (is_seen(before) == is_seen(measure)) return "";
  return "touch_up.measure = " + measure + ": its threshold is another than that of " + before +
         "; give touch_up.threshold, too";
}

}  // namespace inkfade::parameters
