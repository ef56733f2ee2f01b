#include <map>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/embedded.hpp"
#include "inkfade/parameters/scenario.hpp"
#include "inkfade/parameters/scenario_reader.hpp"
#include "inkfade/parameters/setting.hpp"
#include "inkfade/parameters/suggest.hpp"

namespace inkfade::parameters {
namespace {

bool is_preset(const EmbeddedFile& file) { return file.stem != "aftercare" && file.stem != "sources"; }

Scenario read_preset(const EmbeddedFile& file) {
  return Scenario::from_toml(file.text, "models/" + std::string(file.stem) + ".toml");
}

// Presets are complete and inherit nothing, so that reading one never asks for another.
std::map<std::string, Scenario, std::less<>> read_presets() {
  std::map<std::string, Scenario, std::less<>> presets;
  for (const EmbeddedFile& file : embedded_files()) {
    if (is_preset(file)) presets.emplace(file.stem, read_preset(file));
  }
  return presets;
}

}  // namespace

std::vector<std::string> Scenario::preset_names() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_files()) {
    if (is_preset(file)) names.emplace_back(file.stem);
  }
  return names;
}

Scenario Scenario::preset(std::string_view name) {
  static const std::map<std::string, Scenario, std::less<>> presets = read_presets();
  const auto found = presets.find(name);
  if (found != presets.end()) return found->second;
  const std::vector<std::string> names = preset_names();
  std::string list;
  for (const std::string& each : names) list += (list.empty() ? "" : ", ") + each;
  throw ParameterError("unknown preset \"" + show(std::string(name)) + "\"" + did_you_mean(name, names) +
                       ": the presets are " + list);
}

Scenario Scenario::from_toml(std::string_view text, std::string_view origin) {
  return ScenarioReader(text, origin).read();
}

Scenario Scenario::from_file(const std::filesystem::path& path) {
  return from_toml(read_text_file(path), path.string());
}

}  // namespace inkfade::parameters
