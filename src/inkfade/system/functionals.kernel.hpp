#pragma once

#include "inkfade/system/column_tables.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// Pigment in skin: sum over cells and pools [kg/m2]; linear, so also valid for increments of the state.
template <class S>
S pigment_mass(const ColumnTables<S>& tables, const S* y) {
  const ColumnLayout& at = tables.layout;
  S total = S(0.0);
  for (int i = 0; i < at.n_cells; ++i) {
    const S* cell = y + at.free(i);
    S sum = S(0.0);
    for (int j = 0; j < 3 * at.n_classes; ++j) sum = sum + cell[j];
    total = total + sum * tables.width[i];
  }
  return total;
}

/// Largest macrophage load of any cell, sum_k m_k / (n L) of equation (M4) [1].
template <class S>
S peak_load(const ColumnTables<S>& tables, const S* y) {
  const ColumnLayout& at = tables.layout;
  S peak = S(0.0);
  for (int i = tables.first_dermal_cell; i < at.n_cells; ++i) {
    S held = S(0.0);
    for (int k = 0; k < at.n_classes; ++k) held = held + y[at.held(i) + k];
    peak = maximum(peak, held * tables.local.inverse_capacity / load_density(y[at.macrophages(i)]));
  }
  return peak;
}

/// Raises n where the error of a step has let more pigment into macrophages than they can hold: the equations keep the
/// load at most 1, but nothing in them takes an excess back, so the errors of many steps would add up. Pigment, and
/// with it the ledger, is not touched.
template <class S>
void hold_load(const ColumnTables<S>& tables, S* y) {
  const ColumnLayout& at = tables.layout;
  for (int i = tables.first_dermal_cell; i < at.n_cells; ++i) {
    S held = S(0.0);
    for (int k = 0; k < at.n_classes; ++k) held = held + y[at.held(i) + k];
    S& n = y[at.macrophages(i)];
    n = maximum(n, held * tables.local.inverse_capacity);
  }
}

}  // namespace inkfade::INKFADE_ISA
