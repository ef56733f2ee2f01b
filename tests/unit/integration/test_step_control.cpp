#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "inkfade/integration/step_control.hpp"

namespace {

using inkfade::integration::error_norm;
using inkfade::integration::StepController;
using inkfade::integration::Tolerances;

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(ErrorNorm, IsTheRootMeanSquareOverTheToleratedSize) {
  const std::vector<double> atol{1.0, 2.0};
  const double y[] = {10.0, -30.0};
  const double y_new[] = {-20.0, 5.0};
  const double error[] = {3.0, -10.0};
  // scales: 1 + 0.1 * 20 = 3 and 2 + 0.1 * 30 = 5; ratios 1 and -2
  EXPECT_DOUBLE_EQ(error_norm({0.1, atol, {}}, y, y_new, error, 2), std::sqrt((1.0 + 4.0) / 2.0));
}

TEST(ErrorNorm, CountsOnlyComponentsWithAFiniteTolerance) {
  const std::vector<double> atol{infinity, 1.0, infinity};
  const double y[] = {1.0, 0.0, 1.0};
  const double error[] = {1e9, 2.0, 1e9};
  EXPECT_DOUBLE_EQ(error_norm({0.1, atol, {}}, y, y, error, 3), 2.0);
}

TEST(ErrorNorm, IsZeroWhereNothingCounts) {
  const std::vector<double> atol{infinity};
  const double y[] = {1.0};
  EXPECT_EQ(error_norm({0.1, atol, {}}, y, y, y, 1), 0.0);
}

TEST(ErrorNorm, IsNotBelowOneWhereTheErrorIsNotANumber) {
  const std::vector<double> atol{1.0};
  const double y[] = {1.0};
  const double error[] = {std::nan("")};
  EXPECT_FALSE(error_norm({0.1, atol, {}}, y, y, error, 1) <= 1.0);
}

TEST(StepController, GrowsAStepByTheCubeRootOfTheErrorToSpare) {
  StepController controller;
  EXPECT_NEAR(controller.after_accepted(1.0, 0.125), 0.9 * 2.0, 1e-14);  // 0.9 / cbrt(1/8), rounding of exp and log
}

TEST(StepController, GrowsAtMostSixfold) {
  StepController controller;
  EXPECT_EQ(controller.after_accepted(1.0, 0.0), 6.0);
}

TEST(StepController, ShrinksARejectedStepAtMostFivefold) {
  StepController controller;
  EXPECT_DOUBLE_EQ(controller.after_rejected(1.0, 1e30), 0.2);
  EXPECT_DOUBLE_EQ(controller.after_rejected(1.0, infinity), 0.2);
  EXPECT_DOUBLE_EQ(controller.after_rejected(1.0, std::nan("")), 0.2);
}

TEST(StepController, AlwaysShrinksARejectedStep) {
  StepController controller;
  EXPECT_LE(controller.after_rejected(1.0, 1.0000001), 0.9);
}

TEST(StepController, HalvesAStepThatIsRejectedAgain) {
  StepController controller;
  (void)controller.after_rejected(1.0, 1.0000001);
  EXPECT_LE(controller.after_rejected(1.0, 1.0000001), 0.5);
}

TEST(StepController, DoesNotGrowRightAfterARejection) {
  StepController controller;
  (void)controller.after_rejected(1.0, 10.0);
  EXPECT_LE(controller.after_accepted(0.4, 1e-3), 0.4) << "the step after the rejection";
  EXPECT_GT(controller.after_accepted(0.4, 1e-3), 0.4) << "the one after that";
}

TEST(StepController, PredictsFromTheTrendOfTheError) {
  // Errors that grew from 0.1 to 0.4 at the same step will grow again: a smaller step than one error alone asks for.
  StepController rising;
  (void)rising.after_accepted(1.0, 0.1);
  StepController fresh;
  EXPECT_LT(rising.after_accepted(1.0, 0.4), fresh.after_accepted(1.0, 0.4));
}

TEST(StepController, ForgetsThePastWhenRestarted) {
  StepController used;
  (void)used.after_accepted(1.0, 0.1);
  (void)used.after_rejected(1.0, 5.0);
  used.restart();
  StepController fresh;
  EXPECT_EQ(used.after_accepted(1.0, 0.4), fresh.after_accepted(1.0, 0.4));
}

}  // namespace
