#pragma once

#include "inkfade/base/isa.kernel.hpp"
#include "inkfade/base/math.kernel.hpp"
#include "inkfade/base/pack.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// W numbers, each with its derivative in one direction of that lane's own: the scalar on which a kernel carries a
/// forward sensitivity along.
///
/// Values are computed as by a Pack, so they have the same bits as without derivatives. Where a rate has a kink the
/// derivative is that of the branch taken, and at the kink itself that of a step in the direction of the slope.
template <int W>
struct TangentPack {
  Pack<W> value;
  Pack<W> slope;

  TangentPack() = default;
  explicit TangentPack(double constant) : value(constant) {}
  TangentPack(Pack<W> x, Pack<W> derivative) : value(x), slope(derivative) {}
};

template <int W>
TangentPack<W> operator+(const TangentPack<W>& a, const TangentPack<W>& b) {
  return {a.value + b.value, a.slope + b.slope};
}
template <int W>
TangentPack<W> operator-(const TangentPack<W>& a, const TangentPack<W>& b) {
  return {a.value - b.value, a.slope - b.slope};
}
template <int W>
TangentPack<W> operator*(const TangentPack<W>& a, const TangentPack<W>& b) {
  return {a.value * b.value, a.slope * b.value + a.value * b.slope};
}
template <int W>
TangentPack<W> operator/(const TangentPack<W>& a, const TangentPack<W>& b) {
  const Pack<W> quotient = a.value / b.value;
  return {quotient, (a.slope - quotient * b.slope) / b.value};
}
template <int W>
PackMask<W> operator<(const TangentPack<W>& a, const TangentPack<W>& b) {
  return a.value < b.value;
}
template <int W>
PackMask<W> operator>(const TangentPack<W>& a, const TangentPack<W>& b) {
  return a.value > b.value;
}

template <int W>
TangentPack<W> select(PackMask<W> condition, const TangentPack<W>& yes, const TangentPack<W>& no) {
  return {select(condition, yes.value, no.value), select(condition, yes.slope, no.slope)};
}
template <int W>
TangentPack<W> maximum(const TangentPack<W>& a, const TangentPack<W>& b) {
  const Pack<W> at_tie = maximum(a.slope, b.slope);
  return {maximum(a.value, b.value), select(a.value > b.value, a.slope, select(a.value < b.value, b.slope, at_tie))};
}
template <int W>
TangentPack<W> minimum(const TangentPack<W>& a, const TangentPack<W>& b) {
  const Pack<W> at_tie = minimum(a.slope, b.slope);
  return {minimum(a.value, b.value), select(a.value < b.value, a.slope, select(a.value > b.value, b.slope, at_tie))};
}
template <int W>
bool nonzero(const TangentPack<W>& x) {
  return nonzero(x.value) || nonzero(x.slope);
}
template <int W>
TangentPack<W> absolute(const TangentPack<W>& x) {
  return {absolute(x.value), select(x.value < Pack<W>(0.0), Pack<W>(0.0) - x.slope, x.slope)};
}
template <int W>
TangentPack<W> exp_(const TangentPack<W>& x) {
  const Pack<W> value = exp_(x.value);
  return {value, value * x.slope};
}
template <int W>
TangentPack<W> cbrt_(const TangentPack<W>& x) {
  const Pack<W> value = cbrt_(x.value);
  return {value, value / (Pack<W>(3.0) * x.value) * x.slope};
}
template <int W>
TangentPack<W> cos_turns(const TangentPack<W>& x) {
  constexpr double two_pi = 6.283185307179586;
  return {cos_turns(x.value), Pack<W>(-two_pi) * sin_turns(x.value) * x.slope};
}

}  // namespace inkfade::INKFADE_ISA
