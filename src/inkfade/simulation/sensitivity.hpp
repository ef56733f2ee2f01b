#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inkfade/parameters/scenario.hpp"
#include "inkfade/simulation/simulate.hpp"

namespace inkfade::simulation {

/// One run whose numbers are asked for with their derivatives.
struct SensitivityRequest {
  parameters::Scenario scenario;
  std::vector<std::string> parameters;  ///< dotted names or aliases of real parameters that the scenario holds
  std::vector<std::string>
      observables;  ///< at Options::times; see observable_names(); not the ledger's residual, nor colours
};

struct SensitivityResult {
  std::vector<double> time;             ///< (n_times) [s]; cut where the run failed
  std::vector<double> values;           ///< (n_observables, n_times) SI, those of simulate() bit by bit
  std::vector<double> slopes;           ///< (n_observables, n_parameters, n_times) per SI unit of the parameter
  TouchUp touch_up;                     ///< as of simulate()
  std::vector<double> touch_up_slopes;  ///< (n_parameters) [s] per SI unit; NaN where no touch-up was observed
  Status status = Status::ok;
  std::string message;     ///< of a run that failed
  std::int64_t steps = 0;  ///< accepted and rejected
};

/// Derivatives of a run by its parameters: of the numbers computed, with the steps taken; exact but for round-off in
/// the kernels, to about 1e-9 in what is made ready before. Each parameter has a lane of its own, and lanes go through
/// threads (0: all cores).
///
/// A slope is NaN at a saved time that is an instant which the parameter moves. Where a rate has a kink, and where
/// something ends a step, the slope is that of the side on which the run is.
/// @param options times: within the run, at least one observable without them is the touch-up; fields, rung and
/// on_saved are not looked at
/// @throws ParameterError for an unknown observable or a parameter without a derivative
[[nodiscard]] SensitivityResult sensitivities(const SensitivityRequest& request, const Options& options, int threads,
                                              const Progress& progress = {});

}  // namespace inkfade::simulation
