#include "inkfade/simulation/column_run.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>

#include "inkfade/base/constants.hpp"
#include "inkfade/system/interventions.hpp"

namespace inkfade::simulation {

namespace {

/// Pigment must balance to 1e-12 of the deposit (tests hold it there); a hundredfold more is a broken ledger.
constexpr double broken_residual = 1e-10;

/// Depth of the cell that component q belongs to, negative for the ledger and where nothing has a depth [m].
double depth_of(const ColumnCase& column, std::size_t q) {
  if (column.rung == Rung::well_mixed) return -1.0;
  const std::size_t cell = q / (3 * column.ink.diameter.size() + 1);
  return cell < column.mesh.n_cells() ? column.mesh.centre[cell] : -1.0;
}

std::string failure_message(const Solution& solution) {
  char where[64] = "";
  if (solution.status_depth >= 0.0) {
    std::snprintf(where, sizeof where, ", at a depth of %.0f um", solution.status_depth / micrometre);
  }
  char text[160];
  std::snprintf(text, sizeof text, "%s after %.4g day%s. ", std::string(name(solution.status)).c_str(),
                solution.status_time / day, where);
  return text + std::string(advice(solution.status));
}

}  // namespace

void StateScales::update(const ColumnCase& column, const INKFADE_ISA::ColumnTables<double>& tables, const double* y) {
  const auto& at = tables.layout;
  for (int i = 0; i < at.n_cells; ++i) {
    double sum = 0.0;
    for (int k = 0; k < at.n_classes; ++k) sum += y[at.free(i) + k];
    peak_ = std::max(peak_, sum);
  }
  pigment = std::max(column.rtol * column.atol_fraction * peak_, 1e-30);
  // A layer may have no macrophages: the densest layer gives the scale of all.
  const double densest = std::max(*std::max_element(tables.macrophages, tables.macrophages + at.n_cells), 1.0);
  macrophages = column.rtol * column.atol_fraction * densest;
}

void StateScales::set_atol(const INKFADE_ISA::ColumnTables<double>& tables, double* atol) const {
  const auto& at = tables.layout;
  std::fill_n(atol, at.size(), std::numeric_limits<double>::infinity());
  for (int i = 0; i < at.n_cells; ++i) {
    const bool dermal = i >= tables.first_dermal_cell;
    std::fill_n(atol + at.free(i), (dermal ? 3 : 1) * at.n_classes, pigment);
    if (dermal) atol[at.macrophages(i)] = macrophages;
  }
}

void StateScales::set_floor(const INKFADE_ISA::ColumnTables<double>& tables, double* floor) const {
  set_atol(tables, floor);
  for (int q = 0; q < tables.layout.size(); ++q) floor[q] = -floor_in_atol * floor[q];
}

ColumnRun::ColumnRun(std::unique_ptr<const ColumnCase> column, std::vector<double> times, const Options& options,
                     bool until_touch_up, std::unique_ptr<RunSlope> slope)
    : column_(std::move(column)),
      slope_(std::move(slope)),
      protocol_(column_->protocol),
      schedule_(column_->scenario),
      tables_(column_->coefficients.tables()),
      y_(system::initial_state(tables_)),
      keeps_fields_(options.fields && column_->rung == Rung::column),
      recorder_(*column_, std::move(times), keeps_fields_, options.series, until_touch_up, options.on_saved,
                slope_.get()) {
  if (!slope_) return;
  protocol_ = make_protocol();
  slope_->follow(protocol_);
}

skin::Protocol ColumnRun::make_protocol() const {
  const auto use = slope_ ? skin::LightFor::slopes : skin::LightFor::rates;
  return skin::make_protocol(column_->scenario, column_->skin, column_->ink, schedule_.visits(), use);
}

bool ColumnRun::next_leg() {
  while (status_ == Status::ok && !ended_ && !recorder_.stopped()) {
    if (!inside_) {
      if (segment_ >= protocol_.segments.size()) return false;
      segment_ = start(segment_);
      if (recorder_.stopped()) return false;
      inside_ = true;
      leg_.fresh_forcing = true;
    }
    const skin::Segment& segment = protocol_.segments[segment_];
    const double stop = std::min(segment.end, schedule_.next());
    if (t_ < segment.end && stop > t_) {
      leg_.from = t_;
      leg_.to = stop;
      if (slope_) {
        leg_.from_slope = slope_->instant();
        leg_.to_slope = stop < segment.end ? slope_->planned() : slope_->segment_end();
      }
      return true;
    }
    if (visit_at(t_) && schedule_.is_spaced() && !recorder_.is_due(y_.data())) {
      schedule_.call_off();
      if (t_ < segment.end) continue;
    }
    inside_ = false;
    segment_ = visit_at(t_) ? add_visit(t_) : segment_ + 1;
  }
  return false;
}

/// Does what happens at the start of a segment. @returns the segment to cross: another one where an intervention
/// makes a touch-up due at once
std::size_t ColumnRun::start(std::size_t i) {
  const double t = protocol_.segments[i].start;
  if (slope_) slope_->enter(i);
  recorder_.before_event(t, y_.data());
  std::size_t index = 0;
  for (const skin::Intervention& intervention : protocol_.segments[i].interventions) {
    if (slope_) slope_->intervene(index++, y_.data());
    system::apply_intervention(intervention, tables_, y_.data());
    leg_.fresh_state = leg_.jumped = true;
  }
  place(protocol_.segments[i].deposits, t);
  const bool waits = schedule_.waits_for_measure();
  if (recorder_.watch(t, y_.data()) && waits) {
    fell_due(t);
    if (t >= schedule_.next() && t < protocol_.horizon) {
      i = add_visit(t);
      if (slope_) slope_->enter(i);
      place(protocol_.segments[i].deposits, t);
    }
  }
  recorder_.at_event(t, y_.data());
  return i;
}

void ColumnRun::place(const std::vector<skin::Deposit>& deposits, double t) {
  std::size_t index = 0;
  for (const skin::Deposit& deposit : deposits) {
    if (deposit.touch_up) recorder_.before_visit(t, y_.data());
    schedule_.session_took_place(t);
    if (slope_) {
      slope_->place(index++);
      if (schedule_.is_fixed()) slope_->plan_by_interval(schedule_.course_end(), schedule_.n_intervals());
    }
    recorder_.deposited(system::add_deposit(deposit, column_->skin, column_->mesh, tables_.layout, y_.data()));
    if (deposit.touch_up) recorder_.after_visit();
  }
  if (deposits.empty() && t != 0.0) return;
  scales_.update(*column_, tables_, y_.data());
  leg_.fresh_state = leg_.jumped = true;
}

bool ColumnRun::observe(StepView& step) {
  leg_.fresh_state = leg_.fresh_forcing = leg_.jumped = false;
  const bool waits = schedule_.waits_for_measure();
  const std::optional<double> fall = recorder_.watch(step, waits);
  if (waits && fall) {
    fell_due(*fall);
    if (schedule_.next() < step.end()) {
      rewind_to_ = step.start();
      step.start_state(before_step_);
      if (slope_) step.slopes()->start_state_slope(slope_before_step_);
      return false;
    }
    if (!schedule_.waits_for_measure()) {
      planned_anew_ = recorder_.in_step(step);
      return false;
    }
  }
  return recorder_.in_step(step);
}

void ColumnRun::fell_due(double t) {
  schedule_.fell_due(t);
  if (!slope_) return;
  if (schedule_.next() == t) {
    slope_->plan_at_fall(t);
  } else {
    slope_->plan_by_spacing();
  }
}

void ColumnRun::leg_done(double t, Status status, bool ended_by_observer) {
  t_ = t;
  if (slope_) slope_->arrive(rewind_to_ || t < leg_.to ? leg_.from_slope : leg_.to_slope);
  status_ = status;
  leg_.fresh_state = leg_.fresh_forcing = leg_.jumped = false;
  if (status != Status::ok) return;
  if (rewind_to_) {
    t_ = *rewind_to_;
    y_ = before_step_;
    if (slope_) slope_->state() = slope_before_step_;
    leg_.fresh_state = true;
    rewind_to_.reset();
  } else if (std::exchange(planned_anew_, false)) {
    return;  // towards the visit
  } else if (ended_by_observer) {
    ended_ = true;
  }
}

/// A scheduled touch-up at time t changes all that follows. @returns the segment that begins with it
std::size_t ColumnRun::add_visit(double t) {
  schedule_.visit(t);
  protocol_ = make_protocol();
  if (slope_) slope_->add_visit();
  const auto segment = std::ranges::find(protocol_.segments, t, &skin::Segment::start);
  return static_cast<std::size_t>(segment - protocol_.segments.begin());
}

Solution ColumnRun::finish(const Statistics& statistics, std::optional<std::size_t> culprit) {
  if (status_ == Status::ok && !ended_ && !recorder_.stopped()) {
    recorder_.before_event(t_, y_.data());
    recorder_.watch(t_, y_.data());  // it may have healed just now
    recorder_.at_event(t_, y_.data());
  }
  if (status_ == Status::ok && !(recorder_.worst_residual() <= broken_residual)) status_ = Status::ledger_broken;
  if (recorder_.stopped()) t_ = recorder_.last_saved();
  if (status_ == Status::ok && recorder_.stopped() && t_ < protocol_.horizon) status_ = Status::cancelled;
  Solution solution = recorder_.finish(t_, protocol_.events);
  if (slope_) solution.slope = slope_->finish();
  solution.statistics = statistics;
  solution.status = status_;
  if (status_ != Status::ok) {
    solution.status_depth = culprit ? depth_of(*column_, *culprit) : -1.0;
    solution.message = failure_message(solution);
  }
  return solution;
}

}  // namespace inkfade::simulation
