#include <gtest/gtest.h>

#include <cfenv>
#include <limits>

#include "inkfade/base/float_environment.hpp"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace {

using inkfade::KernelFloatEnvironment;

/// Half the smallest normal number, computed when the program runs.
double half_of_smallest() {
  volatile double smallest = std::numeric_limits<double>::min();
  volatile double half = smallest * 0.5;
  return half;
}

TEST(FloatEnvironment, FlushesSubnormalsWhileItLives) {
  const KernelFloatEnvironment environment;
  EXPECT_EQ(half_of_smallest(), 0.0);
}

TEST(FloatEnvironment, GivesSubnormalsBack) {
  { const KernelFloatEnvironment environment; }
  EXPECT_NE(half_of_smallest(), 0.0);
}

TEST(FloatEnvironment, GivesTheRoundingModeBack) {
  std::fesetround(FE_UPWARD);
  {
    const KernelFloatEnvironment environment;
    volatile double third = 1.0;
    third = third / 3.0;
    EXPECT_EQ(third, 0x1.5555555555555p-2) << "to nearest inside";
  }
  EXPECT_EQ(std::fegetround(), FE_UPWARD);
  std::fesetround(FE_TONEAREST);
}

TEST(FloatEnvironment, Nests) {
  const KernelFloatEnvironment outer;
  { const KernelFloatEnvironment inner; }
  EXPECT_EQ(half_of_smallest(), 0.0);
}

#if defined(__x86_64__)
TEST(FloatEnvironment, GivesTheWholeControlWordBack) {
  // As left by a library that was built for fast maths: flushing on, and a trap unmasked.
  const unsigned before = _mm_getcsr();
  const unsigned foreign = (before | 0x8040U) & ~0x0200U & ~0x003fU;
  _mm_setcsr(foreign);
  {
    const KernelFloatEnvironment environment;
    volatile double zero = 0.0;
    volatile double quotient = 1.0 / zero;  // must not trap inside
    EXPECT_GT(quotient, 1e308);
  }
  const unsigned after = _mm_getcsr();
  _mm_setcsr(before);
  EXPECT_EQ(after, foreign);
}
#endif

}  // namespace
