#pragma once

#include <vector>

#include "inkfade/appearance/appearance_model.hpp"

namespace inkfade::appearance {

/// Says of a profile, for a fortieth of a look, that its contrast is sure to be above a share of that of a reference.
///
/// The profile is set against the reference from the surface down: what absorbs now stands for what absorbed there or
/// deeper, and deeper pigment is less seen. That leaves a reference from which something was taken where it lay. As
/// contrast saturates with dose, it keeps more than any sum of absorption; such sums are taken with the weights that
/// bound how pigment is seen: depth as good as no matter or of much, what lies above in the way or not. A margin allows
/// for what the sums do not know. Pigment that scatters both darkens and lightens: nothing is sure of it.
class ContrastBound {
 public:
  /// @param model must outlive this
  explicit ContrastBound(const AppearanceModel& model) : model_(model) {}

  void refer(const PigmentView& pigment, AppearanceModel::Work& work);
  /// Precondition: refer(). @param share of the reference's contrast
  [[nodiscard]] bool surely_kept(double share, const PigmentView& pigment, AppearanceModel::Work& work);

 private:
  /// Weights of a cell in the four sums.
  struct Weights {
    double light = 1.0;  ///< with depth alone
    double most = 1.0;   ///< and with what absorbs most above
    double least = 1.0;
  };
  [[nodiscard]] double kept(const std::vector<double>& now, const std::vector<double>& before,
                            double Weights::*shade) const;

  const AppearanceModel& model_;
  AppearanceModel::Absorption before_;
  AppearanceModel::Absorption now_;
  std::vector<Weights> weights_;
};

}  // namespace inkfade::appearance
