#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inkfade/selfcheck/local_kinetics.hpp"
#include "support/time_stepping.hpp"

// Item 4: one dermal cell, three size classes, capacities so large that every term is linear.
namespace inkfade::test {
namespace {

using selfcheck::kinetics_error;

TEST(LocalKinetics, WithoutSaturationIsAMatrixExponential) {
  for (const double rtol : {1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8}) {
    EXPECT_LE(kinetics_error(rtol), 10.0 * rtol) << "rtol " << rtol;  // the promise: error <= 10 rtol, state about 1
  }
}

TEST(LocalKinetics, ErrorIsProportionalToTheTolerance) {
  // Step control with an estimate of order h^3 and a solution of order h^3: the slope is 1; the rounding of step sizes
  // to whole steps leaves it within 0.15 over five decades.
  const std::vector<double> rtol{1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9};
  std::vector<double> errors;
  for (const double r : rtol) errors.push_back(kinetics_error(r));
  const double slope = log_slope(rtol, errors);
  RecordProperty("slope", std::to_string(slope));
  EXPECT_NEAR(slope, 1.0, 0.15);
}

}  // namespace
}  // namespace inkfade::test
