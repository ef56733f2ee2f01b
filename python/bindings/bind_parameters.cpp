#include <pybind11/operators.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <filesystem>
#include <string>
#include <type_traits>

#include "bindings.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/grade.hpp"
#include "inkfade/parameters/intervention_kinds.hpp"
#include "inkfade/parameters/registry.hpp"
#include "inkfade/parameters/scenario.hpp"
#include "inkfade/parameters/suggest.hpp"
#include "inkfade/parameters/sweep_table.hpp"
#include "inkfade/parameters/units.hpp"

namespace py = pybind11;

namespace inkfade::bindings {
namespace {

using namespace inkfade::parameters;

/// Text, flag, whole number or real number; NumPy scalars count as what they hold.
Setting to_setting(const std::string& name, py::handle given) {
  py::object value = py::reinterpret_borrow<py::object>(given);
  if (py::hasattr(value, "dtype") && py::hasattr(value, "item") && py::cast<std::size_t>(value.attr("size")) == 1)
    value = value.attr("item")();
  if (py::isinstance<py::str>(value)) return py::cast<std::string>(value);
  if (py::isinstance<py::bool_>(value)) return py::cast<bool>(value);
  if (py::isinstance<py::int_>(value)) {
    int too_large = 0;
    const long long number = PyLong_AsLongLongAndOverflow(value.ptr(), &too_large);
    // As text a number beyond 64 bits meets the parameter's own bounds.
    if (too_large != 0) return py::cast<std::string>(py::str(value));
    return static_cast<std::int64_t>(number);
  }
  if (py::isinstance<py::float_>(value)) return py::cast<double>(value);
  auto said = py::cast<std::string>(py::reinterpret_steal<py::str>(PyObject_ASCII(value.ptr())));
  if (said.size() > 80) said = said.substr(0, 80) + "...";
  throw ParameterError(name + " = " + said + ": must be text with a unit, a number or true or false, not of type " +
                       py::cast<std::string>(py::str(py::type::handle_of(value).attr("__name__"))));
}

py::object to_python(const Value& value) {
  return std::visit([](const auto& held) -> py::object { return py::cast(held); }, value);
}

py::dict to_python(const std::map<std::string, Value>& values) {
  py::dict result;
  for (const auto& [name, value] : values) result[py::str(name)] = to_python(value);
  return result;
}

py::object get(const Scenario& scenario, const std::string& name) { return to_python(scenario.entry(name).value); }

py::dict entry(const Scenario& scenario, const std::string& name) {
  const Entry& e = scenario.entry(name);
  py::dict result;
  result["value"] = to_python(e.value);
  result["grade"] = to_string(e.grade);
  result["source"] = e.source;
  result["gsd"] = e.gsd;
  return result;
}

py::list sessions(const Scenario& scenario) {
  py::list result;
  for (const Session& s : scenario.sessions()) {
    py::dict d;
    d["kind"] = s.kind == SessionKind::treatment ? "treatment" : "touch_up";
    d["at"] = s.at;
    d["overrides"] = to_python(s.overrides);
    result.append(d);
  }
  return result;
}

py::list aftercare(const Scenario& scenario) {
  py::list result;
  for (const AftercareSpan& a : scenario.aftercare()) {
    py::dict d;
    d["from"] = a.from;
    d["to"] = a.to;
    d["regime"] = a.regime;
    d["dressing"] = a.dressing;
    d["washing"] = a.washing;
    d["scab_disturbance"] = a.scab_disturbance;
    d["moisturiser"] = a.moisturiser;
    d["exfoliant"] = a.exfoliant;
    d["massage"] = a.massage;
    result.append(d);
  }
  return result;
}

py::list exposure(const Scenario& scenario) {
  py::list result;
  for (const ExposureSpan& e : scenario.exposure()) {
    py::dict d;
    d["from"] = e.from;
    d["to"] = e.to;
    d["overrides"] = to_python(e.overrides);
    result.append(d);
  }
  return result;
}

py::list interventions(const Scenario& scenario) {
  py::list result;
  for (const Intervention& each : scenario.interventions()) {
    const InterventionKindInfo& info = about(each.kind);
    py::dict d;
    d["kind"] = info.name;
    d["from"] = each.from;
    d["to"] = each.to;
    d["overrides"] = to_python(each.overrides);
    result.append(d);
  }
  return result;
}

py::object start_date(const Scenario& scenario) {
  if (!scenario.start()) return py::none();
  const py::object date = py::module_::import("datetime").attr("date");
  return date.attr("fromordinal")(719163 + scenario.start()->days_since_epoch);  // 719163: ordinal of 1970-01-01
}

py::dict to_python(const ParameterInfo& info) {
  py::dict result;
  result["name"] = info.name;
  result["alias"] = info.alias;
  result["kind"] = std::string(to_string(info.kind));
  result["unit"] = info.unit;
  result["factor"] = unit(info.unit).to_si(1.0);
  result["lower"] = info.lower;
  result["upper"] = info.upper;
  result["lower_si"] = info.lower_si;
  result["upper_si"] = info.upper_si;
  result["choices"] = info.choices;
  result["description"] = info.description;
  result["symbol"] = info.symbol;
  return result;
}

py::list registry() {
  py::list result;
  for (const ParameterInfo& info : all_parameters()) result.append(to_python(info));
  return result;
}

py::object parameter_info(const std::string& name) {
  const ParameterInfo* info = find_parameter(name);
  if (info == nullptr) return py::none();
  return to_python(*info);
}

/// Text with a unit in SI; `like` is a unit of the kind that is asked for.
double to_si(const std::string& text, const std::string& like, const std::string& label) {
  const Dimension dimension = unit(like).dimension;
  const std::string expected = label + " = " + text + ": expected " + std::string(dimension_name(dimension)) +
                               ", a finite number in one of " + unit_list(dimension);
  const auto split = split_quantity(text);
  if (!split) throw ParameterError(expected);
  const Unit* found = find_unit(split->unit);
  if (split->unit.empty() || found == nullptr || found->dimension != dimension) throw ParameterError(expected);
  return found->to_si(split->number);
}

/// A number in another unit of the same kind.
double convert(double number, const std::string& from, const std::string& to) {
  const Unit& given = unit(from);
  const Unit& wanted = unit(to);
  if (given.dimension != wanted.dimension)
    throw ParameterError("unit \"" + from + "\" is " + std::string(dimension_name(given.dimension)) + ": expected " +
                         std::string(dimension_name(wanted.dimension)) + ", such as " + to);
  return &given == &wanted ? number : wanted.from_si(given.to_si(number));  // its own unit changes no bit
}

Scenario with_settings(const Scenario& scenario, const py::dict& settings, const std::string& protocol) {
  std::vector<std::pair<std::string, Setting>> list;
  list.reserve(settings.size());
  for (const auto& [key, value] : settings) {
    const auto name = py::cast<std::string>(key);
    list.emplace_back(name, to_setting(name, value));
  }
  return scenario.with(list, protocol);
}

}  // namespace

void bind_parameters(py::module_& module) {
  module.def("registry", &registry, "All that is fixed about every parameter.");
  module.def("parameter_info", &parameter_info, py::arg("name"), "The same of one name or alias; None if unknown.");
  module.def(
      "check_sweep", [](const std::filesystem::path& path) { static_cast<void>(read_sweep(path)); }, py::arg("path"),
      "Refuse a [sweep] table that is not allowed, with file:line:column.");
  module.def("to_si", &to_si, py::arg("text"), py::arg("like"), py::arg("label"), "Text with a unit as an SI number.");

  module.def("convert", &convert, py::arg("number"), py::arg("unit"), py::arg("to"),
             "A number in another unit of the same kind; an unknown unit is an error that names the nearest.");
  module.def(
      "did_you_mean",
      [](const std::string& word, const std::vector<std::string>& known) { return did_you_mean(word, known); },
      py::arg("word"), py::arg("known"), "' (did you mean depth?)', or '' where nothing known is near.");

  py::class_<Scenario>(module, "Scenario", "A validated, immutable description of one case (values in SI units).")
      .def_static("preset", &Scenario::preset, py::arg("name"))
      .def_static("from_file", &Scenario::from_file, py::arg("path"))
      .def_static("from_toml", &Scenario::from_toml, py::arg("text"), py::arg("origin") = "<text>")
      .def_static("preset_names", &Scenario::preset_names)
      .def("get", &get, py::arg("name"), "The value of a parameter: SI number, flag or text.")
      .def("has", &Scenario::has, py::arg("name"))
      .def("entry", &entry, py::arg("name"), "Value, grade, source and gsd of a parameter.")
      .def("names", &Scenario::names)
      .def_property_readonly("layers", &Scenario::layers)
      .def_property_readonly("preset_name", &Scenario::preset_name)
      .def_property_readonly("start", &start_date)
      .def_property_readonly("sessions", &sessions)
      .def_property_readonly("aftercare", &aftercare)
      .def_property_readonly("exposure", &exposure)
      .def_property_readonly("interventions", &interventions)
      .def("with_", &with_settings, py::arg("settings"), py::arg("protocol") = "",
           "A copy with parameters changed and lists of sessions and spans (TOML) replaced, all at once, then "
           "validated.")
      .def("draw", &Scenario::draw, py::arg("seed"), py::arg("index"))
      .def("to_toml", &Scenario::to_toml)
      .def("to_json", &Scenario::to_json)
      .def(py::self == py::self)
      .def("__hash__", [](const Scenario& s) { return std::hash<std::string>{}(s.to_json()); })
      .def(py::pickle([](const Scenario& s) { return s.to_toml(); },
                      [](const std::string& text) { return Scenario::from_toml(text, "<pickle>"); }));
}

}  // namespace inkfade::bindings
