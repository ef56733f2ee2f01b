#pragma once

#include <cstddef>
#include <span>

#include "inkfade/base/pack.kernel.hpp"

namespace inkfade {

/// Sets each value to f of it, two at a time: the bits are those of one at a time. An elementary function waits long
/// for its own steps, and setting up a column takes hundreds. @param f for double and Pack, e.g. a generic lambda
template <class Function>
void apply_to_each(std::span<double> values, Function&& f) {
  using Two = INKFADE_ISA::Pack<2>;
  std::size_t i = 0;
  for (; i + 2 <= values.size(); i += 2) {
    const Two y = f(Two(Two::Values{values[i], values[i + 1]}));
    values[i] = y.values[0];
    values[i + 1] = y.values[1];
  }
  if (i < values.size()) values[i] = f(values[i]);
}

}  // namespace inkfade
