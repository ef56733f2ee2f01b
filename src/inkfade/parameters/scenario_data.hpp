#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/registry.hpp"
#include "inkfade/parameters/scenario.hpp"

// Inside of the parameters room; other rooms see scenario.hpp only.
namespace inkfade::parameters {

/// Which parameters a scenario has, and where: shared by all copies with the same layers and way to give the dose.
struct Layout {
  struct StringHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::vector<std::string> layers;                                                     ///< outermost first
  std::vector<std::string> names;                                                      ///< registry order
  std::vector<const ParameterInfo*> infos;                                             ///< of each name
  std::vector<std::uint64_t> hashes;                                                   ///< of each name, for draws
  std::unordered_map<std::string, std::size_t, StringHash, std::equal_to<>> position;  ///< of names and aliases
  std::vector<std::string> layer_quantities;                                           ///< that every layer has
  std::size_t first_layer_quantity = 0;  ///< position of the outermost layer's first; the others follow, layer by layer

  /// Position of a quantity of a layer, without its name in full. Precondition: both are there
  [[nodiscard]] std::size_t position_in_layer(std::size_t layer, std::string_view quantity) const {
    std::size_t q = 0;
    while (layer_quantities[q] != quantity) ++q;
    return first_layer_quantity + layer * layer_quantities.size() + q;
  }
};

/// The layout for these layers and this one of `dose_parameters()`.
std::shared_ptr<const Layout> make_layout(std::vector<std::string> layers, std::string_view dose);

/// The content of a Scenario.
struct ScenarioData {
  std::shared_ptr<const Layout> layout;
  std::vector<Entry> entries;  ///< in the order of layout->names
  std::string preset_name;
  std::optional<Date> start;
  std::vector<Session> sessions;
  std::vector<AftercareSpan> aftercare;
  std::vector<ExposureSpan> exposure;
  std::vector<Intervention> interventions;

  [[nodiscard]] const Entry* find(std::string_view name) const {
    const auto found = layout->position.find(name);
    return found == layout->position.end() ? nullptr : &entries[found->second];
  }
  /// A real parameter that every scenario has. [SI]
  [[nodiscard]] double real(std::string_view name) const { return std::get<double>(find(name)->value); }
  /// A real quantity that every layer has. [SI]
  [[nodiscard]] double real_in_layer(std::size_t layer, std::string_view quantity) const {
    return std::get<double>(entries[layout->position_in_layer(layer, quantity)].value);
  }
  [[nodiscard]] bool is_epidermis(std::size_t layer) const {
    return std::get<std::string>(entries[layout->position_in_layer(layer, "tissue")].value) == "epidermis";
  }
  [[nodiscard]] const std::string& text(std::string_view name) const {
    return std::get<std::string>(find(name)->value);
  }
};

struct Scenario::Data : ScenarioData {};

/// Makes scenarios out of checked content, and opens them again: the one friend of Scenario.
class ScenarioBuilder {
 public:
  /// Validates and seals. @throws CrossFieldError
  static Scenario build(ScenarioData data);
  /// Seals content that is valid by construction.
  static Scenario seal(ScenarioData data);
  static const ScenarioData& content(const Scenario& scenario) { return *scenario.data_; }
};

/// Values that are allowed one by one and not together. `about` lists what the message is about, the likeliest
/// culprit first: dotted names, or "session.0", "aftercare.1", "intervention.2" (a file reader adds its line and
/// column).
class CrossFieldError : public ParameterError {
 public:
  CrossFieldError(const std::string& message, std::vector<std::string> names)
      : ParameterError(message), about(std::move(names)) {}
  std::vector<std::string> about;
};

}  // namespace inkfade::parameters
