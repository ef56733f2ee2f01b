#include "inkfade/observables/column_observables.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace inkfade::observables {

using INKFADE_ISA::ColumnLayout;

std::vector<double> macrophage_load(const ColumnLayout& layout, double inverse_capacity, std::span<const double> y) {
  std::vector<double> load(static_cast<std::size_t>(layout.n_cells), 0.0);
  for (int i = 0; i < layout.n_cells; ++i) {
    const double n = y[static_cast<std::size_t>(layout.macrophages(i))];
    if (n <= 0.0) continue;
    double held = 0.0;
    for (int k = 0; k < layout.n_classes; ++k) held += y[static_cast<std::size_t>(layout.held(i) + k)];
    load[static_cast<std::size_t>(i)] = held * inverse_capacity / n;
  }
  return load;
}

ColumnObservables observe(const ColumnLayout& layout, const mesh::ColumnMesh& mesh, std::size_t n_layers,
                          double inverse_capacity, std::span<const double> y) {
  const auto n_classes = static_cast<std::size_t>(layout.n_classes);
  ColumnObservables out;
  out.layer_mass.assign(n_layers, 0.0);
  out.class_mass.assign(n_classes, 0.0);
  double first = 0.0;
  double second = 0.0;
  double* const class_mass = out.class_mass.data();
  for (std::size_t i = 0; i < mesh.n_cells(); ++i) {
    const double width = mesh.width[i];
    double cell_mass = 0.0;
    for (std::size_t pool = 0; pool < 3; ++pool) {
      const double* of_class = y.data() + layout.free(static_cast<int>(i)) + pool * n_classes;
      double pool_mass = out.pool_mass[pool];
      for (std::size_t k = 0; k < n_classes; ++k) {
        const double mass = of_class[k] * width;
        pool_mass += mass;
        class_mass[k] += mass;
        cell_mass += mass;
      }
      out.pool_mass[pool] = pool_mass;
    }
    out.layer_mass[mesh.layer[i]] += cell_mass;
    const double z = mesh.centre[i];
    first += cell_mass * z;
    second += cell_mass * (z * z + mesh.width[i] * mesh.width[i] / 12.0);
  }
  const double total = out.mass();
  if (total > 0.0) {
    out.centroid = first / total;
    out.spread = std::sqrt(std::max(second / total - out.centroid * out.centroid, 0.0));
  } else {
    out.centroid = out.spread = std::numeric_limits<double>::quiet_NaN();
  }
  out.peak_load = std::ranges::max(macrophage_load(layout, inverse_capacity, y));
  return out;
}

ColumnObservables observe_masses(const ColumnLayout& layout, const mesh::ColumnMesh& mesh, std::span<const double> y) {
  const auto n_classes = static_cast<std::size_t>(layout.n_classes);
  double pools[3]{};
  for (std::size_t i = 0; i < mesh.n_cells(); ++i) {
    const double width = mesh.width[i];
    const double* cell = y.data() + layout.free(static_cast<int>(i));
    for (std::size_t k = 0; k < n_classes; ++k) {
      for (std::size_t pool = 0; pool < 3; ++pool) pools[pool] += cell[pool * n_classes + k] * width;
    }
  }
  ColumnObservables out;
  std::ranges::copy(pools, out.pool_mass);
  return out;
}

}  // namespace inkfade::observables
