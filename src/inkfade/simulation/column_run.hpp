#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "inkfade/simulation/column_case.hpp"
#include "inkfade/simulation/recorder.hpp"
#include "inkfade/simulation/run_slope.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "inkfade/simulation/step_view.hpp"
#include "inkfade/simulation/visit_schedule.hpp"

namespace inkfade::simulation {

/// Absolute tolerances and floors of a state, from the highest concentration that has been deposited in any cell.
struct StateScales {
  double pigment = 1.0;      ///< absolute tolerance [kg/m3]
  double macrophages = 1.0;  ///< [1/m3]

  void update(const ColumnCase& column, const INKFADE_ISA::ColumnTables<double>& tables, const double* y);
  /// The same per component. @param atol set; infinite: not in the error norm (layout().size())
  void set_atol(const INKFADE_ISA::ColumnTables<double>& tables, double* atol) const;
  /// @param floor set: lowest value accepted per component (layout().size())
  void set_floor(const INKFADE_ISA::ColumnTables<double>& tables, double* floor) const;

 private:
  double peak_ = 0.0;
};

/// Undershoots down to this many absolute tolerances are noise of an accepted step; deeper ones reject the step.
inline constexpr double floor_in_atol = 10.0;

/// What is integrated between two things that happen in a run.
struct Leg {
  double from = 0.0;           ///< [s]
  double to = 0.0;             ///< [s]
  bool fresh_state = false;    ///< state() has been changed since the last leg ended
  bool fresh_forcing = false;  ///< forcing() has
  bool jumped = false;         ///< pigment was placed, or something done to the skin: the past says nothing about steps
  double from_slope = 0.0;     ///< derivatives of both ends in the direction of a RunSlope
  double to_slope = 0.0;

  // Steps follow the leg's start, and the last one ends with the leg, as without derivatives.
  /// Derivative of the size of a step, and of the share theta of it from t at which a fixed time lies.
  [[nodiscard]] double step_slope(bool last) const { return last ? to_slope - from_slope : 0.0; }
  [[nodiscard]] double theta_slope(double h, double theta, bool last) const {
    return -(from_slope + theta * step_slope(last)) / h;
  }
};

/// One run as a sequence of legs: what happens to the skin at which time, what is recorded, and how it ended. Whoever
/// drives it integrates: `while (run.next_leg()) { from leg().from to leg().to, with observe() after each accepted
/// step; leg_done(...) }`, then finish().
class ColumnRun {
 public:
  /// @param times saved times [s] @param until_touch_up end the run once the touch-up is known
  /// @param slope derivatives to carry along, of the same column; may be null
  ColumnRun(std::unique_ptr<const ColumnCase> column, std::vector<double> times, const Options& options,
            bool until_touch_up, std::unique_ptr<RunSlope> slope = nullptr);
  ColumnRun(const ColumnRun&) = delete;
  ColumnRun& operator=(const ColumnRun&) = delete;

  [[nodiscard]] const ColumnCase& column() const { return *column_; }
  [[nodiscard]] const INKFADE_ISA::ColumnTables<double>& tables() const { return tables_; }

  /// Does all that happens up to the next leg. @returns false where the run is over
  bool next_leg();
  [[nodiscard]] const Leg& leg() const { return leg_; }
  /// State at the start of the leg; whoever drives leaves it there at the end (layout().size()).
  [[nodiscard]] std::vector<double>& state() { return y_; }
  [[nodiscard]] const INKFADE_ISA::Forcing<double>& forcing() const { return protocol_.segments[segment_].forcing; }
  /// Derivatives that are carried along, or null; at the end of a leg whoever drives leaves the state's there.
  [[nodiscard]] RunSlope* slope() const { return slope_.get(); }
  [[nodiscard]] const StateScales& scales() const { return scales_; }
  [[nodiscard]] bool keeps_fields() const { return keeps_fields_; }
  /// Largest macrophage load that a step may end with before it is tried again [1].
  [[nodiscard]] double load_limit() const { return 1.0 + column_->rtol; }

  /// After each accepted step. @returns false to end the leg there
  bool observe(StepView& step);
  /// Does observe() need more of a step than its end? @param mass_at_end [kg/m2]
  [[nodiscard]] bool looks_inside(double end, double mass_at_end) const {
    return recorder_.looks_inside(end, mass_at_end, schedule_.waits_for_measure());
  }
  [[nodiscard]] std::span<const double> pending(double end) const { return recorder_.pending(end); }
  /// The leg is over at time t. @param ended_by_observer observe() was false
  void leg_done(double t, Status status, bool ended_by_observer);

  /// The result; the run is spent. @param culprit component to blame where the status is not ok
  [[nodiscard]] Solution finish(const Statistics& statistics, std::optional<std::size_t> culprit);

 private:
  std::size_t start(std::size_t i);
  void place(const std::vector<skin::Deposit>& deposits, double t);
  [[nodiscard]] bool visit_at(double t) const { return t >= schedule_.next() && t < protocol_.horizon; }
  std::size_t add_visit(double t);
  void fell_due(double t);
  [[nodiscard]] skin::Protocol make_protocol() const;

  std::unique_ptr<const ColumnCase> column_;
  std::unique_ptr<RunSlope> slope_;
  skin::Protocol protocol_;  // the case's, and what the visits of this run add to it
  VisitSchedule schedule_;
  INKFADE_ISA::ColumnTables<double> tables_;
  std::vector<double> y_;
  StateScales scales_;
  bool keeps_fields_;
  Recorder recorder_;
  Leg leg_;
  double t_ = 0.0;
  std::size_t segment_ = 0;
  bool inside_ = false;  // a segment has been started and not crossed
  Status status_ = Status::ok;
  bool planned_anew_ = false;        // a visit was planned beyond the step just made
  bool ended_ = false;               // by the recorder, before the horizon
  std::optional<double> rewind_to_;  // start of the step in which a visit falls due [s]
  std::vector<double> before_step_;  // state there, and its derivative
  std::vector<double> slope_before_step_;
};

}  // namespace inkfade::simulation
