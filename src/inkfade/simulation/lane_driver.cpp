#include "inkfade/simulation/lane_driver.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "inkfade/base/float_environment.hpp"
#include "inkfade/base/math.kernel.hpp"
#include "inkfade/integration/rosw3.kernel.hpp"
#include "inkfade/simulation/lane_view.hpp"
#include "inkfade/system/column_system.hpp"

namespace inkfade::simulation {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int max_failures = 30;          // of one step, in a row
constexpr std::size_t most_waiting = 64;  // runs of other shapes that a thread holds back
constexpr double first_share = 1.3;       // of the time in which the fastest process takes its course, over rtol^(1/3)
constexpr double stretch = 1.2;           // a step may grow by so much to end the leg: cheaper than a rest

lanes::Shape shape_of(const ColumnRun& run) {
  const auto& tables = run.tables();
  return {tables.layout.n_cells, tables.layout.n_classes, tables.first_dermal_cell,
          static_cast<int>(run.column().skin.layers.size()), tables.self_shading};
}

}  // namespace

LaneDriver::LaneDriver(const Options& options, int most_lanes, lanes::InstructionSet set, lanes::Numbers numbers)
    : options_(options), most_lanes_(std::max(most_lanes, 1)), numbers_(numbers), set_(set) {}

void LaneDriver::work(const Source& source, const Sink& sink) {
  std::vector<bool> accepted;
  std::vector<bool> ended;
  while (refill(source, sink)) {
    accepted.assign(lanes_.size(), false);
    for (int lane = 0; lane < static_cast<int>(lanes_.size()); ++lane) {
      while (lanes_[static_cast<std::size_t>(lane)].job) {
        const Status status = prepare(lane);
        if (status == Status::ok) break;
        leg_over(lane, status, false, sink);
      }
    }
    if (std::ranges::none_of(lanes_, [](const Lane& lane) { return lane.job.has_value(); })) continue;
    block_->attempt();
    for (int lane = 0; lane < static_cast<int>(lanes_.size()); ++lane) {
      if (lanes_[static_cast<std::size_t>(lane)].job) accepted[static_cast<std::size_t>(lane)] = judge(lane);
    }
    observe_inside(accepted);
    ended.assign(lanes_.size(), false);
    for (int lane = 0; lane < static_cast<int>(lanes_.size()); ++lane) {
      const auto l = static_cast<std::size_t>(lane);
      if (!accepted[l]) continue;
      View view(*this, lane);
      ended[l] = !lanes_[l].job->run->observe(view);
    }
    block_->accept(accepted);
    for (int lane = 0; lane < static_cast<int>(lanes_.size()); ++lane) {
      const auto l = static_cast<std::size_t>(lane);
      if (!accepted[l]) continue;
      Lane& here = lanes_[l];
      here.t = here.last ? here.stop : here.t + here.tried;
      if (ended[l] || here.t >= here.stop) leg_over(lane, Status::ok, ended[l], sink);
    }
  }
}

std::optional<Job> LaneDriver::waiting_job() {
  const auto same = block_ ? waiting_.find(block_->shape()) : waiting_.end();
  if (same == waiting_.end()) return std::nullopt;
  Job job = std::move(same->second.back());
  same->second.pop_back();
  if (same->second.empty()) waiting_.erase(same);
  --n_waiting_;
  return job;
}

bool LaneDriver::refill(const Source& source, const Sink& sink) {
  for (;;) {
    int live = 0;
    for (int lane = 0; lane < static_cast<int>(lanes_.size()); ++lane) {
      const auto l = static_cast<std::size_t>(lane);
      while (!lanes_[l].job && lane < most_lanes_) {
        std::optional<Job> job = waiting_job();
        while (!job && !exhausted_ && n_waiting_ < most_waiting) {
          job = source();
          if (!job) {
            exhausted_ = true;
          } else if (shape_of(*job->run) != block_->shape()) {
            const lanes::Shape shape = shape_of(*job->run);
            waiting_[shape].push_back(std::move(*job));
            ++n_waiting_;
            job.reset();
          }
        }
        if (!job) break;
        load(lane, std::move(*job), sink);
      }
      if (lanes_[l].job) ++live;
    }
    if (live > 0) return true;
    // No lane is busy: another shape's turn, the one that most wait for.
    if (waiting_.empty()) {
      if (exhausted_) return false;
      std::optional<Job> job = source();
      if (!job) {
        exhausted_ = true;
        return false;
      }
      const lanes::Shape shape = shape_of(*job->run);
      waiting_[shape].push_back(std::move(*job));
      ++n_waiting_;
    }
    const auto most =
        std::ranges::max_element(waiting_, {}, [](const auto& shape_and_jobs) { return shape_and_jobs.second.size(); });
    block_ = std::make_unique<lanes::LaneBlock>(most->first, set_, numbers_, options_.only_masses);
    lanes_ = std::vector<Lane>(static_cast<std::size_t>(block_->width()));
    seen_.resize(block_->n_observed());
    seen_slope_.resize(block_->n_observed());
  }
}

void LaneDriver::load(int lane, Job job, const Sink& sink) {
  Lane& here = lanes_[static_cast<std::size_t>(lane)];
  here = Lane{};
  here.begin = Clock::now();
  block_->set_column(lane, job.run->tables(), job.run->column().mesh);
  if (const RunSlope* slope = job.run->slope()) block_->set_column_slope(lane, slope->columns());
  here.job = std::move(job);
  next_leg(lane, sink);
}

void LaneDriver::next_leg(int lane, const Sink& sink) {
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
    block_->set_forcing(lane, run.forcing());
    if (run.slope() != nullptr) block_->set_forcing_slope(lane, run.slope()->forcing());
  }
  if (leg.fresh_state) {
    block_->set_state(lane, run.state().data());
    if (run.slope() != nullptr) block_->set_state_slope(lane, run.slope()->state().data());
    block_->set_tolerances(lane, run.column().rtol, run.scales().pigment, run.scales().macrophages);
  }
  if (leg.jumped || here.h == 0.0) {
    here.controller.restart();
    here.h = first_step(run);
  }
}

double LaneDriver::first_step(const ColumnRun& run) const {
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

Status LaneDriver::prepare(int lane) {
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
  block_->set_step(lane, here.t, here.tried);
  if (here.job->run->slope() != nullptr) {
    const Leg& leg = here.job->run->leg();
    block_->set_step_slope(lane, leg.from_slope, leg.step_slope(here.last));
  }
  return Status::ok;
}

bool LaneDriver::judge(int lane) {
  Lane& here = lanes_[static_cast<std::size_t>(lane)];
  const ColumnRun& run = *here.job->run;
  const lanes::Attempt attempt = block_->attempted(lane);
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
void LaneDriver::blame(int lane) {
  Lane& here = lanes_[static_cast<std::size_t>(lane)];
  const ColumnRun& run = *here.job->run;
  std::vector<double> values(block_->size());
  block_->state_new(lane, values.data());
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
  block_->increment(lane, 0, values.data());
  if (std::ranges::none_of(values, not_finite)) return;
  block_->state(lane, values.data());
  if (std::ranges::any_of(values, not_finite)) return;
  system::ColumnSystem<0> system(run.tables());
  system.set_forcing(run.forcing());
  std::vector<double> rates(values.size());
  system.rates(here.t, values.data(), rates.data());
  values = rates;
  here.trouble = first_bad() ? Status::nonfinite_rate : Status::singular_matrix;
}

void LaneDriver::observe_inside(const std::vector<bool>& accepted) {
  std::size_t rounds = 0;
  bool inside = false;
  for (std::size_t l = 0; l < lanes_.size(); ++l) {
    Lane& here = lanes_[l];
    here.pending = {};
    if (!accepted[l]) continue;
    const double end = here.last ? here.stop : here.t + here.tried;
    const ColumnRun& run = *here.job->run;
    if (!run.looks_inside(end, block_->attempted(static_cast<int>(l)).mass)) continue;
    inside = true;
    here.pending = run.pending(end);
    rounds = std::max(rounds, here.pending.size());
  }
  if (!inside) return;
  block_->sum();
  if (rounds == 0) return;
  block_->set_rounds(rounds);
  for (std::size_t l = 0; l < lanes_.size(); ++l) {
    for (std::size_t round = 0; round < lanes_[l].pending.size(); ++round) set_theta(static_cast<int>(l), round);
  }
  block_->observe();
}

void LaneDriver::set_theta(int lane, std::size_t round) {
  const Lane& here = lanes_[static_cast<std::size_t>(lane)];
  const double theta = (here.pending[round] - here.t) / here.tried;
  block_->set_theta(lane, round, theta);
  const ColumnRun& run = *here.job->run;
  if (run.slope() == nullptr) return;
  block_->set_theta_slope(lane, round, run.leg().theta_slope(here.tried, theta, here.last));
}

void LaneDriver::leg_over(int lane, Status status, bool ended_by_observer, const Sink& sink) {
  Lane& here = lanes_[static_cast<std::size_t>(lane)];
  ColumnRun& run = *here.job->run;
  block_->state(lane, run.state().data());
  if (run.slope() != nullptr) block_->state_slope(lane, run.slope()->state().data());
  run.leg_done(here.t, status, ended_by_observer);
  next_leg(lane, sink);
}

void LaneDriver::finish(int lane, const Sink& sink) {
  Lane& here = lanes_[static_cast<std::size_t>(lane)];
  here.statistics.wall_time = std::chrono::duration<double>(Clock::now() - here.begin).count();
  const std::size_t index = here.job->index;
  Solution solution = here.job->run->finish(here.statistics, here.culprit);
  here.job.reset();
  sink(index, std::move(solution));
}

Solution run_column(const ColumnCase& column, const std::vector<double>& times, const Options& options,
                    bool until_touch_up) {
  const KernelFloatEnvironment environment;
  Solution result;
  std::unique_ptr<ColumnRun> run =
      std::make_unique<ColumnRun>(std::make_unique<ColumnCase>(column), times, options, until_touch_up);
  const LaneDriver::Source source = [&]() -> std::optional<Job> {
    if (!run) return std::nullopt;
    return Job{0, std::exchange(run, nullptr)};
  };
  LaneDriver(options, 1).work(source, [&](std::size_t, Solution solution) { result = std::move(solution); });
  return result;
}

}  // namespace inkfade::simulation
