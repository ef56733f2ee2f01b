#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "inkfade/base/constants.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "support/random_scenarios.hpp"

// Item 15: the touch-up time of fades that have a closed form.
namespace inkfade::test {
namespace {

using parameters::Scenario;

/// One size class that nothing holds: free pigment in the dermis, drained at a rate that does not vary with depth.
Scenario single_exponential(double rate_per_day, double horizon_days, double threshold) {
  Settings settings{{"numerics.classes", std::int64_t{1}},
                    {"numerics.rtol", 1e-7},
                    {"numerics.atol_fraction", 1e-6},
                    {"procedure.epidermal_fraction", 0.0},
                    {"procedure.depth", text("500 um")},
                    {"procedure.depth_sd", text("60 um")},
                    {"macrophages.capture_rate", text("0 1/day")},
                    {"stroma.binding_rate", text("0 1/day")},
                    {"skin.wound.loss_rate", text("0 1/day")},
                    {"skin.wound.junction_permeability", text("0 um/day")},
                    {"skin.lymph.rate", text(std::to_string(rate_per_day) + " 1/day")},
                    {"skin.lymph.gate_diameter", text("10 um")},  // (d/d50)^h = (0.14/10)^20: the gate is open
                    {"skin.lymph.gate_exponent", 20.0},
                    {"skin.lymph.oedema_factor", 1.0},
                    {"skin.lymph.decay_length", text("100 mm")},
                    {"aftercare.massage_lymph", 0.0},
                    {"run.horizon", text(std::to_string(horizon_days) + " day")},
                    {"touch_up.threshold", threshold}};
  for (const char* layer : {"papillary_dermis", "upper_reticular_dermis", "lower_reticular_dermis"}) {
    settings.emplace_back("skin." + std::string(layer) + ".macrophage_density", text("8000 mm-3"));
  }
  return Scenario::preset("scalp-smp").with(settings);
}

TEST(TouchUpTime, OfASingleExponentialIsItsLogarithm) {
  const simulation::Solution s = simulation::simulate(single_exponential(0.01, 400.0, 0.7));
  ASSERT_EQ(s.status, Status::ok) << s.message;
  ASSERT_TRUE(s.touch_up.observed);
  // Lymph falls by exp(-dz/10 cm) over the pigment: rates spread by 1e-3 around that of its centroid, 100 um below the
  // reference depth. Spread of the clearance changes the time in second order only.
  const double rate = 0.01 * std::exp(-100e-6 / 0.1) / day;
  EXPECT_NEAR(s.touch_up.time / (42.0 * day + std::log(1.0 / 0.7) / rate), 1.0, 1e-5);
}

TEST(TouchUpTime, IsCensoredAtTheHorizonWhereTheFadeIsTooSlow) {
  const simulation::Solution s = simulation::simulate(single_exponential(0.01, 70.0, 0.7));
  EXPECT_FALSE(s.touch_up.observed);
  EXPECT_EQ(s.touch_up.time, 70.0 * day);  // 28 days after healing 0.756 is left
}

TEST(TouchUpTime, IsWhereTheSavedMeasureCrossesTheThreshold) {
  const Scenario scenario = Scenario::preset("scalp-smp").with({{"touch_up.threshold", 0.9}, {"numerics.rtol", 1e-6}});
  const simulation::Solution s = simulation::simulate(scenario);
  ASSERT_TRUE(s.touch_up.observed);
  simulation::Options options;
  options.times = {s.touch_up.time};
  options.fields = false;
  const simulation::Solution at = simulation::simulate(scenario, options);
  EXPECT_NEAR(at.retained_of_healed.front(), 0.9, 1e-8);  // bisection to 1e-9 of the time, at a slope of order one
}

TEST(TouchUpTime, ComesLaterForALowerThreshold) {
  const auto time = [](double threshold) {
    return simulation::simulate(Scenario::preset("scalp-smp").with({{"touch_up.threshold", threshold}})).touch_up.time;
  };
  EXPECT_LT(time(0.95), time(0.9));
  EXPECT_LT(time(0.9), time(0.85));
}

}  // namespace
}  // namespace inkfade::test
