#pragma once

#include <vector>

#include "inkfade/kinetics/cell_kinetics.hpp"
#include "inkfade/mesh/column_mesh.hpp"
#include "inkfade/skin/ink.hpp"
#include "inkfade/skin/procedure.hpp"
#include "inkfade/skin/skin_profile.hpp"
#include "inkfade/system/column_tables.kernel.hpp"

namespace inkfade::system {

/// The arrays behind a ColumnTables, made once per run.
class ColumnCoefficients {
 public:
  ColumnCoefficients(const skin::SkinProfile& skin, const skin::Ink& ink, const kinetics::CellKinetics& kinetics,
                     const mesh::ColumnMesh& mesh, bool self_shading);

  /// Views of the arrays: valid while this object lives and stays where it is.
  [[nodiscard]] INKFADE_ISA::ColumnTables<double> tables() const;

  /// The same with two cells, all epidermis and all dermis, that see averages, equation (W2). @param weight per cell,
  /// sums to 1 in each tissue @param width of the two cells [m] @param conductance between them, per class [m/s]
  [[nodiscard]] ColumnCoefficients averaged(const std::vector<double>& weight, const std::vector<double>& width,
                                            const std::vector<double>& conductance) const;

 private:
  void set_cells(const skin::SkinProfile& skin, const kinetics::CellKinetics& kinetics, const mesh::ColumnMesh& mesh);
  void set_faces(const skin::SkinProfile& skin, const skin::Ink& ink, const mesh::ColumnMesh& mesh);

  INKFADE_ISA::ColumnTables<double> scalars_;
  std::vector<double> width_;
  std::vector<double> macrophages_;
  std::vector<double> inverse_binding_;
  std::vector<double> binds_;
  std::vector<double> lymph_;
  std::vector<double> wound_;
  std::vector<double> uv_;
  std::vector<double> visible_;
  std::vector<double> uptake_;
  std::vector<double> lymph_gate_;
  std::vector<double> conductance_;
};

/// State before the first session: no pigment, macrophages at their healed density (layout().size()).
[[nodiscard]] std::vector<double> initial_state(const INKFADE_ISA::ColumnTables<double>& tables);

/// Adds a session's pigment to the free pool: the epidermal share evenly over the epidermis, the rest as a Gaussian cut
/// to the dermis, exact cell averages. @returns what was added [kg/m2]
double add_deposit(const skin::Deposit& deposit, const skin::SkinProfile& skin, const mesh::ColumnMesh& mesh,
                   const INKFADE_ISA::ColumnLayout& layout, double* y);

}  // namespace inkfade::system
