#pragma once

#include <span>
#include <vector>

#include "inkfade/mesh/column_mesh.hpp"
#include "inkfade/system/column_tables.kernel.hpp"

namespace inkfade::observables {

/// Functionals of one state of the column; SI units.
struct ColumnObservables {
  double pool_mass[3]{};           ///< free, macrophage, stroma [kg/m2]
  std::vector<double> layer_mass;  ///< (n_layers) [kg/m2]
  std::vector<double> class_mass;  ///< (n_classes) [kg/m2]
  double centroid = 0.0;           ///< of pigment over depth [m]; NaN without pigment
  double spread = 0.0;             ///< standard deviation over depth [m]; NaN without pigment
  double peak_load = 0.0;          ///< largest macrophage load of any cell [1]

  [[nodiscard]] double mass() const { return pool_mass[0] + pool_mass[1] + pool_mass[2]; }
};

/// @param y state of the column @param inverse_capacity 1/L [1/kg]
[[nodiscard]] ColumnObservables observe(const INKFADE_ISA::ColumnLayout& layout, const mesh::ColumnMesh& mesh,
                                        std::size_t n_layers, double inverse_capacity, std::span<const double> y);

/// The masses of the pools alone, with the bits that observe() gives them; the rest is empty.
[[nodiscard]] ColumnObservables observe_masses(const INKFADE_ISA::ColumnLayout& layout, const mesh::ColumnMesh& mesh,
                                               std::span<const double> y);

/// Macrophage load, sum_k m_k / (n L), of every cell; 0 in the epidermis. @returns (n_cells) [1]
[[nodiscard]] std::vector<double> macrophage_load(const INKFADE_ISA::ColumnLayout& layout, double inverse_capacity,
                                                  std::span<const double> y);

}  // namespace inkfade::observables
