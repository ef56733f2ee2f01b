#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "inkfade/integration/rosw3.kernel.hpp"
#include "inkfade/integration/step.hpp"
#include "inkfade/simulation/lane_group.hpp"
#include "inkfade/system/functionals.kernel.hpp"

namespace inkfade::simulation {

/// The accepted step of one lane.
class LaneGroup::View final : public StepView, private StepSlopes {
 public:
  View(LaneGroup& group, int lane)
      : block_(group.block_),
        lane_(lane),
        state_(group.lanes_[static_cast<std::size_t>(lane)]),
        seen_(group.seen_.data()),
        seen_slope_(group.seen_slope_.data()),
        mass_at_end_(block_.attempted(lane).mass) {}

  [[nodiscard]] double start() const override { return state_.t; }
  [[nodiscard]] double end() const override { return state_.last ? state_.stop : state_.t + state_.tried; }
  [[nodiscard]] double mass_at_end() const override { return mass_at_end_; }
  [[nodiscard]] double mass_at(double time) override {
    double w[3];
    INKFADE_ISA::rosw3_dense((time - state_.t) / state_.tried, w);
    return blend(w, [&](int j) { return mass(j); });
  }
  [[nodiscard]] Seen seen_at(double) override {
    block_.observed(lane_, next_, seen_);
    ++next_;
    Seen seen = linear(seen_);
    if (block_.only_masses()) return seen;
    const double* moments = seen_ + 3 + block_.shape().n_classes + block_.shape().n_layers;
    const double total = seen.mass();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    seen.centroid = total > 0.0 ? moments[0] / total : nan;
    seen.spread = total > 0.0 ? std::sqrt(std::max(moments[1] / total - seen.centroid * seen.centroid, 0.0)) : nan;
    return seen;
  }
  [[nodiscard]] const double* state_at(double time) override {
    const std::size_t n = block_.size();
    if (values_.empty()) {
      values_.resize(8 * n);
      block_.state(lane_, part(0));
      block_.state_new(lane_, part(1));
      for (int j = 0; j < 3; ++j) block_.increment(lane_, j, part(static_cast<std::size_t>(2 + j)));
      const ColumnRun& run = *state_.job->run;
      run.scales().set_floor(run.tables(), part(7));
    }
    const double* increments[4] = {part(2), part(3), part(4), part(5)};  // the last is 0
    const integration::Step step{state_.t, state_.tried, n, part(0), part(1), increments, weights};
    step.interpolate_above(part(7), time, part(6));
    INKFADE_ISA::hold_load(state_.job->run->tables(), part(6));
    return part(6);
  }
  void start_state(std::vector<double>& y) const override {
    y.resize(block_.size());
    block_.state(lane_, y.data());
  }
  void end_state(std::vector<double>& y) const override {
    y.resize(block_.size());
    block_.state_new(lane_, y.data());
  }
  [[nodiscard]] const StepSlopes* slopes() const override { return state_.job->run->slope() ? this : nullptr; }

 private:
  [[nodiscard]] double start_slope() const override { return leg().from_slope; }
  [[nodiscard]] double mass_slope_at(double time) const override {
    double w[3];
    INKFADE_ISA::rosw3_dense((time - state_.t) / state_.tried, w);
    // At a fixed time the share of the step changes as its ends move.
    return blend(w, [&](int j) { return mass_slope(j); }) + mass_rate_at(time) * state_.tried * theta_slope(time);
  }
  [[nodiscard]] double mass_rate_at(double time) const override {
    double rate = 0.0;
    for (int j = 0; j < 3; ++j) rate += rate_weight(j, time) * mass(j + 1);
    return rate;
  }
  [[nodiscard]] Seen seen_slope() const override {
    block_.observed_slope(lane_, next_ - 1, seen_slope_);
    const double* at = seen_;
    const double* slope_at = seen_slope_;
    Seen slope = linear(slope_at);
    const int first = 3 + block_.shape().n_classes + block_.shape().n_layers;
    const double total = linear(at).mass();
    const double centroid = at[first] / total;
    const double mean_square = at[first + 1] / total;
    slope.centroid = (slope_at[first] - centroid * slope.mass()) / total;
    const double square = (slope_at[first + 1] - mean_square * slope.mass()) / total;
    slope.spread = (0.5 * square - centroid * slope.centroid) / std::sqrt(mean_square - centroid * centroid);
    return slope;
  }
  void start_state_slope(std::vector<double>& slope) const override {
    slope.resize(block_.size());
    block_.state_slope(lane_, slope.data());
  }

  void state_rate_at(double time, std::vector<double>& rate) const override {
    rate.assign(block_.size(), 0.0);
    std::vector<double> increment(block_.size());
    for (int j = 0; j < 3; ++j) {
      block_.increment(lane_, j, increment.data());
      const double weight = rate_weight(j, time);
      for (std::size_t q = 0; q < rate.size(); ++q) rate[q] += weight * increment[q];
    }
  }
  void state_slope_at(double time, std::vector<double>& slope) const override {
    // At a fixed time the share of the step changes as its ends move.
    state_rate_at(time, slope);
    const double moved = state_.tried * theta_slope(time);
    for (double& value : slope) value *= moved;
    std::vector<double> part(block_.size());
    block_.state_slope(lane_, part.data());
    for (std::size_t q = 0; q < slope.size(); ++q) slope[q] += part[q];
    double w[3];
    INKFADE_ISA::rosw3_dense((time - state_.t) / state_.tried, w);
    for (int j = 0; j < 3; ++j) {
      block_.increment_slope(lane_, j, part.data());
      for (std::size_t q = 0; q < slope.size(); ++q) slope[q] += w[j] * part[q];
    }
  }

  /// Weight of increment j in the derivative of the dense output with respect to time [1/s].
  [[nodiscard]] double rate_weight(int j, double time) const {
    const double theta = (time - state_.t) / state_.tried;
    const double(&d)[3] = INKFADE_ISA::rosw3.dense[j];
    return (d[0] + theta * (2.0 * d[1] + theta * (3.0 * d[2]))) / state_.tried;
  }
  static void weights(double theta, double (&weight)[4]) {
    double w[3];
    INKFADE_ISA::rosw3_dense(theta, w);
    std::ranges::copy(w, weight);
    weight[3] = 0.0;
  }
  [[nodiscard]] const Leg& leg() const { return state_.job->run->leg(); }
  [[nodiscard]] double theta_slope(double time) const {
    return leg().theta_slope(state_.tried, (time - state_.t) / state_.tried, state_.last);
  }
  /// What is linear in the observed functionals, and the load.
  [[nodiscard]] Seen linear(const double* at) const {
    const auto n_classes = static_cast<std::size_t>(block_.shape().n_classes);
    const auto n_layers = static_cast<std::size_t>(block_.shape().n_layers);
    Seen seen;
    std::copy_n(at, 3, seen.pool_mass);
    if (!block_.only_masses()) {
      seen.class_mass = {at + 3, n_classes};
      seen.layer_mass = {at + 3 + n_classes, n_layers};
    }
    const double* rest =
        at + lanes::first_of_ledger(block_.shape().n_classes, block_.shape().n_layers, block_.only_masses());
    seen.shed = rest[0];
    seen.degraded = rest[1];
    seen.removed = rest[2];
    seen.drained = {rest + 3, n_classes};
    seen.peak_load = at[block_.n_observed() - 1];
    return seen;
  }
  template <class Of>
  [[nodiscard]] static double blend(const double (&w)[3], Of&& of) {
    return of(0) + ((w[0] * of(1) + w[1] * of(2)) + w[2] * of(3));
  }
  double* part(std::size_t i) { return values_.data() + i * block_.size(); }
  [[nodiscard]] double mass(int j) const {
    return (block_.functional(lane_, j, 0) + block_.functional(lane_, j, 1)) + block_.functional(lane_, j, 2);
  }
  [[nodiscard]] double mass_slope(int j) const {
    double slope = 0.0;
    for (int pool = 0; pool < 3; ++pool) slope += block_.functional_slope(lane_, j, pool);
    return slope;
  }

  const lanes::LaneBlock& block_;
  int lane_;
  const Lane& state_;
  double* seen_;
  double* seen_slope_;
  double mass_at_end_;
  std::size_t next_ = 0;
  std::vector<double> values_;  ///< state, new state, increments and a zero, what was asked for, floor (size each)
};

}  // namespace inkfade::simulation
