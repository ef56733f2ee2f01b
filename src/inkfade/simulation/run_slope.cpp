#include "inkfade/simulation/run_slope.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/registry.hpp"
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

}  // namespace

RunSlope::RunSlope(const ColumnCase& column, const std::string& parameter)
    : column_(column), parameter_(parameter), state_(system::initial_state(column.coefficients.tables()).size()) {
  find_nearby();
  for (const Nearby& near : nearby_) {
    if (near.column->mesh.layer != column.mesh.layer) {
      throw ParameterError(parameter +
                           " has no derivative here: a cell is about to change its layer; take another value");
    }
    const std::vector<double> y = system::initial_state(near.tables);
    for (std::size_t q = 0; q < y.size(); ++q) state_[q] += near.weight * y[q];
  }
  check_protocols(column.protocol);
  recorded_.touch_up.time = nan;
}

/// Values on both sides where that is allowed, else on one.
void RunSlope::find_nearby() {
  const parameters::ParameterInfo& info = differentiable(column_.scenario, parameter_);
  const double value = column_.scenario.real(parameter_);
  const double step = value != 0.0 ? near_share * std::abs(value) : near_zero * (info.upper_si - info.lower_si);
  const bool below = value - step >= info.lower_si;
  const bool above = value + step <= info.upper_si;
  const auto one_sided = [&](double side) { set_nearby(side * step, {{0.0, -1.5}, {1.0, 2.0}, {2.0, -0.5}}); };
  if (!below || !above) return one_sided(above ? 1.0 : -1.0);
  try {
    set_nearby(step, {{1.0, 0.5}, {-1.0, -0.5}});
  } catch (const ParameterError&) {  // other parameters bound it, too
    try {
      one_sided(1.0);
    } catch (const ParameterError&) {
      one_sided(-1.0);
    }
  }
}

void RunSlope::set_nearby(double step, std::initializer_list<std::pair<double, double>> nodes) {
  nearby_.clear();
  const std::array names{parameter_};
  const double value = column_.scenario.real(parameter_);
  for (const auto& [steps, weight] : nodes) {
    const std::array values{value + steps * step};
    Nearby near;
    near.offset = values[0] - value;
    near.weight = weight / step;
    near.column = std::make_unique<ColumnCase>(column_.scenario.with_values(names, values), column_.rung);
    near.protocol = near.column->protocol;
    near.tables = near.column->coefficients.tables();
    nearby_.push_back(std::move(near));
  }
}

void RunSlope::check_protocols(const skin::Protocol& like) const {
  for (const Nearby& near : nearby_) {
    bool same = near.protocol.segments.size() == like.segments.size();
    for (std::size_t i = 0; same && i < like.segments.size(); ++i) {
      same = near.protocol.segments[i].deposits.size() == like.segments[i].deposits.size() &&
             near.protocol.segments[i].interventions.size() == like.segments[i].interventions.size();
    }
    if (!same) {
      throw ParameterError(parameter_ +
                           " has no derivative here: it moves one of two events that coincide, and which comes first "
                           "would change; take another value");
    }
  }
}

std::vector<double> RunSlope::state_at(const Nearby& near, const double* y) const {
  std::vector<double> moved(state_.size());
  for (std::size_t q = 0; q < moved.size(); ++q) moved[q] = y[q] + near.offset * state_[q];
  return moved;
}

double RunSlope::mass(const double* y) const {
  return slope_of([&](const Nearby& near) { return INKFADE_ISA::pigment_mass(near.tables, state_at(near, y).data()); });
}

void RunSlope::enter(std::size_t segment) {
  segment_ = segment;
  instant_ = slope_of([&](const Nearby& near) { return near.protocol.segments[segment].start; });
}

void RunSlope::intervene(std::size_t index, const double* y) {
  std::vector<double> after(state_.size(), 0.0);
  for (const Nearby& near : nearby_) {
    std::vector<double> moved = state_at(near, y);
    system::apply_intervention(near.protocol.segments[segment_].interventions[index], near.tables, moved.data());
    for (std::size_t q = 0; q < after.size(); ++q) after[q] += near.weight * moved[q];
  }
  state_ = std::move(after);
}

void RunSlope::place(std::size_t index) {
  std::vector<double> placed(state_.size());
  for (const Nearby& near : nearby_) {
    std::ranges::fill(placed, 0.0);
    const ColumnCase& column = *near.column;
    deposited_ += near.weight * system::add_deposit(near.protocol.segments[segment_].deposits[index], column.skin,
                                                    column.mesh, near.tables.layout, placed.data());
    for (std::size_t q = 0; q < placed.size(); ++q) state_[q] += near.weight * placed[q];
  }
  last_session_ = instant_;
}

void RunSlope::plan_visit(bool at_once) {
  const double spacing =
      slope_of([](const Nearby& near) { return near.column->scenario.real("touch_up.minimum_spacing"); });
  planned_ = at_once ? last_fall_ : last_session_ + spacing;
}

void RunSlope::plan_visit(long n_intervals) {
  const double interval = slope_of([](const Nearby& near) { return near.column->scenario.real("touch_up.interval"); });
  planned_ = static_cast<double>(n_intervals) * interval;  // dates of the first course are no parameters
}

void RunSlope::add_visit(const std::vector<double>& visits, const skin::Protocol& like) {
  visits_.push_back(planned_);
  for (Nearby& near : nearby_) {
    std::vector<double> moved = visits;
    for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += near.offset * visits_[i];
    const ColumnCase& column = *near.column;
    near.protocol = skin::make_protocol(column.scenario, column.skin, column.ink, moved);
  }
  check_protocols(like);
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
  constexpr std::size_t n = sizeof(Forcing) / sizeof(double);
  Forcing slope;
  auto* out = reinterpret_cast<double*>(&slope);
  std::fill_n(out, n, 0.0);
  for (const Nearby& near : nearby_) {
    const auto* values = reinterpret_cast<const double*>(&near.protocol.segments[segment_].forcing);
    for (std::size_t q = 0; q < n; ++q) out[q] += near.weight * values[q];
  }
  return slope;
}

void RunSlope::healed(const StepView& step, double time) {
  const double moves = slope_of([](const Nearby& near) { return near.protocol.healed_time; });
  healed_mass_ = step.slopes()->mass_slope_at(time) + step.slopes()->mass_rate_at(time) * moves;
}

void RunSlope::fall(const StepView& step, double time, bool of_healed, const Solution& so_far, double deposited) {
  const StepSlopes& slopes = *step.slopes();
  if (time == step.start()) {  // it was below already when it began to count
    last_fall_ = slopes.start_slope();
    return;
  }
  const double threshold = slope_of([](const Nearby& near) { return near.column->threshold; });
  const double limit = of_healed ? threshold * so_far.healed_mass + column_.threshold * healed_mass_
                                 : threshold * deposited + column_.threshold * deposited_;
  last_fall_ = (limit - slopes.mass_slope_at(time)) / slopes.mass_rate_at(time);
}

void RunSlope::save(const Seen& seen, const Seen& slope, const Solution& so_far) {
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
  r.retained_of_healed.push_back((kept - so_far.retained_of_healed.back() * healed_mass_) / so_far.healed_mass);
  r.patch_dose.push_back(kept * column_.coverage + seen.mass() * coverage);
  r.centroid.push_back(slope.centroid);
  r.spread.push_back(slope.spread);
  r.peak_load.push_back(slope.peak_load);
}

void RunSlope::save(const Seen& seen, const double* y, const Solution& so_far) {
  Seen slope;
  std::vector<double> drained(seen.drained.size(), 0.0);
  // Before an instant that the parameter moves, the state is another than after it: there is no derivative at it.
  const double unless_moved = instant_ == 0.0 ? 1.0 : nan;
  for (const Nearby& near : nearby_) {
    const std::vector<double> moved = state_at(near, y);
    const auto& at = near.tables.layout;
    const auto there = observables::observe(at, near.column->mesh, near.column->skin.layers.size(),
                                            near.tables.local.inverse_capacity, moved);
    const Seen now = to_seen(there, at, moved.data());
    const double weight = unless_moved * near.weight;
    for (std::size_t pool = 0; pool < n_pools; ++pool) slope.pool_mass[pool] += weight * now.pool_mass[pool];
    for (std::size_t k = 0; k < drained.size(); ++k) drained[k] += weight * now.drained[k];
    slope.shed += weight * now.shed;
    slope.degraded += weight * now.degraded;
    slope.removed += weight * now.removed;
    slope.centroid += weight * now.centroid;
    slope.spread += weight * now.spread;
    slope.peak_load += weight * now.peak_load;
  }
  slope.drained = drained;
  save(seen, slope, so_far);
}

}  // namespace inkfade::simulation
