#include "inkfade/selfcheck/local_kinetics.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <unsupported/Eigen/MatrixFunctions>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/selfcheck/bare_column.hpp"
#include "inkfade/selfcheck/time_stepping.hpp"
#include "inkfade/system/column_system.hpp"

namespace inkfade::selfcheck {
namespace {

constexpr int classes = 3;
constexpr double width = 100.0 * micrometre;
constexpr double uptake[classes] = {0.3, 0.7, 0.9};  // times n [1/day]
constexpr double gate[classes] = {0.9, 0.4, 0.05};
constexpr double lymph = 0.5, wound = 0.11, light = 0.02;               // [1/day]
constexpr double release = 0.03, egress = 0.004, fragmentation = 0.02;  // [1/day]
constexpr double binding = 0.2, unbinding = 0.05;                       // [1/day]
constexpr double held_light = 0.5, bound_light = 0.8;
constexpr double macrophages = 5e12;  // [1/m3]

BareColumn cell() {
  BareColumn column({0.0, width}, classes, 0);
  column.macrophages = {macrophages};
  for (std::size_t k = 0; k < classes; ++k) {
    column.uptake[k] = uptake[k] / day / macrophages;
    column.lymph_gate[k] = gate[k];
  }
  column.lymph = {lymph / day};
  column.wound = {wound / day};
  column.binds = {1.0};
  column.uv = {1.0};
  auto& c = column.scalars.local;
  c.inverse_capacity = 1e-30;  // L huge; B and K_f infinite (0)
  c.release_rate = release / day;
  c.egress_rate = egress / day;
  c.fragmentation_rate = fragmentation / day;
  c.binding_rate = binding / day;
  c.unbinding_rate = unbinding / day;
  c.macrophage_light = held_light;
  c.stroma_light = bound_light;
  c.uv_sensitivity = light / day;
  return column;
}

INKFADE_ISA::Forcing<double> steady_light_and_wound() {
  INKFADE_ISA::Forcing<double> forcing = quiet_forcing();
  forcing.openness = 1.0;
  forcing.uv.mean = 1.0;
  return forcing;
}

/// Equations (M1)-(M3) and (M11) per day on (f, m, b, shed, degraded, drained), ledger per cell width.
Eigen::MatrixXd rate_matrix() {
  const int f = 0, m = classes, b = 2 * classes, shed = 3 * classes, degraded = shed + 1, drained = shed + 2;
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(drained + classes, drained + classes);
  const auto flow = [&](int from, int to, double rate) {
    a(from, from) -= rate;
    a(to, from) += rate;
  };
  for (int k = 0; k < classes; ++k) {
    flow(f + k, m + k, uptake[k]);
    flow(m + k, f + k, release);
    flow(f + k, b + k, binding);
    flow(b + k, f + k, unbinding);
    flow(f + k, drained + k, lymph * gate[k]);
    flow(m + k, drained + k, egress);
    flow(f + k, shed, wound);
    flow(f + k, degraded, light);
    flow(m + k, degraded, held_light * light);
    flow(b + k, degraded, bound_light * light);
    if (k > 0) flow(m + k, m + k - 1, fragmentation);
  }
  return a;
}

}  // namespace

double kinetics_error(double rtol, double bias) {
  const BareColumn column = cell();
  system::ColumnSystem<0> system(column.tables());
  system.set_forcing(steady_light_and_wound());
  const auto& at = system.layout();
  std::vector<double> y = system::initial_state(column.tables());
  Eigen::VectorXd start = Eigen::VectorXd::Zero(4 * classes + 2);
  for (int k = 0; k < classes; ++k) {
    start(k) = y[static_cast<std::size_t>(k)] = 0.6 + 0.2 * k;
    start(classes + k) = y[static_cast<std::size_t>(at.held(0) + k)] = 0.1 * k;
  }
  solve_to(system, 0.0, 20.0 * day, y, rtol, column_atol(at, rtol, rtol * macrophages));
  const Eigen::MatrixXd propagator = (20.0 * rate_matrix()).exp();
  const Eigen::VectorXd exact = (1.0 + bias) * (propagator * start);
  double worst = 0.0;
  for (int j = 0; j < 3 * classes; ++j) worst = std::max(worst, std::abs(y[static_cast<std::size_t>(j)] - exact(j)));
  const auto ledger = [&](int component, int row) {
    worst = std::max(worst, std::abs(y[static_cast<std::size_t>(component)] / width - exact(row)));
  };
  ledger(at.shed(), 3 * classes);
  ledger(at.degraded(), 3 * classes + 1);
  for (int k = 0; k < classes; ++k) ledger(at.drained() + k, 3 * classes + 2 + k);
  return worst;
}

}  // namespace inkfade::selfcheck
