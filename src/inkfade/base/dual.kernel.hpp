#pragma once

#include "inkfade/base/isa.kernel.hpp"
#include "inkfade/base/math.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// A number with its derivatives in N directions: the scalar on which a kernel gives its exact Jacobian.
///
/// Comparisons look at the value alone, so where a rate has a kink the derivative is that of the branch taken.
template <int N>
struct Dual {
  double value = 0.0;
  double slope[N]{};

  Dual() = default;
  explicit Dual(double constant) : value(constant) {}
};

/// g(x) by the chain rule. @param value g at x @param derivative g' at x
template <int N>
Dual<N> chain(double value, double derivative, const Dual<N>& x) {
  Dual<N> result(value);
  for (int i = 0; i < N; ++i) result.slope[i] = derivative * x.slope[i];
  return result;
}

template <int N>
Dual<N> operator+(const Dual<N>& a, const Dual<N>& b) {
  Dual<N> sum(a.value + b.value);
  for (int i = 0; i < N; ++i) sum.slope[i] = a.slope[i] + b.slope[i];
  return sum;
}
template <int N>
Dual<N> operator-(const Dual<N>& a, const Dual<N>& b) {
  Dual<N> difference(a.value - b.value);
  for (int i = 0; i < N; ++i) difference.slope[i] = a.slope[i] - b.slope[i];
  return difference;
}
template <int N>
Dual<N> operator*(const Dual<N>& a, const Dual<N>& b) {
  Dual<N> product(a.value * b.value);
  for (int i = 0; i < N; ++i) product.slope[i] = a.slope[i] * b.value + a.value * b.slope[i];
  return product;
}
template <int N>
Dual<N> operator/(const Dual<N>& a, const Dual<N>& b) {
  const double per_b = 1.0 / b.value;
  Dual<N> quotient(a.value / b.value);
  for (int i = 0; i < N; ++i) quotient.slope[i] = (a.slope[i] - quotient.value * b.slope[i]) * per_b;
  return quotient;
}
template <int N>
bool operator<(const Dual<N>& a, const Dual<N>& b) {
  return a.value < b.value;
}
template <int N>
bool operator>(const Dual<N>& a, const Dual<N>& b) {
  return a.value > b.value;
}

template <int N>
Dual<N> select(bool condition, const Dual<N>& yes, const Dual<N>& no) {
  return condition ? yes : no;
}
template <int N>
Dual<N> maximum(const Dual<N>& a, const Dual<N>& b) {
  return a.value > b.value ? a : b;
}
template <int N>
Dual<N> minimum(const Dual<N>& a, const Dual<N>& b) {
  return a.value < b.value ? a : b;
}
template <int N>
Dual<N> exp_(const Dual<N>& x) {
  const double value = exp_(x.value);
  return chain(value, value, x);
}
template <int N>
Dual<N> log_(const Dual<N>& x) {
  return chain(log_(x.value), 1.0 / x.value, x);
}
template <int N>
Dual<N> cbrt_(const Dual<N>& x) {
  const double value = cbrt_(x.value);
  return chain(value, value / (3.0 * x.value), x);
}
template <int N>
Dual<N> sqrt_(const Dual<N>& x) {
  const double value = sqrt_(x.value);
  return chain(value, 0.5 / value, x);
}
template <int N>
Dual<N> absolute(const Dual<N>& x) {
  return chain(absolute(x.value), x.value < 0.0 ? -1.0 : 1.0, x);
}
template <int N>
bool nonzero(const Dual<N>& x) {
  for (int i = 0; i < N; ++i) {
    if (nonzero(x.slope[i])) return true;
  }
  return nonzero(x.value);
}
template <int N>
Dual<N> cos_turns(const Dual<N>& x) {
  constexpr double two_pi = 6.283185307179586;
  return chain(cos_turns(x.value), -two_pi * sin_turns(x.value), x);
}

}  // namespace inkfade::INKFADE_ISA
