#include "inkfade/simulation/sensitivity.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/registry.hpp"
#include "inkfade/simulation/many_runs.hpp"
#include "inkfade/simulation/observable_rows.hpp"

namespace inkfade::simulation {

namespace {

std::vector<Pick> picks_of(const SensitivityRequest& request) {
  std::vector<Pick> picks;
  for (const std::string& name : request.observables) {
    if (name == "ledger_residual") {
      throw ParameterError("observables: ledger_residual is round-off and has no derivative");
    }
    const Observable observable = find_observable(name);
    if (observable.needs == &Series::contrast && !name.starts_with("patch_contrast")) {
      throw ParameterError("observables: " + name +
                           " has no derivative; of what is seen, patch_contrast and its share of healed have one");
    }
    picks.push_back(observable.pick);
  }
  return picks;
}

/// Dotted names, each known to have a derivative: an unknown one is reported before anything runs.
std::vector<std::string> parameters_of(const SensitivityRequest& request) {
  if (request.parameters.empty()) throw ParameterError("parameters: give at least one to differentiate by");
  const ColumnCase column(request.scenario);
  std::vector<std::string> names;
  for (const std::string& given : request.parameters) {
    std::string name = parameters::canonical_name(given);
    if (std::ranges::find(names, name) != names.end()) throw ParameterError("parameters: " + name + " is given twice");
    const RunSlope allowed(column, name);
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

SensitivityResult sensitivities(const SensitivityRequest& request, const Options& options, int threads,
                                const Progress& progress) {
  const double horizon = request.scenario.real("run.horizon");
  check_times(options.times, horizon);
  const std::vector<Pick> picks = picks_of(request);
  const std::vector<std::string> parameters = parameters_of(request);
  const std::vector<double> times = options.times.empty() ? default_times(horizon) : options.times;
  std::vector<Solution> runs(parameters.size());
  ManyRuns many;
  many.n = parameters.size();
  many.scenario = [&](std::size_t) { return request.scenario; };
  many.times = [&](const parameters::Scenario&) { return std::vector<double>(times); };
  many.slope = [&](std::size_t i, const ColumnCase& column) {
    return std::make_unique<RunSlope>(column, parameters[i]);
  };
  many.sink = [&](std::size_t i, Solution solution) { runs[i] = std::move(solution); };
  Options kept = options;
  kept.fields = false;
  kept.on_saved = {};
  kept.rung = Rung::column;
  kept.series = Series{};
  kept.series.contrast = std::ranges::any_of(
      request.observables, [](const std::string& name) { return name.starts_with("patch_contrast"); });
  run_in_threads(many, kept, threads, progress);

  // All runs are the same but for the direction of their slopes; one that was ended early saved less.
  const auto shortest = std::ranges::min_element(runs, {}, [](const Solution& s) { return s.n_times(); });
  const Solution& run = *shortest;
  SensitivityResult result;
  result.time = run.time;
  result.touch_up = run.touch_up;
  result.status = run.status;
  result.message = run.message;
  result.steps = run.statistics.accepted + run.statistics.rejected;
  const std::size_t n_times = run.n_times();
  for (const Pick pick : picks) {
    for (std::size_t i = 0; i < n_times; ++i) result.values.push_back(pick(run, i));
    for (const Solution& of_parameter : runs) {
      for (std::size_t i = 0; i < n_times; ++i) result.slopes.push_back(pick(*of_parameter.slope, i));
    }
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Solution& s : runs) {
    result.touch_up_slopes.push_back(run.touch_up.observed && s.slope ? s.slope->touch_up.time : nan);
  }
  return result;
}

}  // namespace inkfade::simulation
