#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "inkfade/system/column_system.hpp"
#include "support/expect_orders.hpp"
#include "support/manufactured_column.hpp"
#include "support/time_stepping.hpp"

// Item 6, the column: all terms on, nonlinear, coefficients that vary with depth.
namespace inkfade::test {
namespace {

/// The column with a source; the matrix stays the column's own, as a W-method allows.
template <class Source>
class SourcedSystem {
 public:
  SourcedSystem(const ManufacturedColumn& manufactured, Source source)
      : inner_(manufactured.column().tables()), source_(std::move(source)) {
    inner_.set_forcing(manufactured.forcing());
  }
  [[nodiscard]] std::size_t size() const { return inner_.size(); }
  void rates(double t, const double* y, double* dydt) {
    inner_.rates(t, y, dydt);
    const std::vector<double> s = source_(t, inner_);
    for (std::size_t q = 0; q < s.size(); ++q) dydt[q] += s[q];
  }
  void factor(double t, const double* y, double hg) { inner_.factor(t, y, hg); }
  void solve(const double* r, double* x) { inner_.solve(r, x); }

 private:
  system::ColumnSystem<0> inner_;
  Source source_;
};

/// Root mean square over cells, weighted by width, of each kind of component's error at t_end.
double space_error(int cells_per_tenth, double velocity, int steps) {
  const ManufacturedColumn exact(cells_per_tenth, velocity);
  const auto source = [&](double t, system::ColumnSystem<0>&) { return exact.source(t); };
  SourcedSystem<decltype(source)> system(exact, source);
  std::vector<double> y = exact.state(0.0);
  fixed_steps(system, 0.0, 1.0, steps, y);
  const std::vector<double> expected = exact.state(1.0);
  const auto& at = exact.column().scalars.layout;
  double square = 0.0;
  for (int i = 0; i < at.n_cells; ++i) {
    for (int j = 0; j < at.stride(); ++j) {
      const auto q = static_cast<std::size_t>(at.free(i) + j);
      square += exact.column().width[static_cast<std::size_t>(i)] * (y[q] - expected[q]) * (y[q] - expected[q]);
    }
  }
  return std::sqrt(square);
}

TEST(ManufacturedColumn, IsOfSecondOrderInSpaceWithoutAdvection) {
  std::vector<double> errors;
  for (const int m : {2, 4, 8, 16}) errors.push_back(space_error(m, 0.0, 200));
  expect_orders(errors, 2.0);
}

TEST(ManufacturedColumn, IsOfFirstOrderInSpaceWithAdvection) {
  std::vector<double> errors;
  for (const int m : {4, 8, 16, 32}) errors.push_back(space_error(m, 0.2, 100));
  expect_orders(errors, 1.0);
}

/// Largest error at t_end against the exact solution of the semi-discrete system, which the source makes it to be.
double time_error(int steps, double velocity) {
  const ManufacturedColumn exact(2, velocity);
  const auto source = [&](double t, system::ColumnSystem<0>& column) {
    const std::vector<double> y = exact.state(t);
    std::vector<double> rates(y.size());
    column.rates(t, y.data(), rates.data());
    std::vector<double> s = exact.state_rate(t);
    for (std::size_t q = 0; q < s.size(); ++q) s[q] -= rates[q];
    return s;
  };
  SourcedSystem<decltype(source)> system(exact, source);
  std::vector<double> y = exact.state(0.0);
  fixed_steps(system, 0.0, 1.0, steps, y);
  const std::vector<double> expected = exact.state(1.0);
  double worst = 0.0;
  for (std::size_t q = 0; q < y.size(); ++q) worst = std::max(worst, std::abs(y[q] - expected[q]));
  return worst;
}

TEST(ManufacturedColumn, IsOfThirdOrderInTimeThoughTheMatrixIsInexact) {
  // Steps far below the fastest time constant of the mesh: above it the order is still on its way up (2.7 at 40 steps).
  std::vector<double> errors;
  for (const int steps : {640, 1280, 2560, 5120}) errors.push_back(time_error(steps, 0.2));
  expect_orders(errors, 3.0);
}

}  // namespace
}  // namespace inkfade::test
