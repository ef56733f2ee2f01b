#include "inkfade/appearance/contrast_bound.hpp"

#include <algorithm>
#include <limits>

#include "inkfade/base/math.kernel.hpp"

namespace inkfade::appearance {

namespace {

constexpr double steepest_decay = 300e-6;  // [m] of contrast with depth: it falls by less
constexpr double passes = 2.0;             // through what lies above, there and back
constexpr double margin = 1.2;

}  // namespace

void ContrastBound::refer(const PigmentView& pigment, AppearanceModel::Work& work) {
  model_.absorb(pigment, work, before_);
  weights_.resize(before_.most.size());
  double depth = 0.0;
  double most = 0.0;
  double least = 0.0;
  for (std::size_t c = 0; c < weights_.size(); ++c) {
    const double thickness = model_.thickness(c);
    weights_[c].light = INKFADE_ISA::exp_(-(depth + 0.5 * thickness) / steepest_decay);
    weights_[c].most = INKFADE_ISA::exp_(-passes * most);
    weights_[c].least = INKFADE_ISA::exp_(-passes * least);
    depth += thickness;
    most += before_.most[c];
    least += before_.least[c];
  }
}

bool ContrastBound::surely_kept(double share, const PigmentView& pigment, AppearanceModel::Work& work) {
  if (model_.scatters()) return false;
  model_.absorb(pigment, work, now_);
  // A longer way through a dot packs what is in it: it absorbs less, but by no more than in that proportion.
  const double packed = now_.chord > before_.chord ? before_.chord / now_.chord : 1.0;
  const double needed = margin * share / packed;
  return kept(now_.most, before_.most, &Weights::most) >= needed &&
         kept(now_.least, before_.least, &Weights::least) >= needed;
}

/// The smallest of four shares of the reference that are left where now's pigment stands for it.
double ContrastBound::kept(const std::vector<double>& now, const std::vector<double>& before,
                           double Weights::*shade) const {
  double left[4]{};
  double all[4]{};
  double stock = 0.0;
  for (std::size_t c = 0; c < before.size(); ++c) {
    stock += now[c];
    const double stands = std::min(stock, before[c]);
    stock -= stands;
    const double light = weights_[c].light;
    const double shaded = weights_[c].*shade;
    const double weights[4] = {1.0, light, shaded, light * shaded};
    for (int i = 0; i < 4; ++i) {
      left[i] += weights[i] * stands;
      all[i] += weights[i] * before[c];
    }
  }
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 4; ++i) least = std::min(least, all[i] > 0.0 ? left[i] / all[i] : 0.0);
  return least;
}

}  // namespace inkfade::appearance
