#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "inkfade/observables/column_observables.hpp"

namespace inkfade::simulation {

/// What is observed of a column at one time; SI units per skin area. Where only masses of pools and the ledger are
/// observed (without Series::parts), the rest is empty or 0.
struct Seen {
  double pool_mass[3]{};               ///< free, in macrophages, in stroma [kg/m2]
  std::span<const double> layer_mass;  ///< (n_layers) [kg/m2]
  std::span<const double> class_mass;  ///< (n_classes) [kg/m2]
  std::span<const double> drained;     ///< (n_classes) [kg/m2]
  double shed = 0.0;                   ///< [kg/m2]
  double degraded = 0.0;               ///< [kg/m2]
  double removed = 0.0;                ///< [kg/m2]
  double centroid = 0.0;               ///< [m]
  double spread = 0.0;                 ///< [m]
  double peak_load = 0.0;              ///< [1]

  [[nodiscard]] double mass() const { return (pool_mass[0] + pool_mass[1]) + pool_mass[2]; }
};

/// What was observed of a state, with the state's ledger. @param seen, y must outlive the result
[[nodiscard]] inline Seen to_seen(const observables::ColumnObservables& seen, const INKFADE_ISA::ColumnLayout& at,
                                  const double* y) {
  Seen now;
  std::ranges::copy(seen.pool_mass, now.pool_mass);
  now.layer_mass = seen.layer_mass;
  now.class_mass = seen.class_mass;
  now.drained = {y + at.drained(), static_cast<std::size_t>(at.n_classes)};
  now.shed = y[at.shed()];
  now.degraded = y[at.degraded()];
  now.removed = y[at.removed()];
  now.centroid = seen.centroid;
  now.spread = seen.spread;
  now.peak_load = seen.peak_load;
  return now;
}

/// How an accepted step changes in the direction of a RunSlope, per unit of its parameter.
class StepSlopes {
 public:
  StepSlopes() = default;
  StepSlopes(const StepSlopes&) = delete;
  StepSlopes& operator=(const StepSlopes&) = delete;
  virtual ~StepSlopes() = default;

  /// Derivative of the step's start.
  [[nodiscard]] virtual double start_slope() const = 0;
  /// Derivative of the pigment in skin at a fixed time within the step.
  [[nodiscard]] virtual double mass_slope_at(double time) const = 0;
  /// How fast the dense output of the pigment in skin changes with time [kg/m2/s].
  [[nodiscard]] virtual double mass_rate_at(double time) const = 0;
  /// Derivatives of what seen_at() gave last; valid until its next call.
  [[nodiscard]] virtual Seen seen_slope() const = 0;
  /// @param slope set
  virtual void start_state_slope(std::vector<double>& slope) const = 0;
  /// Derivative of the state at a fixed time within the step. @param slope set
  virtual void state_slope_at(double time, std::vector<double>& slope) const = 0;
  /// How fast the dense output of the state changes with time. @param rate set
  virtual void state_rate_at(double time, std::vector<double>& rate) const = 0;
};

/// An accepted step of a run, as its recorder sees it: dense output between the ends.
class StepView {
 public:
  StepView() = default;
  StepView(const StepView&) = delete;
  StepView& operator=(const StepView&) = delete;
  virtual ~StepView() = default;

  [[nodiscard]] virtual double start() const = 0;        ///< [s]
  [[nodiscard]] virtual double end() const = 0;          ///< [s]
  [[nodiscard]] virtual double mass_at_end() const = 0;  ///< pigment in skin [kg/m2]
  /// Pigment in skin at a time within the step [kg/m2].
  [[nodiscard]] virtual double mass_at(double time) = 0;
  /// Observables at a saved time within the step; valid until the next call. Asked for in order of time.
  [[nodiscard]] virtual Seen seen_at(double time) = 0;
  /// State at a time within the step, above its floor, loads held at 1; valid until the next call. On the well-mixed
  /// rung only at the time last asked for with seen_at().
  [[nodiscard]] virtual const double* state_at(double time) = 0;
  /// State at the start. @param y set
  virtual void start_state(std::vector<double>& y) const = 0;
  /// State at the end. @param y set
  virtual void end_state(std::vector<double>& y) const = 0;
  /// Where derivatives are carried along, else null.
  [[nodiscard]] virtual const StepSlopes* slopes() const { return nullptr; }
};

}  // namespace inkfade::simulation
