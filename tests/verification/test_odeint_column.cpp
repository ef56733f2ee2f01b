#include <gtest/gtest.h>

#include <algorithm>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/rosenbrock4.hpp>
#include <boost/numeric/odeint/stepper/rosenbrock4_controller.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/integration/odeint_rosenbrock4.hpp"
#include "inkfade/simulation/column_case.hpp"
#include "inkfade/system/column_jacobian.hpp"
#include "support/random_scenarios.hpp"
#include "support/time_stepping.hpp"

// Boost.Odeint's own steppers, under its own integrate functions, against our W-method on a small-grid column with all
// terms on: dopri5 (explicit, order 5) for weeks, rosenbrock4 (dense matrices) for years.
namespace inkfade::test {
namespace {

namespace odeint = boost::numeric::odeint;
using parameters::Scenario;
using system::ColumnWithJacobian;

constexpr double rtol = 1e-6;

Scenario small_column(std::int64_t cells, const std::string& horizon) {
  return Scenario::from_toml(
      "format = 1\npreset = \"scalp-smp\"\nstart = 2027-03-14\n[procedure]\nlocal_dose = \"0.25 mg/cm2\"\n"
      "[ink]\nuv_sensitivity = \"1e-7 m2/J\"\n[numerics]\ncells = " +
      std::to_string(cells) + "\nclasses = 2\nrtol = " + std::to_string(rtol) +
      "\nself_shading = true\n[run]\nhorizon = \"" + horizon +
      "\"\n[[session]]\nkind = \"treatment\"\nat = \"0 day\"\n"
      "[[session]]\nkind = \"treatment\"\nat = \"20 day\"\n");
}

/// One case through its segments. @param advance called as advance(system, segment, atol, y): integrates y over the
/// segment
template <class Advance>
std::vector<double> through_segments(const simulation::ColumnCase& column, Advance&& advance) {
  const auto tables = column.coefficients.tables();
  ColumnWithJacobian system(tables);
  std::vector<double> y = system::initial_state(tables);
  double peak = 0.0;
  for (const skin::Segment& segment : column.protocol.segments) {
    for (const skin::Deposit& deposit : segment.deposits) {
      system::add_deposit(deposit, column.skin, column.mesh, tables.layout, y.data());
    }
    for (int i = 0; i < tables.layout.n_cells; ++i)
      peak = std::max(peak, y[static_cast<std::size_t>(tables.layout.free(i))]);
    system.set_forcing(segment.forcing);
    advance(system, segment, rtol * column.atol_fraction * peak, y);
  }
  return y;
}

std::vector<double> by_w_method(const simulation::ColumnCase& column) {
  return through_segments(column, [&](auto& system, const auto& segment, double atol, auto& y) {
    const auto tolerances =
        column_atol(system.layout(), atol, rtol * 1e9, static_cast<int>(column.mesh.first_dermal_cell));
    EXPECT_EQ(integrate_to(system, segment.start, segment.end, y, rtol, tolerances), Status::ok);
  });
}

std::vector<double> by_dopri5(const simulation::ColumnCase& column) {
  using State = std::vector<double>;
  return through_segments(column, [&](auto& system, const auto& segment, double atol, auto& y) {
    const auto rates = [&](const State& x, State& dxdt, double t) { system.rates(t, x.data(), dxdt.data()); };
    odeint::integrate_adaptive(odeint::make_controlled<odeint::runge_kutta_dopri5<State>>(atol, rtol), rates, y,
                               segment.start, segment.end, 1.0);
  });
}

std::vector<double> by_rosenbrock4(const simulation::ColumnCase& column) {
  using Stepper = odeint::rosenbrock4<double, integration::Rosenbrock4Coefficients>;
  using State = Stepper::state_type;
  return through_segments(column, [&](auto& system, const auto& segment, double atol, auto& y) {
    const auto rates = [&](const State& x, State& dxdt, double t) { system.rates(t, &x[0], &dxdt[0]); };
    const auto jacobian = [&](const State& x, Stepper::matrix_type& matrix, double t, State& dfdt) {
      system.jacobian(t, &x[0], &matrix(0, 0), &dfdt[0]);
    };
    State x(y.size());
    std::copy(y.begin(), y.end(), x.begin());
    odeint::integrate_adaptive(odeint::rosenbrock4_controller<Stepper>(atol, rtol), std::make_pair(rates, jacobian), x,
                               segment.start, segment.end, 1.0);
    std::copy(x.begin(), x.end(), y.begin());
  });
}

/// Largest difference of masses per cell, pool and class and of the ledger, of the deposit; of macrophages, of their
/// own density.
double largest_difference(const simulation::ColumnCase& column, const std::vector<double>& a,
                          const std::vector<double>& b) {
  const auto tables = column.coefficients.tables();
  const auto& at = tables.layout;
  double deposited = 0.0;
  for (const skin::Segment& segment : column.protocol.segments) {
    for (const skin::Deposit& deposit : segment.deposits) deposited += deposit.local_dose;
  }
  double worst = 0.0;
  for (int q = 0; q < at.size(); ++q) {
    const auto i = static_cast<std::size_t>(q);
    const int cell = q / at.stride();
    const bool ledger = cell >= at.n_cells;
    const bool macrophages = !ledger && q == at.macrophages(cell);
    const double scale =
        macrophages ? 1.0 / std::max(std::abs(b[i]), 1e9) : (ledger ? 1.0 : tables.width[cell]) / deposited;
    worst = std::max(worst, std::abs(a[i] - b[i]) * scale);
  }
  return worst;
}

TEST(OdeintColumn, Dopri5AgreesWithTheWMethodOverWeeks) {
  const simulation::ColumnCase column(small_column(10, "60 day"));
  const double difference = largest_difference(column, by_dopri5(column), by_w_method(column));
  RecordProperty("difference", std::to_string(difference * 1e9) + "e-9");
  EXPECT_LE(difference, 20.0 * rtol);  // 10 rtol of each
}

TEST(OdeintColumn, Rosenbrock4AgreesWithTheWMethodOverYears) {
  const simulation::ColumnCase column(small_column(12, "10 year"));
  const double difference = largest_difference(column, by_rosenbrock4(column), by_w_method(column));
  RecordProperty("difference", std::to_string(difference * 1e9) + "e-9");
  EXPECT_LE(difference, 20.0 * rtol);  // 10 rtol of each
}

}  // namespace
}  // namespace inkfade::test
