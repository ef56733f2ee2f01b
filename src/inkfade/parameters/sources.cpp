#include "inkfade/parameters/sources.hpp"

#include "inkfade/parameters/embedded.hpp"
#include "inkfade/parameters/toml_document.hpp"

namespace inkfade::parameters {
namespace {

std::vector<Source> read_sources() {
  std::vector<Source> sources;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.stem != "sources") continue;
    const TomlDocument document(file.text, "models/sources.toml");
    document.check_format();
    for (const auto& [key, node] : document.root()) {
      if (key.str() == "format") continue;
      const std::string name(key.str());
      const toml::table& table = document.table(node, name);
      document.check_keys(table, name, {"citation", "evidence"});
      for (const char* field : {"citation", "evidence"}) {
        if (!table.contains(field)) document.fail(name + ": " + field + " is missing", node);
      }
      sources.push_back({name, document.text(*table.get("citation"), name + ": citation"),
                         document.text(*table.get("evidence"), name + ": evidence")});
    }
  }
  return sources;
}

}  // namespace

const std::vector<Source>& all_sources() {
  static const std::vector<Source> sources = read_sources();
  return sources;
}

const Source* find_source(std::string_view key) {
  for (const Source& source : all_sources()) {
    if (source.key == key) return &source;
  }
  return nullptr;
}

}  // namespace inkfade::parameters
