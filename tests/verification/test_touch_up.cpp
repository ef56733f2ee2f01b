#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "inkfade/base/constants.hpp"
#include "inkfade/selfcheck/exponential_fade.hpp"
#include "inkfade/simulation/simulate.hpp"

// Item 15: the touch-up time of fades that have a closed form.
namespace inkfade::test {
namespace {

using parameters::Scenario;

Scenario by_pigment(double threshold) {
  return Scenario::preset("scalp-smp")
      .with({{"touch_up.measure", std::string("retained_of_healed")}, {"touch_up.threshold", threshold}});
}

TEST(TouchUpTime, OfASingleExponentialIsItsLogarithm) {
  const simulation::Solution s = simulation::simulate(selfcheck::exponential_fade(0.01, 400.0, 0.7));
  ASSERT_EQ(s.status, Status::ok) << s.message;
  ASSERT_TRUE(s.touch_up.observed);
  EXPECT_NEAR(s.touch_up.time / selfcheck::exponential_touch_up(0.01, 0.7), 1.0, 1e-5);
}

TEST(TouchUpTime, IsCensoredAtTheHorizonWhereTheFadeIsTooSlow) {
  const simulation::Solution s = simulation::simulate(selfcheck::exponential_fade(0.01, 70.0, 0.7));
  EXPECT_FALSE(s.touch_up.observed);
  EXPECT_EQ(s.touch_up.time, 70.0 * day);  // 28 days after healing 0.756 is left
}

TEST(TouchUpTime, IsWhereTheSavedMeasureCrossesTheThreshold) {
  const Scenario scenario = by_pigment(0.9).with({{"numerics.rtol", 1e-6}});
  const simulation::Solution s = simulation::simulate(scenario);
  ASSERT_TRUE(s.touch_up.observed);
  simulation::Options options;
  options.times = {s.touch_up.time};
  options.fields = false;
  const simulation::Solution at = simulation::simulate(scenario, options);
  EXPECT_NEAR(at.retained_of_healed.front(), 0.9, 1e-8);  // bisection to 1e-9 of the time, at a slope of order one
}

TEST(TouchUpTime, ComesLaterForALowerThreshold) {
  const auto time = [](double threshold) { return simulation::simulate(by_pigment(threshold)).touch_up.time; };
  EXPECT_LT(time(0.95), time(0.9));
  EXPECT_LT(time(0.9), time(0.85));
}

}  // namespace
}  // namespace inkfade::test
