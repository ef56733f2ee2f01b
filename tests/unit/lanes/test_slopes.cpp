#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "lane_columns.hpp"

// Derivatives that lanes carry along, against central differences of the same steps: the steps are given, so that both
// are derivatives of one smooth function and agree to the error of the difference.
namespace inkfade::test {
namespace {

using lanes::InstructionSet;
using lanes::LaneBlock;
using lanes::Numbers;
using lanes::WeightedColumn;
using parameters::Scenario;

Scenario smp() {
  return Scenario::preset("scalp-smp")
      .with({{"ink.uv_sensitivity", std::string("1e-6 m2/J")},
             {"macrophages.fragmentation_rate", std::string("0.01 1/day")},
             {"start", std::string("2027-03-14")}});
}

struct Seen {
  std::vector<double> values;  ///< observed half way through the last step, then the state after it
  std::vector<double> slopes;
};

constexpr int n_steps = 14;
double step_at(int i) { return 600.0 * std::pow(1.7, i); }

Seen last_step(LaneBlock& block, bool with_slopes) {
  double t = 0.0;
  Seen seen;
  seen.values.resize(block.n_observed() + block.size());
  seen.slopes.resize(with_slopes ? seen.values.size() : 0);
  for (int i = 0; i < n_steps; ++i) {
    block.set_step(0, t, step_at(i));
    block.attempt();
    if (i + 1 == n_steps) {
      block.sum();
      block.set_rounds(1);
      block.set_theta(0, 0, 0.5);
      block.observe();
      block.observed(0, 0, seen.values.data());
      if (with_slopes) block.observed_slope(0, 0, seen.slopes.data());
    }
    block.accept(std::vector<bool>(static_cast<std::size_t>(block.width()), true));
    t += step_at(i);
  }
  block.state(0, seen.values.data() + block.n_observed());
  if (with_slopes) block.state_slope(0, seen.slopes.data() + block.n_observed());
  return seen;
}

/// One parameter a little lower and a little higher.
struct Nearby {
  LaneColumn below;
  LaneColumn above;
  double per_difference;

  Nearby(const Scenario& scenario, const std::string& name, double share)
      : below(moved(scenario, name, -share)),
        above(moved(scenario, name, share)),
        per_difference(0.5 / (share * scenario.real(name))) {}

  static Scenario moved(const Scenario& scenario, const std::string& name, double share) {
    const std::vector<std::string> names{name};
    const std::vector<double> values{scenario.real(name) * (1.0 + share)};
    return scenario.with_values(names, values);
  }
};

template <class T>
T difference_of(const T& above, const T& below, double per_difference) {
  T slope;
  constexpr std::size_t n = sizeof(T) / sizeof(double);
  const auto* a = reinterpret_cast<const double*>(&above);
  const auto* b = reinterpret_cast<const double*>(&below);
  auto* out = reinterpret_cast<double*>(&slope);
  for (std::size_t i = 0; i < n; ++i) out[i] = (a[i] - b[i]) * per_difference;
  return slope;
}

Seen with_slopes(const Scenario& scenario, const std::string& name, InstructionSet set) {
  const LaneColumn column(scenario);
  const Nearby near(scenario, name, 1e-5);
  LaneBlock block(column.shape(), set, Numbers::with_slopes);
  column.load(block, 0);
  const WeightedColumn columns[] = {{&near.above.tables, &near.above.mesh, near.per_difference},
                                    {&near.below.tables, &near.below.mesh, -near.per_difference}};
  block.set_column_slope(0, columns);
  block.set_forcing_slope(0, difference_of(near.above.forcing, near.below.forcing, near.per_difference));
  std::vector<double> slope(block.size());
  for (std::size_t q = 0; q < slope.size(); ++q) slope[q] = (near.above.y[q] - near.below.y[q]) * near.per_difference;
  block.set_state_slope(0, slope.data());
  return last_step(block, true);
}

Seen plain(const LaneColumn& column, const LaneColumn& tolerances) {
  LaneBlock block(column.shape());
  tolerances.load(block, 0);
  column.load(block, 0);
  return last_step(block, false);
}

class Slopes : public ::testing::TestWithParam<const char*> {};

TEST_P(Slopes, AgreeWithCentralDifferencesOfTheSameStepsToAMillionth) {
  const KernelFloatEnvironment environment;
  const Scenario scenario = smp();
  const Seen seen = with_slopes(scenario, GetParam(), lanes::best_instruction_set());
  const LaneColumn column(scenario);
  // Differences of order 4: steps of 1e-3 leave an error of (1e-3)^4 times derivatives of order 5, and round-off of
  // 1e-16 / 1e-3 times the condition of the steps.
  std::vector<double> expected(seen.values.size(), 0.0);
  for (const auto& [share, weight] : {std::pair{1e-3, 4.0 / 3.0}, std::pair{2e-3, -1.0 / 3.0}}) {
    const Nearby near(scenario, GetParam(), share);
    const Seen above = plain(near.above, column);
    const Seen below = plain(near.below, column);
    for (std::size_t q = 0; q < expected.size(); ++q) {
      expected[q] += weight * (above.values[q] - below.values[q]) * near.per_difference;
    }
  }
  double moved = 0.0;
  const std::size_t n_observed = seen.values.size() - column.y.size();
  for (std::size_t q = 0; q < n_observed; ++q) {  // of each observed number, a relative change of the parameter
    const double size = std::max(std::abs(seen.values[q]), 1e-30);
    const double p = scenario.real(GetParam());
    EXPECT_NEAR(seen.slopes[q] * p / size, expected[q] * p / size, 1e-6) << GetParam() << ", functional " << q;
    moved = std::max(moved, std::abs(expected[q] * p / size));
  }
  double largest = 0.0;  // slope of any concentration: beside it those of a component are judged
  const auto& at = column.tables.layout;
  const auto pigment = [&](std::size_t q) { return q % static_cast<std::size_t>(at.stride()) != 18; };
  const std::size_t n_pigment = static_cast<std::size_t>(at.shed());
  for (std::size_t q = 0; q < n_pigment; ++q) {
    if (pigment(q)) largest = std::max(largest, std::abs(expected[n_observed + q]));
  }
  for (std::size_t q = 0; q < n_pigment; ++q) {
    if (!pigment(q)) continue;
    EXPECT_NEAR(seen.slopes[n_observed + q] / largest, expected[n_observed + q] / largest, 1e-6) << "component " << q;
  }
  EXPECT_GT(moved, 1e-4) << "the parameter does nothing: the test says nothing";
}

INSTANTIATE_TEST_SUITE_P(Parameters, Slopes,
                         ::testing::Values("procedure.depth", "procedure.deposit_per_dot", "macrophages.capture_rate",
                                           "macrophages.half_life", "macrophages.capacity_volume",
                                           "stroma.binding_rate", "skin.lymph.rate", "skin.wound.closure_time",
                                           "skin.papillary_dermis.thickness", "ink.size_median",
                                           "exposure.ambient_share"));

TEST(Slopes, LeaveTheBitsOfTheValuesAlone) {
  const KernelFloatEnvironment environment;
  const Scenario scenario = smp();
  const LaneColumn column(scenario);
  const Seen alone = plain(column, column);
  for (const InstructionSet set : lanes::instruction_sets()) {
    const Seen seen = with_slopes(scenario, "procedure.depth", set);
    EXPECT_EQ(std::memcmp(seen.values.data(), alone.values.data(), alone.values.size() * sizeof(double)), 0)
        << name(set);
  }
}

}  // namespace
}  // namespace inkfade::test
