#include "inkfade/selfcheck/two_layers.hpp"

#include <cstddef>
#include <utility>
#include <vector>

#include "inkfade/system/column_system.hpp"

namespace inkfade::selfcheck {

BareColumn two_layers(int n_upper, int n_lower, int first_dermal_cell) {
  std::vector<double> faces = uniform_faces(n_upper, TwoLayers::upper);
  for (int i = 1; i <= n_lower; ++i) faces.push_back(TwoLayers::upper + TwoLayers::lower * i / n_lower);
  BareColumn column(std::move(faces), 1, first_dermal_cell);
  column.set_diffusivity(
      0, [](double z) { return z < TwoLayers::upper ? TwoLayers::upper_diffusivity : TwoLayers::lower_diffusivity; });
  return column;
}

double steady_resistance(BareColumn column) {
  // A unit flux enters the first cell, a sink takes it out of the last; solve() with a huge hg gives the steady state.
  const int n = static_cast<int>(column.n_cells());
  column.wound.back() = 1e-3;
  system::ColumnSystem<0> system(column.tables());
  INKFADE_ISA::Forcing<double> forcing = quiet_forcing();
  forcing.openness = 1.0;
  system.set_forcing(forcing);
  const auto& at = system.layout();
  const std::vector<double> y = system::initial_state(column.tables());
  std::vector<double> r(y.size(), 0.0);
  r[static_cast<std::size_t>(at.free(0))] = 1.0 / column.width.front();
  std::vector<double> x(y.size());
  system.factor(0.0, y.data(), 1e20);  // the transient left in it: slowest time constant over hg, about 1e-13
  system.solve(r.data(), x.data());
  return x[static_cast<std::size_t>(at.free(0))] - x[static_cast<std::size_t>(at.free(n - 1))];
}

double series_resistance(int n_upper, int n_lower, double membrane) {
  return (TwoLayers::upper - 0.5 * TwoLayers::upper / n_upper) / TwoLayers::upper_diffusivity + membrane +
         (TwoLayers::lower - 0.5 * TwoLayers::lower / n_lower) / TwoLayers::lower_diffusivity;
}

}  // namespace inkfade::selfcheck
