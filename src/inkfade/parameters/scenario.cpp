#include "inkfade/parameters/scenario.hpp"

#include <algorithm>
#include <utility>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/aftercare.hpp"
#include "inkfade/parameters/calendar.hpp"
#include "inkfade/parameters/draw.hpp"
#include "inkfade/parameters/registry.hpp"
#include "inkfade/parameters/scenario_data.hpp"
#include "inkfade/parameters/scenario_reader.hpp"
#include "inkfade/parameters/setting.hpp"
#include "inkfade/parameters/validation.hpp"

namespace inkfade::parameters {
namespace {

std::string dose_of(const Layout& layout) {
  for (const std::string& name : dose_parameters()) {
    if (layout.position.contains(name)) return name;
  }
  return {};
}

std::string layer_list(const ScenarioData& data) {
  std::string list;
  for (const std::string& layer : data.layout->layers) list += (list.empty() ? "" : ", ") + layer;
  return list;
}

// Replaces the dose by another way to say it; where it stands in the list may change.
void switch_dose(ScenarioData& data, const std::string& name) {
  const std::string old_name = dose_of(*data.layout);
  const Entry old_entry = *data.find(old_name);
  auto layout = make_layout(data.layout->layers, name);
  std::vector<Entry> entries;
  entries.reserve(layout->names.size());
  for (const std::string& each : layout->names) entries.push_back(each == name ? old_entry : *data.find(each));
  data.layout = std::move(layout);
  data.entries = std::move(entries);
}

void set_start(ScenarioData& data, const Setting& setting) {
  const auto* text = std::get_if<std::string>(&setting);
  if (text != nullptr && text->empty()) {
    data.start.reset();
    return;
  }
  data.start = text == nullptr ? std::nullopt : parse_date(*text);
  if (!data.start)
    throw ParameterError("start = " + show(setting) + ": must be a date such as \"2027-03-14\", or \"\" for no date");
}

void set_aftercare(ScenarioData& data, const Setting& setting) {
  const auto* text = std::get_if<std::string>(&setting);
  data.aftercare = aftercare_regime(text == nullptr ? show(setting) : *text);
}

void set_parameter(ScenarioData& data, const std::string& name, const Setting& setting) {
  const ParameterInfo& info = parameter(name);
  if (is_dose(name) && data.find(name) == nullptr) switch_dose(data, name);
  const auto found = data.layout->position.find(name);
  if (found == data.layout->position.end()) {
    throw ParameterError(name + " = " + show(setting) + ": there is no such layer here; the layers are " +
                         layer_list(data));
  }
  Entry& entry = data.entries[found->second];
  entry.value = resolve(info, name, setting);
  entry.grade = Grade::assumed;
  entry.source = "user";
}

const Entry& entry_of(const ScenarioData& data, std::string_view name) {
  if (const Entry* entry = data.find(name)) return *entry;
  const ParameterInfo& info = parameter(name);
  if (is_dose(info.name)) {
    throw ParameterError(std::string(name) + ": not given in this scenario, whose dose is " + dose_of(*data.layout));
  }
  throw ParameterError(std::string(name) + ": there is no such layer here; the layers are " + layer_list(data));
}

template <class T>
const T& value_of(const ScenarioData& data, std::string_view name) {
  const Entry& entry = entry_of(data, name);
  if (const T* value = std::get_if<T>(&entry.value)) return *value;
  throw ParameterError(std::string(name) + ": is a parameter of kind " + std::string(to_string(parameter(name).kind)));
}

}  // namespace

std::shared_ptr<const Layout> make_layout(std::vector<std::string> layers, std::string_view dose) {
  auto layout = std::make_shared<Layout>();
  const auto add = [&](const ParameterInfo& info, std::string name) {
    layout->position.emplace(name, layout->names.size());
    if (!info.alias.empty()) layout->position.emplace(info.alias, layout->names.size());
    layout->hashes.push_back(name_hash(name));
    layout->infos.push_back(&info);
    layout->names.push_back(std::move(name));
  };
  bool layers_done = false;
  for (const ParameterInfo& info : all_parameters()) {
    if (is_dose(info.name) && info.name != dose) continue;
    if (!info.is_layer_template()) {
      add(info, info.name);
      continue;
    }
    if (std::exchange(layers_done, true)) continue;
    layout->first_layer_quantity = layout->names.size();
    for (const ParameterInfo& each : all_parameters()) {
      if (each.is_layer_template()) layout->layer_quantities.push_back(each.name.substr(each.name.rfind('.') + 1));
    }
    for (const std::string& layer : layers) {
      auto quantity = layout->layer_quantities.begin();
      for (const ParameterInfo& each : all_parameters()) {
        if (each.is_layer_template()) add(each, layer_parameter(layer, *quantity++));
      }
    }
  }
  layout->layers = std::move(layers);
  return layout;
}

Scenario ScenarioBuilder::seal(ScenarioData data) {
  auto sealed = std::make_shared<Scenario::Data>();
  static_cast<ScenarioData&>(*sealed) = std::move(data);
  return Scenario(std::move(sealed));
}

Scenario ScenarioBuilder::build(ScenarioData data) {
  validate(data);
  return seal(std::move(data));
}

Scenario::Scenario(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

double Scenario::real_in_layer(std::size_t layer, std::string_view quantity) const {
  return data_->real_in_layer(layer, quantity);
}
bool Scenario::is_epidermis(std::size_t layer) const { return data_->is_epidermis(layer); }
double Scenario::real(std::string_view name) const { return value_of<double>(*data_, name); }
std::int64_t Scenario::integer(std::string_view name) const { return value_of<std::int64_t>(*data_, name); }
bool Scenario::boolean(std::string_view name) const { return value_of<bool>(*data_, name); }
const std::string& Scenario::text(std::string_view name) const { return value_of<std::string>(*data_, name); }

bool Scenario::has(std::string_view name) const {
  if (data_->find(name) != nullptr) return true;
  static_cast<void>(parameter(name));  // a name that is no parameter at all is an error, not "absent"
  return false;
}

const Entry& Scenario::entry(std::string_view name) const { return entry_of(*data_, name); }
std::vector<std::string> Scenario::names() const { return data_->layout->names; }
const std::vector<std::string>& Scenario::layers() const { return data_->layout->layers; }
const std::string& Scenario::preset_name() const { return data_->preset_name; }
const std::optional<Date>& Scenario::start() const { return data_->start; }
const std::vector<Session>& Scenario::sessions() const { return data_->sessions; }
const std::vector<AftercareSpan>& Scenario::aftercare() const { return data_->aftercare; }
const std::vector<ExposureSpan>& Scenario::exposure() const { return data_->exposure; }
const std::vector<Intervention>& Scenario::interventions() const { return data_->interventions; }

Scenario Scenario::with(const std::vector<std::pair<std::string, Setting>>& settings, std::string_view protocol,
                        std::string_view origin) const {
  ScenarioData data = *data_;
  std::vector<std::string> seen;
  std::string dose;
  for (const auto& [given, setting] : settings) {
    const std::string name = canonical_name(given);
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
      throw ParameterError(name + " = " + show(setting) + ": is set twice; give it once, by name or by alias");
    }
    seen.push_back(name);
    if (is_dose(name) && !std::exchange(dose, name).empty()) {
      throw ParameterError(name + " = " + show(setting) + ": the dose is set twice; give exactly one of " +
                           "procedure.deposit_per_dot, procedure.local_dose, procedure.patch_dose");
    }
    if (name == "aftercare") {
      set_aftercare(data, setting);
    } else if (name == "start") {
      set_start(data, setting);
    } else {
      set_parameter(data, name, setting);
    }
  }
  const auto is_set = [&](const char* name) { return std::ranges::find(seen, name) != seen.end(); };
  if (is_set("touch_up.measure") && !is_set("touch_up.threshold")) {
    const std::string said = lone_measure(data_->text("touch_up.measure"), data.text("touch_up.measure"));
    if (!said.empty()) throw ParameterError(said);
  }
  if (!protocol.empty()) return ScenarioReader(protocol, origin, data).read();
  return ScenarioBuilder::build(std::move(data));
}

Scenario Scenario::with_values(std::span<const std::string> names, std::span<const double> values) const {
  ScenarioData data = *data_;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name = canonical_name(names[i]);
    const ParameterInfo& info = parameter(name);
    const Entry* here = data.find(name);
    const bool plain = here != nullptr && std::holds_alternative<double>(here->value);
    if (!plain || !(values[i] >= info.lower_si && values[i] <= info.upper_si)) {
      set_parameter(data, name, value_text(info, values[i]));  // another way to give the dose; or a message with units
      continue;
    }
    Entry& entry = data.entries[data.layout->position.find(name)->second];
    entry.value = values[i];
    entry.grade = Grade::assumed;
    entry.source = "user";
  }
  return ScenarioBuilder::build(std::move(data));
}

Scenario Scenario::draw(std::uint64_t seed, std::uint64_t index) const {
  ScenarioData data = *data_;
  draw_person(data, seed, index);
  return ScenarioBuilder::seal(std::move(data));
}

bool operator==(const Scenario& a, const Scenario& b) {
  if (a.data_ == b.data_) return true;
  const ScenarioData& x = *a.data_;
  const ScenarioData& y = *b.data_;
  const auto same_entry = [](const Entry& p, const Entry& q) {
    return p.value == q.value && p.grade == q.grade && p.source == q.source && p.gsd == q.gsd;
  };
  return x.layout->names == y.layout->names && x.preset_name == y.preset_name && x.start == y.start &&
         x.sessions == y.sessions && x.aftercare == y.aftercare && x.exposure == y.exposure &&
         x.interventions == y.interventions &&
         std::equal(x.entries.begin(), x.entries.end(), y.entries.begin(), y.entries.end(), same_entry);
}

}  // namespace inkfade::parameters
