#include "inkfade/selfcheck/diffusion.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "inkfade/mesh/column_mesh.hpp"
#include "inkfade/selfcheck/bare_column.hpp"
#include "inkfade/selfcheck/time_stepping.hpp"
#include "inkfade/system/column_system.hpp"

namespace inkfade::selfcheck {

std::vector<double> graded_faces(int n) {
  skin::SkinProfile skin;
  skin.layers = {{"upper", skin::Tissue::epidermis, 0.0, 0.5 * diffusion_depth},
                 {"lower", skin::Tissue::dermis, 0.5 * diffusion_depth, 0.5 * diffusion_depth}};
  skin.junction_depth = 0.5 * diffusion_depth;
  skin.depth = diffusion_depth;
  return mesh::make_column_mesh(skin, static_cast<std::size_t>(n)).face;
}

double ReflectedGaussian::cell_mean(double top, double bottom, double t) const {
  const double sd = std::sqrt(sd_start * sd_start + 2.0 * slab_diffusivity * t);
  double sum = 0.0;
  for (int j = -images; j <= images; ++j) {
    for (const double source : {2.0 * j * diffusion_depth + centre, 2.0 * j * diffusion_depth - centre}) {
      sum += INKFADE_ISA::normal_cdf((bottom - source) / sd) - INKFADE_ISA::normal_cdf((top - source) / sd);
    }
  }
  return sum / (bottom - top);
}

double gaussian_error(const ReflectedGaussian& exact, int n, double t_end, double bias) {
  BareColumn column(graded_faces(n), 1, 0);
  column.set_diffusivity(0, [](double) { return slab_diffusivity; });
  system::ColumnSystem<0> system(column.tables());
  system.set_forcing(quiet_forcing());
  const auto& at = system.layout();
  std::vector<double> y = system::initial_state(column.tables());
  double peak = 0.0;
  for (int i = 0; i < n; ++i) {
    const auto c = static_cast<std::size_t>(i);
    const double mean = exact.cell_mean(column.face[c], column.face[c + 1], 0.0);
    y[static_cast<std::size_t>(at.free(i))] = mean;
    peak = std::max(peak, mean);
  }
  // Solver error about 1e-8 of the peak, a hundredth of the spatial error on the finest mesh.
  solve_to(system, 0.0, t_end, y, 1e-8, column_atol(at, 1e-8 * peak, 1.0));
  double square = 0.0;
  double largest = 0.0;
  for (int i = 0; i < n; ++i) {
    const auto c = static_cast<std::size_t>(i);
    const double mean = (1.0 + bias) * exact.cell_mean(column.face[c], column.face[c + 1], t_end);
    const double error = y[static_cast<std::size_t>(at.free(i))] - mean;
    square += column.width[c] * error * error;
    largest = std::max(largest, mean);
  }
  return std::sqrt(square / diffusion_depth) / largest;
}

Mode cosine_mode(int n, int waves, double t_end, double rtol) {
  const double h = diffusion_depth / n;
  BareColumn column(uniform_faces(n, diffusion_depth), 1, 0);
  column.set_diffusivity(0, [](double) { return slab_diffusivity; });
  system::ColumnSystem<0> system(column.tables());
  system.set_forcing(quiet_forcing());
  const auto& at = system.layout();
  std::vector<double> y = system::initial_state(column.tables());
  const auto mode = [&](int i) { return std::cos(pi * waves * (i + 0.5) / n); };
  for (int i = 0; i < n; ++i) y[static_cast<std::size_t>(at.free(i))] = 2.0 + mode(i);
  solve_to(system, 0.0, t_end, y, rtol, column_atol(at, 1e-3 * rtol, 1.0));
  double projection = 0.0;
  for (int i = 0; i < n; ++i) projection += 2.0 / n * mode(i) * y[static_cast<std::size_t>(at.free(i))];
  const double s = 2.0 / h * std::sin(0.5 * pi * waves / n);
  const double k = pi * waves / diffusion_depth;
  return {projection, std::exp(-slab_diffusivity * s * s * t_end), std::exp(-slab_diffusivity * k * k * t_end)};
}

}  // namespace inkfade::selfcheck
