// What the example of docs/cpp.md must give, from the library in the build folder: fails where the result file holds
// anything else, prints the touch-up as the example does. install_reference <scenario.toml> <result.h5>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "inkfade/inkfade.hpp"

namespace {

using namespace inkfade;

/// Through the pool and with a second scenario beside it: another way to the same bits.
simulation::Solution expected(const parameters::Scenario& scenario) {
  simulation::Options options;
  options.series.contrast = true;
  for (int i = 0; i < 8; ++i) options.times.push_back(i * year);
  options.times.push_back(scenario.real("run.horizon"));
  const std::vector<parameters::Scenario> two{scenario.with({{"numerics.rtol", 1e-4}}), scenario};
  return simulation::simulate_many(two, options, 2)[1];
}

int run(const char* scenario_file, const char* result_file) {
  const parameters::Scenario scenario = parameters::Scenario::from_file(scenario_file);
  const simulation::Solution solution = expected(scenario);
  storage::verify_result(result_file);
  const std::string found = storage::digest(storage::read_result(result_file));
  const std::string wanted = storage::digest(storage::to_dataset(scenario, solution));
  if (found != wanted) {
    std::fprintf(stderr, "%s has digest %s, expected %s\n", result_file, found.c_str(), wanted.c_str());
    return 1;
  }
  if (!solution.touch_up.observed) return 1;
  std::printf("touch-up at %.6f years\n", solution.touch_up.time / year);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  try {
    return run(argv[1], argv[2]);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
  }
}
