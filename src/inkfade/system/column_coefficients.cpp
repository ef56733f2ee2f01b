#include "inkfade/system/column_coefficients.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

#include "inkfade/base/elementwise.hpp"
#include "inkfade/base/math.kernel.hpp"
#include "inkfade/transport/faces.kernel.hpp"

namespace inkfade::system {

using INKFADE_ISA::ColumnLayout;
using INKFADE_ISA::ColumnTables;
using INKFADE_ISA::exp_;
using INKFADE_ISA::normal_cdf;

namespace {

void exponentiate(std::vector<double>& values) {
  apply_to_each(values, [](auto x) { return exp_(x); });
}

/// Of light that falls on the surface, the mean over each cell on its way down [1]. @param tau by cell, attenuation
/// times width
std::vector<double> transmission(const std::vector<double>& tau) {
  std::vector<double> share;  // that goes on through a cell, then
  share.reserve(tau.size());
  for (const double each : tau) share.push_back(-each);
  exponentiate(share);
  double left = 1.0;  // below the cells so far
  for (std::size_t i = 0; i < tau.size(); ++i) {
    const double through = share[i];
    share[i] = left * (tau[i] > 1e-5 ? (1.0 - through) / tau[i] : 1.0 - 0.5 * tau[i]);
    left *= through;
  }
  return share;
}

}  // namespace

ColumnCoefficients::ColumnCoefficients(const skin::SkinProfile& skin, const skin::Ink& ink,
                                       const kinetics::CellKinetics& kinetics, const mesh::ColumnMesh& mesh,
                                       bool self_shading)
    : width_(mesh.width), uptake_(kinetics.uptake), lymph_gate_(kinetics.lymph_gate) {
  scalars_.layout = ColumnLayout{static_cast<int>(mesh.n_cells()), static_cast<int>(ink.diameter.size())};
  scalars_.first_dermal_cell = static_cast<int>(mesh.first_dermal_cell);
  scalars_.self_shading = self_shading;
  scalars_.local = kinetics.local;
  scalars_.epidermal_velocity = skin.junction_depth / skin.turnover_time;
  scalars_.turnover_healing_factor = skin.turnover_healing_factor;
  scalars_.junction_permeability = skin.junction_permeability;
  scalars_.oedema_factor = skin.oedema_factor;
  scalars_.hop_mobility = kinetics.hop_factor * kinetics.hop_factor * kinetics.local.release_rate / 6.0;
  scalars_.uv_absorption = ink.uv_absorption;
  scalars_.visible_absorption = ink.visible_absorption;
  set_cells(skin, kinetics, mesh);
  set_faces(skin, ink, mesh);
}

void ColumnCoefficients::set_cells(const skin::SkinProfile& skin, const kinetics::CellKinetics& kinetics,
                                   const mesh::ColumnMesh& mesh) {
  std::vector<double> uv_tau;
  std::vector<double> visible_tau;
  for (std::vector<double>* values :
       {&macrophages_, &inverse_binding_, &binds_, &lymph_, &wound_, &uv_tau, &visible_tau}) {
    values->reserve(mesh.n_cells());
  }
  for (std::size_t i = 0; i < mesh.n_cells(); ++i) {
    const skin::Layer& layer = skin.layers[mesh.layer[i]];
    const double z = mesh.centre[i];
    const bool dermal = layer.tissue == skin::Tissue::dermis;
    // Below a millionth of a mg/cm3 stroma holds nothing that matters, and 1/B would not be a usable number.
    const double capacity = layer.binding_capacity > 1e-6 ? layer.binding_capacity : 0.0;
    macrophages_.push_back(dermal ? layer.macrophage_density : 0.0);
    inverse_binding_.push_back(dermal && capacity > 0.0 ? 1.0 / capacity : 0.0);
    binds_.push_back(dermal && capacity > 0.0 ? 1.0 : 0.0);
    lymph_.push_back(kinetics::lymph_exponent(skin, z));
    wound_.push_back(-std::max(z - skin.junction_depth, 0.0) / skin.wound_loss_depth);
    uv_tau.push_back(layer.uv_attenuation * mesh.width[i]);
    visible_tau.push_back(layer.visible_attenuation * mesh.width[i]);
  }
  exponentiate(lymph_);
  exponentiate(wound_);
  for (std::size_t i = 0; i < mesh.n_cells(); ++i) {
    const skin::Layer& layer = skin.layers[mesh.layer[i]];
    lymph_[i] = layer.tissue == skin::Tissue::dermis
                    ? kinetics::lymph_clearance(skin, layer, kinetics.reference_density, lymph_[i])
                    : 0.0;
    wound_[i] *= skin.wound_loss_rate;
  }
  uv_ = transmission(uv_tau);
  visible_ = transmission(visible_tau);
}

void ColumnCoefficients::set_faces(const skin::SkinProfile& skin, const skin::Ink& ink, const mesh::ColumnMesh& mesh) {
  const std::size_t n_classes = ink.diameter.size();
  conductance_.assign((mesh.n_cells() + 1) * n_classes, 0.0);
  std::vector<double> free;  // (n_classes)
  for (const double d : ink.diameter) free.push_back(kinetics::free_diffusivity(skin, d));
  std::vector<double> diffusivity;  // (n_layers, n_classes)
  diffusivity.reserve(skin.layers.size() * n_classes);
  for (const skin::Layer& layer : skin.layers) {
    for (const double d : free) diffusivity.push_back(kinetics::diffusivity_in(layer, d));
  }
  for (std::size_t face = 1; face < mesh.n_cells(); ++face) {
    const double* upper = diffusivity.data() + mesh.layer[face - 1] * n_classes;
    const double* lower = diffusivity.data() + mesh.layer[face] * n_classes;
    for (std::size_t k = 0; k < n_classes; ++k) {
      conductance_[face * n_classes + k] =
          INKFADE_ISA::series_conductance(0.5 * mesh.width[face - 1], upper[k], 0.5 * mesh.width[face], lower[k]);
    }
  }
}

ColumnTables<double> ColumnCoefficients::tables() const {
  ColumnTables<double> tables = scalars_;
  tables.width = width_.data();
  tables.macrophages = macrophages_.data();
  tables.inverse_binding = inverse_binding_.data();
  tables.binds = binds_.data();
  tables.lymph = lymph_.data();
  tables.wound = wound_.data();
  tables.uv = uv_.data();
  tables.visible = visible_.data();
  tables.uptake = uptake_.data();
  tables.lymph_gate = lymph_gate_.data();
  tables.conductance = conductance_.data();
  return tables;
}

ColumnCoefficients ColumnCoefficients::averaged(const std::vector<double>& weight, const std::vector<double>& width,
                                                const std::vector<double>& conductance) const {
  const auto first_dermal = static_cast<std::size_t>(scalars_.first_dermal_cell);
  const auto average = [&](const std::vector<double>& values) {
    std::vector<double> mean(2, 0.0);
    for (std::size_t i = 0; i < values.size(); ++i) mean[i < first_dermal ? 0 : 1] += weight[i] * values[i];
    return mean;
  };
  ColumnCoefficients two = *this;
  two.scalars_.layout.n_cells = 2;
  two.scalars_.first_dermal_cell = 1;
  two.width_ = width;
  for (const auto member : {&ColumnCoefficients::macrophages_, &ColumnCoefficients::lymph_, &ColumnCoefficients::wound_,
                            &ColumnCoefficients::uv_, &ColumnCoefficients::visible_}) {
    two.*member = average(this->*member);
  }
  std::vector<double> capacity;
  for (std::size_t i = 0; i < binds_.size(); ++i) capacity.push_back(binds_[i] > 0.0 ? 1.0 / inverse_binding_[i] : 0.0);
  two.inverse_binding_ = average(capacity);
  for (double& value : two.inverse_binding_) value = value > 0.0 ? 1.0 / value : 0.0;
  two.binds_.clear();
  for (const double value : two.inverse_binding_) two.binds_.push_back(value > 0.0 ? 1.0 : 0.0);
  two.conductance_.assign(3 * conductance.size(), 0.0);
  std::ranges::copy(conductance, two.conductance_.begin() + static_cast<std::ptrdiff_t>(conductance.size()));
  return two;
}

std::vector<double> initial_state(const ColumnTables<double>& tables) {
  std::vector<double> y(static_cast<std::size_t>(tables.layout.size()), 0.0);
  for (int i = 0; i < tables.layout.n_cells; ++i) {
    y[static_cast<std::size_t>(tables.layout.macrophages(i))] = tables.macrophages[i];
  }
  return y;
}

double add_deposit(const skin::Deposit& deposit, const skin::SkinProfile& skin, const mesh::ColumnMesh& mesh,
                   const ColumnLayout& layout, double* y) {
  const double epidermal_mass = deposit.local_dose * deposit.epidermal_fraction;
  const double dermal_mass = deposit.local_dose - epidermal_mass;
  // Of the dermis's pigment, what lies above each face, then in each cell.
  std::vector<double> share;
  share.reserve(mesh.n_cells() + 1);
  for (const double face : mesh.face) share.push_back((face - deposit.depth) / deposit.depth_sd);
  apply_to_each(std::span(share).subspan(mesh.first_dermal_cell), [](auto x) { return normal_cdf(x); });
  double total = 0.0;
  for (std::size_t i = mesh.first_dermal_cell; i < mesh.n_cells(); ++i) {
    share[i] = std::max(share[i + 1] - share[i], 0.0);
    total += share[i];
  }
  double added = 0.0;
  for (std::size_t i = 0; i < mesh.n_cells(); ++i) {
    const double concentration = i < mesh.first_dermal_cell ? epidermal_mass / skin.junction_depth
                                                            : dermal_mass * (share[i] / total) / mesh.width[i];
    for (std::size_t k = 0; k < deposit.mass_fraction.size(); ++k) {
      const double part = concentration * deposit.mass_fraction[k];
      y[static_cast<std::size_t>(layout.free(static_cast<int>(i))) + k] += part;
      added += part * mesh.width[i];
    }
  }
  return added;
}

}  // namespace inkfade::system
