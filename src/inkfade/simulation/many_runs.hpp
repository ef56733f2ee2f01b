#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "inkfade/simulation/lane_driver.hpp"
#include "inkfade/simulation/simulate.hpp"

namespace inkfade::simulation {

/// Runs 0 to n - 1: what they are, and who takes their results, from several threads at once.
struct ManyRuns {
  std::size_t n = 0;
  std::function<parameters::Scenario(std::size_t)> scenario;
  std::function<std::vector<double>(const parameters::Scenario&)> times;  ///< saved times of a scenario [s]
  bool until_touch_up = false;                                            ///< end each run once its touch-up is known
  /// Derivatives that run i carries along; empty: none do.
  std::function<std::unique_ptr<RunSlope>(std::size_t, const ColumnCase&)> slope;
  Sink sink;
};

/// @throws ParameterError unless saved times [s] rise within [0, horizon]
void check_times(const std::vector<double>& times, double horizon);

/// All runs on the calling thread, one at a time.
void run_here(const ManyRuns& runs, const Options& options);

/// All runs, shared out to threads (0: all cores) while the calling thread reports progress; an exception stops all and
/// is passed on.
void run_in_threads(const ManyRuns& runs, const Options& options, int threads, const Progress& progress);

}  // namespace inkfade::simulation
