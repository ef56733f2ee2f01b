#pragma once

#include <cstddef>
#include <vector>

namespace inkfade::appearance {

/// Nodes, rising, and weights of a rule of integration.
struct Quadrature {
  std::vector<double> node;
  std::vector<double> weight;
};

/// Gauss-Legendre rule of n nodes on [lower, upper]: exact for polynomials of degree 2n - 1.
[[nodiscard]] Quadrature gauss_legendre(std::size_t n, double lower, double upper);
/// Right Radau rule of n nodes on [lower, upper], the last of which is `upper`: exact for degree 2n - 2.
[[nodiscard]] Quadrature radau_right(std::size_t n, double lower, double upper);
/// Legendre polynomials P_0(x) .. P_(n-1)(x).
[[nodiscard]] std::vector<double> legendre(std::size_t n, double x);

}  // namespace inkfade::appearance
