#include "inkfade/parameters/aftercare.hpp"

#include <algorithm>
#include <stdexcept>

#include "inkfade/parameters/embedded.hpp"
#include "inkfade/parameters/protocol_fields.hpp"
#include "inkfade/parameters/scenario_reader.hpp"
#include "inkfade/parameters/setting.hpp"
#include "inkfade/parameters/suggest.hpp"

namespace inkfade::parameters {
namespace {

struct Regime {
  std::string name;
  std::vector<AftercareSpan> spans;
};

std::string_view regime_file() {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.stem == "aftercare") return file.text;
  }
  throw std::logic_error("models/aftercare.toml was not built in");
}

AftercareSpan read_span(const TomlDocument& document, const toml::table& table, const std::string& name) {
  AftercareSpan span;
  span.regime = name;
  const auto needed = [&](const char* key) -> const toml::node& {
    const toml::node* node = table.get(key);
    if (node == nullptr) document.fail("regime " + name + ": " + key + " is missing", table);
    return *node;
  };
  const auto time = [&](const char* key) {
    return std::get<double>(document.resolve_at(protocol_field(key), key, needed(key)));
  };
  span.from = time("from");
  span.to = time("to");
  needed("dressing");
  for (const AftercareField& field : aftercare_fields) needed(field.name);
  read_aftercare_fields(document, table, "regime " + name, span);
  return span;
}

std::vector<Regime> read_regimes() {
  const TomlDocument document(regime_file(), "models/aftercare.toml");
  document.check_format();
  const toml::node* list = document.root().get("regime");
  if (list == nullptr) throw std::logic_error("models/aftercare.toml holds no [[regime]]");
  std::vector<Regime> regimes;
  for (const toml::table* table : document.tables(*list, "regime")) {
    const toml::node* node = table->get("name");
    if (node == nullptr) document.fail("regime: name is missing", *table);
    const std::string name = document.text(*node, "regime: name");
    if (regimes.empty() || regimes.back().name != name) regimes.push_back({name, {}});
    std::vector<AftercareSpan>& spans = regimes.back().spans;
    spans.push_back(read_span(document, *table, name));
    const double expected = spans.size() == 1 ? 0.0 : spans[spans.size() - 2].to;
    if (spans.back().from != expected) document.fail("regime " + name + ": spans must follow without gaps", *table);
  }
  return regimes;
}

const std::vector<Regime>& regimes() {
  static const std::vector<Regime> list = read_regimes();
  return list;
}

}  // namespace

std::vector<std::string> aftercare_regimes() {
  std::vector<std::string> names;
  for (const Regime& regime : regimes()) names.push_back(regime.name);
  return names;
}

const std::vector<AftercareSpan>& aftercare_regime(std::string_view name) {
  for (const Regime& regime : regimes()) {
    if (regime.name == name) return regime.spans;
  }
  const std::vector<std::string> names = aftercare_regimes();
  std::string list;
  for (const std::string& each : names) list += (list.empty() ? "" : ", ") + each;
  throw ParameterError("aftercare = " + show(std::string(name)) + ": must be one of " + list +
                       did_you_mean(name, names));
}

std::vector<AftercareSpan> clip_regime(std::string_view name, double from, double to) {
  const std::vector<AftercareSpan>& spans = aftercare_regime(name);
  if (!(to <= spans.back().to)) {
    throw ParameterError("aftercare = " + std::string(name) + ": the regime describes the first " +
                         format_quantity(spans.back().to, unit("day")) + " only; give later spans field by field");
  }
  std::vector<AftercareSpan> result;
  for (AftercareSpan span : spans) {
    span.from = std::max(span.from, from);
    span.to = std::min(span.to, to);
    if (span.from < span.to) result.push_back(std::move(span));
  }
  if (result.empty()) throw ParameterError("aftercare: to must come after from");
  return result;
}

}  // namespace inkfade::parameters
