#include "inkfade/appearance/fresnel.hpp"

#include <algorithm>
#include <cmath>

#include "inkfade/appearance/quadrature.hpp"

namespace inkfade::appearance {

double fresnel(double from, double to, double cosine) {
  if (from == to) return 0.0;
  const double ratio = from / to;
  const double square = 1.0 - ratio * ratio * (1.0 - cosine * cosine);
  if (square <= 0.0) return 1.0;
  const double behind = std::sqrt(square);
  const double s = (from * cosine - to * behind) / (from * cosine + to * behind);
  const double p = (to * cosine - from * behind) / (to * cosine + from * behind);
  return 0.5 * (s * s + p * p);
}

double diffuse_fresnel(double from, double to) {
  if (from == to) return 0.0;
  if (from > to) {  // by reciprocity, which spares the root at the critical angle
    const double ratio = to / from;
    return 1.0 - (1.0 - diffuse_fresnel(to, from)) * ratio * ratio;
  }
  double sum = 0.0;
  const Quadrature rule = gauss_legendre(32, 0.0, 1.0);
  for (std::size_t i = 0; i < rule.node.size(); ++i) {
    sum += 2.0 * rule.weight[i] * rule.node[i] * fresnel(from, to, rule.node[i]);
  }
  return sum;
}

}  // namespace inkfade::appearance
