#include "inkfade/simulation/run_slope.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/registry.hpp"
#include "inkfade/system/column_system.hpp"
#include "inkfade/system/functionals.kernel.hpp"
#include "inkfade/system/interventions.hpp"

namespace inkfade::simulation {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Distance of the values nearby, as a share of the value: the errors of central differences, its square times third
/// derivatives and round-off over it, are both about 1e-10.
constexpr double near_share = 4e-6;
/// The same where the value is 0, as a share of what is allowed.
constexpr double near_zero = 1e-7;

const parameters::ParameterInfo& differentiable(const parameters::Scenario& scenario, const std::string& name) {
  const parameters::ParameterInfo& info = parameters::parameter(name);
  const auto refuse = [&](const std::string& why) { throw ParameterError(name + " has no derivative: " + why); };
  if (info.kind != parameters::Kind::real) refuse("it is no real number");
  if (name.starts_with("numerics.")) refuse("it belongs to the numerics, not to the model");
  if (name == "run.horizon") refuse("saved times lie within the horizon and do not move with it");
  if (!scenario.has(name)) {
    refuse(parameters::is_dose(name) ? "the scenario gives its dose by another parameter" : "the scenario has none");
  }
  return info;
}

std::vector<double> moved(const double* y, double by, const std::vector<double>& slope) {
  std::vector<double> there(slope.size());
  for (std::size_t q = 0; q < there.size(); ++q) there[q] = y[q] + by * slope[q];
  return there;
}

}  // namespace

template <class Value>
void RunSlope::add_slopes_of(Value&& value, std::vector<double>& out) const {
  std::vector<double> first(out.size());
  value(nearby_.front(), first);
  std::vector<double> other(out.size());
  for (std::size_t j = 1; j < nearby_.size(); ++j) {
    value(nearby_[j], other);
    for (std::size_t q = 0; q < out.size(); ++q) out[q] += nearby_[j].weight * (other[q] - first[q]);
  }
}

RunSlope::RunSlope(const ColumnCase& column, const std::string& parameter)
    : column_(column), parameter_(parameter), state_(system::initial_state(column.coefficients.tables()).size()) {
  if (column.rung != Rung::column) throw ParameterError("rung: sensitivities are those of the column");
  find_nearby();
  check_nearby();
  add_slopes_of([](const Nearby& near, std::vector<double>& y) { y = system::initial_state(near.tables); }, state_);
  recorded_.touch_up.time = nan;
}

void RunSlope::follow(const skin::Protocol& protocol) {
  protocol_ = &protocol;
  check_protocols();
}

/// Values on both sides where that is allowed, else on one.
void RunSlope::find_nearby() {
  const parameters::ParameterInfo& info = differentiable(column_.scenario, parameter_);
  const double value = column_.scenario.real(parameter_);
  const double step = value != 0.0 ? near_share * std::abs(value) : near_zero * (info.upper_si - info.lower_si);
  const auto try_side = [&](double side) {
    const double farthest = value + 2.0 * side * step;
    if (farthest < info.lower_si || farthest > info.upper_si) return false;
    side_ = side;
    try {
      set_nearby(step, {{0.0, -1.5}, {1.0, 2.0}, {2.0, -0.5}});
    } catch (const ParameterError&) {  // other parameters bound it, too
      return false;
    }
    return true;
  };
  if (value - step >= info.lower_si && value + step <= info.upper_si) {
    try {
      set_nearby(step, {{1.0, 0.5}, {-1.0, -0.5}});
      return;
    } catch (const ParameterError&) {
    }
  }
  if (!try_side(1.0) && !try_side(-1.0)) {
    throw ParameterError(parameter_ + " has no derivative: no value beside " + parameters::format_value(info, value) +
                         " is allowed");
  }
}

void RunSlope::set_nearby(double step, std::initializer_list<std::pair<double, double>> nodes) {
  nearby_.clear();
  const std::array names{parameter_};
  const double value = column_.scenario.real(parameter_);
  for (const auto& [steps, weight] : nodes) {
    const std::array values{value + side_ * steps * step};
    Nearby near;
    near.offset = side_ * (values[0] - value);
    near.weight = weight / step;
    near.column = std::make_unique<ColumnCase>(column_.scenario.with_values(names, values), column_.rung);
    const ColumnCase& column = *near.column;
    near.protocol = skin::make_protocol(column.scenario, column.skin, column.ink, {}, skin::LightFor::slopes);
    near.tables = column.coefficients.tables();
    nearby_.push_back(std::move(near));
  }
}

/// Where the model itself is about to change there is no derivative.
void RunSlope::check_nearby() const {
  const auto refuse = [&](const std::string& why) {
    throw ParameterError(parameter_ + " has no derivative here: " + why + "; take another value");
  };
  const INKFADE_ISA::ColumnTables<double> tables = column_.coefficients.tables();
  for (const Nearby& near : nearby_) {
    if (near.column->mesh.layer != column_.mesh.layer) refuse("a cell is about to change its layer");
    for (int i = 0; i < tables.layout.n_cells; ++i) {
      if ((near.tables.macrophages[i] > 0.0) != (tables.macrophages[i] > 0.0)) {
        refuse("a layer has macrophages only beside this value");
      }
      if (near.tables.binds[i] != tables.binds[i]) refuse("a layer binds pigment only beside this value");
    }
  }
}

void RunSlope::check_protocols() const {
  for (const Nearby& near : nearby_) {
    bool same = near.protocol.segments.size() == protocol_->segments.size();
    for (std::size_t i = 0; same && i < protocol_->segments.size(); ++i) {
      same = near.protocol.segments[i].deposits.size() == protocol_->segments[i].deposits.size() &&
             near.protocol.segments[i].interventions.size() == protocol_->segments[i].interventions.size();
    }
    if (!same) {
      throw ParameterError(parameter_ +
                           " has no derivative here: it moves one of two events that coincide, and which comes first "
                           "would change; take another value");
    }
  }
}

std::vector<double> RunSlope::state_at(const Nearby& near, const double* y) const {
  return moved(y, near.offset, state_);
}

double RunSlope::mass(const double* y) const {
  return slope_of([&](const Nearby& near) { return INKFADE_ISA::pigment_mass(near.tables, state_at(near, y).data()); });
}

double RunSlope::healed_time() const {
  return slope_of([](const Nearby& near) { return near.protocol.healed_time; });
}

/// How fast the state changes after the instant that the run has come to.
std::vector<double> RunSlope::rates(const double* y) const {
  const INKFADE_ISA::ColumnTables<double> tables = column_.coefficients.tables();
  system::ColumnSystem<0> system(tables);
  const skin::Segment& segment = protocol_->segments[std::min(segment_, protocol_->segments.size() - 1)];
  system.set_forcing(segment.forcing);
  std::vector<double> rates(system.size());
  system.rates(segment.start, y, rates.data());
  return rates;
}

void RunSlope::look() {
  for (Nearby& near : nearby_) near.patch = std::make_unique<PatchContrast>(*near.column);
}

double RunSlope::contrast(const double* y, const std::vector<double>& slope) const {
  appearance::AppearanceModel::Layout layout;
  return slope_of([&](const Nearby& near) { return near.patch->of(moved(y, near.offset, slope).data(), layout); });
}

void RunSlope::enter(std::size_t segment) {
  segment_ = segment;
  instant_ = slope_of([&](const Nearby& near) { return near.protocol.segments[segment].start; });
}

void RunSlope::intervene(std::size_t index, const double* y) {
  std::vector<double> after(state_.size(), 0.0);
  add_slopes_of(
      [&](const Nearby& near, std::vector<double>& there) {
        there = state_at(near, y);
        system::apply_intervention(near.protocol.segments[segment_].interventions[index], near.tables, there.data());
      },
      after);
  state_ = std::move(after);
}

void RunSlope::place(std::size_t index) {
  const auto placed_by = [&](const Nearby& near, std::vector<double>& placed) {
    std::ranges::fill(placed, 0.0);
    return system::add_deposit(near.protocol.segments[segment_].deposits[index], near.column->skin, near.column->mesh,
                               near.tables.layout, placed.data());
  };
  std::vector<double> placed(state_.size());
  deposited_ += slope_of([&](const Nearby& near) { return placed_by(near, placed); });
  add_slopes_of(placed_by, state_);
  for (Nearby& near : nearby_) near.last_session = near.protocol.segments[segment_].start;
}

void RunSlope::plan_at_fall(double time) {
  for (Nearby& near : nearby_) near.planned = time + near.offset * last_fall_;
}

// Added up as the schedule does: rounded otherwise, what coincides in the run would not nearby.
void RunSlope::plan_by_spacing() {
  for (Nearby& near : nearby_) {
    near.planned = near.last_session + near.column->scenario.real("touch_up.minimum_spacing");
  }
}

void RunSlope::plan_by_interval(double time, long n_intervals) {
  for (Nearby& near : nearby_) {
    near.planned = time + static_cast<double>(n_intervals) * near.column->scenario.real("touch_up.interval");
  }
}

double RunSlope::planned() const {
  return slope_of([](const Nearby& near) { return near.planned; });
}

void RunSlope::add_visit() {
  for (Nearby& near : nearby_) {
    near.visits.push_back(near.planned);
    const ColumnCase& column = *near.column;
    near.protocol = skin::make_protocol(column.scenario, column.skin, column.ink, near.visits, skin::LightFor::slopes);
  }
  check_protocols();
}

double RunSlope::segment_end() const {
  return slope_of([&](const Nearby& near) { return near.protocol.segments[segment_].end; });
}

std::vector<lanes::WeightedColumn> RunSlope::columns() const {
  std::vector<lanes::WeightedColumn> columns;
  columns.reserve(nearby_.size());
  for (const Nearby& near : nearby_) columns.push_back({&near.tables, &near.column->mesh, near.weight});
  return columns;
}

INKFADE_ISA::Forcing<double> RunSlope::forcing() const {
  using Forcing = INKFADE_ISA::Forcing<double>;
  std::vector<double> slopes(sizeof(Forcing) / sizeof(double));
  add_slopes_of(
      [&](const Nearby& near, std::vector<double>& values) {
        const auto* from = reinterpret_cast<const double*>(&near.protocol.segments[segment_].forcing);
        values.assign(from, from + values.size());
      },
      slopes);
  Forcing slope;
  std::ranges::copy(slopes, reinterpret_cast<double*>(&slope));
  return slope;
}

void RunSlope::healed(const double* y) {
  const double later = healed_time() - instant_;
  std::vector<double> slope = state_;
  healed_mass_ = mass(y);
  if (later != 0.0) {
    // An event at the time of healing, of which the parameter moves one: pigment that is placed or taken then counts on
    // one side only; else the rates after the event serve for both sides.
    const skin::Segment& segment = protocol_->segments[segment_];
    const bool jumps = !segment.deposits.empty() || !segment.interventions.empty();
    const std::vector<double> rate = rates(y);
    healed_mass_ =
        jumps ? nan : healed_mass_ + later * INKFADE_ISA::pigment_mass(column_.coefficients.tables(), rate.data());
    for (std::size_t q = 0; q < slope.size(); ++q) slope[q] = jumps ? nan : slope[q] + later * rate[q];
  }
  if (nearby_.front().patch) healed_contrast_ = std::isnan(healed_mass_) ? nan : contrast(y, slope);
}

void RunSlope::healed(StepView& step, double time) {
  const StepSlopes& slopes = *step.slopes();
  healed_mass_ = slopes.mass_slope_at(time) + slopes.mass_rate_at(time) * healed_time();
  if (!nearby_.front().patch) return;
  std::vector<double> slope;
  std::vector<double> rate;
  slopes.state_slope_at(time, slope);
  slopes.state_rate_at(time, rate);
  for (std::size_t q = 0; q < slope.size(); ++q) slope[q] += rate[q] * healed_time();
  healed_contrast_ = contrast(step.state_at(time), slope);
}

double RunSlope::limit_of_contrast(const Solution& so_far) const {
  if (column_.threshold * so_far.healed_contrast < column_.contrast_floor) {
    return slope_of([](const Nearby& near) { return near.column->contrast_floor; });
  }
  const double threshold = slope_of([](const Nearby& near) { return near.column->threshold; });
  return threshold * so_far.healed_contrast + column_.threshold * healed_contrast_;
}

void RunSlope::fall(StepView& step, double time, const Solution& so_far, double deposited) {
  const StepSlopes& slopes = *step.slopes();
  if (time == so_far.healed_time || time == step.start()) {  // below already when it began to count
    last_fall_ = time == so_far.healed_time ? healed_time() : slopes.start_slope();
    return;
  }
  if (column_.measures_contrast()) {
    std::vector<double> slope;
    std::vector<double> rate;
    slopes.state_slope_at(time, slope);
    slopes.state_rate_at(time, rate);
    const double* y = step.state_at(time);
    const double ahead = near_share * (step.end() - step.start());
    PatchContrast& patch = *nearby_.front().patch;
    appearance::AppearanceModel::Layout layout;
    const double later = patch.of(moved(y, ahead, rate).data(), layout);
    const double falls = later - patch.of(moved(y, -ahead, rate).data(), layout);
    last_fall_ = (limit_of_contrast(so_far) - contrast(y, slope)) / (falls / (2.0 * ahead));
    return;
  }
  const double threshold = slope_of([](const Nearby& near) { return near.column->threshold; });
  const double limit = column_.measure == "retained_of_healed"
                           ? threshold * so_far.healed_mass + column_.threshold * healed_mass_
                           : threshold * deposited + column_.threshold * deposited_;
  last_fall_ = (limit - slopes.mass_slope_at(time)) / slopes.mass_rate_at(time);
}

void RunSlope::save(StepView& step, double time, const Seen& seen, const Solution& so_far) {
  double contrast_slope = 0.0;
  if (!so_far.patch_contrast.empty()) {
    std::vector<double> slope;
    step.slopes()->state_slope_at(time, slope);
    contrast_slope = contrast(step.state_at(time), slope);
  }
  save(seen, step.slopes()->seen_slope(), contrast_slope, so_far);
}

void RunSlope::save(const Seen& seen, const Seen& slope, double contrast, const Solution& so_far) {
  Solution& r = recorded_;
  r.mass.insert(r.mass.end(), std::begin(slope.pool_mass), std::end(slope.pool_mass));
  double drained = 0.0;
  for (const double part : slope.drained) drained += part;
  for (const double fate : {slope.shed, drained, slope.degraded, slope.removed}) r.ledger.push_back(fate);
  const double kept = slope.mass();
  const double deposited = so_far.deposited.back();
  const double coverage = slope_of([](const Nearby& near) { return near.column->coverage; });
  r.deposited.push_back(deposited_);
  r.retained_of_deposit.push_back((kept - so_far.retained_of_deposit.back() * deposited_) / deposited);
  // Just before healing there is no such share: at an instant that moves there is no derivative.
  const bool begins = so_far.time.back() == so_far.healed_time && healed_time() != 0.0;
  r.retained_of_healed.push_back(
      begins ? nan : (kept - so_far.retained_of_healed.back() * healed_mass_) / so_far.healed_mass);
  r.patch_dose.push_back(kept * column_.coverage + seen.mass() * coverage);
  r.centroid.push_back(slope.centroid);
  r.spread.push_back(slope.spread);
  r.peak_load.push_back(slope.peak_load);
  if (so_far.patch_contrast.empty()) return;
  r.patch_contrast.push_back(contrast);
  r.patch_contrast_of_healed.push_back(
      begins ? nan : (contrast - so_far.patch_contrast_of_healed.back() * healed_contrast_) / so_far.healed_contrast);
}

void RunSlope::save(const Seen& seen, const double* y, const Solution& so_far) {
  const std::size_t n_classes = seen.drained.size();
  std::vector<double> slopes(n_pools + 6 + n_classes);
  add_slopes_of(
      [&](const Nearby& near, std::vector<double>& values) {
        const std::vector<double> there = state_at(near, y);
        const auto& at = near.tables.layout;
        const auto observed = observables::observe(at, near.column->mesh, near.column->skin.layers.size(),
                                                   near.tables.local.inverse_capacity, there);
        const Seen now = to_seen(observed, at, there.data());
        values.assign(std::begin(now.pool_mass), std::end(now.pool_mass));
        values.insert(values.end(), {now.shed, now.degraded, now.removed, now.centroid, now.spread, now.peak_load});
        values.insert(values.end(), now.drained.begin(), now.drained.end());
      },
      slopes);
  // Before an instant that the parameter moves, the state is another than after it: there is no derivative at it.
  if (instant_ != 0.0) std::ranges::fill(slopes, nan);
  Seen slope;
  std::copy_n(slopes.begin(), n_pools, slope.pool_mass);
  const double* rest = slopes.data() + n_pools;
  slope.shed = rest[0];
  slope.degraded = rest[1];
  slope.removed = rest[2];
  slope.centroid = rest[3];
  slope.spread = rest[4];
  slope.peak_load = rest[5];
  slope.drained = {rest + 6, n_classes};
  const bool looked = !so_far.patch_contrast.empty();
  save(seen, slope, !looked ? 0.0 : instant_ != 0.0 ? nan : contrast(y, state_), so_far);
}

std::shared_ptr<const Solution> RunSlope::finish() {
  for (std::vector<double>* slopes :
       {&recorded_.mass, &recorded_.ledger, &recorded_.deposited, &recorded_.retained_of_deposit,
        &recorded_.retained_of_healed, &recorded_.patch_dose, &recorded_.centroid, &recorded_.spread,
        &recorded_.peak_load, &recorded_.patch_contrast, &recorded_.patch_contrast_of_healed}) {
    for (double& slope : *slopes) slope *= side_;
  }
  recorded_.touch_up.time *= side_;
  return std::make_shared<const Solution>(std::move(recorded_));
}

}  // namespace inkfade::simulation
