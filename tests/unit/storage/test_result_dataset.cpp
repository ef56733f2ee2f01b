#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "inkfade/base/errors.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "inkfade/storage/result_dataset.hpp"

namespace inkfade::storage {
namespace {

using parameters::Scenario;
using parameters::Setting;
using ::testing::HasSubstr;

Scenario one_year(const std::string& sessions = "") {
  const auto scenario =
      Scenario::from_toml("format = 1\npreset = \"scalp-smp\"\n[run]\nhorizon = \"1 year\"\n" + sessions);
  return scenario.with({{"numerics.cells", Setting{std::int64_t{16}}}});
}

const Variable& variable(const Dataset& data, const std::string& name) {
  return *std::ranges::find(data.variables, name, &Variable::name);
}

Dataset stack(const std::vector<Scenario>& scenarios, const simulation::Options& options) {
  return to_dataset(scenarios, simulation::simulate_many(scenarios, options, 1));
}

TEST(ResultDataset, GivesEachPointItsOwnEventsPaddedToTheMost) {
  const auto twice = one_year(
      "[[session]]\nkind = \"treatment\"\nat = \"0 day\"\n[[session]]\nkind = \"treatment\"\nat = \"21 day\"\n");
  simulation::Options options;
  options.times = {0.0, 8640000.0};
  const Dataset data = stack({one_year(), twice}, options);
  EXPECT_EQ(variable(data, "event_time").dims, (std::vector<std::string>{"point", "event"}));
  const auto& times = std::get<std::vector<double>>(variable(data, "event_time").data);
  ASSERT_EQ(times.size(), 6U);
  EXPECT_EQ(times[0], 0.0);
  EXPECT_EQ(times[1], 42.0);
  EXPECT_TRUE(std::isnan(times[2]));
  EXPECT_EQ(times[4], 21.0);
  EXPECT_EQ(times[5], 63.0);
  EXPECT_EQ(std::get<std::vector<std::string>>(variable(data, "event_kind").data),
            (std::vector<std::string>{"treatment", "healed", "", "treatment", "treatment", "healed"}));
}

TEST(ResultDataset, RefusesToStackRunsOnDifferentGrids) {
  const auto finer = one_year().with({{"numerics.cells", Setting{std::int64_t{20}}}});
  try {
    (void)stack({one_year(), finer}, {});
    FAIL() << "stacked";
  } catch (const ParameterError& error) {
    EXPECT_THAT(error.what(), HasSubstr("another grid"));
  }
}

TEST(ResultDataset, RefusesRunsWithoutTheirAxes) {
  simulation::Options options;
  options.series.axes = false;
  const Scenario scenario = one_year();
  try {
    (void)to_dataset(scenario, simulation::simulate(scenario, options));
    FAIL() << "made a dataset";
  } catch (const ParameterError& error) {
    EXPECT_THAT(error.what(), HasSubstr("Options::series.axes"));
  }
}

TEST(ResultDataset, ARunThatFailedIsARowOfNaNWithItsStatus) {
  const auto stuck = one_year().with({{"numerics.max_steps", Setting{std::int64_t{5}}}});
  simulation::Options options;
  options.fields = false;
  const Dataset data = stack({one_year(), stuck}, options);
  const auto& retained = std::get<std::vector<double>>(variable(data, "retained_of_deposit").data);
  EXPECT_TRUE(std::isfinite(retained[retained.size() / 2 - 1]));
  EXPECT_TRUE(std::isnan(retained.back()));
  EXPECT_EQ(std::get<std::vector<std::int32_t>>(variable(data, "status").data),
            (std::vector<std::int32_t>{static_cast<std::int32_t>(Status::ok),
                                       static_cast<std::int32_t>(Status::too_many_steps)}));
  EXPECT_THAT(std::get<std::vector<std::string>>(variable(data, "message").data)[1], HasSubstr("numerics.max_steps"));
}

TEST(ResultDataset, MassLedgerAndDepositBalanceInTheUnitsOfTheFile) {
  const auto scenario = one_year();
  const Dataset data = to_dataset(scenario, simulation::simulate(scenario));
  const auto& mass = std::get<std::vector<double>>(variable(data, "mass").data);
  const auto& ledger = std::get<std::vector<double>>(variable(data, "ledger").data);
  const auto& deposited = std::get<std::vector<double>>(variable(data, "deposited").data);
  for (std::size_t t = 0; t < deposited.size(); ++t) {
    double sum = 0.0;
    for (std::size_t i = 0; i < 3; ++i) sum += mass[3 * t + i];
    for (std::size_t i = 0; i < 4; ++i) sum += ledger[4 * t + i];
    EXPECT_NEAR(sum, deposited[t], 1e-12 * deposited[t]);  // the ledger's promise
  }
}

}  // namespace
}  // namespace inkfade::storage
