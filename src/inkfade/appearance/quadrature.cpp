#include "inkfade/appearance/quadrature.hpp"

#include <cmath>
#include <utility>

#include "inkfade/base/constants.hpp"

namespace inkfade::appearance {

namespace {

/// Roots of f inside (-1, 1), rising: a scan over equal angles, fine enough for polynomials of degree n, and bisection.
template <class F>
std::vector<double> roots(std::size_t n, F&& f) {
  std::vector<double> found;
  const auto scans = 20 * (n + 1);
  const auto place = [&](std::size_t i) {
    return -std::cos(pi * (static_cast<double>(i) + 0.5) / static_cast<double>(scans + 1));
  };
  for (std::size_t i = 0; i < scans; ++i) {
    double left = place(i);
    double right = place(i + 1);
    const bool rises = f(left) < 0.0;
    if (rises == (f(right) < 0.0)) continue;
    for (int halving = 0; halving < 60; ++halving) {
      const double middle = 0.5 * (left + right);
      ((f(middle) < 0.0) == rises ? left : right) = middle;
    }
    found.push_back(0.5 * (left + right));
  }
  return found;
}

Quadrature onto(Quadrature rule, double lower, double upper) {
  const double half = 0.5 * (upper - lower);
  for (double& x : rule.node) x = x == 1.0 ? upper : lower + half * (x + 1.0);
  for (double& w : rule.weight) w *= half;
  return rule;
}

}  // namespace

std::vector<double> legendre(std::size_t n, double x) {
  std::vector<double> p(n, 1.0);
  if (n > 1) p[1] = x;
  for (std::size_t k = 2; k < n; ++k) {
    const auto order = static_cast<double>(k);
    p[k] = ((2.0 * order - 1.0) * x * p[k - 1] - (order - 1.0) * p[k - 2]) / order;
  }
  return p;
}

Quadrature gauss_legendre(std::size_t n, double lower, double upper) {
  Quadrature rule;
  rule.node = roots(n, [n](double x) { return legendre(n + 1, x)[n]; });
  const auto order = static_cast<double>(n);
  for (const double x : rule.node) {
    const std::vector<double> p = legendre(n + 1, x);
    const double slope = order * (p[n - 1] - x * p[n]) / (1.0 - x * x);
    rule.weight.push_back(2.0 / ((1.0 - x * x) * slope * slope));
  }
  return onto(std::move(rule), lower, upper);
}

Quadrature radau_right(std::size_t n, double lower, double upper) {
  Quadrature rule;
  rule.node = roots(n, [n](double x) {
    const std::vector<double> p = legendre(n + 1, x);
    return p[n - 1] - p[n];
  });
  const auto order = static_cast<double>(n);
  for (const double x : rule.node) {
    const double p = legendre(n, x)[n - 1];
    rule.weight.push_back((1.0 + x) / (order * order * p * p));
  }
  rule.node.push_back(1.0);
  rule.weight.push_back(2.0 / (order * order));
  return onto(std::move(rule), lower, upper);
}

}  // namespace inkfade::appearance
