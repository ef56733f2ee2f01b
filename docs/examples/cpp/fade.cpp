// Runs a scenario file and keeps the result: fade <scenario.toml> <result.h5>
//
// Exit status: 0 done, 1 the run failed, 2 the scenario or a file is not as it must be, 64 wrong use.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "inkfade/inkfade.hpp"

namespace {

using inkfade::parameters::Scenario;
using inkfade::simulation::Solution;

/// Whole years within the horizon, and the horizon itself [s].
std::vector<double> yearly(double horizon) {
  std::vector<double> times;
  for (double t = 0.0; t < horizon; t += inkfade::year) times.push_back(t);
  times.push_back(horizon);
  return times;
}

void print(const Solution& solution) {
  // Shares, NaN before the skin has healed; contrast to bare skin in dE00.
  std::printf("%8s %10s %10s %10s\n", "year", "retained", "of healed", "contrast");
  for (std::size_t i = 0; i < solution.n_times(); ++i) {
    std::printf("%8.3f %10.6f %10.6f %10.2f\n", solution.time[i] / inkfade::year, solution.retained_of_deposit[i],
                solution.retained_of_healed[i], solution.patch_contrast[i]);
  }
  // A touch-up that does not come within the run is censored: its time is the horizon, and says only "later".
  std::printf("touch-up %s %.6f years\n", solution.touch_up.observed ? "at" : "later than",
              solution.touch_up.time / inkfade::year);
  std::printf("ledger residual %.1e of what was deposited\n", std::ranges::max(solution.ledger_residual));
  std::printf("status %s\n", std::string(name(solution.status)).c_str());
}

int run(const std::filesystem::path& scenario_file, const std::filesystem::path& result_file) {
  // Values come out in SI units, each checked; what is wrong in the file is an error with its line and column.
  const Scenario scenario = Scenario::from_file(scenario_file);

  inkfade::simulation::Options options;
  options.times = yearly(scenario.real("run.horizon"));
  options.series.contrast = true;  // look at the patch at each of them
  options.wall_limit = 60.0;       // give up after a minute
  const Solution solution = inkfade::simulation::simulate(scenario, options);

  // A run that fails is data, not an exception: what it had reached is there, and the status says how it ended.
  if (solution.status != inkfade::Status::ok) {
    std::fprintf(stderr, "the run failed: %s\n", solution.message.c_str());
    return 1;
  }
  print(solution);

  // HDF5, readable by xarray and netCDF tools: docs/result-file.md. It appears as a whole or not at all.
  inkfade::storage::write_result(inkfade::storage::to_dataset(scenario, solution), result_file,
                                 inkfade::storage::Overwrite::yes);
  std::printf("wrote %s\n", result_file.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s <scenario.toml> <result.h5>\n", argc > 0 ? argv[0] : "fade");
    return 64;
  }
  try {
    return run(argv[1], argv[2]);
  } catch (const inkfade::ParameterError& e) {  // the message names the parameter, its value, what is allowed, the line
    std::fprintf(stderr, "the scenario is not allowed: %s\n", e.what());
  } catch (const inkfade::FileError& e) {
    std::fprintf(stderr, "a file cannot be used: %s\n", e.what());
  } catch (const inkfade::Error& e) {  // FormatError, LimitError, ...: the base of all that inkfade throws
    std::fprintf(stderr, "error: %s\n", e.what());
  } catch (const std::exception& e) {  // out of memory and the like
    std::fprintf(stderr, "unexpected error: %s\n", e.what());
  }
  return 2;
}
