#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "inkfade/base/isa.kernel.hpp"

// Elementary functions from +, -, *, / alone: the C library's differ in the last bits from processor to processor
// (it picks fused variants at run time), and vector packs need them anyway. Errors are below 3 units in the last place
// (tests/unit/base/test_math.cpp). A pack type joins by overloading the primitives of the first section.
namespace inkfade::INKFADE_ISA {

// ---- primitives -----------------------------------------------------------------------------------------------

inline double select(bool condition, double yes, double no) { return condition ? yes : no; }
inline double maximum(double a, double b) { return a > b ? a : b; }
inline double minimum(double a, double b) { return a < b ? a : b; }
inline double absolute(double x) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & ~(std::uint64_t{1} << 63));
}
inline bool any(bool condition) { return condition; }
/// Is a number, or anything that it carries, other than 0?
inline bool nonzero(double x) { return x > 0.0 || x < 0.0; }
inline double round_to_integer(double x) {
  constexpr double shift = 6755399441055744.0;  // 1.5 * 2^52: adding it leaves no bits for a fraction
  return (x + shift) - shift;
}
/// 2^k for integral k in the normal range.
inline double power_of_two(double k) { return std::bit_cast<double>((static_cast<std::int64_t>(k) + 1023) << 52); }
/// Square root: IEEE 754 rounds it correctly, so every processor has the same bits.
inline double sqrt_(double x) { return std::sqrt(x); }
/// Splits x > 0 (normal) into m in [sqrt(1/2), sqrt(2)) and an integral exponent with x = m 2^exponent.
inline void split_exponent(double x, double& m, double& exponent) {
  constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcdULL;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto shifted = bits - root_half;
  const auto k = static_cast<std::int64_t>(shifted) >> 52;
  m = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(k) << 52));
  exponent = static_cast<double>(k);
}

// ---- functions ------------------------------------------------------------------------------------------------

/// e^x; 0 below -708 and clamped at e^709 (no overflow, no subnormals).
template <class S>
S exp_(S x) {
  constexpr double log2e = 1.4426950408889634;
  constexpr double ln2_high = 0.693147180369123816490;
  constexpr double ln2_low = 1.90821492927058770002e-10;
  constexpr double reciprocal[] = {
      1.0,        1.0,         1.0 / 2,      1.0 / 6,       1.0 / 24,       1.0 / 120,       1.0 / 720,
      1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.0};
  const S bounded = minimum(maximum(x, S(-708.0)), S(709.0));
  const S k = round_to_integer(bounded * S(log2e));
  const S r = (bounded - k * S(ln2_high)) - k * S(ln2_low);
  S sum = S(reciprocal[13]);
  for (int i = 12; i >= 0; --i) sum = sum * r + S(reciprocal[i]);
  return select(x < S(-708.0), S(0.0), sum * power_of_two(k));
}

/// Natural logarithm of x > 0 (normal numbers).
template <class S>
S log_(S x) {
  constexpr double ln2_high = 0.693147180369123816490;
  constexpr double ln2_low = 1.90821492927058770002e-10;
  S m;
  S exponent;
  split_exponent(x, m, exponent);
  const S s = (m - S(1.0)) / (m + S(1.0));
  const S s2 = s * s;
  S sum = S(1.0 / 23.0);
  for (int i = 10; i >= 0; --i) sum = sum * s2 + S(1.0 / (2 * i + 1));
  return exponent * S(ln2_high) + (S(2.0) * s * sum + exponent * S(ln2_low));
}

/// x^p for x > 0.
template <class S>
S pow_(S x, S p) {
  return exp_(p * log_(x));
}

/// Cube root of x > 0 (normal numbers), by way of 1/cbrt(x) and without a division: a cubic for the mantissa, good to
/// 3e-4, a step of order 4, and one of Newton for the root itself.
template <class S>
S cbrt_(S x) {
  S m;
  S exponent;
  split_exponent(x, m, exponent);
  const S third = round_to_integer(exponent * S(1.0 / 3.0));
  const S left = exponent - S(3.0) * third;  // -1, 0 or 1
  const S scale = select(left > S(0.5), S(0.7937005259840998), select(left < S(-0.5), S(1.2599210498948732), S(1.0)));
  const S guess = ((S(-0.158539275) * m + S(0.713339021)) * m + S(-1.285730221)) * m + S(1.730709110);
  const S r = guess * scale * power_of_two(S(0.0) - third);
  const S e = S(1.0) - x * r * r * r;
  const S inverse = r + r * (e * (S(1.0 / 3.0) + e * (S(2.0 / 9.0) + e * S(14.0 / 81.0))));
  const S square = inverse * inverse;
  const S z = x * square;
  return z - (z * z * z - x) * (square * S(1.0 / 3.0));
}

/// cos(2 pi x): an angle in turns needs no reduction by pi.
template <class S>
S cos_turns(S x) {
  constexpr double two_pi = 6.283185307179586;
  const S r = x - round_to_integer(x);  // [-1/2, 1/2]
  const S half = r * S(0.5);            // cos a = 2 cos^2(a/2) - 1 keeps the series short
  const S a = half * S(two_pi);
  const S a2 = a * a;
  S sum = S(0.0);
  constexpr double reciprocal[] = {1.0,
                                   -1.0 / 2,
                                   1.0 / 24,
                                   -1.0 / 720,
                                   1.0 / 40320,
                                   -1.0 / 3628800,
                                   1.0 / 479001600,
                                   -1.0 / 87178291200.0,
                                   1.0 / 20922789888000.0,
                                   -1.0 / 6402373705728000.0,
                                   1.0 / 2432902008176640000.0};
  for (int i = 10; i >= 0; --i) sum = sum * a2 + S(reciprocal[i]);
  return S(2.0) * sum * sum - S(1.0);
}

template <class S>
S sin_turns(S x) {
  return cos_turns(x - S(0.25));
}

/// 1/(2 i + 1).
struct OddReciprocals {
  double values[200]{};
  constexpr OddReciprocals() {
    for (int i = 0; i < 200; ++i) values[i] = 1.0 / (2 * i + 1);
  }
};
inline constexpr OddReciprocals odd_reciprocals{};

/// Standard normal distribution function, absolute error below 2e-15 (Marsaglia's series, J. Stat. Softw. 2004;11(4)).
template <class S>
S normal_cdf(S x) {
  constexpr double inv_root_two_pi = 0.3989422804014327;
  const S near = minimum(S(8.5), maximum(S(-8.5), x));  // what is no number goes through
  const S square = near * near;
  S term = near;
  S sum = near;
  for (int i = 3; i < 400; i += 2) {
    term = term * (square * S(odd_reciprocals.values[i / 2]));  // a division would take most of the time
    const S next = sum + term;
    // Terms have one sign and fall once they no longer count: who has converged stays where it is.
    if (!any(next > sum) && !any(next < sum)) break;
    sum = next;
  }
  const S inside = S(0.5) + sum * S(inv_root_two_pi) * exp_(S(-0.5) * near * near);
  return select(x > S(8.5), S(1.0), select(x < S(-8.5), S(0.0), inside));
}

}  // namespace inkfade::INKFADE_ISA
