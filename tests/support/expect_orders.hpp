#pragma once

#include <gtest/gtest.h>

#include <span>
#include <string>

#include "support/time_stepping.hpp"

namespace inkfade::test {

/// Expects the design order within 0.10, the promise for every operator and scheme, at each of the refinements; records
/// the observed orders. @param errors each on a width half of the one before
inline void expect_orders(std::span<const double> errors, double design) {
  int refinement = 0;
  for (const double order : observed_orders(errors)) {
    ++refinement;
    testing::Test::RecordProperty("order_" + std::to_string(refinement), std::to_string(order));
    EXPECT_NEAR(order, design, 0.10) << "refinement " << refinement;
  }
}

}  // namespace inkfade::test
