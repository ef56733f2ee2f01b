#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "inkfade/simulation/simulate.hpp"
#include "support/random_scenarios.hpp"
#include "support/time_stepping.hpp"

// Item 8, second half, and item 9: with large capacities the model is linear in the dose.
namespace inkfade::test {
namespace {

using parameters::Scenario;
using simulation::Solution;

/// Large capacities: L, K_f and B times `scale`, at most as large as the registry allows.
Solution run_with(double dose, double scale) {
  const auto scaled = [&](double value, const char* unit) { return text(std::to_string(value * scale) + unit); };
  Settings settings{{"procedure.local_dose", in_si("procedure.local_dose", dose)},
                    {"macrophages.capacity_volume", scaled(300.0, " um3")},
                    {"macrophages.crowding_concentration", scaled(100.0, " mg/cm3")},
                    {"run.horizon", text("2 year")},
                    {"numerics.rtol", 1e-6}};
  for (const char* layer : {"papillary_dermis", "upper_reticular_dermis", "lower_reticular_dermis"}) {
    settings.emplace_back("skin." + std::string(layer) + ".binding_capacity", scaled(5.0, " mg/cm3"));
  }
  return simulation::simulate(Scenario::preset("scalp-smp").with(settings));
}

/// Largest deviation of the second from twice the first, relative to what was deposited.
double deviation_from_doubling(const Solution& once, const Solution& twice) {
  double worst = 0.0;
  const double deposited = twice.deposited.back();
  const auto compare = [&](const std::vector<double>& a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(b[i] - 2.0 * a[i]) / deposited);
  };
  compare(once.mass, twice.mass);
  compare(once.layer_mass, twice.layer_mass);
  compare(once.class_mass, twice.class_mass);
  compare(once.ledger, twice.ledger);
  return worst;
}

TEST(LinearLimit, DoublingTheDoseDoublesEverything) {
  // At 1e-6 mg/cm2 and 100 times the capacity the load is about 1e-8: what is not linear is of that size, below rtol.
  const double deviation = deviation_from_doubling(run_with(1e-8, 100.0), run_with(2e-8, 100.0));
  RecordProperty("deviation", std::to_string(deviation * 1e9) + "e-9");
  EXPECT_LE(deviation, 1e-6);
}

TEST(LinearLimit, IsApproachedInProportionToOneOverTheCapacities) {
  // The first correction to the linear model is of order dose/capacity.
  std::vector<double> capacity{10.0, 30.0, 100.0};
  std::vector<double> deviations;
  for (const double c : capacity) deviations.push_back(deviation_from_doubling(run_with(1e-3, c), run_with(2e-3, c)));
  const double slope = log_slope(capacity, deviations);
  RecordProperty("slope", std::to_string(slope));
  EXPECT_NEAR(slope, -1.0, 0.10);
}

TEST(LinearLimit, IsFarFromTheModelAtAnOrdinaryDose) {
  // Guards the two tests above: at the preset's capacities doubling the dose changes shares by percents.
  EXPECT_GT(deviation_from_doubling(run_with(2.5e-3, 1.0), run_with(5e-3, 1.0)), 1e-2);
}

}  // namespace
}  // namespace inkfade::test
