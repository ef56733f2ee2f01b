#pragma once

#include <vector>

#include "inkfade/mesh/column_mesh.hpp"
#include "inkfade/skin/ink.hpp"
#include "inkfade/skin/procedure.hpp"
#include "inkfade/skin/skin_profile.hpp"
#include "inkfade/system/column_coefficients.hpp"

namespace inkfade::system {

/// The well-mixed rung of the model ladder as a column of two cells, epidermis and dermis: the same kernel, the same
/// state and the same events as the column, with averages in place of profiles.
struct WellMixed {
  /// Faces bound the two tissues; the dermal width is that of equation (W2), which concentrations refer to.
  mesh::ColumnMesh mesh;
  ColumnCoefficients coefficients;
};

/// The weights of equation (W1), per cell: over the dermis as the sessions place pigment there, each by its dermal
/// dose; over the epidermis evenly. They sum to 1 in each tissue. Without dermal dose: evenly there, too.
[[nodiscard]] std::vector<double> mixing_weights(const std::vector<skin::Deposit>& deposits,
                                                 const skin::SkinProfile& skin, const mesh::ColumnMesh& mesh);

/// Averages a column, equations (W1)-(W4). @param mesh, coefficients of the column: fine enough to be integrals
[[nodiscard]] WellMixed mix_well(const ColumnCoefficients& coefficients, const mesh::ColumnMesh& mesh,
                                 const std::vector<skin::Deposit>& deposits, const skin::SkinProfile& skin,
                                 const skin::Ink& ink);

/// Skin of two layers, "epidermis" and "dermis", with the bounds and rates of the one given; layers' own properties are
/// left to the coefficients.
[[nodiscard]] skin::SkinProfile two_tissues(const skin::SkinProfile& skin);

}  // namespace inkfade::system
