#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/system/column_system.hpp"
#include "support/expect_orders.hpp"
#include "support/test_column.hpp"
#include "support/time_stepping.hpp"

// Item 1, second half: the epidermis carries pigment upwards; upwind differences, first order by design.
namespace inkfade::test {
namespace {

constexpr double thickness = 60.0 * micrometre;
constexpr double transit = 30.0 * day;

TestColumn moving_epidermis(int n) {
  TestColumn column(uniform_faces(n, thickness), 1, n);
  column.scalars.epidermal_velocity = thickness / transit;
  return column;
}

/// Mean over a cell of a Gaussian centred at `centre`, without walls.
double gaussian_mean(double top, double bottom, double centre) {
  constexpr double sd = 5.0 * micrometre;
  return (baseline::normal_cdf((bottom - centre) / sd) - baseline::normal_cdf((top - centre) / sd)) / (bottom - top);
}

TEST(Advection, OfAGaussianIsOfFirstOrder) {
  // Starts 40 um deep, is 20 um deep after a third of the transit: far from the faces of the domain throughout.
  std::vector<double> errors;
  for (const int n : {400, 800, 1600, 3200}) {
    const TestColumn column = moving_epidermis(n);
    system::ColumnSystem<0> system(column.tables());
    system.set_forcing(quiet_forcing());
    const auto& at = system.layout();
    std::vector<double> y = system::initial_state(column.tables());
    for (std::size_t i = 0; i < column.n_cells(); ++i) {
      y[static_cast<std::size_t>(at.free(static_cast<int>(i)))] =
          gaussian_mean(column.face[i], column.face[i + 1], 40.0 * micrometre);
    }
    const double peak = gaussian_mean(19.9 * micrometre, 20.1 * micrometre, 20.0 * micrometre);
    ASSERT_EQ(integrate_to(system, 0.0, transit / 3.0, y, 1e-5, column_atol(at, 1e-5 * peak, 1.0, n)), Status::ok);
    double error = 0.0;
    for (std::size_t i = 0; i < column.n_cells(); ++i) {
      error += column.width[i] * std::abs(y[static_cast<std::size_t>(at.free(static_cast<int>(i)))] -
                                          gaussian_mean(column.face[i], column.face[i + 1], 20.0 * micrometre));
    }
    errors.push_back(error);
  }
  expect_orders(errors, 1.0);
}

/// P(at least n events of a Poisson process of mean x): the Erlang distribution of the time through n cells.
double erlang(int n, double x) {
  double term = std::exp(-x);
  double fewer = 0.0;
  for (int j = 0; j < n; ++j) {
    fewer += term;
    term *= x / (j + 1);
  }
  return 1.0 - fewer;
}

TEST(Advection, ShedsPigmentWithTheErlangDistributionOfItsCells) {
  // Upwind cells empty at the rate v/h: the time from the junction to the surface is a sum of n exponentials, its mean
  // exactly the transit time. Tolerance: every cell hands its error of about rtol on to the next, n rtol in all.
  constexpr int n = 20;
  constexpr double rtol = 1e-7;
  const TestColumn column = moving_epidermis(n);
  for (const double share : {0.5, 0.8, 1.0, 1.2, 2.0}) {
    system::ColumnSystem<0> system(column.tables());
    system.set_forcing(quiet_forcing());
    const auto& at = system.layout();
    std::vector<double> y = system::initial_state(column.tables());
    y[static_cast<std::size_t>(at.free(n - 1))] = 1.0 / column.width.back();
    ASSERT_EQ(integrate_to(system, 0.0, share * transit, y, rtol, column_atol(at, rtol / column.width.back(), 1.0, n)),
              Status::ok);
    EXPECT_NEAR(y[static_cast<std::size_t>(at.shed())], erlang(n, n * share), n * rtol) << "t/transit " << share;
  }
}

TEST(Advection, TakesExactlyTheTurnoverTimeOnAverage) {
  // solve() with hg = 1/s is the Laplace transform at s; that of the mass in skin tends to the mean transit time as s
  // falls, the next term is smaller by s times the transit time, 1e-9 here.
  const TestColumn column = moving_epidermis(37);
  system::ColumnSystem<0> system(column.tables());
  system.set_forcing(quiet_forcing());
  std::vector<double> y = system::initial_state(column.tables());
  std::vector<double> r(y.size(), 0.0);
  r[static_cast<std::size_t>(system.layout().free(36))] = 1.0 / column.width.back();
  system.factor(0.0, y.data(), 1e9 * transit);
  std::vector<double> x(y.size());
  system.solve(r.data(), x.data());
  EXPECT_NEAR(system.mass(x.data()) / transit, 1.0, 2e-9);
}

TEST(Advection, KeepsPigmentPositiveAndConserved) {
  constexpr double rtol = 1e-4;
  const TestColumn column = moving_epidermis(50);
  system::ColumnSystem<0> system(column.tables());
  system.set_forcing(quiet_forcing());
  const auto& at = system.layout();
  std::vector<double> y = system::initial_state(column.tables());
  for (int i = 20; i < 30; ++i) y[static_cast<std::size_t>(at.free(i))] = 1.0;
  const double deposited = system.mass(y.data());
  double lowest = 0.0;
  double residual = 0.0;
  const auto watch = [&](const integration::Step& step) {
    for (int i = 0; i < at.n_cells; ++i) lowest = std::min(lowest, step.y_new[at.free(i)]);
    residual = std::max(residual, std::abs(system.mass(step.y_new) + step.y_new[at.shed()] - deposited) / deposited);
  };
  ASSERT_EQ(integrate_to(system, 0.0, 2.0 * transit, y, rtol, column_atol(at, 1e-3 * rtol, 1.0, 50), watch),
            Status::ok);
  EXPECT_GE(lowest, -10.0 * rtol);  // undershoot of a step is within its tolerance; upwind itself makes none
  EXPECT_LE(residual, 1e-12);       // the ledger's promise
}

}  // namespace
}  // namespace inkfade::test
