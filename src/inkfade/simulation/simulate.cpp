#include "inkfade/simulation/simulate.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/base/float_environment.hpp"
#include "inkfade/parameters/units.hpp"
#include "inkfade/simulation/column_run.hpp"

namespace inkfade::simulation {

namespace {

constexpr double most_values = 5e8;  // of one run's saved fields: 4 GB

std::string in_days(double t) { return parameters::format_quantity(t, parameters::unit("day")); }

void check_times(const std::vector<double>& times, double horizon) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (!(times[i] >= 0.0 && times[i] <= horizon)) {
      throw ParameterError("times: " + in_days(times[i]) + " lies outside the run, 0 day to " + in_days(horizon));
    }
    if (i > 0 && !(times[i] > times[i - 1])) {
      throw ParameterError("times: " + in_days(times[i]) + " does not come after " + in_days(times[i - 1]) +
                           "; saved times must rise");
    }
  }
}

void check_options(const Options& options) {
  if (!(options.wall_limit >= 0.0)) throw ParameterError("wall_limit: must be 0 (none) or a number of seconds above 0");
}

std::vector<double> saved_times(const parameters::Scenario& scenario, const Options& options) {
  const double horizon = scenario.real("run.horizon");
  check_times(options.times, horizon);
  return options.times.empty() ? default_times(horizon) : options.times;
}

Solution refused(Rung rung, Status status, std::string message) {
  Solution solution;
  solution.rung = rung;
  solution.status = status;
  solution.message = std::move(message);
  return solution;
}

Solution run_one(const parameters::Scenario& scenario, const std::vector<double>& times, const Options& options,
                 bool until_touch_up) {
  if (options.stop.stop_requested()) return refused(options.rung, Status::cancelled, "cancelled before the run began.");
  if (options.fields && options.rung == Rung::column) {
    const double values = static_cast<double>(times.size()) * static_cast<double>(scenario.integer("numerics.cells")) *
                          (3.0 * static_cast<double>(scenario.integer("numerics.classes")) + 2.0);
    if (values > most_values) {
      return refused(options.rung, Status::memory_limit,
                     "memory_limit: the saved profiles would take " + std::to_string(static_cast<long>(values * 8e-9)) +
                         " GB, and " + std::to_string(static_cast<long>(most_values * 8e-9)) + " GB are allowed. " +
                         std::string(advice(Status::memory_limit)));
    }
  }
  const KernelFloatEnvironment environment;
  return run_column(ColumnCase(scenario, options.rung), times, options, until_touch_up);
}

/// Runs job(i) for i in [0, n) on threads while the calling thread reports progress; an exception stops all and is
/// passed on.
template <class Job>
void run_in_threads(std::size_t n, int threads, const StopToken& stop, const Progress& progress, Job&& job) {
  std::size_t workers =
      threads > 0 ? static_cast<std::size_t>(threads) : std::max(1U, std::thread::hardware_concurrency());
  workers = std::clamp<std::size_t>(workers, 1, std::max<std::size_t>(n, 1));
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> done{0};
  std::size_t running = workers;
  std::mutex mutex;
  std::condition_variable ended;
  std::exception_ptr failure;
  const auto keep = [&](std::exception_ptr error) {
    const std::lock_guard lock(mutex);
    if (!failure) failure = std::move(error);
    stop.request_stop();
  };
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < n; i = next++) {
        job(i);
        ++done;
      }
    } catch (...) {
      keep(std::current_exception());
    }
    const std::lock_guard lock(mutex);
    --running;
    ended.notify_one();
  };
  {
    std::vector<std::jthread> pool;
    for (std::size_t w = 0; w < workers; ++w) pool.emplace_back(work);
    std::unique_lock lock(mutex);
    for (bool over = false; !over;) {
      over = ended.wait_for(lock, std::chrono::milliseconds(50), [&] { return running == 0; });
      if (!progress) continue;
      lock.unlock();
      try {
        progress(done.load());
      } catch (...) {
        keep(std::current_exception());
      }
      lock.lock();
    }
  }
  if (failure) std::rethrow_exception(failure);
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
  return run_one(scenario, saved_times(scenario, options), options, false);
}

std::vector<Solution> simulate_many(std::span<const parameters::Scenario> scenarios, const Options& options,
                                    int threads, const Progress& progress) {
  check_options(options);
  std::vector<std::vector<double>> times;
  for (const auto& scenario : scenarios) times.push_back(saved_times(scenario, options));
  std::vector<Solution> solutions(scenarios.size());
  run_in_threads(scenarios.size(), threads, options.stop, progress,
                 [&](std::size_t i) { solutions[i] = run_one(scenarios[i], times[i], options, false); });
  return solutions;
}

std::vector<TouchUp> touch_up_draws(const parameters::Scenario& scenario, double threshold, int n, std::uint64_t seed,
                                    int threads, const StopToken& stop, const Progress& progress, Rung rung) {
  if (n < 1) throw ParameterError("draws = " + std::to_string(n) + ": must be at least 1");
  const parameters::Scenario asked = scenario.with({{"touch_up.threshold", threshold}});
  Options options;
  options.fields = false;
  options.stop = stop;
  options.rung = rung;
  std::vector<TouchUp> touch_ups(static_cast<std::size_t>(n));
  run_in_threads(touch_ups.size(), threads, stop, progress, [&](std::size_t i) {
    if (stop.stop_requested()) {  // before the draw: a million of them would take a minute
      touch_ups[i].status = Status::cancelled;
      return;
    }
    const Solution run = run_one(asked.draw(seed, i), {}, options, true);
    touch_ups[i] = run.touch_up;
    touch_ups[i].status = run.status;
  });
  return touch_ups;
}

}  // namespace inkfade::simulation
