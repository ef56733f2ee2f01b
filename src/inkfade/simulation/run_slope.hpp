#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "inkfade/lanes/lane_block.hpp"
#include "inkfade/simulation/column_case.hpp"
#include "inkfade/simulation/solution.hpp"
#include "inkfade/simulation/step_view.hpp"

namespace inkfade::simulation {

/// How a run changes with one parameter of its scenario: the derivative of its state, of the instants at which
/// something happens, and of what is recorded, carried along with the run. All per SI unit of the parameter.
///
/// What the kernels do is differentiated exactly. What is made ready before a run (coefficients, deposits, instants) is
/// differentiated by differences of cases nearby, to some 1e-10 of its size.
class RunSlope {
 public:
  /// @param column must outlive this @param parameter dotted name of a real parameter that the scenario holds
  /// @throws ParameterError where there is no derivative: the parameter belongs to the numerics, is the horizon, moves
  /// only one of two events that coincide, or is about to change which layer a cell belongs to
  RunSlope(const ColumnCase& column, const std::string& parameter);

  // What happens to the column, in the order of the run.
  /// A segment of the protocol begins.
  void enter(std::size_t segment);
  /// The run has come to an instant between segments' starts. @param slope derivative of that time
  void arrive(double slope) { instant_ = slope; }
  /// Derivative of the instant that the run has come to.
  [[nodiscard]] double instant() const { return instant_; }
  /// Intervention `index` of the segment is about to be done. @param y state before
  void intervene(std::size_t index, const double* y);
  /// Deposit `index` of the segment is placed: a session takes place now.
  void place(std::size_t index);
  /// The measure fell due at the last fall, and the next visit is planned. @param at_once no spacing holds it off
  void plan_visit(bool at_once);
  /// The next visit of a fixed schedule is planned. @param n_intervals after the end of the first course
  void plan_visit(long n_intervals);
  /// Derivative of the time of the planned visit.
  [[nodiscard]] double planned() const { return planned_; }
  /// The planned visit joins the protocol. @param visits so far, the new one last [s] @param like the run's own
  void add_visit(const std::vector<double>& visits, const skin::Protocol& like);

  // For whoever integrates.
  [[nodiscard]] std::vector<lanes::WeightedColumn> columns() const;
  /// Derivatives of what drives the column in the segment, and of its end.
  [[nodiscard]] INKFADE_ISA::Forcing<double> forcing() const;
  [[nodiscard]] double segment_end() const;
  /// Derivative of the state (layout().size()).
  [[nodiscard]] std::vector<double>& state() { return state_; }

  // What is recorded; Recorder calls these once it has recorded the values.
  /// @param y state when healed, at the instant that the run has come to
  void healed(const double* y) { healed_mass_ = mass(y); }
  /// Healing falls into an accepted step. @param time [s]
  void healed(const StepView& step, double time);
  /// The measure falls in an accepted step. @param of_healed is it measured against the healed mass? @param so_far the
  /// run's record @param deposited [kg/m2]
  void fall(const StepView& step, double time, bool of_healed, const Solution& so_far, double deposited);
  /// What happens at this instant lets the measure fall.
  void fall() { last_fall_ = instant_; }
  /// The last fall is the touch-up that the run reports.
  void touch_up() { recorded_.touch_up.time = last_fall_; }
  void save(const Seen& seen, const Seen& slope, const Solution& so_far);
  /// Saves what falls on this instant. @param y state then
  void save(const Seen& seen, const double* y, const Solution& so_far);
  /// Derivatives of what was recorded: of the numbers at saved times (but the residual) and of the touch-up time.
  [[nodiscard]] std::shared_ptr<const Solution> finish() {
    return std::make_shared<const Solution>(std::move(recorded_));
  }

 private:
  /// The case at a value nearby.
  struct Nearby {
    double offset = 0.0;  ///< of the parameter
    double weight = 0.0;  ///< in the sum that is a derivative
    std::unique_ptr<ColumnCase> column;
    skin::Protocol protocol;
    INKFADE_ISA::ColumnTables<double> tables;
  };

  /// Derivative of a number that a case nearby gives.
  template <class Value>
  [[nodiscard]] double slope_of(Value&& value) const {
    double sum = 0.0;
    for (const Nearby& near : nearby_) sum += near.weight * value(near);
    return sum;
  }
  /// @param nodes offsets in steps, and weights per step
  void set_nearby(double step, std::initializer_list<std::pair<double, double>> nodes);
  void find_nearby();
  void check_protocols(const skin::Protocol& like) const;
  [[nodiscard]] std::vector<double> state_at(const Nearby& near, const double* y) const;
  [[nodiscard]] double mass(const double* y) const;

  const ColumnCase& column_;
  std::string parameter_;
  std::vector<Nearby> nearby_;
  std::vector<double> state_;
  std::vector<double> visits_;  ///< derivatives of visit times
  std::size_t segment_ = 0;
  // Derivatives of an instant, of masses and of other instants.
  double instant_ = 0.0;
  double deposited_ = 0.0;
  double healed_mass_ = 0.0;
  double last_fall_ = 0.0;
  double last_session_ = 0.0;
  double planned_ = 0.0;
  Solution recorded_;
};

}  // namespace inkfade::simulation
