// An ensemble's runs keep the arrays that its observables need and no others.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/simulation/ensemble.hpp"
#include "inkfade/simulation/observable_rows.hpp"

namespace inkfade::simulation {
namespace {

using parameters::Scenario;

std::vector<std::uint64_t> bits(const double* values, std::size_t n) {
  std::vector<std::uint64_t> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(std::bit_cast<std::uint64_t>(values[i]));
  return all;
}

class EnsembleOf : public testing::TestWithParam<Rung> {};

TEST_P(EnsembleOf, EachObservableHasTheSameBitsAloneAndAmongAll) {
  EnsembleRequest request{.scenario = Scenario::preset("scalp-smp")
                                          .with({{"run.horizon", std::string("90 day")},
                                                 {"numerics.cells", std::int64_t{24}},
                                                 {"numerics.rtol", 1e-2}}),
                          .n = 3,
                          .parameters = {},
                          .values = {},
                          .seed = 5,
                          .observables = {}};
  Options options;
  options.rung = GetParam();
  options.times = {0.0, 3.5 * day, 28.0 * day, 60.0 * day, 90.0 * day};
  for (const ObservableName& each : observable_names()) request.observables.emplace_back(each.name);
  const EnsembleResult all = run_ensemble(request, options, 1);
  const std::vector<std::string> names = request.observables;
  const std::size_t row = request.n * options.times.size();
  for (std::size_t q = 0; q < names.size(); ++q) {
    request.observables = {names[q]};
    const EnsembleResult alone = run_ensemble(request, options, 1);
    EXPECT_EQ(bits(alone.values.data(), row), bits(all.values.data() + q * row, row)) << names[q];
    const bool of_depth =
        names[q] == "centroid" || names[q] == "spread" || find_observable(names[q]).needs == &Series::contrast;
    if (GetParam() == Rung::well_mixed && of_depth) continue;
    EXPECT_TRUE(std::isfinite(alone.values[row - 1])) << names[q];  // or there would be nothing to compare
  }
}

INSTANTIATE_TEST_SUITE_P(Rungs, EnsembleOf, testing::Values(Rung::column, Rung::well_mixed),
                         [](const auto& each) { return std::string(name(each.param)); });

}  // namespace
}  // namespace inkfade::simulation
