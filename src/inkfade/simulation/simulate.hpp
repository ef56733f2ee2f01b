#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "inkfade/base/stop_token.hpp"
#include "inkfade/parameters/scenario.hpp"
#include "inkfade/simulation/solution.hpp"

namespace inkfade::simulation {

/// Called at every saved time, on the thread of the run, with all that is saved up to then (its last row is the
/// newest). False ends the run there, with status `cancelled`; an exception ends it, too, and is passed on.
using OnSaved = std::function<bool(const Solution& so_far)>;

/// Which arrays of a Solution a run fills, but for time and profiles; what is left out is empty.
struct Series {
  bool axes = true;       ///< z, z_bounds, diameter, layers, layer_bounds: no result file without them
  bool masses = true;     ///< mass
  bool ledger = true;     ///< ledger, ledger_residual
  bool deposits = true;   ///< deposited, dispensed
  bool retained = true;   ///< retained_of_deposit, retained_of_healed, patch_dose
  bool parts = true;      ///< layer_mass, class_mass, drained_by_class, centroid, spread, peak_load
  bool contrast = false;  ///< patch_contrast and the like: to look at the patch takes as long as all the rest
  /// None of them.
  [[nodiscard]] static Series none() {
    static_assert(sizeof(Series) == 7, "each of them is to be switched off here");
    return {false, false, false, false, false, false, false};
  }
};

/// What to keep of a run and when to give up.
struct Options {
  std::vector<double> times;  ///< saved times [s], increasing, within [0, horizon]; empty: default_times()
  bool fields = true;         ///< keep profiles over depth, not only observables
  Series series;              ///< which arrays to keep at saved times
  double wall_limit = 0.0;    ///< [s] per run; 0: no limit
  StopToken stop;             ///< ask runs to end
  OnSaved on_saved;           ///< empty: nobody watches
  Rung rung = Rung::column;   ///< how much of the geometry to resolve; the well-mixed rung has no fields
};

/// Saved times that resolve healing and the years after: dense in the first weeks, then monthly [s].
[[nodiscard]] std::vector<double> default_times(double horizon);

/// Integrates one scenario over its horizon. Failure of the integration is data: look at Solution::status.
/// @throws ParameterError for options that are not allowed.
[[nodiscard]] Solution simulate(const parameters::Scenario& scenario, const Options& options = {});

/// Called now and then (at most 20 times a second) with the number of finished runs, on the calling thread.
/// An exception it throws stops the runs and is passed on when all threads have ended.
using Progress = std::function<void(std::size_t done)>;

/// Many scenarios over threads (0: all cores). Results are the same bits for any number of threads.
/// Runs that were not finished when a stop was requested have status `cancelled`.
[[nodiscard]] std::vector<Solution> simulate_many(std::span<const parameters::Scenario> scenarios,
                                                  const Options& options, int threads, const Progress& progress = {});

/// Touch-up times of n scenarios drawn from the scenario's distributions between people (see Scenario::draw).
/// A failed or cancelled run is censored where it ended and says so by TouchUp::status.
[[nodiscard]] std::vector<TouchUp> touch_up_draws(const parameters::Scenario& scenario, double threshold, int n,
                                                  std::uint64_t seed, int threads, const StopToken& stop,
                                                  const Progress& progress = {}, Rung rung = Rung::column);

}  // namespace inkfade::simulation
