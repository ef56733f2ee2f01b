#include "inkfade/skin/ink.hpp"

#include <cstddef>

#include "inkfade/base/math.kernel.hpp"

namespace inkfade::skin {

using INKFADE_ISA::exp_;
using INKFADE_ISA::log_;
using INKFADE_ISA::normal_cdf;

namespace {

std::vector<double> log_spaced(double first, double last, std::size_t n) {
  std::vector<double> values(n);
  if (n == 1) {
    values[0] = exp_(0.5 * (log_(first) + log_(last)));
    return values;
  }
  const double step = (log_(last) - log_(first)) / static_cast<double>(n - 1);
  for (std::size_t k = 0; k < n; ++k) values[k] = exp_(log_(first) + step * static_cast<double>(k));
  return values;
}

}  // namespace

std::vector<double> lognormal_mass_fractions(const std::vector<double>& diameter, double median, double gsd) {
  const std::size_t n = diameter.size();
  std::vector<double> fractions(n);
  double below = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    double upto = 1.0;
    if (k + 1 < n) {
      const double edge = 0.5 * (log_(diameter[k]) + log_(diameter[k + 1])) - log_(median);
      upto = gsd > 1.0 ? normal_cdf(edge / log_(gsd)) : (edge >= 0.0 ? 1.0 : 0.0);
    }
    fractions[k] = upto - below;
    below = upto;
  }
  return fractions;
}

Ink make_ink(const parameters::Scenario& s) {
  Ink ink;
  const auto n = static_cast<std::size_t>(s.integer("numerics.classes"));
  ink.diameter = log_spaced(s.real("ink.size_min"), s.real("ink.size_max"), n);
  ink.mass_fraction = lognormal_mass_fractions(ink.diameter, s.real("ink.size_median"), s.real("ink.size_gsd"));
  ink.particle_density = s.real("ink.particle_density");
  ink.uv_sensitivity = s.real("ink.uv_sensitivity");
  ink.visible_sensitivity = s.real("ink.visible_sensitivity");
  ink.uv_absorption = s.real("ink.uv_absorption");
  ink.visible_absorption = s.real("ink.visible_absorption");
  return ink;
}

}  // namespace inkfade::skin
