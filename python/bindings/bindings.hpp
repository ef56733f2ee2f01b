#pragma once

#include <pybind11/pybind11.h>

namespace inkfade::bindings {

/// Each adds its room's names to the module.
void bind_appearance(pybind11::module_& module);
void bind_errors(pybind11::module_& module);
void bind_parameters(pybind11::module_& module);
void bind_selfcheck(pybind11::module_& module);
void bind_simulation(pybind11::module_& module);
void bind_storage(pybind11::module_& module);
void bind_system(pybind11::module_& module);

}  // namespace inkfade::bindings
