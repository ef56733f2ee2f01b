#include "inkfade/parameters/value_setter.hpp"

#include <utility>

#include "inkfade/parameters/registry.hpp"
#include "inkfade/parameters/scenario_data.hpp"

namespace inkfade::parameters {

ValueSetter::ValueSetter(const Scenario& scenario, std::span<const std::string> names)
    : scenario_(scenario), names_(names.begin(), names.end()) {
  auto marked = std::make_shared<ScenarioData>(ScenarioBuilder::content(scenario));
  for (const std::string& given : names) {
    const ParameterInfo* info = find_parameter(given);
    if (info == nullptr) return;
    const auto found = marked->layout->position.find(canonical_name(given));
    // Another way to give the dose moves entries about.
    if (found == marked->layout->position.end()) return;
    Entry& entry = marked->entries[found->second];
    if (!std::holds_alternative<double>(entry.value)) return;
    entry.grade = Grade::assumed;
    entry.source = "user";
    slots_.push_back({found->second, info->lower_si, info->upper_si});
  }
  marked_ = std::move(marked);
}

Scenario ValueSetter::with(std::span<const double> values) const {
  if (!marked_) return scenario_.with_values(names_, values);
  ScenarioData data = *marked_;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Slot& slot = slots_[i];
    const bool inside = values[i] >= slot.lower && values[i] <= slot.upper;
    if (!inside) return scenario_.with_values(names_, values);  // says what is wrong
    data.entries[slot.position].value = values[i];
  }
  return ScenarioBuilder::build(std::move(data));
}

}  // namespace inkfade::parameters
