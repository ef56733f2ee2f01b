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

/// hold_load() of one cell. @param cell its f, m, b and n
template <class S>
void hold_load_of_cell(const ColumnTables<S>& tables, S* cell) {
  const int n_classes = tables.layout.n_classes;
  S* m = cell + n_classes;
  S held = S(0.0);
  for (int k = 0; k < n_classes; ++k) held = held + m[k];
  const S taken = held * tables.local.inverse_capacity;
  const S room = maximum(cell[3 * n_classes], S(0.0));
  const S keep = select(taken > room, room / maximum(taken, S(1e-300)), S(1.0));
  for (int k = 0; k < n_classes; ++k) {
    const S kept = m[k] * keep;
    cell[k] = cell[k] + (m[k] - kept);
    m[k] = kept;
  }
}

/// Sets free again what the error of a step has let into macrophages beyond what they can hold: the equations keep the
/// load at most 1, but nothing in them takes an excess back, so the errors of many steps would add up. Pigment of every
/// class, and with it the ledger, stays what it was.
template <class S>
void hold_load(const ColumnTables<S>& tables, S* y) {
  for (int i = tables.first_dermal_cell; i < tables.layout.n_cells; ++i)
    hold_load_of_cell(tables, y + tables.layout.free(i));
}

}  // namespace inkfade::INKFADE_ISA
