#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inkfade/parameters/scenario.hpp"
#include "inkfade/simulation/simulate.hpp"

namespace inkfade::simulation {

/// Many runs of which only numbers are kept: either one scenario with parameters set run by run, or people drawn.
struct EnsembleRequest {
  parameters::Scenario scenario;
  std::size_t n = 0;
  std::vector<std::string> parameters;   ///< set run by run; empty: people are drawn
  std::vector<double> values;            ///< (n, parameters.size()) SI
  std::uint64_t seed = 0;                ///< of the draws: run i is person i, whatever n
  std::vector<std::string> observables;  ///< to keep at Options::times; see observable_names()
};

/// What an ensemble keeps, made before the first run: memory does not grow while it runs.
struct EnsembleResult {
  std::vector<double> values;                   ///< (n_observables, n, n_times) SI; NaN after a failed run ended
  std::vector<double> touch_up_time;            ///< (n) [s]; the horizon where none was observed
  std::vector<std::int32_t> touch_up_observed;  ///< (n) 1, or 0: censored
  std::vector<std::int32_t> status;             ///< (n) numbers of Status
  std::vector<std::int32_t> steps;              ///< (n) accepted and rejected
};

/// Names and units (SI) of what can be kept at a saved time.
struct ObservableName {
  std::string_view name;
  std::string_view unit;
};
[[nodiscard]] const std::vector<ObservableName>& observable_names();

/// Runs an ensemble over threads (0: all cores), with the same bits for any number of them. Without times a run ends as
/// soon as its touch-up is known. @param options times: within every run; fields, series and on_saved are not looked
/// at
/// @throws ParameterError naming the run whose parameters are not allowed, an unknown observable, wrong sizes
[[nodiscard]] EnsembleResult run_ensemble(const EnsembleRequest& request, const Options& options, int threads,
                                          const Progress& progress = {});

}  // namespace inkfade::simulation
