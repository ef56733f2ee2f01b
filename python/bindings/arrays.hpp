#pragma once

#include <pybind11/numpy.h>

#include <memory>
#include <utility>
#include <vector>

namespace inkfade::bindings {

/// A vector as a NumPy array of the given shape, without a copy: the array owns the moved vector.
template <class T>
pybind11::array_t<T> to_array(std::vector<T>&& values, std::vector<pybind11::ssize_t> shape) {
  auto owner = std::make_unique<std::vector<T>>(std::move(values));
  T* data = owner->data();
  pybind11::capsule capsule(owner.get(), [](void* p) { delete static_cast<std::vector<T>*>(p); });
  owner.release();
  return pybind11::array_t<T>(std::move(shape), data, capsule);
}

}  // namespace inkfade::bindings
