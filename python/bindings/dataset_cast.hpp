#pragma once

#include <pybind11/pybind11.h>

#include "inkfade/storage/dataset.hpp"

namespace inkfade::bindings {

/// {"dims": {name: size}, "variables": {name: (dims, array, attributes)}, "attrs": {...}}; arrays are moved, not
/// copied.
pybind11::dict to_python(storage::Dataset&& dataset);

/// The same the other way. @throws FormatError naming the variable whose shape or type does not fit.
storage::Dataset to_dataset(const pybind11::dict& dataset);

}  // namespace inkfade::bindings
