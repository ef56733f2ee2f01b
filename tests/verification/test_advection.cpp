#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/selfcheck/advection.hpp"
#include "inkfade/system/column_system.hpp"
#include "support/expect_orders.hpp"
#include "support/time_stepping.hpp"

// Item 1, second half: the epidermis carries pigment upwards; upwind differences, first order by design.
namespace inkfade::test {
namespace {

using namespace selfcheck;

constexpr double transit = epidermis_transit;

TEST(Advection, OfAGaussianIsOfFirstOrder) {
  std::vector<double> errors;
  for (const int n : {400, 800, 1600, 3200}) errors.push_back(advection_error(n));
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
  const BareColumn column = moving_epidermis(n);
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
  const BareColumn column = moving_epidermis(37);
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
  const BareColumn column = moving_epidermis(50);
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
