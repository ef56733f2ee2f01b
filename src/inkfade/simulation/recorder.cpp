#include "inkfade/simulation/recorder.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <utility>

#include "inkfade/simulation/run_slope.hpp"
#include "inkfade/system/functionals.kernel.hpp"

namespace inkfade::simulation {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Root of a cubic dense output in [from, to] by bisection: the bracket halves to a millionth of the step.
template <class Below>
double first_time_below(double from, double to, Below&& below) {
  for (int i = 0; i < 60 && to - from > 1e-9 * to; ++i) {
    const double middle = 0.5 * (from + to);
    (below(middle) ? to : from) = middle;
  }
  return to;
}

}  // namespace

Recorder::Recorder(const ColumnCase& column, std::vector<double> times, bool fields, const Series& series,
                   bool until_touch_up, OnSaved on_saved, RunSlope* slope)
    : column_(column),
      tables_(column.coefficients.tables()),
      times_(std::move(times)),
      fields_(fields),
      series_(series),
      until_touch_up_(until_touch_up),
      on_saved_(std::move(on_saved)),
      slope_(slope) {
  series_.contrast = series.contrast && column.rung == Rung::column;
  if (series_.contrast || (column.measures_contrast() && column.tells_measure())) {
    patch_.emplace(column);
    if (slope_ != nullptr) slope_->look();
  }
  if (series_.contrast) {
    solution_.bare_lab = patch_->bare();
  }
  solution_.rung = column.rung;
  if (series_.axes) set_axes();
  solution_.healed_time = column.protocol.healed_time;
  solution_.measure = column.measure;
  solution_.threshold = column.threshold;
  solution_.contrast_floor = column.contrast_floor;
  reserve();
}

void Recorder::set_axes() {
  if (column_.rung == Rung::column) {  // what two cells seem to say about depth means nothing
    solution_.z = column_.mesh.centre;
    solution_.z_bounds = column_.mesh.face;
  }
  solution_.diameter = column_.ink.diameter;
  solution_.layer_bounds.push_back(0.0);
  for (const skin::Layer& layer : column_.skin.layers) {
    solution_.layers.push_back(layer.name);
    solution_.layer_bounds.push_back(layer.bottom());
  }
}

void Recorder::reserve() {
  Solution& s = solution_;
  const std::size_t n = times_.size();
  const auto reserve_if = [n](bool kept, std::initializer_list<std::vector<double>*> arrays, std::size_t items = 1) {
    if (!kept) return;
    for (std::vector<double>* values : arrays) values->reserve(items * n);
  };
  reserve_if(true, {&s.time});
  reserve_if(series_.masses, {&s.mass}, n_pools);
  reserve_if(series_.ledger, {&s.ledger}, n_fates);
  reserve_if(series_.ledger, {&s.ledger_residual});
  reserve_if(series_.deposits, {&s.deposited, &s.dispensed});
  reserve_if(series_.retained, {&s.retained_of_deposit, &s.retained_of_healed, &s.patch_dose});
  reserve_if(series_.parts, {&s.centroid, &s.spread, &s.peak_load});
  reserve_if(series_.parts, {&s.layer_mass}, column_.skin.layers.size());
  reserve_if(series_.parts, {&s.class_mass, &s.drained_by_class}, column_.ink.diameter.size());
  reserve_if(series_.contrast, {&s.patch_contrast, &s.patch_contrast_of_healed});
  reserve_if(series_.contrast, {&s.patch_lab}, 3);
}

/// Of nothing there is no share.
double Recorder::share_of_healed(double contrast) const {
  return solution_.healed_contrast > 0.0 ? contrast / solution_.healed_contrast : nan;
}

double Recorder::mass(const double* y) const { return INKFADE_ISA::pigment_mass(tables_, y); }

double Recorder::denominator() const { return measures_deposit() ? deposited_ : solution_.healed_mass; }

void Recorder::before_event(double t, const double* y) {
  if (healed_ || t != solution_.healed_time) return;
  heal(mass(y), y);
  if (slope_ != nullptr) slope_->healed(y);
}

void Recorder::heal(double mass, const double* y) {
  healed_ = true;
  solution_.healed_mass = mass;
  if (!patch_) return;
  const appearance::Appearance seen = patch_->heal(y);
  solution_.healed_contrast = seen.contrast;
  solution_.healed_lab = seen.lab;
}

void Recorder::at_event(double t, const double* y) {
  while (!stopped_ && next_ < times_.size() && times_[next_] <= t) {
    save_state(times_[next_], y);
    ++next_;
  }
}

void Recorder::before_visit(double t, const double* y) {
  solution_.visit_time.push_back(t);
  if (!column_.measures_contrast()) {
    solution_.visit_measure.push_back(mass(y) / denominator());
  } else {
    solution_.visit_measure.push_back(patch_ ? share_of_healed(patch_->of(y)) : nan);
  }
}

std::span<const double> Recorder::pending(double end) const {
  std::size_t last = next_;
  while (last < times_.size() && times_[last] < end) ++last;
  return {times_.data() + next_, last - next_};
}

bool Recorder::looks_inside(double end, double mass_at_end, bool every_fall) const {
  if (next_ < times_.size() && times_[next_] < end) return true;
  if (!healed_) return solution_.healed_time < end;
  if (column_.measures_contrast()) return false;  // it looks at states, not at sums
  return (every_fall || !solution_.touch_up.observed) && mass_at_end < column_.threshold * denominator();
}

std::optional<double> Recorder::watch(StepView& step, bool every_fall) {
  if (!healed_ && solution_.healed_time < step.end()) {
    heal(step.mass_at(solution_.healed_time), patch_ ? step.state_at(solution_.healed_time) : nullptr);
    if (slope_ != nullptr) slope_->healed(step, solution_.healed_time);
  }
  if (!healed_ || !column_.tells_measure() || (solution_.touch_up.observed && !every_fall)) return std::nullopt;
  const std::optional<double> fall = fall_of_measure(step);
  if (fall && slope_ != nullptr) slope_->fall(step, *fall, solution_, deposited_);
  if (fall) set_touch_up(*fall);
  return fall;
}

bool Recorder::watch(double t, const double* y) {
  if (!healed_ || !column_.tells_measure() || !measure_is_below(y)) return false;
  if (slope_ != nullptr) slope_->fall(t == solution_.healed_time);
  set_touch_up(t);
  return true;
}

void Recorder::set_touch_up(double t) {
  if (solution_.touch_up.observed) return;
  solution_.touch_up.observed = true;
  solution_.touch_up.time = t;
  if (slope_ != nullptr) slope_->touch_up();
}

bool Recorder::in_step(StepView& step) {
  while (!stopped_ && next_ < times_.size() && times_[next_] < step.end()) {
    const double t = times_[next_];
    const Seen seen = step.seen_at(t);
    save(t, seen, fields_ || series_.contrast ? step.state_at(t) : nullptr);
    if (slope_ != nullptr) slope_->save(step, t, seen, solution_);
    ++next_;
  }
  return !stopped_ && !(until_touch_up_ && solution_.touch_up.observed);
}

bool Recorder::measure_is_below(const double* y) {
  if (column_.measures_contrast()) return patch_->is_below(y);
  return mass(y) < column_.threshold * denominator();
}

std::optional<double> Recorder::fall_of_measure(StepView& step) {
  if (column_.measures_contrast()) return patch_->fall(step, std::max(step.start(), solution_.healed_time));
  const double limit = column_.threshold * denominator();
  if (step.mass_at_end() >= limit) return std::nullopt;
  const auto below = [&](double time) { return step.mass_at(time) < limit; };
  const double from = std::max(step.start(), solution_.healed_time);
  return below(from) ? from : first_time_below(from, step.end(), below);
}

void Recorder::save_state(double t, const double* y) {
  const auto& at = tables_.layout;
  const std::span<const double> state{y, static_cast<std::size_t>(at.size())};
  const auto seen = series_.parts ? observables::observe(at, column_.mesh, column_.skin.layers.size(),
                                                         tables_.local.inverse_capacity, state)
                                  : observables::observe_masses(at, column_.mesh, state);
  save(t, to_seen(seen, at, y), y);
  if (slope_ != nullptr) slope_->save(to_seen(seen, at, y), y, solution_);
}

void Recorder::save(double t, const Seen& seen, const double* y) {
  Solution& s = solution_;
  s.time.push_back(t);
  double drained = 0.0;
  for (const double part : seen.drained) drained += part;
  const double kept = seen.mass();
  const double gone = seen.shed + drained + seen.degraded + seen.removed;
  const double residual = deposited_ > 0.0 ? std::abs(deposited_ - kept - gone) / deposited_ : std::abs(kept + gone);
  if (!(residual <= worst_residual_)) worst_residual_ = residual;  // also where it is not a number
  if (series_.masses) s.mass.insert(s.mass.end(), std::begin(seen.pool_mass), std::end(seen.pool_mass));
  if (series_.ledger) {
    s.ledger.insert(s.ledger.end(), {seen.shed, drained, seen.degraded, seen.removed});
    s.ledger_residual.push_back(residual);
  }
  if (series_.deposits) {
    s.deposited.push_back(deposited_);
    s.dispensed.push_back(deposited_ / column_.kept_share);
  }
  if (series_.retained) {
    s.retained_of_deposit.push_back(deposited_ > 0.0 ? kept / deposited_ : nan);
    s.retained_of_healed.push_back(healed_ && t >= s.healed_time ? kept / s.healed_mass : nan);
    s.patch_dose.push_back(kept * column_.coverage);
  }
  if (series_.parts) save_parts(seen);
  if (series_.contrast) {
    const appearance::Appearance now = patch_->look(y);
    s.patch_contrast.push_back(now.contrast);
    s.patch_contrast_of_healed.push_back(healed_ && t >= s.healed_time ? share_of_healed(now.contrast) : nan);
    s.patch_lab.insert(s.patch_lab.end(), {now.lab.l, now.lab.a, now.lab.b});
  }
  if (fields_) save_fields(y);
  if (on_saved_) stopped_ = !on_saved_(s);
}

void Recorder::save_parts(const Seen& seen) {
  Solution& s = solution_;
  s.layer_mass.insert(s.layer_mass.end(), seen.layer_mass.begin(), seen.layer_mass.end());
  s.class_mass.insert(s.class_mass.end(), seen.class_mass.begin(), seen.class_mass.end());
  s.drained_by_class.insert(s.drained_by_class.end(), seen.drained.begin(), seen.drained.end());
  if (s.rung == Rung::column) {
    s.centroid.push_back(seen.centroid);
    s.spread.push_back(seen.spread);
  }
  s.peak_load.push_back(seen.peak_load);
}

void Recorder::save_fields(const double* y) {
  const auto& at = tables_.layout;
  Solution& s = solution_;
  for (int pool = 0; pool < 3; ++pool) {
    for (int k = 0; k < at.n_classes; ++k) {
      for (int i = 0; i < at.n_cells; ++i) s.pigment.push_back(y[at.free(i) + pool * at.n_classes + k]);
    }
  }
  for (int i = 0; i < at.n_cells; ++i) s.macrophages.push_back(y[at.macrophages(i)]);
  const auto load =
      observables::macrophage_load(at, tables_.local.inverse_capacity, {y, static_cast<std::size_t>(at.size())});
  s.macrophage_load.insert(s.macrophage_load.end(), load.begin(), load.end());
}

void Recorder::forget_after(double t) {
  if (solution_.touch_up.time > t) solution_.touch_up.observed = false;
  if (solution_.healed_time > t) {
    solution_.healed_mass = 0.0;
    solution_.healed_contrast = nan;
    solution_.healed_lab = {nan, nan, nan};
  }
}

Solution Recorder::finish(double t_end, const std::vector<skin::Event>& events) {
  forget_after(t_end);
  if (!solution_.touch_up.observed) solution_.touch_up.time = column_.tells_measure() ? t_end : nan;
  for (const skin::Event& event : events) {
    if (event.time > t_end) break;
    solution_.event_time.push_back(event.time);
    solution_.event_kind.push_back(event.kind);
  }
  solution_.status_time = t_end;
  return std::move(solution_);
}

}  // namespace inkfade::simulation
