#include "inkfade/parameters/scenario_reader.hpp"

#include <algorithm>

#include "inkfade/parameters/calendar.hpp"
#include "inkfade/parameters/setting.hpp"
#include "inkfade/parameters/suggest.hpp"
#include "inkfade/parameters/validation.hpp"

namespace inkfade::parameters {
namespace {

const std::vector<std::string>& top_level_keys() {
  static const std::vector<std::string> keys = [] {
    std::vector<std::string> list{"format",    "preset",   "name",         "start", "session",
                                  "aftercare", "exposure", "intervention", "sweep"};
    for (const ParameterInfo& info : all_parameters()) {
      const std::string group = info.name.substr(0, info.name.find('.'));
      if (std::find(list.begin(), list.end(), group) == list.end()) list.push_back(group);
    }
    return list;
  }();
  return keys;
}

bool is_group(const std::string& name) {
  const std::string prefix = name + ".";
  const auto all = all_parameters();
  return std::any_of(all.begin(), all.end(), [&](const ParameterInfo& info) { return info.name.starts_with(prefix); });
}

Grade read_grade(const TomlDocument& document, const toml::node& node, const std::string& label) {
  const std::string text = document.text(node, label);
  if (text == "measured") return Grade::measured;
  if (text == "inferred") return Grade::inferred;
  if (text == "assumed") return Grade::assumed;
  document.fail(label + " = " + show(text) + ": must be one of measured, inferred, assumed", node);
}

Value fallback_value(const ParameterInfo& info) {
  const bool bare = info.kind == Kind::real && info.is_dimensionless();
  return resolve(info, info.name,
                 bare ? Setting(unit("1").to_si(split_quantity(info.fallback)->number)) : info.fallback);
}

double read_gsd(const TomlDocument& document, const toml::node& node, const std::string& label,
                const ParameterInfo& info) {
  if (info.kind != Kind::real) document.fail(label + ": only real parameters vary between people", node);
  ParameterInfo spread;
  spread.unit = std::string("1");
  spread.lower = std::string("1");
  spread.upper = std::string("10");
  spread.lower_si = 1.0;
  spread.upper_si = 10.0;
  return std::get<double>(document.resolve_at(spread, label, node));
}

}  // namespace

Scenario ScenarioReader::read() {
  read_header();
  for (const auto& [key, node] : document_.root()) {
    const std::string name(key.str());
    const bool has_spans = (name == "aftercare" || name == "exposure") && node.is_array();
    if (has_spans) {
      read_base_entry(name, node);
    } else if (is_group(name)) {
      read_group(name, document_.table(node, name));
    }
  }
  settle_dose();
  const auto measure = positions_.find("touch_up.measure");
  if (!data_.entries.empty() && measure != positions_.end() && !positions_.contains("touch_up.threshold")) {
    const std::string said =
        lone_measure(data_.text("touch_up.measure"), std::get<std::string>(values_.at("touch_up.measure").value));
    if (!said.empty()) document_.fail(said, measure->second);
  }
  read_protocol();
  try {
    return ScenarioBuilder::build(assemble());
  } catch (const CrossFieldError& error) {
    fail_with_place(error);
  }
}

void ScenarioReader::read_header() {
  const toml::table& root = document_.root();
  document_.check_format();
  for (const auto& [key, node] : root) {
    const std::string name(key.str());
    const auto& known = top_level_keys();
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string hint = suggest_parameter(name);
    if (find_parameter(name) != nullptr) hint = " (did you mean " + canonical_name(name) + "?)";
    if (!nearest(name, known).empty()) hint = did_you_mean(name, known);
    std::string list;
    for (const std::string& each : known) list += (list.empty() ? "" : ", ") + each;
    document_.fail("unknown key " + show(name) + hint + "; the keys here are " + list, position_of(key));
  }
  const toml::node* preset = root.get("preset");
  const toml::node* name = root.get("name");
  if (over_scenario_ && preset != nullptr) {
    document_.fail("preset: must not be named here, the text lies over another scenario", *preset);
  }
  if (preset != nullptr) start_from_preset(document_.text(*preset, "preset"));
  if (name != nullptr) data_.preset_name = document_.text(*name, "name");
  if (preset == nullptr && name == nullptr && !over_scenario_) {
    document_.fail("preset: missing; name a preset to build on, or give a name and every parameter", Position{1, 1});
  }
  if (const toml::node* start = root.get("start")) read_start(*start);
}

void ScenarioReader::start_from_preset(const std::string& name) {
  try {
    start_from(ScenarioBuilder::content(Scenario::preset(name)));
  } catch (const ParameterError& error) {
    document_.fail(error.what(), *document_.root().get("preset"));
  }
}

void ScenarioReader::start_from(const ScenarioData& base) {
  data_ = base;
  layers_ = data_.layout->layers;
  for (std::size_t i = 0; i < data_.entries.size(); ++i) values_[data_.layout->names[i]] = data_.entries[i];
}

void ScenarioReader::read_start(const toml::node& node) {
  const auto* date = node.as_date();
  if (date == nullptr) document_.fail("start: must be a date without quotes, e.g. start = 2027-03-14", node);
  const toml::date day = date->get();
  data_.start = make_date(day.year, day.month, day.day);
  if (!data_.start) document_.fail("start: there is no such day", node);
}

void ScenarioReader::read_group(const std::string& prefix, const toml::table& table) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + "." + std::string(key.str());
    if (name == "skin.layer") {
      read_layers(node);
    } else if (const ParameterInfo* info = find_parameter(name); info != nullptr && !info->is_layer_template()) {
      positions_[name] = position_of(key);
      read_entry(name, *info, node);
    } else if (is_group(name)) {
      read_group(name, document_.table(node, name));
    } else if (prefix == "skin" && node.is_table() && is_layer_name(key.str())) {
      document_.fail(name + ": layers are given as [[skin.layer]] with name = \"" + std::string(key.str()) + "\"",
                     position_of(key));
    } else {
      document_.fail("unknown parameter \"" + show(name) + "\"" + suggest_parameter(name), position_of(key));
    }
  }
}

void ScenarioReader::read_entry(const std::string& name, const ParameterInfo& info, const toml::node& node) {
  Entry entry;
  entry.source = "user";
  const auto old = values_.find(name);
  if (old != values_.end()) entry.gsd = old->second.gsd;
  if (const toml::table* table = node.as_table()) {
    document_.check_keys(*table, name, {"value", "grade", "source", "gsd"});
    const toml::node* value = table->get("value");
    if (value == nullptr)
      document_.fail(name + ": value is missing; write " + name.substr(name.rfind('.') + 1) + " = { value = ... }",
                     node);
    entry.value = document_.resolve_at(info, name, *value);
    if (const toml::node* grade = table->get("grade")) entry.grade = read_grade(document_, *grade, name + ": grade");
    if (const toml::node* source = table->get("source")) entry.source = document_.text(*source, name + ": source");
    if (const toml::node* gsd = table->get("gsd")) entry.gsd = read_gsd(document_, *gsd, name + ": gsd", info);
    if (entry.source.empty())
      document_.fail(name + ": source must not be empty; leave it out if there is none", *table->get("source"));
  } else {
    entry.value = document_.resolve_at(info, name, node);
  }
  values_.insert_or_assign(name, std::move(entry));
}

void ScenarioReader::read_layers(const toml::node& node) {
  std::vector<std::string> listed;
  for (const toml::table* table : document_.tables(node, "skin.layer")) {
    const toml::node* name_node = table->get("name");
    if (name_node == nullptr) document_.fail("skin.layer: name is missing", *table);
    const std::string layer = document_.text(*name_node, "skin.layer: name");
    if (!is_layer_name(layer)) {
      document_.fail("skin.layer: name = " + show(layer) + ": must be a lower-case word such as papillary_dermis",
                     *name_node);
    }
    if (std::find(listed.begin(), listed.end(), layer) != listed.end()) {
      document_.fail("skin.layer: " + layer + " is given twice", *name_node);
    }
    if (std::find(layers_.begin(), layers_.end(), layer) == layers_.end()) {
      // A new layer lies directly below the one listed before it.
      const auto above = listed.empty() ? layers_.end() : std::find(layers_.begin(), layers_.end(), listed.back());
      layers_.insert(above == layers_.end() ? layers_.begin() : above + 1, layer);
    }
    listed.push_back(layer);
    positions_["skin." + layer] = name_node->source().begin;
    read_layer(layer, *table);
  }
  positions_["skin.layer"] = node.source().begin;
  check_layer_order(listed, node);
}

void ScenarioReader::read_layer(const std::string& layer, const toml::table& table) {
  for (const auto& [key, node] : table) {
    if (key.str() == "name") continue;
    const std::string name = layer_parameter(layer, key.str());
    const ParameterInfo* info = find_parameter(name);
    if (info == nullptr) {
      document_.fail("unknown parameter \"" + show(name) + "\"" + suggest_parameter(name), position_of(key));
    }
    positions_[name] = position_of(key);
    read_entry(name, *info, node);
  }
}

void ScenarioReader::check_layer_order(const std::vector<std::string>& listed, const toml::node& node) {
  auto last = layers_.begin();
  for (const std::string& layer : listed) {
    const auto here = std::find(layers_.begin(), layers_.end(), layer);
    if (here < last) {
      std::string order;
      for (const std::string& each : layers_) order += (order.empty() ? "" : ", ") + each;
      document_.fail("skin.layer: " + layer + " is out of order; from the surface down the layers are " + order, node);
    }
    last = here;
  }
}

void ScenarioReader::settle_dose() {
  std::string given;
  for (const std::string& name : dose_parameters()) {
    const auto position = positions_.find(name);
    if (position == positions_.end()) continue;
    if (!given.empty()) {
      document_.fail(name + ": the dose is given twice, also as " + given + "; give exactly one of them",
                     position->second);
    }
    given = name;
  }
  if (given.empty()) return;
  for (const std::string& name : dose_parameters()) {
    if (name != given) values_.erase(name);
  }
}

ScenarioData ScenarioReader::assemble() {
  std::string dose;
  for (const std::string& name : dose_parameters()) {
    if (values_.contains(name)) dose = name;
  }
  if (dose.empty()) {
    throw CrossFieldError("procedure: the dose is missing; give one of deposit_per_dot, local_dose, patch_dose",
                          {"procedure"});
  }
  data_.layout = make_layout(layers_, dose);
  data_.entries.clear();
  for (const std::string& name : data_.layout->names) {
    const auto found = values_.find(name);
    const ParameterInfo& info = parameter(name);
    if (found == values_.end() && !info.fallback.empty()) {
      data_.entries.push_back({fallback_value(info), Grade::assumed, "inkfade", 1.0});
      continue;
    }
    if (found == values_.end()) {
      const std::string group = name.substr(0, name.rfind('.'));
      throw CrossFieldError(name + ": missing; a file without preset, or a new layer, gives every parameter", {group});
    }
    data_.entries.push_back(found->second);
  }
  return data_;
}

void ScenarioReader::fail_with_place(const CrossFieldError& error) {
  for (const std::string& name : error.about) {
    const auto found = positions_.find(name);
    if (found != positions_.end()) document_.fail(error.what(), found->second);
  }
  document_.fail(error.what(), Position{1, 1});
}

}  // namespace inkfade::parameters
