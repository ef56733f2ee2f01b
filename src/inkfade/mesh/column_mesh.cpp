#include "inkfade/mesh/column_mesh.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/elementwise.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/base/math.kernel.hpp"

namespace inkfade::mesh {

namespace {

constexpr double grading_length = 250.0 * micrometre;

/// Graded coordinate s(z), ds/dz = 1 / (1 + |z - z_DEJ| / grading_length): cells are equal in s. Odd about the
/// junction.
double graded(double z, double junction) {
  const double away = (z - junction) / grading_length;
  return away >= 0.0 ? grading_length * INKFADE_ISA::log_(1.0 + away) : -grading_length * INKFADE_ISA::log_(1.0 - away);
}

/// From s to z, all of them.
void ungrade(std::vector<double>& s, double junction) {
  std::vector<double> growth;
  growth.reserve(s.size());
  for (const double each : s) growth.push_back(std::abs(each / grading_length));
  apply_to_each(growth, [](auto x) { return INKFADE_ISA::exp_(x); });
  for (std::size_t i = 0; i < s.size(); ++i) {
    const double away = grading_length * (growth[i] - 1.0);
    s[i] = s[i] >= 0.0 ? junction + away : junction - away;
  }
}

/// Deals n cells to layers: one each, then one at a time to the layer whose cells are largest in s.
std::vector<std::size_t> deal_cells(const std::vector<double>& length, std::size_t n_cells) {
  std::vector<std::size_t> cells(length.size(), 1);
  for (std::size_t dealt = length.size(); dealt < n_cells; ++dealt) {
    std::size_t largest = 0;
    for (std::size_t i = 1; i < length.size(); ++i) {
      const bool larger =
          length[i] * static_cast<double>(cells[largest]) > length[largest] * static_cast<double>(cells[i]);
      if (larger) largest = i;
    }
    ++cells[largest];
  }
  return cells;
}

}  // namespace

ColumnMesh make_column_mesh(const skin::SkinProfile& skin, std::size_t n_cells) {
  if (n_cells < skin.layers.size()) {
    throw ParameterError("numerics.cells = " + std::to_string(n_cells) + ": must be at least the number of layers, " +
                         std::to_string(skin.layers.size()));
  }
  const double junction = skin.junction_depth;
  std::vector<double> length;
  for (const skin::Layer& layer : skin.layers) {
    length.push_back(graded(layer.bottom(), junction) - graded(layer.top, junction));
  }
  const std::vector<std::size_t> cells = deal_cells(length, n_cells);

  ColumnMesh mesh;
  mesh.layer.reserve(n_cells);
  for (std::vector<double>* values : {&mesh.face, &mesh.width, &mesh.centre}) values->reserve(n_cells + 1);
  mesh.face.push_back(graded(0.0, junction));
  for (std::size_t l = 0; l < skin.layers.size(); ++l) {
    const skin::Layer& layer = skin.layers[l];
    if (layer.tissue == skin::Tissue::epidermis) mesh.first_dermal_cell += cells[l];
    const double s_top = graded(layer.top, junction);
    for (std::size_t i = 1; i <= cells[l]; ++i) {
      const double s = s_top + length[l] * static_cast<double>(i) / static_cast<double>(cells[l]);
      mesh.face.push_back(s);
      mesh.layer.push_back(l);
    }
  }
  ungrade(mesh.face, junction);
  mesh.face.front() = 0.0;
  std::size_t last = 0;
  for (std::size_t l = 0; l < skin.layers.size(); ++l) mesh.face[last += cells[l]] = skin.layers[l].bottom();
  for (std::size_t i = 0; i < n_cells; ++i) {
    mesh.width.push_back(mesh.face[i + 1] - mesh.face[i]);
    mesh.centre.push_back(0.5 * (mesh.face[i] + mesh.face[i + 1]));
  }
  return mesh;
}

}  // namespace inkfade::mesh
