#include "inkfade/simulation/ensemble.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/value_setter.hpp"
#include "inkfade/simulation/many_runs.hpp"
#include "inkfade/simulation/observable_rows.hpp"

namespace inkfade::simulation {

namespace {

struct ObservableRow {
  ObservableName named;
  Pick pick;
  bool Series::*needs;
};

template <std::vector<double> Solution::*member>
double plain(const Solution& s, std::size_t i) {
  const std::vector<double>& values = s.*member;
  return values.empty() ? std::numeric_limits<double>::quiet_NaN() : values[i];
}
template <std::size_t pool>
double of_pool(const Solution& s, std::size_t i) {
  return s.mass.empty() ? unknown : s.mass[n_pools * i + pool];
}
template <std::size_t fate>
double of_fate(const Solution& s, std::size_t i) {
  return s.ledger.empty() ? unknown : s.ledger[n_fates * i + fate];
}

/// Of the patch less bare skin: L*, a* or b*.
template <double appearance::Lab::*axis, std::size_t place>
double of_ink(const Solution& s, std::size_t i) {
  return s.patch_lab.empty() ? std::numeric_limits<double>::quiet_NaN() : s.patch_lab[3 * i + place] - s.bare_lab.*axis;
}
double drift(const Solution& s, std::size_t i) {
  if (s.patch_lab.empty() || s.time[i] < s.healed_time) return std::numeric_limits<double>::quiet_NaN();
  const double* now = s.patch_lab.data() + 3 * i;
  return appearance::hue_turn(s.healed_lab, {now[0], now[1], now[2]}, s.bare_lab);
}

const std::vector<ObservableRow>& rows() {
  static const std::vector<ObservableRow> all{
      {{"retained_of_deposit", "1"}, plain<&Solution::retained_of_deposit>, &Series::retained},
      {{"retained_of_healed", "1"}, plain<&Solution::retained_of_healed>, &Series::retained},
      {{"patch_dose", "kg m-2"}, plain<&Solution::patch_dose>, &Series::retained},
      {{"deposited", "kg m-2"}, plain<&Solution::deposited>, &Series::deposits},
      {{"free_mass", "kg m-2"}, of_pool<0>, &Series::masses},
      {{"macrophage_mass", "kg m-2"}, of_pool<1>, &Series::masses},
      {{"stroma_mass", "kg m-2"}, of_pool<2>, &Series::masses},
      {{"shed", "kg m-2"}, of_fate<0>, &Series::ledger},
      {{"drained", "kg m-2"}, of_fate<1>, &Series::ledger},
      {{"degraded", "kg m-2"}, of_fate<2>, &Series::ledger},
      {{"removed", "kg m-2"}, of_fate<3>, &Series::ledger},
      {{"centroid", "m"}, plain<&Solution::centroid>, &Series::parts},
      {{"spread", "m"}, plain<&Solution::spread>, &Series::parts},
      {{"peak_load", "1"}, plain<&Solution::peak_load>, &Series::parts},
      {{"ledger_residual", "1"}, plain<&Solution::ledger_residual>, &Series::ledger},
      {{"patch_contrast", "1"}, plain<&Solution::patch_contrast>, &Series::contrast},
      {{"patch_contrast_of_healed", "1"}, plain<&Solution::patch_contrast_of_healed>, &Series::contrast},
      {{"lightness_difference", "1"}, of_ink<&appearance::Lab::l, 0>, &Series::contrast},
      {{"red_green_difference", "1"}, of_ink<&appearance::Lab::a, 1>, &Series::contrast},
      {{"blue_yellow_difference", "1"}, of_ink<&appearance::Lab::b, 2>, &Series::contrast},
      {{"colour_drift", "degree"}, drift, &Series::contrast}};
  return all;
}

}  // namespace

Observable find_observable(const std::string& name) {
  std::string known;
  for (const ObservableRow& row : rows()) {
    if (row.named.name == name) return {row.pick, row.needs};
    known += (known.empty() ? "" : ", ") + std::string(row.named.name);
  }
  throw ParameterError("observables: there is no '" + name + "'; there are " + known);
}

const std::vector<ObservableName>& observable_names() {
  static const std::vector<ObservableName> names = [] {
    std::vector<ObservableName> all;
    for (const ObservableRow& row : rows()) all.push_back(row.named);
    return all;
  }();
  return names;
}

EnsembleResult run_ensemble(const EnsembleRequest& request, const Options& options, int threads,
                            const Progress& progress) {
  const std::size_t n_parameters = request.parameters.size();
  if (request.n == 0) throw ParameterError("an ensemble of 0 runs: give at least one");
  if (request.values.size() != request.n * n_parameters) {
    throw ParameterError("an ensemble of " + std::to_string(request.n) +
                         " runs needs as many values of each parameter");
  }
  check_times(options.times, request.scenario.real("run.horizon"));
  std::vector<Pick> picks;
  Options kept = options;
  kept.fields = false;
  kept.series = Series::none();
  kept.on_saved = {};
  for (const std::string& name : request.observables) {
    const Observable observable = find_observable(name);
    picks.push_back(observable.pick);
    kept.series.*observable.needs = true;
  }
  const std::size_t n_times = picks.empty() ? 0 : options.times.size();

  EnsembleResult result;
  result.values.assign(picks.size() * request.n * n_times, std::numeric_limits<double>::quiet_NaN());
  result.touch_up_time.resize(request.n);
  result.touch_up_observed.resize(request.n);
  result.status.resize(request.n);
  result.steps.resize(request.n);

  const parameters::ValueSetter setter(request.scenario, request.parameters);
  ManyRuns runs;
  runs.n = request.n;
  runs.until_touch_up = options.times.empty();
  runs.scenario = [&](std::size_t i) {
    if (n_parameters == 0) return request.scenario.draw(request.seed, i);
    try {
      return setter.with(std::span(request.values).subspan(i * n_parameters, n_parameters));
    } catch (const ParameterError& error) {
      throw ParameterError("run " + std::to_string(i) + ": " + error.what());
    }
  };
  runs.times = [&](const parameters::Scenario&) { return options.times; };
  runs.sink = [&](std::size_t run, const Solution& s) {
    for (std::size_t q = 0; q < picks.size(); ++q) {
      double* out = result.values.data() + (q * request.n + run) * n_times;
      for (std::size_t i = 0; i < std::min(n_times, s.n_times()); ++i) out[i] = picks[q](s, i);
    }
    result.touch_up_time[run] = s.touch_up.time;
    result.touch_up_observed[run] = s.touch_up.observed ? 1 : 0;
    result.status[run] = static_cast<std::int32_t>(s.status);
    result.steps[run] = static_cast<std::int32_t>(s.statistics.accepted + s.statistics.rejected);
  };
  run_in_threads(runs, kept, threads, progress);
  return result;
}

}  // namespace inkfade::simulation
