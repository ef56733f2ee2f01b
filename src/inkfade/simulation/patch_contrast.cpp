#include "inkfade/simulation/patch_contrast.hpp"

#include <algorithm>
#include <cmath>

#include "inkfade/simulation/case_appearance.hpp"

namespace inkfade::simulation {

namespace {

constexpr double close = 1e-8;  // share of the limit to which a fall is found
constexpr int most_looks = 40;

}  // namespace

PatchContrast::PatchContrast(const ColumnCase& column)
    : column_(column),
      layout_(column.coefficients.tables().layout),
      model_(appearance_model(column.scenario, column.skin, column.ink, column.mesh, appearance::Fidelity::steady)),
      work_(*model_),
      bound_(*model_) {}

appearance::PigmentView PatchContrast::pigment(const double* y) const {
  return {{y, static_cast<std::size_t>(layout_.shed())},
          static_cast<std::size_t>(layout_.stride()),
          static_cast<std::size_t>(layout_.n_classes)};
}

appearance::Appearance PatchContrast::heal(const double* y) {
  bound_.refer(pigment(y), work_);
  appearance::Appearance seen = look(y);
  healed_ = seen.contrast;
  return seen;
}

double PatchContrast::of(const double* y, appearance::AppearanceModel::Layout& layout) {
  if (!layout.empty()) return model_->look_alike(pigment(y), work_, layout).contrast;
  const double contrast = of(y);
  layout = appearance::AppearanceModel::layout(work_);
  return contrast;
}

double PatchContrast::limit() const { return std::max(column_.threshold * healed_, column_.contrast_floor); }

bool PatchContrast::surely_above(const double* y) {
  if (!(healed_ > 0.0)) return false;
  return bound_.surely_kept(limit() / healed_, pigment(y), work_);
}

bool PatchContrast::is_below(const double* y) { return !surely_above(y) && of(y) < limit(); }

/// By the secant, or the middle where that gains too little: a look takes as long as some time steps.
std::optional<double> PatchContrast::fall(StepView& step, double from) {
  step.end_state(end_);
  if (surely_above(end_.data())) return std::nullopt;
  double below = of(end_.data()) - limit();
  if (!(below < 0.0)) return std::nullopt;
  double above = of(step.state_at(from)) - limit();
  if (above < 0.0) return from;
  double to = step.end();
  for (int i = 0; i < most_looks; ++i) {
    const double width = to - from;
    double share = i % 3 == 2 ? 0.5 : above / (above - below);
    share = std::clamp(share, 0.02, 0.98);
    const double time = from + share * width;
    const double here = of(step.state_at(time)) - limit();
    if (std::abs(here) <= close * limit()) return time;
    if (here < 0.0) {
      to = time;
      below = here;
    } else {
      from = time;
      above = here;
    }
  }
  return to;
}

}  // namespace inkfade::simulation
