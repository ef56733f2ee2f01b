#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "inkfade/parameters/scenario.hpp"

namespace inkfade::parameters {

struct ScenarioData;

/// Sets the same real parameters of one scenario again and again: Scenario::with_values with names looked up once.
/// Safe to share between threads.
class ValueSetter {
 public:
  /// A name that cannot be set is reported by with(). @param names dotted names or aliases
  ValueSetter(const Scenario& scenario, std::span<const std::string> names);

  /// A validated copy of the scenario. @param values SI, of each name
  /// @throws ParameterError as Scenario::with_values
  [[nodiscard]] Scenario with(std::span<const double> values) const;

 private:
  struct Slot {
    std::size_t position = 0;  ///< among the scenario's entries
    double lower = 0.0;        ///< bounds, SI
    double upper = 0.0;
  };

  Scenario scenario_;
  std::vector<std::string> names_;
  std::vector<Slot> slots_;                     ///< of each name
  std::shared_ptr<const ScenarioData> marked_;  ///< the scenario with grade and source as they will be; null: look up
};

}  // namespace inkfade::parameters
