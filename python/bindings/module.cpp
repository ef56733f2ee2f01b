#include <pybind11/pybind11.h>

#include "bindings.hpp"

namespace py = pybind11;

PYBIND11_MODULE(_core, module) {
  module.doc() = "Compiled core of inkfade: scenarios, simulation, result files. Use the package `inkfade` instead.";
  module.attr("__version__") = INKFADE_VERSION;
  inkfade::bindings::bind_errors(module);
  inkfade::bindings::bind_appearance(module);
  inkfade::bindings::bind_parameters(module);
  inkfade::bindings::bind_selfcheck(module);
  inkfade::bindings::bind_simulation(module);
  inkfade::bindings::bind_storage(module);
  inkfade::bindings::bind_system(module);
}
