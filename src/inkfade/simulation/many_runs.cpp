#include "inkfade/simulation/many_runs.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/base/float_environment.hpp"
#include "inkfade/parameters/units.hpp"
#include "inkfade/simulation/well_mixed_run.hpp"

namespace inkfade::simulation {

namespace {

std::string in_days(double t) { return parameters::format_quantity(t, parameters::unit("day")); }

constexpr double most_values = 5e8;  // of one run's saved fields: 4 GB

Solution refused(Rung rung, Status status, std::string message) {
  Solution solution;
  solution.rung = rung;
  solution.status = status;
  solution.message = std::move(message);
  return solution;
}

/// A run that is not begun: its result says why. Empty where nothing stands in the way.
std::optional<Solution> refusal(const parameters::Scenario& scenario, const std::vector<double>& times,
                                const Options& options) {
  if (options.stop.stop_requested()) {
    return refused(options.rung, Status::cancelled, "cancelled before the run began.");
  }
  if (!options.fields || options.rung != Rung::column) return std::nullopt;
  const double values = static_cast<double>(times.size()) * static_cast<double>(scenario.integer("numerics.cells")) *
                        (3.0 * static_cast<double>(scenario.integer("numerics.classes")) + 2.0);
  if (values <= most_values) return std::nullopt;
  return refused(options.rung, Status::memory_limit,
                 "memory_limit: the saved profiles would take " + std::to_string(static_cast<long>(values * 8e-9)) +
                     " GB, and " + std::to_string(static_cast<long>(most_values * 8e-9)) + " GB are allowed. " +
                     std::string(advice(Status::memory_limit)));
}

/// One thread's share: takes runs from the common counter until there are none.
void run_share(const ManyRuns& runs, const Options& options, int most_lanes, std::atomic<std::size_t>& next,
               std::atomic<std::size_t>& done) {
  const KernelFloatEnvironment environment;
  const Sink sink = [&](std::size_t index, Solution solution) {
    runs.sink(index, std::move(solution));
    ++done;
  };
  const LaneDriver::Source source = [&]() -> std::optional<Job> {
    for (std::size_t i = next++; i < runs.n; i = next++) {
      if (options.stop.stop_requested()) {  // before the scenario is made: a million of them would take a minute
        sink(i, refused(options.rung, Status::cancelled, "cancelled before the run began."));
        continue;
      }
      const parameters::Scenario scenario = runs.scenario(i);
      std::vector<double> times = runs.times(scenario);
      if (std::optional<Solution> solution = refusal(scenario, times, options)) {
        sink(i, std::move(*solution));
        continue;
      }
      auto column = std::make_unique<ColumnCase>(scenario, options.rung);
      std::unique_ptr<RunSlope> slope = runs.slope ? runs.slope(i, *column) : nullptr;
      auto run = std::make_unique<ColumnRun>(std::move(column), std::move(times), options, runs.until_touch_up,
                                             std::move(slope));
      if (options.rung == Rung::well_mixed) {
        sink(i, run_well_mixed(*run, options));
        continue;
      }
      return Job{i, std::move(run)};
    }
    return std::nullopt;
  };
  const auto numbers = runs.slope ? lanes::Numbers::with_slopes : lanes::Numbers::plain;
  LaneDriver(options, most_lanes, lanes::best_instruction_set(), numbers).work(source, sink);
}

}  // namespace

void run_in_threads(const ManyRuns& runs, const Options& options, int threads, const Progress& progress) {
  const StopToken& stop = options.stop;
  std::size_t workers =
      threads > 0 ? static_cast<std::size_t>(threads) : std::max(1U, std::thread::hardware_concurrency());
  workers = std::clamp<std::size_t>(workers, 1, std::max<std::size_t>(runs.n, 1));
  // Few runs are spread over threads before they are packed into lanes.
  const auto most_lanes = static_cast<int>(std::clamp<std::size_t>((runs.n + workers - 1) / workers, 1, 64));
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
      run_share(runs, options, most_lanes, next, done);
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

void run_here(const ManyRuns& runs, const Options& options) {
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> done{0};
  run_share(runs, options, 1, next, done);
}

}  // namespace inkfade::simulation
