#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <string>

#include "bindings.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/selfcheck/build_info.hpp"
#include "inkfade/selfcheck/check.hpp"

namespace py = pybind11;

namespace inkfade::bindings {
namespace {

using selfcheck::Check;

py::list checks() {
  py::list result;
  for (const auto& group : {selfcheck::exact_checks(), selfcheck::law_checks()}) {
    for (const Check& check : group) {
      py::dict d;
      d["name"] = check.name;
      d["claim"] = check.claim;
      d["reference"] = check.reference;
      d["quantity"] = check.quantity;
      d["lower"] = check.lower;
      d["upper"] = check.upper;
      result.append(d);
    }
  }
  return result;
}

py::tuple run_check(const std::string& name, std::uint32_t seed, unsigned scenarios, double bias) {
  for (const auto& group : {selfcheck::exact_checks(), selfcheck::law_checks()}) {
    for (const Check& check : group) {
      if (check.name != name) continue;
      selfcheck::Measured measured;
      {
        const py::gil_scoped_release unlocked;  // the core never touches Python
        measured = check.measure({seed, scenarios, bias});
      }
      return py::make_tuple(measured.value, measured.detail);
    }
  }
  throw ParameterError("check " + name + ": there is none of this name");
}

py::dict build_info() {
  py::dict result;
  result["compiler"] = selfcheck::compiler();
  result["instruction_set"] = selfcheck::instruction_set();
  result["build"] = selfcheck::build_kind();
  return result;
}

}  // namespace

void bind_selfcheck(py::module_& module) {
  module.def("checks", &checks, "What the core can check about itself; the measured value lies within lower .. upper.");
  module.def("run_check", &run_check, py::arg("name"), py::kw_only(), py::arg("seed"),
             py::arg("scenarios") = selfcheck::Options{}.scenarios, py::arg("bias") = 0.0,
             "Measured value and detail of one check; bias makes its reference wrong, to see it fail.");
  module.def("build_info", &build_info, "How the core was compiled.");
}

}  // namespace inkfade::bindings
