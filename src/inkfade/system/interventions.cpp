#include "inkfade/system/interventions.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "inkfade/kinetics/local.kernel.hpp"

namespace inkfade::system {

namespace {

/// Breaks a share of the pigment of one pool in one cell: fragments are no larger than what broke.
/// @param x by size class (K) [kg/m3] @returns what is gone at once [kg/m3]
double fragment(const skin::Intervention& intervention, double* x) {
  const std::size_t n_classes = intervention.fragments.size();
  double removed = 0.0;
  double weight = 0.0;
  // From the smallest class up: what class k receives from larger ones is not broken again.
  for (std::size_t k = 0; k < n_classes; ++k) {
    weight += intervention.fragments[k];
    const double broken = intervention.fragmented_share * x[k];
    const double gone = intervention.removed_share * broken;
    x[k] -= broken;
    removed += gone;
    for (std::size_t j = 0; j <= k; ++j) {
      const double share = weight > 0.0 ? intervention.fragments[j] / weight : (j == k ? 1.0 : 0.0);
      x[j] += (broken - gone) * share;
    }
  }
  return removed;
}

/// Dying macrophages free what they hold; of the laden ones an own share dies. @param cell state of one cell
void kill(const skin::Intervention& intervention, double inverse_capacity, int n_classes, double* cell) {
  double held = 0.0;
  for (int k = 0; k < n_classes; ++k) held += cell[n_classes + k];
  double& n = cell[3 * n_classes];
  const double load = std::min(held * inverse_capacity / INKFADE_ISA::load_density(n), 1.0);
  const double freed = 1.0 - (1.0 - intervention.killed) * (1.0 - intervention.laden_killed);
  for (int k = 0; k < n_classes; ++k) {
    const double part = freed * cell[n_classes + k];
    cell[k] += part;
    cell[n_classes + k] -= part;
  }
  n *= (1.0 - intervention.killed) * (1.0 - intervention.laden_killed * load);
}

}  // namespace

void apply_intervention(const skin::Intervention& intervention, const INKFADE_ISA::ColumnTables<double>& tables,
                        double* y) {
  const auto& at = tables.layout;
  double removed = 0.0;
  for (int i = 0; i < at.n_cells; ++i) {
    double* cell = y + at.free(i);
    if (!intervention.fragments.empty()) {
      for (int pool = 0; pool < 3; ++pool) {
        removed += tables.width[i] * fragment(intervention, cell + pool * at.n_classes);
      }
    }
    if (i >= tables.first_dermal_cell) kill(intervention, tables.local.inverse_capacity, at.n_classes, cell);
  }
  y[at.removed()] += removed;
}

}  // namespace inkfade::system
