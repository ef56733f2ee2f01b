#pragma once

#include <vector>

#include "inkfade/parameters/scenario.hpp"
#include "inkfade/skin/ink.hpp"

namespace inkfade::skin {

/// What an intervention does to the skin at one instant, equation (M16).
struct Intervention {
  double fragmented_share = 0.0;  ///< s_f, of the pigment of every pool [1]
  double removed_share = 0.0;     ///< s_r, of the fragmented pigment [1]
  std::vector<double> fragments;  ///< w_k, mass fractions of fragments by size class [1]; empty: none
  double laden_killed = 0.0;      ///< s_l, share of the laden macrophages that die [1]
  double killed = 0.0;            ///< s_n, share of all macrophages that die [1]
};

/// What an immune stimulation or the wake of an ablation multiplies while it lasts.
struct CellActivity {
  double capture = 1.0;      ///< of (M7) [1]
  double egress = 1.0;       ///< of epsilon in (M2) [1]
  double recruitment = 1.0;  ///< of r_in in (M4) [1]
  friend bool operator==(const CellActivity&, const CellActivity&) = default;
};

/// The events among the interventions that fall on time t, in order. @param t [s]
[[nodiscard]] std::vector<Intervention> interventions_at(const parameters::Scenario& scenario, const Ink& ink,
                                                         double t);

/// The activity of macrophages from time t to the next breakpoint. @param t [s]
[[nodiscard]] CellActivity cell_activity(const parameters::Scenario& scenario, double t);

/// Times at which an intervention begins, acts or ends [s]; may lie beyond the horizon.
[[nodiscard]] std::vector<double> intervention_breakpoints(const parameters::Scenario& scenario);

}  // namespace inkfade::skin
