#include "inkfade/selfcheck/laws.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "inkfade/base/errors.hpp"
#include "inkfade/simulation/simulate.hpp"

namespace inkfade::selfcheck {

double ledger_gap(const simulation::Solution& solution, double bias) {
  double worst = 0.0;
  for (std::size_t i = 0; i < solution.n_times(); ++i) {
    const double deposited = (1.0 + bias) * solution.deposited[i];
    double gap = -deposited;
    for (std::size_t pool = 0; pool < simulation::n_pools; ++pool) gap += solution.mass[i * simulation::n_pools + pool];
    for (std::size_t fate = 0; fate < simulation::n_fates; ++fate) {
      gap += solution.ledger[i * simulation::n_fates + fate];
    }
    const double share = std::abs(gap) / deposited;
    if (!(share <= worst)) worst = share;  // NaN is the worst there is
  }
  return solution.n_times() == 0 ? std::numeric_limits<double>::quiet_NaN() : worst;
}

double largest_atol(const simulation::ColumnCase& column) {
  const auto tables = column.coefficients.tables();
  std::vector<double> y = system::initial_state(tables);
  for (const auto& segment : column.protocol.segments) {
    for (const auto& deposit : segment.deposits) {
      system::add_deposit(deposit, column.skin, column.mesh, tables.layout, y.data());
    }
  }
  double peak = 0.0;
  for (int i = 0; i < tables.layout.n_cells; ++i) {
    double sum = 0.0;
    for (int k = 0; k < tables.layout.n_classes; ++k) sum += y[static_cast<std::size_t>(tables.layout.free(i) + k)];
    peak = std::max(peak, sum);
  }
  return column.rtol * column.atol_fraction * peak;
}

double lowest_in_atol(const parameters::Scenario& scenario, double floor) {
  const simulation::ColumnCase column(scenario);
  simulation::Options options;
  for (const auto& segment : column.protocol.segments) options.times.push_back(segment.end);
  const simulation::Solution solution = simulation::simulate(scenario, options);
  if (solution.status != Status::ok) throw IntegrationError(solution.message);
  return (std::ranges::min(solution.pigment) - floor) / largest_atol(column);
}

}  // namespace inkfade::selfcheck
