#pragma once

#include <cstddef>
#include <vector>

#include "inkfade/integration/integrate.hpp"
#include "inkfade/observables/column_observables.hpp"
#include "inkfade/simulation/column_case.hpp"
#include "inkfade/simulation/solution.hpp"

namespace inkfade::simulation {

/// Watches a run and keeps what was asked for: observables (and profiles) at saved times, healing, the touch-up.
class Recorder {
 public:
  /// @param times saved times, increasing [s] @param until_touch_up end the run once the touch-up is known
  Recorder(const ColumnCase& column, std::vector<double> times, bool fields, bool until_touch_up);

  /// Pigment was placed. @param added [kg/m2]
  void deposited(double added) { deposited_ += added; }
  /// Takes the healed reference where it falls on an event: before what is placed then. @param y state before the event
  void before_event(double t, const double* y);
  /// Saves what falls on an event: values there are right-continuous. @param y state after the event
  void at_event(double t, const double* y);
  /// Saves what falls inside an accepted step, and looks for healing and the touch-up. @returns false to end the run
  bool in_step(const integration::Step& step);

  /// What was kept so far. @param t_end time that the run reached [s]
  [[nodiscard]] Solution finish(double t_end);
  [[nodiscard]] double worst_residual() const { return worst_residual_; }

 private:
  void save(double t, const double* y);
  void save_fields(const double* y);
  void watch_measure(const integration::Step& step);
  [[nodiscard]] double mass(const double* y) const;
  [[nodiscard]] double denominator() const;

  const ColumnCase& column_;
  INKFADE_ISA::ColumnTables<double> tables_;
  std::vector<double> times_;
  std::size_t next_ = 0;
  bool fields_;
  bool until_touch_up_;
  double deposited_ = 0.0;
  double worst_residual_ = 0.0;
  bool healed_ = false;
  Solution solution_;
  std::vector<double> state_;
};

}  // namespace inkfade::simulation
