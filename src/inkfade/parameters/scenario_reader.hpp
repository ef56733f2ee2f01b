#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "inkfade/parameters/scenario_data.hpp"
#include "inkfade/parameters/toml_document.hpp"

namespace inkfade::parameters {

/// Reads one scenario file: the preset that it names, overlaid with what it says, or everything from itself; or a text
/// over another scenario.
class ScenarioReader {
 public:
  ScenarioReader(std::string_view text, std::string_view origin) : document_(text, origin) {}
  /// The same over `base` in place of a preset.
  ScenarioReader(std::string_view text, std::string_view origin, const ScenarioData& base)
      : ScenarioReader(text, origin) {
    start_from(base);
    over_scenario_ = true;
  }

  /// @throws ParameterError with origin:line:column
  Scenario read();

 private:
  using Position = toml::source_position;

  void read_header();
  void start_from_preset(const std::string& name);
  void start_from(const ScenarioData& base);
  void read_start(const toml::node& node);
  void read_group(const std::string& prefix, const toml::table& table);
  void read_entry(const std::string& name, const ParameterInfo& info, const toml::node& node);
  void read_layers(const toml::node& node);
  void read_layer(const std::string& layer, const toml::table& table);
  void check_layer_order(const std::vector<std::string>& listed, const toml::node& node);
  void settle_dose();
  ScenarioData assemble();
  [[noreturn]] void fail_with_place(const CrossFieldError& error);

  // Sessions, spans (scenario_reader_protocol.cpp) and interventions (scenario_reader_interventions.cpp).
  void read_base_entry(const std::string& group, const toml::node& node);
  void read_protocol();
  void read_sessions(const toml::node& node);
  void read_override(Session& session, const std::string& label, const std::string& name, const toml::node& node);
  void read_aftercare(const toml::node& node);
  std::vector<AftercareSpan> read_aftercare_entry(const toml::table& table, const std::string& label);
  void read_exposure(const toml::node& node);
  void read_interventions(const toml::node& node);
  Intervention read_intervention(const toml::table& table, const std::string& label);
  void repeat_session(const toml::table& table, const std::string& label);
  double read_time(const toml::node& node, const std::string& label, const char* field, bool dates_allowed) const;
  double read_needed_time(const toml::table& table, const std::string& label, const char* field,
                          bool dates_allowed) const;

  TomlDocument document_;
  bool over_scenario_ = false;
  ScenarioData data_;  // name, start and protocol; its entries are filled by assemble()
  std::vector<std::string> layers_;
  std::map<std::string, Entry, std::less<>> values_;
  std::map<std::string, Position, std::less<>> positions_;  // of what this file says, by name
};

/// Reads the fields of an aftercare span that the table gives (dressing, washing, ...) into `span`.
void read_aftercare_fields(const TomlDocument& document, const toml::table& table, const std::string& label,
                           AftercareSpan& span);

}  // namespace inkfade::parameters
