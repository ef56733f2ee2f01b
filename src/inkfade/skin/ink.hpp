#pragma once

#include <vector>

#include "inkfade/parameters/scenario.hpp"

namespace inkfade::skin {

/// Pigment in K size classes and how it meets light; SI units.
struct Ink {
  std::vector<double> diameter;       ///< of each class, rising, log-spaced [m]
  std::vector<double> mass_fraction;  ///< of each class, sums to 1 [1]
  double particle_density = 0.0;      ///< [kg/m3]
  double uv_sensitivity = 0.0;        ///< q_UV, first-order bleaching per erythemal dose [m2/J]
  double visible_sensitivity = 0.0;   ///< q_vis, first-order bleaching per luminous exposure [1/(lx s)]
  double uv_absorption = 0.0;         ///< specific absorption for self-shading [m2/kg]
  double visible_absorption = 0.0;    ///< specific absorption for self-shading [m2/kg]
};

/// The mass fractions of a lognormal size distribution over the classes: each class holds what lies between the
/// geometric means with its neighbours, the outermost hold the tails. @param median [m] @param gsd [1]
[[nodiscard]] std::vector<double> lognormal_mass_fractions(const std::vector<double>& diameter, double median,
                                                           double gsd);

/// The ink of a scenario.
[[nodiscard]] Ink make_ink(const parameters::Scenario& scenario);

}  // namespace inkfade::skin
