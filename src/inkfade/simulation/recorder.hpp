#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "inkfade/observables/column_observables.hpp"
#include "inkfade/simulation/column_case.hpp"
#include "inkfade/simulation/patch_contrast.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "inkfade/simulation/solution.hpp"
#include "inkfade/simulation/step_view.hpp"

namespace inkfade::simulation {

class RunSlope;

/// Watches a run and keeps what was asked for: observables (and profiles) at saved times, healing, the touch-up.
class Recorder {
 public:
  /// @param times saved times, increasing [s] @param until_touch_up end the run once the touch-up is known
  /// @param series as in Options
  /// @param on_saved asked after each saved time whether to go on; may be empty
  /// @param slope derivatives to record beside; may be null, else must outlive this
  Recorder(const ColumnCase& column, std::vector<double> times, bool fields, const Series& series, bool until_touch_up,
           OnSaved on_saved, RunSlope* slope);

  /// Pigment was placed. @param added [kg/m2]
  void deposited(double added) { deposited_ += added; }
  /// A touch-up takes place. @param y state before it @param t [s]
  void before_visit(double t, const double* y);
  /// The touch-up's pigment has been placed.
  void after_visit() { solution_.visit_deposited.push_back(deposited_); }
  /// Takes the healed reference where it falls on an event: before what is placed then. @param y state before the event
  void before_event(double t, const double* y);
  /// Saves what falls on an event: values there are right-continuous. @param y state after the event
  void at_event(double t, const double* y);
  /// Looks for healing in an accepted step, then for the fall of the measure below its threshold, as long as that has
  /// not been seen before or where `every_fall` is asked for. @returns when it falls [s]
  std::optional<double> watch(StepView& step, bool every_fall);
  /// The same for a state between steps. @returns whether the measure is below its threshold @param t [s] @param y
  /// state
  bool watch(double t, const double* y);
  /// Is the measure below its threshold? @param y state
  [[nodiscard]] bool is_due(const double* y) { return healed_ && column_.tells_measure() && measure_is_below(y); }
  /// Saves what falls inside an accepted step. @returns false to end the run
  bool in_step(StepView& step);
  /// Saved times before `end` that have not been saved yet [s].
  [[nodiscard]] std::span<const double> pending(double end) const;
  /// Does watch() or in_step() need more of a step than its end? @param mass_at_end [kg/m2]
  [[nodiscard]] bool looks_inside(double end, double mass_at_end, bool every_fall) const;

  /// What was kept so far. @param t_end time that the run reached [s] @param events of the run, in order
  [[nodiscard]] Solution finish(double t_end, const std::vector<skin::Event>& events);
  [[nodiscard]] double worst_residual() const { return worst_residual_; }
  /// Has whoever watches the saved times asked to end the run? Then the last saved time is where it ends.
  [[nodiscard]] bool stopped() const { return stopped_; }
  /// Last saved time [s]; 0 before the first.
  [[nodiscard]] double last_saved() const { return solution_.time.empty() ? 0.0 : solution_.time.back(); }

 private:
  void set_axes();
  void reserve();
  /// @param y state then; may be null where neither profiles nor contrast are kept
  void save(double t, const Seen& seen, const double* y);
  void save_state(double t, const double* y);
  void save_parts(const Seen& seen);
  void save_fields(const double* y);
  /// The step in which a run is ended by its watcher may have looked further. @param t end of the run [s]
  void forget_after(double t);
  /// The measure falls: the first time is the touch-up. @param t [s]
  void set_touch_up(double t);
  void heal(double mass, const double* y);
  [[nodiscard]] std::optional<double> fall_of_measure(StepView& step);
  [[nodiscard]] bool measure_is_below(const double* y);
  [[nodiscard]] double share_of_healed(double contrast) const;
  [[nodiscard]] double mass(const double* y) const;
  [[nodiscard]] bool measures_deposit() const { return column_.measure == "retained_of_deposit"; }
  [[nodiscard]] double denominator() const;

  const ColumnCase& column_;
  INKFADE_ISA::ColumnTables<double> tables_;
  std::vector<double> times_;
  std::size_t next_ = 0;
  bool fields_;
  Series series_;
  bool until_touch_up_;
  OnSaved on_saved_;
  RunSlope* slope_;
  std::optional<PatchContrast> patch_;  // where contrast is asked for, or the measure
  double deposited_ = 0.0;
  double worst_residual_ = 0.0;
  bool stopped_ = false;
  bool healed_ = false;
  Solution solution_;
};

}  // namespace inkfade::simulation
