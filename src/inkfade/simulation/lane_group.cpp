#include "inkfade/simulation/lane_group.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "inkfade/base/math.kernel.hpp"
#include "inkfade/integration/rosw3.kernel.hpp"
#include "inkfade/simulation/lane_view.hpp"
#include "inkfade/system/column_system.hpp"

namespace inkfade::simulation {

namespace {

constexpr int max_failures = 30;     // of one step, in a row
constexpr double first_share = 1.3;  // of the time in which the fastest process takes its course, over rtol^(1/3)
constexpr double stretch = 1.2;      // a step may grow by so much to end the leg: cheaper than a rest

}  // namespace

lanes::Shape shape_of(const ColumnRun& run) {
  const auto& tables = run.tables();
  return {tables.layout.n_cells, tables.layout.n_classes, tables.first_dermal_cell,
          static_cast<int>(run.column().skin.layers.size()), tables.self_shading};
}

LaneGroup::LaneGroup(const lanes::Shape& shape, const Options& options, int most_lanes, lanes::InstructionSet set,
                     lanes::Numbers numbers)
    : options_(options),
      block_(shape, set, numbers, !options.series.parts),
      most_lanes_(std::min(most_lanes, block_.width())),
      lanes_(static_cast<std::size_t>(block_.width())),
      accepted_(lanes_.size()),
      seen_(block_.n_observed()),
      seen_slope_(block_.n_observed()) {}

void LaneGroup::resume() {
  if (!paused_) return;
  const Clock::duration away = Clock::now() - *paused_;
  for (Lane& lane : lanes_) lane.begin += away;
  paused_.reset();
}

void LaneGroup::step(const Sink& sink) {
  const int width = block_.width();
  for (int lane = 0; lane < width; ++lane) {
    while (lanes_[static_cast<std::size_t>(lane)].job) {
      const Status status = prepare(lane);
      if (status == Status::ok) break;
      leg_over(lane, status, false, sink);
    }
  }
  if (n_live_ == 0) return;
  block_.attempt();
  for (int lane = 0; lane < width; ++lane) {
    const auto l = static_cast<std::size_t>(lane);
    accepted_[l] = lanes_[l].job && judge(lane);
  }
  observe_inside();
  std::vector<bool> ended(lanes_.size());
  for (int lane = 0; lane < width; ++lane) {
    const auto l = static_cast<std::size_t>(lane);
    if (!accepted_[l]) continue;
    View view(*this, lane);
    ended[l] = !lanes_[l].job->run->observe(view);
  }
  block_.accept(accepted_);
  for (int lane = 0; lane < width; ++lane) {
    const auto l = static_cast<std::size_t>(lane);
    if (!accepted_[l]) continue;
    Lane& here = lanes_[l];
    here.t = here.last ? here.stop : here.t + here.tried;
    if (ended[l] || here.t >= here.stop) leg_over(lane, Status::ok, ended[l], sink);
  }
}

void LaneGroup::load(Job job, const Sink& sink) {
  const auto free = std::ranges::find_if(lanes_, [](const Lane& each) { return !each.job; });
  const auto lane = static_cast<int>(free - lanes_.begin());
  *free = Lane{};
  free->begin = Clock::now();
  block_.set_column(lane, job.run->tables(), job.run->column().mesh);
  if (const RunSlope* slope = job.run->slope()) block_.set_column_slope(lane, slope->columns());
  free->job = std::move(job);
  ++n_live_;
  next_leg(lane, sink);
}

void LaneGroup::next_leg(int lane, const Sink& sink) {
  Lane& here = lanes_[static_cast<std::size_t>(lane)];
  ColumnRun& run = *here.job->run;
  if (!run.next_leg()) {
    finish(lane, sink);
    return;
  }
  const Leg& leg = run.leg();
  here.t = leg.from;
  here.stop = leg.to;
  here.failures = 0;
  if (leg.fresh_forcing) {
    block_.set_forcing(lane, run.forcing());
    if (run.slope() != nullptr) block_.set_forcing_slope(lane, run.slope()->forcing());
  }
  if (leg.fresh_state) {
    block_.set_state(lane, run.state().data());
    if (run.slope() != nullptr) block_.set_state_slope(lane, run.slope()->state().data());
    block_.set_tolerances(lane, run.column().rtol, run.scales().pigment, run.scales().macrophages);
  }
  if (leg.jumped || here.h == 0.0) {
    here.controller.restart();
    here.h = first_step(run);
  }
}

double LaneGroup::first_step(const ColumnRun& run) const {
  const auto& tables = run.tables();
  const auto& at = tables.layout;
  const auto& c = tables.local;
  const double uptake = *std::max_element(tables.uptake, tables.uptake + at.n_classes);
  double fastest = 0.0;
  for (int i = 0; i < at.n_cells; ++i) {
    const double capture = uptake * run.forcing().capture_factor * tables.macrophages[i];
    fastest = std::max(fastest, capture + tables.lymph[i] + tables.wound[i]);
  }
  fastest += c.binding_rate + c.departure_rate + c.recruitment_rate + run.forcing().inflammation_rate;
  const double span = run.leg().to - run.leg().from;
  return std::clamp(first_share * INKFADE_ISA::cbrt_(run.column().rtol) / fastest, 1e-9 * span, span);
}

Status LaneGroup::prepare(int lane) {
  Lane& here = lanes_[static_cast<std::size_t>(lane)];
  if (options_.stop.stop_requested()) return Status::cancelled;
  if (here.statistics.accepted + here.statistics.rejected >= here.job->run->column().max_steps) {
    return Status::too_many_steps;
  }
  if (options_.wall_limit > 0.0 &&
      std::chrono::duration<double>(Clock::now() - here.begin).count() >= options_.wall_limit) {
    return Status::deadline;
  }
  const double left = here.stop - here.t;
  here.last = (here.failures == 0 ? stretch : 1.0000001) * here.h >= left;
  here.tried = here.last ? left : std::min(here.h, 0.5 * left);  // two equal steps rather than one and a rest
  if (here.t + here.tried == here.t) {
    return here.trouble == Status::error_test_failures ? Status::step_underflow : here.trouble;
  }
  if (here.failures >= max_failures) return here.trouble;
  block_.set_step(lane, here.t, here.tried);
  if (here.job->run->slope() != nullptr) {
    const Leg& leg = here.job->run->leg();
    block_.set_step_slope(lane, leg.from_slope, leg.step_slope(here.last));
  }
  return Status::ok;
}

bool LaneGroup::judge(int lane) {
  Lane& here = lanes_[static_cast<std::size_t>(lane)];
  const ColumnRun& run = *here.job->run;
  const lanes::Attempt attempt = block_.attempted(lane);
  here.statistics.rate_evaluations += INKFADE_ISA::Rosw3::evaluations;
  ++here.statistics.factorisations;
  double error = attempt.error;
  bool good = std::isfinite(error) && std::isfinite(attempt.mass);
  here.culprit.reset();
  if (!good) {
    here.trouble = Status::nonfinite_state;
    blame(lane);
    error = 1e3;
  } else {
    good = error <= 1.0;
    here.trouble = Status::error_test_failures;
    const StateScales& scales = run.scales();
    if (good && (attempt.lowest_pigment < -floor_in_atol * scales.pigment ||
                 attempt.lowest_macrophages < -floor_in_atol * scales.macrophages)) {
      good = false;
      here.trouble = Status::negative_state;
      error = 8.0;
    } else if (good && attempt.peak_load > run.load_limit()) {
      good = false;
      error = 8.0;
    }
  }
  if (!good) {
    ++here.statistics.rejected;
    ++here.failures;
    if (here.trouble == Status::negative_state) blame(lane);
    here.h = here.controller.after_rejected(here.tried, error);
    return false;
  }
  here.failures = 0;
  ++here.statistics.accepted;
  const double next = here.controller.after_accepted(here.tried, error);
  here.h = here.last ? std::max(next, std::min(here.h, 6.0 * next)) : next;
  return true;
}

/// Says which component stands in the way, and of a number that is none, whether the matrix or the rates made it.
void LaneGroup::blame(int lane) {
  Lane& here = lanes_[static_cast<std::size_t>(lane)];
  const ColumnRun& run = *here.job->run;
  std::vector<double> values(block_.size());
  block_.state_new(lane, values.data());
  if (here.trouble == Status::negative_state) {
    std::vector<double> floor(values.size());
    run.scales().set_floor(run.tables(), floor.data());
    double deepest = 0.0;
    for (std::size_t q = 0; q < values.size(); ++q) {
      if (!(floor[q] - values[q] > deepest)) continue;
      deepest = floor[q] - values[q];
      here.culprit = q;
    }
    return;
  }
  const auto not_finite = [](double x) { return !std::isfinite(x); };
  const auto first_bad = [&] {
    const auto bad = std::ranges::find_if(values, not_finite);
    if (bad != values.end()) here.culprit = static_cast<std::size_t>(bad - values.begin());
    return bad != values.end();
  };
  first_bad();
  here.trouble = Status::nonfinite_state;
  block_.increment(lane, 0, values.data());
  if (std::ranges::none_of(values, not_finite)) return;
  block_.state(lane, values.data());
  if (std::ranges::any_of(values, not_finite)) return;
  system::ColumnSystem<0> system(run.tables());
  system.set_forcing(run.forcing());
  std::vector<double> rates(values.size());
  system.rates(here.t, values.data(), rates.data());
  values = rates;
  here.trouble = first_bad() ? Status::nonfinite_rate : Status::singular_matrix;
}

void LaneGroup::observe_inside() {
  std::size_t rounds = 0;
  bool inside = false;
  for (std::size_t l = 0; l < lanes_.size(); ++l) {
    Lane& here = lanes_[l];
    here.pending = {};
    if (!accepted_[l]) continue;
    const double end = here.last ? here.stop : here.t + here.tried;
    const ColumnRun& run = *here.job->run;
    if (!run.looks_inside(end, block_.attempted(static_cast<int>(l)).mass)) continue;
    inside = true;
    here.pending = run.pending(end);
    rounds = std::max(rounds, here.pending.size());
  }
  if (!inside) return;
  block_.sum();
  if (rounds == 0) return;
  block_.set_rounds(rounds);
  for (std::size_t l = 0; l < lanes_.size(); ++l) {
    for (std::size_t round = 0; round < lanes_[l].pending.size(); ++round) set_theta(static_cast<int>(l), round);
  }
  block_.observe();
}

void LaneGroup::set_theta(int lane, std::size_t round) {
  const Lane& here = lanes_[static_cast<std::size_t>(lane)];
  const double theta = (here.pending[round] - here.t) / here.tried;
  block_.set_theta(lane, round, theta);
  const ColumnRun& run = *here.job->run;
  if (run.slope() == nullptr) return;
  block_.set_theta_slope(lane, round, run.leg().theta_slope(here.tried, theta, here.last));
}

void LaneGroup::leg_over(int lane, Status status, bool ended_by_observer, const Sink& sink) {
  Lane& here = lanes_[static_cast<std::size_t>(lane)];
  ColumnRun& run = *here.job->run;
  block_.state(lane, run.state().data());
  if (run.slope() != nullptr) block_.state_slope(lane, run.slope()->state().data());
  run.leg_done(here.t, status, ended_by_observer);
  next_leg(lane, sink);
}

void LaneGroup::finish(int lane, const Sink& sink) {
  Lane& here = lanes_[static_cast<std::size_t>(lane)];
  here.statistics.wall_time = std::chrono::duration<double>(Clock::now() - here.begin).count();
  const std::size_t index = here.job->index;
  Solution solution = here.job->run->finish(here.statistics, here.culprit);
  here.job.reset();
  --n_live_;
  sink(index, std::move(solution));
}

}  // namespace inkfade::simulation
