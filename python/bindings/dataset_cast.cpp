#include "dataset_cast.hpp"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "arrays.hpp"
#include "inkfade/base/errors.hpp"

namespace py = pybind11;

namespace inkfade::bindings {
namespace {

using namespace inkfade::storage;

py::dict to_python(const Attributes& attributes) {
  py::dict result;
  for (const auto& [name, value] : attributes)
    result[py::str(name)] = std::visit([](const auto& held) -> py::object { return py::cast(held); }, value);
  return result;
}

py::object to_python(std::vector<std::string>&& values, const std::vector<py::ssize_t>& shape) {
  const py::module_ numpy = py::module_::import("numpy");
  return numpy.attr("array")(py::cast(values), py::arg("dtype") = "object").attr("reshape")(py::cast(shape));
}

template <class T>
py::object to_python(std::vector<T>&& values, const std::vector<py::ssize_t>& shape) {
  return to_array(std::move(values), shape);
}

AttributeValue to_attribute(const std::string& name, py::handle value) {
  py::object held = py::reinterpret_borrow<py::object>(value);
  if (py::hasattr(held, "tolist")) held = held.attr("tolist")();
  if (py::isinstance<py::str>(held)) return py::cast<std::string>(held);
  if (py::isinstance<py::bool_>(held)) return static_cast<std::int64_t>(py::cast<bool>(held));
  if (py::isinstance<py::int_>(held)) return py::cast<std::int64_t>(held);
  if (py::isinstance<py::float_>(held)) return py::cast<double>(held);
  if (py::isinstance<py::sequence>(held)) {
    const auto all = [&](auto is) {
      for (const py::handle item : held)
        if (!is(item)) return false;
      return true;
    };
    if (all([](py::handle h) { return py::isinstance<py::str>(h); })) return py::cast<std::vector<std::string>>(held);
    if (all([](py::handle h) { return py::isinstance<py::int_>(h); })) return py::cast<std::vector<std::int32_t>>(held);
    if (all([](py::handle h) { return py::isinstance<py::float_>(h) || py::isinstance<py::int_>(h); }))
      return py::cast<std::vector<double>>(held);
  }
  throw FormatError("attribute " + name + ": expected text, a number or a list of either, got " +
                    py::cast<std::string>(py::repr(held)));
}

Attributes to_attributes(const py::dict& attributes) {
  Attributes result;
  for (const auto& [key, value] : attributes) {
    auto name = py::cast<std::string>(key);
    result.emplace_back(name, to_attribute(name, value));
  }
  return result;
}

template <class T>
std::vector<T> flat(const py::array& array) {
  const auto dense = py::array_t<T, py::array::c_style | py::array::forcecast>::ensure(array);
  if (!dense) throw py::error_already_set();
  return std::vector<T>(dense.data(), dense.data() + dense.size());
}

Variable to_variable(const std::string& name, const py::tuple& given) {
  Variable variable;
  variable.name = name;
  variable.dims = py::cast<std::vector<std::string>>(given[0]);
  variable.attributes = to_attributes(py::cast<py::dict>(given[2]));
  const py::array array = py::array::ensure(given[1]);
  if (!array) throw py::error_already_set();
  switch (array.dtype().kind()) {
    case 'f':
      variable.data = flat<double>(array);
      break;
    case 'b':
    case 'i':
    case 'u': {
      for (const std::int64_t value : flat<std::int64_t>(array))
        if (value > std::numeric_limits<std::int32_t>::max() || value < std::numeric_limits<std::int32_t>::min())
          throw FormatError("variable " + name + ": " + std::to_string(value) + " does not fit a 32-bit whole number");
      variable.data = flat<std::int32_t>(array);
      break;
    }
    case 'O':
    case 'U':
      variable.data = py::cast<std::vector<std::string>>(array.attr("ravel")().attr("tolist")());
      break;
    default:
      throw FormatError("variable " + name + ": values of type " + py::cast<std::string>(py::str(array.dtype())) +
                        " cannot be stored: give numbers or text");
  }
  return variable;
}

}  // namespace

py::dict to_python(Dataset&& dataset) {
  std::map<std::string, py::ssize_t> sizes;
  py::dict dims;
  for (const auto& [name, size] : dataset.dimensions) {
    sizes[name] = static_cast<py::ssize_t>(size);
    dims[py::str(name)] = size;
  }
  py::dict variables;
  for (Variable& variable : dataset.variables) {
    std::vector<py::ssize_t> shape;
    for (const std::string& dim : variable.dims) shape.push_back(sizes.at(dim));
    py::object array =
        std::visit([&](auto& values) -> py::object { return to_python(std::move(values), shape); }, variable.data);
    variables[py::str(variable.name)] =
        py::make_tuple(py::tuple(py::cast(variable.dims)), std::move(array), to_python(variable.attributes));
  }
  py::dict result;
  result["dims"] = std::move(dims);
  result["variables"] = std::move(variables);
  result["attrs"] = to_python(dataset.attributes);
  return result;
}

Dataset to_dataset(const py::dict& given) {
  Dataset dataset;
  for (const auto& [name, size] : py::cast<py::dict>(given["dims"]))
    dataset.dimensions.emplace_back(py::cast<std::string>(name), py::cast<std::size_t>(size));
  for (const auto& [key, value] : py::cast<py::dict>(given["variables"])) {
    const auto name = py::cast<std::string>(key);
    Variable variable = to_variable(name, py::cast<py::tuple>(value));
    std::size_t expected = 1;
    for (const std::string& dim : variable.dims) {
      const auto found = std::find_if(dataset.dimensions.begin(), dataset.dimensions.end(),
                                      [&](const auto& dimension) { return dimension.first == dim; });
      if (found == dataset.dimensions.end())
        throw FormatError("variable " + name + ": dimension " + dim + " has no size");
      expected *= found->second;
    }
    const std::size_t size = std::visit([](const auto& values) { return values.size(); }, variable.data);
    if (size != expected)
      throw FormatError("variable " + name + " has " + std::to_string(size) + " values, its dimensions ask for " +
                        std::to_string(expected));
    dataset.variables.push_back(std::move(variable));
  }
  dataset.attributes = to_attributes(py::cast<py::dict>(given["attrs"]));
  return dataset;
}

}  // namespace inkfade::bindings
