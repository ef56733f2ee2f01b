#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <vector>

#include "inkfade/system/column_tables.kernel.hpp"

// What the kernels read, on another scalar: dual numbers, or one that counts.
namespace inkfade::system {

/// A struct that holds nothing but scalars, on another scalar: member by member, also those that are added to it.
template <class Number, template <class> class Struct>
Struct<Number> on_scalar(const Struct<double>& given) {
  constexpr std::size_t n = sizeof(given) / sizeof(double);
  static_assert(sizeof(Struct<Number>) == n * sizeof(Number), "a member is no scalar: convert it by name");
  const auto values = std::bit_cast<std::array<double, n>>(given);
  std::array<Number, n> numbers;
  std::ranges::transform(values, numbers.begin(), [](double value) { return Number(value); });
  return std::bit_cast<Struct<Number>>(numbers);
}

/// The tables on another scalar; their arrays are copied to `constants`, which must stay where it is.
template <class Number>
INKFADE_ISA::ColumnTables<Number> on_scalar(const INKFADE_ISA::ColumnTables<double>& tables,
                                            std::vector<Number>& constants) {
  const auto cells = static_cast<std::size_t>(tables.layout.n_cells);
  const auto classes = static_cast<std::size_t>(tables.layout.n_classes);
  constants.clear();
  constants.reserve(8 * cells + 2 * classes + (cells + 1) * classes);
  const auto copy = [&](const double* values, std::size_t n) {
    const Number* first = constants.data() + constants.size();
    for (std::size_t i = 0; i < n; ++i) constants.emplace_back(values[i]);
    return first;
  };
  INKFADE_ISA::ColumnTables<Number> made;
  static_cast<INKFADE_ISA::ColumnConstants<Number>&>(made) =
      on_scalar<Number>(static_cast<const INKFADE_ISA::ColumnConstants<double>&>(tables));
  made.layout = tables.layout;
  made.first_dermal_cell = tables.first_dermal_cell;
  made.self_shading = tables.self_shading;
  made.width = copy(tables.width, cells);
  made.macrophages = copy(tables.macrophages, cells);
  made.inverse_binding = copy(tables.inverse_binding, cells);
  made.binds = copy(tables.binds, cells);
  made.lymph = copy(tables.lymph, cells);
  made.wound = copy(tables.wound, cells);
  made.uv = copy(tables.uv, cells);
  made.visible = copy(tables.visible, cells);
  made.uptake = copy(tables.uptake, classes);
  made.lymph_gate = copy(tables.lymph_gate, classes);
  made.conductance = copy(tables.conductance, (cells + 1) * classes);
  return made;
}

}  // namespace inkfade::system
