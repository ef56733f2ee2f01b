#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "inkfade/appearance/layer_solver.hpp"

namespace inkfade::test {

/// One wavelength of one layer, in any one unit of length.
struct Slab {
  double mu_a;
  double mu_s;
  double g;
  double thickness;
};

inline constexpr double endless = std::numeric_limits<double>::infinity();

inline appearance::Layers layers_of(const std::vector<Slab>& slabs) {
  appearance::Layers layers(1);
  for (const Slab& slab : slabs) {
    const std::size_t i = layers.append(slab.thickness);
    layers.mu_a(i)[0] = slab.mu_a;
    layers.mu_s(i)[0] = slab.mu_s;
    layers.g(i)[0] = slab.g;
    layers.pad(i);
  }
  return layers;
}

/// @param n_below 0: that of the layers
inline appearance::Reflectance solved(const std::vector<Slab>& slabs, int streams, double n, double n_below = 0.0,
                                      appearance::Method method = appearance::Method::adding_doubling,
                                      double start = 1.0) {
  return layered_reflectance(layers_of(slabs), {streams, n, n_below == 0.0 ? n : n_below, start}, method);
}

/// Reference cases of skin at one wavelength [mm], with their reflectance by 64 streams.
struct SkinCase {
  const char* name;
  std::vector<Slab> slabs;
  double reflectance;
};

inline std::vector<SkinCase> skin_cases() {
  return {
      {"light 450", {{1.952, 32.23, .7505, .08}, {.4516, 21.86, .7505, 1.5}, {.05547, 8.272, .8, endless}}, .19080},
      {"light 550", {{.9845, 26.1, .7795, .08}, {.2793, 16.59, .7795, 1.5}, {.04655, 7.217, .8, endless}}, .24429},
      {"dark 550", {{3.603, 26.1, .7795, .08}, {.4349, 16.59, .7795, 1.5}, {.04655, 7.217, .8, endless}}, .10626},
      {"light 550, ink",
       {{.9845, 26.1, .7795, .08},
        {.2793, 16.59, .7795, .2},
        {7.779, 16.59, .7795, .1},
        {.2793, 16.59, .7795, 1.2},
        {.04655, 7.217, .8, endless}},
       .15774},
      {"light 650, ink",
       {{.5672, 24.18, .8085, .08},
        {.03762, 14.86, .8085, .2},
        {6.384, 14.86, .8085, .1},
        {.03762, 14.86, .8085, 1.2},
        {.004039, 6.442, .8, endless}},
       .17167},
  };
}

}  // namespace inkfade::test
