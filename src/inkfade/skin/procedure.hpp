#pragma once

#include <vector>

#include "inkfade/parameters/scenario.hpp"
#include "inkfade/skin/ink.hpp"

namespace inkfade::skin {

/// Pigment placed in the column at one session.
struct Deposit {
  double time = 0.0;                  ///< [s]
  double local_dose = 0.0;            ///< per area of the inside of a dot [kg/m2]
  double depth = 0.0;                 ///< centre of the Gaussian before it is cut to the dermis [m]
  double depth_sd = 0.0;              ///< [m]
  double epidermal_fraction = 0.0;    ///< f_epi, spread evenly over the epidermis and crust [1]
  std::vector<double> mass_fraction;  ///< per size class, sums to 1 [1]
  double overlap = 1.0;               ///< share of the column's skin that the session hits [1]
  bool touch_up = false;              ///< else a treatment
};

/// Share of skin inside dots: 1 - exp(-N pi d^2/4) at random, N pi d^2/4 on a lattice [1].
/// @throws ParameterError for a lattice whose dots would overlap.
[[nodiscard]] double coverage(const parameters::Scenario& scenario);

/// Dose per area of the inside of a dot [kg/m2], from whichever of the three doses the scenario gives.
[[nodiscard]] double local_dose(const parameters::Scenario& scenario);

/// The deposits of all sessions and of scheduled touch-ups, in order of time. @param visits of the latter [s]
/// @throws ParameterError where a session would change ink properties that the whole column shares.
[[nodiscard]] std::vector<Deposit> make_deposits(const parameters::Scenario& scenario, const Ink& ink,
                                                 const std::vector<double>& visits = {});

}  // namespace inkfade::skin
