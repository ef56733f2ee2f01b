#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "inkfade/base/status.hpp"
#include "inkfade/base/stop_token.hpp"
#include "inkfade/integration/ode_system.hpp"
#include "inkfade/integration/rosenbrock_w_method.hpp"
#include "inkfade/integration/step.hpp"
#include "inkfade/integration/step_control.hpp"

namespace inkfade::integration {

/// When an integration gives up.
struct Limits {
  std::int64_t max_steps = 100000;                   ///< attempted steps of the whole run
  int max_failures = 50;                             ///< rejected steps in a row
  std::chrono::steady_clock::time_point deadline{};  ///< epoch: none
  StopToken stop;
};

struct Counters {
  std::int64_t accepted = 0;
  std::int64_t rejected = 0;
  std::int64_t rate_evaluations = 0;
  std::int64_t factorisations = 0;
};

/// Integrates in our own loop: every attempt is checked, and each way to fail has a status.
///
/// Odeint's loops let a NaN or a stall pass as success. Its integrate functions also run with the W-method, through
/// rosenbrock_w_stepper.hpp, for comparison; its rosenbrock4 runs in this loop, through odeint_rosenbrock4.hpp.
/// @tparam Method what tries a step: RosenbrockW, or another class with its members
template <HasRates System, class Method = RosenbrockW<System>>
class Integrator {
 public:
  /// @param system, tolerances kept by reference: must outlive the integrator
  Integrator(System& system, const Tolerances& tolerances, Limits limits)
      : system_(system),
        tolerances_(tolerances),
        limits_(std::move(limits)),
        n_(system.size()),
        memory_(3 * n_),
        method_(n_) {
    rate_ = memory_.data();
    y_new_ = memory_.data() + n_;
    error_ = memory_.data() + 2 * n_;
  }

  /// From t to t_end without events. @param y state (n), left at the time reached @param t left at that time
  /// @param observer called as observer(const Step&) -> bool after each accepted step; false ends the run (status ok)
  template <class Observer>
  Status advance(double& t, double t_end, double* y, Observer&& observer);

  [[nodiscard]] const Counters& counters() const { return counters_; }
  /// Component that was not finite, or negative beyond its floor, when the last call failed; n where none.
  [[nodiscard]] std::size_t culprit() const { return culprit_; }
  /// True after an observer ended the run.
  [[nodiscard]] bool ended_by_observer() const { return ended_; }

 private:
  /// Size of the first step after an event (Hairer, Norsett & Wanner, Solving ODEs I, II.4, first guess).
  double first_step(const double* y, double span) const;
  Status check_limits() const;
  [[nodiscard]] bool finite(const double* values);
  [[nodiscard]] bool above_floor(const double* values);
  /// May a step end here, as far as the system has a say?
  [[nodiscard]] bool acceptable(const double* values);

  System& system_;
  const Tolerances& tolerances_;
  Limits limits_;
  std::size_t n_;
  std::vector<double> memory_;
  double* rate_ = nullptr;
  double* y_new_ = nullptr;
  double* error_ = nullptr;
  Method method_;
  Counters counters_;
  StepController controller_{Method::error_power};
  std::size_t culprit_ = 0;
  bool ended_ = false;
};

template <HasRates System, class Method>
double Integrator<System, Method>::first_step(const double* y, double span) const {
  const double size = error_norm(tolerances_, y, y, y, n_);
  const double slope = error_norm(tolerances_, y, y, rate_, n_);
  const double ratio = 0.01 * size / slope;
  const double guess = std::isfinite(ratio) ? ratio : 1e-3 * span;  // no slope, or no tolerance
  return std::min(std::max(guess, 1e-9 * span), span);
}

template <HasRates System, class Method>
Status Integrator<System, Method>::check_limits() const {
  if (limits_.stop.stop_requested()) return Status::cancelled;
  if (counters_.accepted + counters_.rejected >= limits_.max_steps) return Status::too_many_steps;
  const bool limited = limits_.deadline != std::chrono::steady_clock::time_point{};
  if (limited && std::chrono::steady_clock::now() >= limits_.deadline) return Status::deadline;
  return Status::ok;
}

template <HasRates System, class Method>
bool Integrator<System, Method>::finite(const double* values) {
  double zero[4]{};  // 0 times a number that is not finite is NaN; four sums, since one would wait for itself
  const std::size_t whole = n_ - n_ % 4;
  for (std::size_t q = 0; q < whole; q += 4) {
    for (std::size_t j = 0; j < 4; ++j) zero[j] += values[q + j] * 0.0;
  }
  for (std::size_t q = whole; q < n_; ++q) zero[0] += values[q] * 0.0;
  if ((zero[0] + zero[1]) + (zero[2] + zero[3]) == 0.0) return true;
  for (culprit_ = 0; culprit_ < n_ && std::isfinite(values[culprit_]);) ++culprit_;
  return false;
}

template <HasRates System, class Method>
bool Integrator<System, Method>::above_floor(const double* values) {
  if (tolerances_.floor.empty()) return true;
  const double* floor = tolerances_.floor.data();
  int below = 0;
  for (std::size_t q = 0; q < n_; ++q) below |= static_cast<int>(values[q] < floor[q]);
  if (below == 0) return true;
  double deepest = 0.0;
  for (std::size_t q = 0; q < n_; ++q) {
    if (floor[q] - values[q] > deepest) {
      deepest = floor[q] - values[q];
      culprit_ = q;
    }
  }
  return false;
}

template <HasRates System, class Method>
bool Integrator<System, Method>::acceptable(const double* values) {
  if constexpr (HasAcceptableStates<System>) return system_.acceptable(values);
  return true;
}

template <HasRates System, class Method>
template <class Observer>
Status Integrator<System, Method>::advance(double& t, double t_end, double* y, Observer&& observer) {
  culprit_ = n_;
  ended_ = false;
  if (std::isnan(t) || std::isnan(t_end)) return Status::nonfinite_state;
  if (!(t < t_end)) return Status::ok;
  system_.rates(t, y, rate_);
  ++counters_.rate_evaluations;
  if (!finite(y)) return Status::nonfinite_state;
  if (!finite(rate_)) return Status::nonfinite_rate;
  controller_.restart();
  double h = first_step(y, t_end - t);
  Status trouble = Status::error_test_failures;  // what the last rejection was for
  for (int failures = 0; t < t_end;) {
    if (const Status limit = check_limits(); limit != Status::ok) return limit;
    const bool last = t + 1.0000001 * h >= t_end;
    if (last) h = t_end - t;
    if (t + h == t) return trouble == Status::error_test_failures ? Status::step_underflow : trouble;

    method_.attempt(system_, t, h, y, rate_, y_new_, error_);
    counters_.rate_evaluations += Method::rate_evaluations;
    ++counters_.factorisations;

    double error = 0.0;
    bool accepted = finite(y_new_);
    if (!accepted) {
      trouble = finite(method_.first_solution()) ? Status::nonfinite_state : Status::singular_matrix;
      error = 1e3;
    } else {
      error = error_norm(tolerances_, y, y_new_, error_, n_);
      accepted = error <= 1.0;
      trouble = Status::error_test_failures;
      if (accepted && !above_floor(y_new_)) {
        accepted = false;
        trouble = Status::negative_state;
        error = 8.0;
      } else if (accepted && !acceptable(y_new_)) {
        accepted = false;
        error = 8.0;
      }
    }
    if (!accepted) {
      ++counters_.rejected;
      if (++failures >= limits_.max_failures) return trouble;
      h = controller_.after_rejected(h, error);
      continue;
    }
    failures = 0;
    ++counters_.accepted;
    const Step step = method_.step(t, h, y, y_new_);
    ended_ = !observer(step);
    t = last ? t_end : t + h;
    for (std::size_t q = 0; q < n_; ++q) y[q] = y_new_[q];
    if constexpr (SettlesStates<System>) system_.settle(y);
    if (ended_ || t >= t_end) return Status::ok;
    h = controller_.after_accepted(h, error);
    system_.rates(t, y, rate_);
    ++counters_.rate_evaluations;
    if (!finite(rate_)) return Status::nonfinite_rate;
  }
  return Status::ok;
}

}  // namespace inkfade::integration
