#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <string>
#include <unsupported/Eigen/MatrixFunctions>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/system/column_system.hpp"
#include "support/test_column.hpp"
#include "support/time_stepping.hpp"

// Item 4: one dermal cell, three size classes, capacities so large that every term is linear.
namespace inkfade::test {
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

TestColumn cell() {
  TestColumn column({0.0, width}, classes, 0);
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

baseline::Forcing<double> steady_light_and_wound() {
  baseline::Forcing<double> forcing = quiet_forcing();
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

/// Largest error of any component after 20 days.
double kinetics_error(double rtol) {
  const TestColumn column = cell();
  system::ColumnSystem<0> system(column.tables());
  system.set_forcing(steady_light_and_wound());
  const auto& at = system.layout();
  std::vector<double> y = system::initial_state(column.tables());
  Eigen::VectorXd start = Eigen::VectorXd::Zero(4 * classes + 2);
  for (int k = 0; k < classes; ++k) {
    start(k) = y[static_cast<std::size_t>(k)] = 0.6 + 0.2 * k;
    start(classes + k) = y[static_cast<std::size_t>(at.held(0) + k)] = 0.1 * k;
  }
  EXPECT_EQ(integrate_to(system, 0.0, 20.0 * day, y, rtol, column_atol(at, rtol, rtol * macrophages)), Status::ok);
  const Eigen::MatrixXd propagator = (20.0 * rate_matrix()).exp();
  const Eigen::VectorXd exact = propagator * start;
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

TEST(LocalKinetics, WithoutSaturationIsAMatrixExponential) {
  for (const double rtol : {1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8}) {
    EXPECT_LE(kinetics_error(rtol), 10.0 * rtol) << "rtol " << rtol;  // the promise: error <= 10 rtol, state about 1
  }
}

TEST(LocalKinetics, ErrorIsProportionalToTheTolerance) {
  // Step control with an estimate of order h^3 and a solution of order h^3: the slope is 1; the rounding of step sizes
  // to whole steps leaves it within 0.15 over five decades.
  const std::vector<double> rtol{1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9};
  std::vector<double> errors;
  for (const double r : rtol) errors.push_back(kinetics_error(r));
  const double slope = log_slope(rtol, errors);
  RecordProperty("slope", std::to_string(slope));
  EXPECT_NEAR(slope, 1.0, 0.15);
}

}  // namespace
}  // namespace inkfade::test
