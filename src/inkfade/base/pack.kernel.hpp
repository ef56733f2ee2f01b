#pragma once

#include <cmath>
#include <cstdint>

#include "inkfade/base/isa.kernel.hpp"
#include "inkfade/base/math.kernel.hpp"

// Lanes as the compiler's own vectors: one source for SSE2, AVX2, AVX-512 and NEON, and nothing to install. Every
// operation is that of IEEE 754 in each lane, so a lane's bits depend neither on W nor on the other lanes.
namespace inkfade::INKFADE_ISA {

/// The compiler's vectors of W doubles, and of as many integers: signed as comparisons give them, unsigned to compute
/// with, since those wrap around.
template <int W>
struct PackTypes;
template <>
struct PackTypes<2> {
  using Values [[gnu::vector_size(16)]] = double;
  using Bits [[gnu::vector_size(16)]] = std::int64_t;
  using Words [[gnu::vector_size(16)]] = std::uint64_t;
};
template <>
struct PackTypes<4> {
  using Values [[gnu::vector_size(32)]] = double;
  using Bits [[gnu::vector_size(32)]] = std::int64_t;
  using Words [[gnu::vector_size(32)]] = std::uint64_t;
};
template <>
struct PackTypes<8> {
  using Values [[gnu::vector_size(64)]] = double;
  using Bits [[gnu::vector_size(64)]] = std::int64_t;
  using Words [[gnu::vector_size(64)]] = std::uint64_t;
};

/// W doubles that go through the same operations side by side: the scalar on which a kernel runs W scenarios at once.
template <int W>
struct Pack {
  using Values = typename PackTypes<W>::Values;
  using Bits = typename PackTypes<W>::Bits;
  using Words = typename PackTypes<W>::Words;

  Values values{};

  Pack() = default;
  explicit Pack(double same) : values(same - Values{}) {}
  explicit Pack(Values given) : values(given) {}
};

/// What a comparison of packs says, lane by lane: all bits or none.
template <int W>
struct PackMask {
  typename Pack<W>::Bits bits;
};

template <int W>
Pack<W> operator+(Pack<W> a, Pack<W> b) {
  return Pack<W>(a.values + b.values);
}
template <int W>
Pack<W> operator-(Pack<W> a, Pack<W> b) {
  return Pack<W>(a.values - b.values);
}
template <int W>
Pack<W> operator*(Pack<W> a, Pack<W> b) {
  return Pack<W>(a.values * b.values);
}
template <int W>
Pack<W> operator/(Pack<W> a, Pack<W> b) {
  return Pack<W>(a.values / b.values);
}
template <int W>
PackMask<W> operator<(Pack<W> a, Pack<W> b) {
  return {a.values < b.values};
}
template <int W>
PackMask<W> operator>(Pack<W> a, Pack<W> b) {
  return {a.values > b.values};
}

template <int W>
Pack<W> select(PackMask<W> condition, Pack<W> yes, Pack<W> no) {
  return Pack<W>(condition.bits ? yes.values : no.values);
}
/// Does the condition hold in any lane?
template <int W>
bool any(PackMask<W> condition) {
  std::int64_t all = 0;
  for (int lane = 0; lane < W; ++lane) all |= condition.bits[lane];
  return all != 0;
}
// Of GCC's choice for `a > b ? a : b` on vectors, a comparison and a blend, x86 has the whole as one instruction, with
// the same answer where a number is none and where zeros differ in sign: b.
template <int W>
Pack<W> maximum(Pack<W> a, Pack<W> b) {
#if defined(__SSE2__) && !defined(__clang__)
  if constexpr (W == 2) return Pack<W>(__builtin_ia32_maxpd(a.values, b.values));
#endif
#if defined(__AVX__) && !defined(__clang__)
  if constexpr (W == 4) return Pack<W>(__builtin_ia32_maxpd256(a.values, b.values));
#endif
  return Pack<W>(a.values > b.values ? a.values : b.values);
}
template <int W>
Pack<W> minimum(Pack<W> a, Pack<W> b) {
#if defined(__SSE2__) && !defined(__clang__)
  if constexpr (W == 2) return Pack<W>(__builtin_ia32_minpd(a.values, b.values));
#endif
#if defined(__AVX__) && !defined(__clang__)
  if constexpr (W == 4) return Pack<W>(__builtin_ia32_minpd256(a.values, b.values));
#endif
  return Pack<W>(a.values < b.values ? a.values : b.values);
}
template <int W>
Pack<W> absolute(Pack<W> x) {
  using Bits = typename Pack<W>::Bits;
  return Pack<W>(typename Pack<W>::Values(Bits(x.values) & std::int64_t{0x7fffffffffffffff}));
}
template <int W>
bool nonzero(Pack<W> x) {
  return any(absolute(x) > Pack<W>(0.0));
}
template <int W>
Pack<W> round_to_integer(Pack<W> x) {
  const Pack<W> shift(6755399441055744.0);  // 1.5 * 2^52, as for a double
  return (x + shift) - shift;
}
/// 2^k for integral k in the normal range: k goes to the exponent by way of the low bits of a number near 1.5 * 2^52.
template <int W>
Pack<W> power_of_two(Pack<W> k) {
  using Values = typename Pack<W>::Values;
  using Words = typename Pack<W>::Words;
  const Values shifted = (k + Pack<W>(6755399441055744.0 + 1023.0)).values;
  return Pack<W>(Values(Words(shifted) << 52));
}
template <int W>
Pack<W> sqrt_(Pack<W> x) {
  Pack<W> root;
  for (int lane = 0; lane < W; ++lane) root.values[lane] = std::sqrt(x.values[lane]);
  return root;
}
template <int W>
void split_exponent(Pack<W> x, Pack<W>& m, Pack<W>& exponent) {
  using Values = typename Pack<W>::Values;
  using Words = typename Pack<W>::Words;
  constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcdULL;
  constexpr double magic = 6755399441055744.0;
  constexpr std::uint64_t magic_bits = 0x4338000000000000ULL;
  const Words bits = Words(x.values);
  // Moved up by 2048 the exponent is not negative, so that a logical shift serves for it.
  const Words moved = bits - root_half + (std::uint64_t{2048} << 52);
  const Words k = (moved >> 52) - std::uint64_t{2048};
  m = Pack<W>(Values(bits - (k << 52)));
  exponent = Pack<W>(Values(k + magic_bits)) - Pack<W>(magic);
}

}  // namespace inkfade::INKFADE_ISA
