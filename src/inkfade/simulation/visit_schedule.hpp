#pragma once

#include <limits>
#include <vector>

#include "inkfade/parameters/scenario.hpp"

namespace inkfade::simulation {

/// When scheduled touch-ups take place (touch_up.schedule of the scenario): never, at a fixed interval from the end of
/// the first course on (but not within touch_up.minimum_spacing after a dated session, or at one), or once the measure
/// has fallen below its threshold and the last session is long enough ago.
class VisitSchedule {
 public:
  explicit VisitSchedule(const parameters::Scenario& scenario);

  /// Does the next visit hang on the measure?
  [[nodiscard]] bool waits_for_measure() const { return rule_ == Rule::when_due && planned_ == never; }
  /// The measure fell below its threshold. Precondition: waits_for_measure(). @param t [s]
  void fell_due(double t);
  /// Does the planned visit only wait for its distance from the session before? What is seen may have recovered by
  /// then.
  [[nodiscard]] bool is_spaced() const { return rule_ == Rule::when_due && spaced_; }
  /// The planned visit does not take place: the measure is watched again.
  void call_off() {
    planned_ = never;
    spaced_ = false;
  }
  /// Pigment was placed, by a visit or a dated session. @param t [s]
  void session_took_place(double t);
  /// The next visit as far as it is known; infinite where it is not [s].
  [[nodiscard]] double next() const { return planned_; }

  [[nodiscard]] bool is_fixed() const { return rule_ == Rule::fixed; }
  /// Of a fixed schedule: how many intervals after the first course the next visit takes place.
  [[nodiscard]] long n_intervals() const { return n_intervals_; }
  [[nodiscard]] double course_end() const { return course_end_; }

  /// Visits so far [s].
  [[nodiscard]] const std::vector<double>& visits() const { return visits_; }
  /// The planned visit takes place. @param t next(), or a round-off later [s]
  void visit(double t) { visits_.push_back(t); }

 private:
  void plan_fixed();

  enum class Rule { none, when_due, fixed };
  static constexpr double never = std::numeric_limits<double>::infinity();

  Rule rule_ = Rule::none;
  double minimum_spacing_ = 0.0;
  double interval_ = 0.0;
  double course_end_ = 0.0;
  double last_session_ = 0.0;
  std::vector<double> dated_;  ///< sessions of the scenario after the first course [s]
  long n_intervals_ = 0;       ///< of the fixed visit that is planned
  double planned_ = never;
  bool spaced_ = false;
  std::vector<double> visits_;
};

}  // namespace inkfade::simulation
