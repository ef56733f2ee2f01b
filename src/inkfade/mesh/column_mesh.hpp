#pragma once

#include <cstddef>
#include <vector>

#include "inkfade/skin/skin_profile.hpp"

namespace inkfade::mesh {

/// Cells of the column over depth: graded, with a face on every layer interface; SI units.
struct ColumnMesh {
  std::vector<double> face;           ///< (n_cells + 1), rising from 0 [m]
  std::vector<double> centre;         ///< (n_cells) [m]
  std::vector<double> width;          ///< (n_cells) [m]
  std::vector<std::size_t> layer;     ///< (n_cells) index into SkinProfile::layers
  std::size_t first_dermal_cell = 0;  ///< the face above it is the dermo-epidermal junction

  [[nodiscard]] std::size_t n_cells() const { return width.size(); }
};

/// Cell width is proportional to 1 + |z - z_DEJ| / grading_length within each layer, so that cells are smallest at the
/// junction, where profiles are steepest, whatever the depth of the deposit: results vary smoothly with it.
///
/// Every layer gets at least one cell and cells are dealt to layers by their share of the graded length; refining
/// n_cells by a factor refines every cell by about that factor.
/// @throws ParameterError where n_cells is smaller than the number of layers.
[[nodiscard]] ColumnMesh make_column_mesh(const skin::SkinProfile& skin, std::size_t n_cells);

}  // namespace inkfade::mesh
