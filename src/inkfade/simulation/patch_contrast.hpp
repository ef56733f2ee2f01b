#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "inkfade/appearance/appearance_model.hpp"
#include "inkfade/appearance/contrast_bound.hpp"
#include "inkfade/simulation/column_case.hpp"
#include "inkfade/simulation/step_view.hpp"

namespace inkfade::simulation {

/// Contrast of the patch to bare skin over a run, and when it falls below what the scenario's touch-up rule allows:
/// touch_up.threshold of what it was when healed, or touch_up.contrast_floor.
class PatchContrast {
 public:
  /// @param column must outlive this; on the column rung @throws ParameterError for what optics do not allow
  explicit PatchContrast(const ColumnCase& column);

  /// What is seen, by the steady look. @param y state of the column
  [[nodiscard]] appearance::Appearance look(const double* y) { return model_->look(pigment(y), work_); }
  [[nodiscard]] double of(const double* y) { return look(y).contrast; }
  /// For states next to each other: the first look chooses the layers, the others take its. @param layout empty:
  /// chooses
  [[nodiscard]] double of(const double* y, appearance::AppearanceModel::Layout& layout);
  [[nodiscard]] const appearance::Lab& bare() const { return model_->bare().lab; }
  /// The skin is healed: the reference from here on. @returns what is seen then
  appearance::Appearance heal(const double* y);
  /// A touch-up is due below this [dE00].
  [[nodiscard]] double limit() const;
  /// Is the contrast below the limit? Only looks where it might be.
  [[nodiscard]] bool is_below(const double* y);
  /// When it first falls below the limit in an accepted step. @param from not before this [s]
  [[nodiscard]] std::optional<double> fall(StepView& step, double from);

 private:
  [[nodiscard]] appearance::PigmentView pigment(const double* y) const;
  [[nodiscard]] bool surely_above(const double* y);

  const ColumnCase& column_;
  INKFADE_ISA::ColumnLayout layout_;
  std::shared_ptr<const appearance::AppearanceModel> model_;
  appearance::AppearanceModel::Work work_;
  appearance::ContrastBound bound_;  ///< refers to what healed
  double healed_ = 0.0;
  std::vector<double> end_;  ///< state at the end of a step
};

}  // namespace inkfade::simulation
