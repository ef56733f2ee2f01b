#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "inkfade/base/errors.hpp"
#include "inkfade/selfcheck/check.hpp"
#include "inkfade/selfcheck/function_bits.hpp"
#include "inkfade/selfcheck/laws.hpp"
#include "inkfade/selfcheck/random_scenarios.hpp"
#include "inkfade/selfcheck/solution_bits.hpp"
#include "inkfade/simulation/simulate.hpp"

namespace inkfade::selfcheck {
namespace {

using parameters::Scenario;
using simulation::Solution;

/// @throws Cancelled after a stop request
void end_if_asked(const Options& options) {
  if (options.stop.stop_requested()) throw Cancelled("the check was asked to stop");
}

/// Random scenarios far outside what is plausible, under moving light and with later sessions: seeds from the option's.
std::vector<Scenario> random_scenarios(const Options& options) {
  std::vector<Scenario> scenarios;
  for (unsigned i = 0; i < options.scenarios; ++i) {
    end_if_asked(options);
    scenarios.push_back(ScenarioMaker(options.seed + i).make(10.0, true));
  }
  return scenarios;
}

std::vector<Scenario> presets() {
  std::vector<Scenario> scenarios;
  for (const std::string& name : Scenario::preset_names()) scenarios.push_back(Scenario::preset(name));
  return scenarios;
}

std::string seeds(const Options& options) {
  return std::to_string(options.scenarios) + " scenarios, seeds " + std::to_string(options.seed) + " to " +
         std::to_string(options.seed + options.scenarios - 1);
}

/// Every run of a check: ends soon after a stop request. @throws Cancelled
simulation::Options stoppable(const Options& options) {
  end_if_asked(options);
  simulation::Options run;
  run.stop = options.stop;
  return run;
}

Solution alone(const Scenario& scenario, const Options& options) {
  return simulation::simulate(scenario, stoppable(options));
}

std::vector<Solution> pool(const std::vector<Scenario>& scenarios, const Options& options, int threads) {
  return simulation::simulate_many(scenarios, stoppable(options), threads);
}

/// The largest gap of all. @throws IntegrationError for a run that fails
Measured worst_ledger(const std::vector<Scenario>& scenarios, const Options& options) {
  Measured worst;
  for (const Solution& s : pool(scenarios, options, 0)) {
    if (s.status != Status::ok) throw IntegrationError(s.message);
    const double gap = ledger_gap(s, options.bias);
    if (!(gap <= worst.value)) worst.value = gap;
  }
  return worst;
}

Measured ledger_random(const Options& options) {
  Measured worst = worst_ledger(random_scenarios(options), options);
  worst.detail = seeds(options);
  return worst;
}

Measured ledger_presets(const Options& options) {
  Measured worst = worst_ledger(presets(), options);
  for (const std::string& name : Scenario::preset_names()) worst.detail += (worst.detail.empty() ? "" : ", ") + name;
  return worst;
}

Measured non_negative(const Options& options) {
  Measured lowest{std::numeric_limits<double>::infinity(), seeds(options)};
  for (const Scenario& scenario : random_scenarios(options)) {
    end_if_asked(options);
    const double value = lowest_in_atol(scenario, options.bias);  // a floor of `bias` kg/m3 is far above any rounding
    if (!(value >= lowest.value)) lowest.value = value;
  }
  return lowest;
}

/// The scenario, or where a check is to fail one that is solved a little less exactly.
Scenario again(const Scenario& scenario, const Options& options) {
  if (options.bias == 0.0) return scenario;
  return scenario.with({{"numerics.rtol", scenario.real("numerics.rtol") * (1.0 + options.bias)}});
}

std::size_t differing(const std::vector<Solution>& a, const std::vector<Solution>& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += same_bits(a[i], b[i]) ? 0 : 1;
  return count;
}

Measured same_bits_again(const Options& options) {
  std::vector<Solution> first;
  std::vector<Solution> second;
  for (const Scenario& scenario : presets()) {
    first.push_back(alone(scenario, options));
    second.push_back(alone(again(scenario, options), options));
  }
  return {static_cast<double>(differing(first, second)), std::to_string(first.size()) + " presets"};
}

Measured same_bits_in_pool(const Options& options) {
  const std::vector<Scenario> scenarios = random_scenarios(options);
  std::vector<Solution> lone;
  for (const Scenario& scenario : scenarios) lone.push_back(alone(again(scenario, options), options));
  const std::size_t count = differing(lone, pool(scenarios, options, 1)) + differing(lone, pool(scenarios, options, 2));
  return {static_cast<double>(count), seeds(options)};
}

Measured same_function_bits(const Options& options) {
  Measured differing;
  for (const FunctionBits& bits : function_bits(options.bias)) {
    char text[48];
    std::snprintf(text, sizeof text, "%s%s %016llx", differing.detail.empty() ? "" : ", ", bits.name,
                  static_cast<unsigned long long>(bits.digest));
    differing.detail += text;
    if (bits.digest != bits.expected) differing.value += 1.0;
  }
  return differing;
}

// The tolerances are those of tests/README.md, where each is derived.
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Check checks[] = {
    {"ledger-random", "Pigment is accounted for at every saved time of random scenarios",
     "in skin + shed + drained + degraded + removed = deposited (law)", "largest gap over what was deposited [1]", 0.0,
     1e-12, ledger_random},
    {"ledger-presets", "Pigment is accounted for at every saved time of every preset",
     "in skin + shed + drained + degraded + removed = deposited (law)", "largest gap over what was deposited [1]", 0.0,
     1e-12, ledger_presets},
    {"non-negative", "No concentration falls below the documented floor in random scenarios",
     "-10 absolute tolerances (law)", "lowest pigment at ends of segments [absolute tolerances]", -10.0, infinity,
     non_negative},
    {"bits-again", "The same preset gives the same bits again", "a second run", "runs that differ [1]", 0.0, 0.0,
     same_bits_again},
    {"bits-pool", "A scenario gives the same bits alone and in a pool of 1 or 2 threads", "the run alone",
     "runs that differ [1]", 0.0, 0.0, same_bits_in_pool},
    {"bits-functions", "Elementary functions of the kernels give the same bits on every machine",
     "digests of 20,000 results each, in the source", "functions that differ [1]", 0.0, 0.0, same_function_bits},
};

}  // namespace

std::span<const Check> law_checks() { return checks; }

}  // namespace inkfade::selfcheck
