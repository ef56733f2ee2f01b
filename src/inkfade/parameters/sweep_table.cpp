#include "inkfade/parameters/sweep_table.hpp"

#include <algorithm>
#include <charconv>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/aftercare.hpp"
#include "inkfade/parameters/registry.hpp"
#include "inkfade/parameters/setting.hpp"
#include "inkfade/parameters/suggest.hpp"
#include "inkfade/parameters/toml_document.hpp"

namespace inkfade::parameters {
namespace {

constexpr std::int64_t max_axis_length = 1'000'000;

// 15 digits hide the rounding of the spacing: 0.3 instead of 0.30000000000000004.
double rounded(double number) {
  char buffer[48];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::general, 15);
  double result = 0.0;
  std::from_chars(buffer, end, result);
  return result;
}

class SweepReader {
 public:
  explicit SweepReader(const TomlDocument& document) : document_(document) {}

  SweepTable read() {
    SweepTable sweep;
    const toml::node* node = document_.root().get("sweep");
    if (node == nullptr) return sweep;
    read_group("", document_.table(*node, "sweep"), sweep);
    if (sweep.axes.empty())
      document_.fail("sweep: has no axis; give at least one, e.g. depth = [\"0.3 mm\", \"0.4 mm\"]", *node);
    std::stable_sort(sweep.axes.begin(), sweep.axes.end(),
                     [](const SweepAxis& a, const SweepAxis& b) { return rank(a) < rank(b); });
    check_size(sweep, *node);
    return sweep;
  }

 private:
  static std::ptrdiff_t rank(const SweepAxis& axis) {
    const auto all = all_parameters();
    const ParameterInfo* info = find_parameter(axis.parameter);
    return info == nullptr ? static_cast<std::ptrdiff_t>(all.size()) : info - all.data();
  }

  // A dotted axis name without quotes is a table inside a table: [sweep] procedure.depth = [...].
  void read_group(const std::string& prefix, const toml::table& table, SweepTable& sweep) {
    for (const auto& [key, node] : table) {
      const std::string name = prefix + std::string(key.str());
      if (name == "zip") continue;  // which axes advance together; who makes the points checks it
      const bool known = name == "aftercare" || find_parameter(name) != nullptr;
      if (known) {
        add_axis(name, key, node, sweep);
      } else if (const auto* inner = node.as_table(); inner != nullptr && !inner->contains("from")) {
        read_group(name + ".", *inner, sweep);
      } else {
        document_.fail("sweep: unknown parameter \"" + show(name) + "\"" + suggest_parameter(name), position_of(key));
      }
    }
  }

  void add_axis(const std::string& name, const toml::key& key, const toml::node& node, SweepTable& sweep) {
    SweepAxis axis{name, canonical_name(name), "1", {}};
    for (const SweepAxis& other : sweep.axes) {
      if (other.parameter == axis.parameter) {
        document_.fail("sweep: " + name + " and " + other.name + " are the same axis", position_of(key));
      }
    }
    const ParameterInfo* info = find_parameter(name);
    if (info != nullptr) axis.unit = info->unit;
    if (const toml::array* list = node.as_array()) {
      for (const toml::node& element : *list) axis.settings.push_back(read_setting(axis, info, element));
      if (axis.settings.empty()) document_.fail("sweep: " + name + " is an empty axis; give at least one value", node);
    } else if (const toml::table* range = node.as_table()) {
      axis.settings = read_range(axis, info, *range);
    } else {
      document_.fail("sweep: " + name + " must be a list of settings or { from = ..., to = ..., n = ... }", node);
    }
    sweep.axes.push_back(std::move(axis));
  }

  Setting read_setting(const SweepAxis& axis, const ParameterInfo* info, const toml::node& node) {
    Setting setting = document_.setting(node, "sweep: " + axis.name);
    if (info != nullptr) {
      static_cast<void>(document_.resolve_at(*info, axis.parameter, node));
    } else {
      check_regime(document_.text(node, "sweep: aftercare"), node);
    }
    if (std::find(axis.settings.begin(), axis.settings.end(), setting) != axis.settings.end()) {
      document_.fail("sweep: " + axis.name + " has " + show(setting) + " twice", node);
    }
    return setting;
  }

  void check_regime(const std::string& name, const toml::node& node) {
    try {
      static_cast<void>(aftercare_regime(name));
    } catch (const ParameterError& error) {
      document_.fail(error.what(), node);
    }
  }

  std::vector<Setting> read_range(const SweepAxis& axis, const ParameterInfo* info, const toml::table& range) {
    const std::string label = "sweep: " + axis.name;
    document_.check_keys(range, label, {"from", "to", "n"});
    for (const char* key : {"from", "to", "n"}) {
      if (!range.contains(key)) document_.fail(label + ": " + key + " is missing", range);
    }
    const auto* n = range.get("n")->as_integer();
    if (info == nullptr || info->kind != Kind::real) {
      document_.fail(label + ": only real parameters have a range from .. to; give a list", range);
    }
    if (n == nullptr || n->get() < 2 || n->get() > max_axis_length) {
      const std::string said = show(document_.setting(*range.get("n"), label + ": n"));
      document_.fail(label + ": n = " + (range.get("n")->is_string() ? "\"" + said + "\"" : said) +
                         ": must be a whole number between 2 and " + std::to_string(max_axis_length),
                     *range.get("n"));
    }
    try {
      return linspace(axis.parameter, document_.setting(*range.get("from"), label),
                      document_.setting(*range.get("to"), label), static_cast<std::size_t>(n->get()));
    } catch (const ParameterError& error) {
      document_.fail(error.what(), range);
    }
  }

  void check_size(const SweepTable& sweep, const toml::node& node) {
    std::size_t points = 1;
    for (const SweepAxis& axis : sweep.axes) {
      if (points > max_sweep_points / axis.settings.size()) {
        document_.fail("sweep: has more than " + std::to_string(max_sweep_points) + " points", node);
      }
      points *= axis.settings.size();
    }
  }

  const TomlDocument& document_;
};

}  // namespace

std::size_t SweepTable::size() const {
  std::size_t points = 1;
  for (const SweepAxis& axis : axes) points *= axis.settings.size();
  return points;
}

std::vector<Setting> linspace(std::string_view parameter_name, const Setting& from, const Setting& to, std::size_t n) {
  const ParameterInfo& info = parameter(parameter_name);
  const std::string name = canonical_name(parameter_name);
  if (info.kind != Kind::real) throw ParameterError(name + ": only real parameters have evenly spaced settings");
  if (n < 2) throw ParameterError(name + ": n = " + std::to_string(n) + ": must be at least 2");
  const double first_si = std::get<double>(resolve(info, name, from));
  const double last_si = std::get<double>(resolve(info, name, to));
  if (first_si == last_si) throw ParameterError(name + ": from and to must differ, both are " + show(from));
  const auto* text = std::get_if<std::string>(&from);
  const auto quantity = text == nullptr ? std::nullopt : split_quantity(*text);
  const Unit& scale = unit(quantity && !quantity->unit.empty() ? quantity->unit : info.unit);
  const double first = scale.from_si(first_si);
  const double step = (scale.from_si(last_si) - first) / static_cast<double>(n - 1);
  std::vector<Setting> settings;
  settings.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double number = rounded(i + 1 == n ? scale.from_si(last_si) : first + step * static_cast<double>(i));
    if (info.is_dimensionless()) {
      settings.emplace_back(rounded(scale.to_si(number)));
    } else {
      settings.emplace_back(format_number(number) + " " + scale.spelling);
    }
    static_cast<void>(resolve(info, name, settings.back()));
  }
  return settings;
}

SweepTable read_sweep_text(std::string_view text, std::string_view origin) {
  const TomlDocument document(text, origin);
  document.check_format();
  return SweepReader(document).read();
}

SweepTable read_sweep(const std::filesystem::path& path) {
  return read_sweep_text(read_text_file(path), path.string());
}

}  // namespace inkfade::parameters
