#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "inkfade/appearance/allowed.hpp"
#include "inkfade/appearance/skin_optics.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/base/math.kernel.hpp"

namespace inkfade::appearance {

namespace {

using INKFADE_ISA::exp_;
using INKFADE_ISA::log_;

constexpr double fewest_melanosomes = 1e-3;
constexpr double most_melanosomes = 0.5;
constexpr double least_blood = 1e-3;
constexpr double most_blood = 0.15;
constexpr double worst_fit = 5.0;  // dE00

using Point = std::array<double, 2>;  // logarithms of the two fractions

SkinOptics skin_of(const Point& point) {
  SkinOptics skin;
  skin.melanosomes = std::clamp(exp_(point[0]), fewest_melanosomes, most_melanosomes);
  skin.blood = std::clamp(exp_(point[1]), least_blood, most_blood);
  return skin;
}

double ita_of(const SkinOptics& skin) { return individual_typology_angle(lab_of(bare_reflectance(skin))); }

/// A corner of the simplex, with what it costs.
struct Corner {
  double cost;
  Point at;
};

Point towards(const Point& from, const Point& to, double share) {
  return {from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])};
}

/// Nelder and Mead's simplex in two dimensions: the cost has a kink at its minimum, so no derivatives.
template <class F>
Corner minimise(const Point& start, F&& cost) {
  const auto corner = [&](const Point& at) { return Corner{cost(at), at}; };
  std::array<Corner, 3> simplex = {corner(start), corner({start[0] + 0.5, start[1]}),
                                   corner({start[0], start[1] + 0.5})};
  const auto better = [](const Corner& a, const Corner& b) { return a.cost < b.cost; };
  for (int step = 0; step < 120; ++step) {
    std::ranges::sort(simplex, better);
    if (std::abs(simplex[2].at[0] - simplex[0].at[0]) + std::abs(simplex[2].at[1] - simplex[0].at[1]) < 1e-4) break;
    const Point middle = towards(simplex[0].at, simplex[1].at, 0.5);
    const Corner mirrored = corner(towards(middle, simplex[2].at, -1.0));
    if (mirrored.cost < simplex[0].cost) {
      simplex[2] = std::min(mirrored, corner(towards(middle, simplex[2].at, -2.0)), better);
    } else if (mirrored.cost < simplex[1].cost) {
      simplex[2] = mirrored;
    } else {
      const Corner inner = corner(towards(middle, mirrored.cost < simplex[2].cost ? mirrored.at : simplex[2].at, 0.5));
      if (inner.cost < std::min(mirrored.cost, simplex[2].cost)) {
        simplex[2] = inner;
      } else {
        for (std::size_t i = 1; i < 3; ++i) simplex[i] = corner(towards(simplex[0].at, simplex[i].at, 0.5));
      }
    }
  }
  return std::ranges::min(simplex, better);
}

}  // namespace

SkinOptics SkinOptics::from_ita(double ita, double blood) {
  SkinOptics skin;
  skin.blood = blood;
  skin.melanosomes = fewest_melanosomes;
  skin.check();
  const double lightest = ita_of(skin);
  skin.melanosomes = most_melanosomes;
  const double darkest = ita_of(skin);
  check_range("ita", ita, "degree", darkest, lightest);
  double fewer = log_(fewest_melanosomes);
  double more = log_(most_melanosomes);
  for (int halving = 0; halving < 40; ++halving) {
    const double middle = 0.5 * (fewer + more);
    skin.melanosomes = exp_(middle);
    (ita_of(skin) > ita ? fewer : more) = middle;
  }
  return skin;
}

SkinOptics SkinOptics::from_lab(const Lab& lab) {
  check_range("L*", lab.l, "", 0.0, 100.0);
  check_range("a*", lab.a, "", -128.0, 128.0);
  check_range("b*", lab.b, "", -128.0, 128.0);
  const auto cost = [&](const Point& point) {
    // A step out of the allowed fractions costs what the nearest allowed ones do, and more the farther it goes.
    const SkinOptics skin = skin_of(point);
    const double outside = std::abs(point[0] - log_(skin.melanosomes)) + std::abs(point[1] - log_(skin.blood));
    return delta_e_2000(lab_of(bare_reflectance(skin)), lab) + outside;
  };
  const Corner best = minimise({log_(0.03), log_(0.012)}, cost);
  if (best.cost > worst_fit) {
    const Lab nearest = lab_of(bare_reflectance(skin_of(best.at)));
    throw ParameterError("lab = (" + number(lab.l) + ", " + number(lab.a) + ", " + number(lab.b) +
                         "): must be a colour of skin; the nearest one, (" + number(std::round(10 * nearest.l) / 10) +
                         ", " + number(std::round(10 * nearest.a) / 10) + ", " +
                         number(std::round(10 * nearest.b) / 10) +
                         "), differs by dE00 = " + number(std::round(10 * best.cost) / 10));
  }
  return skin_of(best.at);
}

}  // namespace inkfade::appearance
