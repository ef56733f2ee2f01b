#include "inkfade/selfcheck/advection.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include "inkfade/selfcheck/time_stepping.hpp"
#include "inkfade/system/column_system.hpp"

namespace inkfade::selfcheck {
namespace {

/// Mean over a cell of a Gaussian centred at `centre`, without walls [1/m].
double gaussian_mean(double top, double bottom, double centre) {
  constexpr double sd = 5.0 * micrometre;
  return (INKFADE_ISA::normal_cdf((bottom - centre) / sd) - INKFADE_ISA::normal_cdf((top - centre) / sd)) /
         (bottom - top);
}

}  // namespace

BareColumn moving_epidermis(int n) {
  BareColumn column(uniform_faces(n, epidermis_thickness), 1, n);
  column.scalars.epidermal_velocity = epidermis_thickness / epidermis_transit;
  return column;
}

double advection_error(int n, double bias) {
  // Starts 40 um deep, is 20 um deep after a third of the transit: far from the faces of the domain throughout.
  constexpr double start = 40.0 * micrometre;
  constexpr double end = 20.0 * micrometre;
  const BareColumn column = moving_epidermis(n);
  system::ColumnSystem<0> system(column.tables());
  system.set_forcing(quiet_forcing());
  const auto& at = system.layout();
  std::vector<double> y = system::initial_state(column.tables());
  const auto value = [&](std::size_t i) -> double& {
    return y[static_cast<std::size_t>(at.free(static_cast<int>(i)))];
  };
  for (std::size_t i = 0; i < column.n_cells(); ++i) {
    value(i) = gaussian_mean(column.face[i], column.face[i + 1], start);
  }
  const double peak = gaussian_mean(end - 0.1 * micrometre, end + 0.1 * micrometre, end);
  solve_to(system, 0.0, epidermis_transit / 3.0, y, 1e-5, column_atol(at, 1e-5 * peak, 1.0, n));
  double error = 0.0;
  for (std::size_t i = 0; i < column.n_cells(); ++i) {
    const double exact = (1.0 + bias) * gaussian_mean(column.face[i], column.face[i + 1], end);
    error += column.width[i] * std::abs(value(i) - exact);
  }
  return error;
}

}  // namespace inkfade::selfcheck
