#include "inkfade/simulation/simulate.hpp"

#include <algorithm>
#include <cmath>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/units.hpp"
#include "inkfade/simulation/many_runs.hpp"

namespace inkfade::simulation {

namespace {

void check_options(const Options& options) {
  if (!(options.wall_limit >= 0.0)) throw ParameterError("wall_limit: must be 0 (none) or a number of seconds above 0");
}

std::vector<double> saved_times(const parameters::Scenario& scenario, const Options& options) {
  const double horizon = scenario.real("run.horizon");
  check_times(options.times, horizon);
  return options.times.empty() ? default_times(horizon) : options.times;
}

}  // namespace

std::vector<double> default_times(double horizon) {
  std::vector<double> times;
  for (const double t : {0.0,  0.25, 0.5,  1.0,  1.5,  2.0,  3.0,  4.0,  5.0,  6.0,  7.0,  8.0,
                         10.0, 12.0, 14.0, 17.0, 21.0, 24.0, 28.0, 35.0, 42.0, 49.0, 56.0, 70.0}) {
    times.push_back(t * day);
  }
  const double month = year / 12.0;
  for (int i = 3; i * month < horizon; ++i) times.push_back(i * month);
  std::erase_if(times, [&](double t) { return t >= horizon; });
  times.push_back(horizon);
  return times;
}

Solution simulate(const parameters::Scenario& scenario, const Options& options) {
  check_options(options);
  Solution result;
  ManyRuns one;
  one.n = 1;
  one.scenario = [&](std::size_t) { return scenario; };
  one.times = [&](const parameters::Scenario& given) { return saved_times(given, options); };
  one.sink = [&](std::size_t, Solution solution) { result = std::move(solution); };
  run_here(one, options);  // whoever watches the saved times is called on this thread
  return result;
}

std::vector<Solution> simulate_many(std::span<const parameters::Scenario> scenarios, const Options& options,
                                    int threads, const Progress& progress) {
  check_options(options);
  for (const auto& scenario : scenarios) check_times(options.times, scenario.real("run.horizon"));
  std::vector<Solution> solutions(scenarios.size());
  ManyRuns ensemble;
  ensemble.n = scenarios.size();
  ensemble.scenario = [&](std::size_t i) { return scenarios[i]; };
  ensemble.times = [&](const parameters::Scenario& scenario) { return saved_times(scenario, options); };
  ensemble.sink = [&](std::size_t i, Solution solution) { solutions[i] = std::move(solution); };
  run_in_threads(ensemble, options, threads, progress);
  return solutions;
}

std::vector<TouchUp> touch_up_draws(const parameters::Scenario& scenario, double threshold, int n, std::uint64_t seed,
                                    int threads, const StopToken& stop, const Progress& progress, Rung rung) {
  if (n < 1) throw ParameterError("draws = " + std::to_string(n) + ": must be at least 1");
  const parameters::Scenario asked = scenario.with({{"touch_up.threshold", threshold}});
  Options options;
  options.fields = false;
  options.series = Series::none();
  options.stop = stop;
  options.rung = rung;
  std::vector<TouchUp> touch_ups(static_cast<std::size_t>(n));
  ManyRuns people;
  people.n = touch_ups.size();
  people.scenario = [&](std::size_t i) { return asked.draw(seed, i); };
  people.times = [](const parameters::Scenario&) { return std::vector<double>{}; };
  people.until_touch_up = true;
  people.sink = [&](std::size_t i, const Solution& run) {
    touch_ups[i] = run.touch_up;
    touch_ups[i].status = run.status;
  };
  run_in_threads(people, options, threads, progress);
  return touch_ups;
}

}  // namespace inkfade::simulation
