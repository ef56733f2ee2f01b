#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <chrono>
#include <cstdint>
#include <future>
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

const Check& find_check(const std::string& name) {
  for (const auto& group : {selfcheck::exact_checks(), selfcheck::law_checks()}) {
    for (const Check& check : group) {
      if (check.name == name) return check;
    }
  }
  throw ParameterError("check " + name + ": there is none of this name");
}

/// On a thread of its own, while this one looks for Python's signals ten times a second.
py::tuple run_check(const std::string& name, std::uint32_t seed, unsigned scenarios, double bias) {
  const Check& check = find_check(name);
  const selfcheck::Options options{seed, scenarios, bias, StopToken()};
  auto running = std::async(std::launch::async, [&] { return check.measure(options); });
  for (bool done = false; !done;) {
    {
      const py::gil_scoped_release unlocked;  // the core never touches Python
      done = running.wait_for(std::chrono::milliseconds(100)) == std::future_status::ready;
    }
    if (!done && PyErr_CheckSignals() != 0) {
      const py::error_already_set raised;
      options.stop.request_stop();
      running.wait();
      throw raised;
    }
  }
  const selfcheck::Measured measured = running.get();
  return py::make_tuple(measured.value, measured.detail);
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
