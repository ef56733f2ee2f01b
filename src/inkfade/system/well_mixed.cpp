#include "inkfade/system/well_mixed.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "inkfade/kinetics/cell_kinetics.hpp"

namespace inkfade::system {

namespace {

constexpr std::size_t epidermis = 0;
constexpr std::size_t dermis = 1;

/// Scales the values in [first, last) to the sum 1; where they have none, the widths decide.
void share_out(std::vector<double>& value, const std::vector<double>& width, std::size_t first, std::size_t last) {
  double total = 0.0;
  for (std::size_t i = first; i < last; ++i) total += value[i];
  const bool empty = !(total > 0.0);
  for (std::size_t i = first; empty && i < last; ++i) total += value[i] = width[i];
  for (std::size_t i = first; i < last; ++i) value[i] /= total;
}

/// Conductance of free pigment between two depths, by class: the resistances on the way in series, equation (W4) [m/s].
std::vector<double> path_conductance(const skin::SkinProfile& skin, const skin::Ink& ink, double from, double to) {
  std::vector<double> conductance;
  for (const double d : ink.diameter) {
    double resistance = 0.0;
    for (const skin::Layer& layer : skin.layers) {
      const double length = std::min(to, layer.bottom()) - std::max(from, layer.top);
      if (length > 0.0) resistance += length / kinetics::free_diffusivity(skin, layer, d);
    }
    conductance.push_back(1.0 / resistance);
  }
  return conductance;
}

}  // namespace

std::vector<double> mixing_weights(const std::vector<skin::Deposit>& deposits, const skin::SkinProfile& skin,
                                   const mesh::ColumnMesh& mesh) {
  const std::size_t n = mesh.n_cells();
  std::vector<double> weight(n, 0.0);
  const INKFADE_ISA::ColumnLayout one_class{static_cast<int>(n), 1};
  for (skin::Deposit deposit : deposits) {
    deposit.local_dose *= 1.0 - deposit.epidermal_fraction;
    deposit.epidermal_fraction = 0.0;
    deposit.mass_fraction = {1.0};
    std::vector<double> y(static_cast<std::size_t>(one_class.size()), 0.0);
    add_deposit(deposit, skin, mesh, one_class, y.data());
    for (std::size_t i = mesh.first_dermal_cell; i < n; ++i) {
      weight[i] += y[static_cast<std::size_t>(one_class.free(static_cast<int>(i)))] * mesh.width[i];
    }
  }
  share_out(weight, mesh.width, 0, mesh.first_dermal_cell);
  share_out(weight, mesh.width, mesh.first_dermal_cell, n);
  return weight;
}

WellMixed mix_well(const ColumnCoefficients& coefficients, const mesh::ColumnMesh& mesh,
                   const std::vector<skin::Deposit>& deposits, const skin::SkinProfile& skin, const skin::Ink& ink) {
  const std::vector<double> weight = mixing_weights(deposits, skin, mesh);
  double crowding = 0.0;  // integral of p^2 [1/m]
  double mean_depth = 0.0;
  for (std::size_t i = mesh.first_dermal_cell; i < mesh.n_cells(); ++i) {
    crowding += weight[i] * weight[i] / mesh.width[i];
    mean_depth += weight[i] * mesh.centre[i];
  }
  mesh::ColumnMesh mixed;
  mixed.face = {0.0, skin.junction_depth, skin.depth};
  mixed.width = {skin.junction_depth, 1.0 / crowding};
  mixed.centre = {0.5 * skin.junction_depth, mean_depth};
  mixed.layer = {epidermis, dermis};
  mixed.first_dermal_cell = dermis;
  ColumnCoefficients averages = coefficients.averaged(
      weight, mixed.width, path_conductance(skin, ink, mixed.centre[epidermis], mixed.centre[dermis]));
  return {std::move(mixed), std::move(averages)};
}

skin::SkinProfile two_tissues(const skin::SkinProfile& skin) {
  skin::SkinProfile two = skin;
  two.layers.assign(2, {});
  two.layers[epidermis].name = "epidermis";
  two.layers[epidermis].tissue = skin::Tissue::epidermis;
  two.layers[epidermis].thickness = skin.junction_depth;
  two.layers[dermis].name = "dermis";
  two.layers[dermis].top = skin.junction_depth;
  two.layers[dermis].thickness = skin.depth - skin.junction_depth;
  return two;
}

}  // namespace inkfade::system
