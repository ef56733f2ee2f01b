#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "inkfade/lanes/lane_block.hpp"
#include "inkfade/simulation/column_case.hpp"
#include "inkfade/simulation/patch_contrast.hpp"
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

  /// What is seen of the patch is recorded, too, or is the measure.
  void look();
  /// @param protocol of the run, which its visits change; must outlive this
  void follow(const skin::Protocol& protocol);

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
  /// The next visit is planned: at the last fall of the measure, or a spacing after the last session, or so many
  /// intervals after the end of the first course. @param time of the fall or of that end [s]
  void plan_at_fall(double time);
  void plan_by_spacing();
  void plan_by_interval(double time, long n_intervals);
  /// Derivative of the time of the planned visit.
  [[nodiscard]] double planned() const;
  /// The planned visit has joined the run's protocol.
  void add_visit();

  // For whoever integrates.
  [[nodiscard]] std::vector<lanes::WeightedColumn> columns() const;
  /// Derivatives of what drives the column in the segment, and of its end.
  [[nodiscard]] INKFADE_ISA::Forcing<double> forcing() const;
  [[nodiscard]] double segment_end() const;
  /// Derivative of the state (layout().size()).
  [[nodiscard]] std::vector<double>& state() { return state_; }

  // What is recorded; Recorder calls these once it has recorded the values.
  /// @param y state when healed, before what happens at the instant that the run has come to
  void healed(const double* y);
  /// Healing falls into an accepted step. @param time [s]
  void healed(StepView& step, double time);
  /// The measure falls in an accepted step. @param so_far the run's record @param deposited [kg/m2]
  void fall(StepView& step, double time, const Solution& so_far, double deposited);
  /// The measure is below its threshold at the instant that the run has come to. @param at_healing since it counts
  void fall(bool at_healing) { last_fall_ = at_healing ? healed_time() : instant_; }
  /// The last fall is the touch-up that the run reports.
  void touch_up() { recorded_.touch_up.time = last_fall_; }
  /// @param time in an accepted step [s] @param seen what step.seen_at() gave last
  void save(StepView& step, double time, const Seen& seen, const Solution& so_far);
  /// Saves what falls on this instant. @param y state then
  void save(const Seen& seen, const double* y, const Solution& so_far);
  /// Derivatives of what was recorded: of the numbers at saved times (but the residual) and of the touch-up time.
  [[nodiscard]] std::shared_ptr<const Solution> finish();

 private:
  /// The case at a value nearby.
  struct Nearby {
    double offset = 0.0;  ///< in the direction in which the run is differentiated
    double weight = 0.0;  ///< of a difference, in the sum that is a derivative
    std::unique_ptr<ColumnCase> column;
    skin::Protocol protocol;
    INKFADE_ISA::ColumnTables<double> tables;
    std::vector<double> visits;            ///< [s]
    double last_session = 0.0;             ///< [s]
    double planned = 0.0;                  ///< time of the planned visit [s]
    std::unique_ptr<PatchContrast> patch;  ///< where what is seen is recorded
  };

  /// Derivative of a number that a case nearby gives. Weights add up to 0, and differences to the first give exactly 0
  /// for what does not change.
  template <class Value>
  [[nodiscard]] double slope_of(Value&& value) const {
    const double first = value(nearby_.front());
    double sum = 0.0;
    for (std::size_t j = 1; j < nearby_.size(); ++j) sum += nearby_[j].weight * (value(nearby_[j]) - first);
    return sum;
  }
  /// The same for n numbers. @param value fills a vector of them @param out its derivative is added
  template <class Value>
  void add_slopes_of(Value&& value, std::vector<double>& out) const;
  /// @param nodes offsets in steps, and weights per step
  void set_nearby(double step, std::initializer_list<std::pair<double, double>> nodes);
  void find_nearby();
  void check_nearby() const;
  void check_protocols() const;
  void save(const Seen& seen, const Seen& slope, double contrast, const Solution& so_far);
  [[nodiscard]] double healed_time() const;
  [[nodiscard]] std::vector<double> rates(const double* y) const;
  [[nodiscard]] std::vector<double> state_at(const Nearby& near, const double* y) const;
  /// Derivative of the patch contrast. @param y state @param slope of it
  [[nodiscard]] double contrast(const double* y, const std::vector<double>& slope) const;
  [[nodiscard]] double limit_of_contrast(const Solution& so_far) const;
  [[nodiscard]] double mass(const double* y) const;

  const ColumnCase& column_;
  std::string parameter_;
  double side_ = 1.0;  ///< in which direction of the parameter; derivatives are turned round at the end
  const skin::Protocol* protocol_ = nullptr;
  std::vector<Nearby> nearby_;
  std::vector<double> state_;
  std::size_t segment_ = 0;
  // Derivatives of an instant, of masses and of other instants.
  double instant_ = 0.0;
  double deposited_ = 0.0;
  double healed_mass_ = 0.0;
  double healed_contrast_ = 0.0;
  double last_fall_ = 0.0;
  Solution recorded_;
};

}  // namespace inkfade::simulation
