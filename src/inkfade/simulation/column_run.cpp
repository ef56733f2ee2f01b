#include "inkfade/simulation/column_run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>
#include <utility>

#include "inkfade/base/constants.hpp"
#include "inkfade/integration/integrate.hpp"
#include "inkfade/integration/odeint_rosenbrock4.hpp"
#include "inkfade/simulation/recorder.hpp"
#include "inkfade/simulation/visit_schedule.hpp"
#include "inkfade/system/column_jacobian.hpp"
#include "inkfade/system/column_system.hpp"
#include "inkfade/system/interventions.hpp"

namespace inkfade::simulation {

namespace {

/// Pigment must balance to 1e-12 of the deposit (tests hold it there); a hundredfold more is a broken ledger.
constexpr double broken_residual = 1e-10;
/// Undershoots down to this many absolute tolerances are noise of an accepted step; deeper ones reject the step.
constexpr double floor_in_atol = 10.0;

/// Absolute tolerances and floors from the highest concentration that has been deposited in any cell.
struct StateScales {
  std::vector<double> atol;
  std::vector<double> floor;

  explicit StateScales(const INKFADE_ISA::ColumnTables<double>& tables)
      : atol(static_cast<std::size_t>(tables.layout.size()), std::numeric_limits<double>::infinity()),
        floor(atol.size(), -std::numeric_limits<double>::infinity()) {}

  void update(const ColumnCase& column, const INKFADE_ISA::ColumnTables<double>& tables, const double* y) {
    const auto& at = tables.layout;
    for (int i = 0; i < at.n_cells; ++i) {
      double sum = 0.0;
      for (int k = 0; k < at.n_classes; ++k) sum += y[at.free(i) + k];
      peak_ = std::max(peak_, sum);
    }
    const double pigment = std::max(column.rtol * column.atol_fraction * peak_, 1e-30);
    // A layer may have no macrophages: the densest layer gives the scale of all.
    const double densest = std::max(*std::max_element(tables.macrophages, tables.macrophages + at.n_cells), 1.0);
    for (int i = 0; i < at.n_cells; ++i) {
      const bool dermal = i >= tables.first_dermal_cell;
      const int pools = dermal ? 3 : 1;
      for (int j = 0; j < pools * at.n_classes; ++j) set(at.free(i) + j, pigment);
      if (dermal) set(at.macrophages(i), column.rtol * column.atol_fraction * densest);
    }
  }

 private:
  void set(int q, double tolerance) {
    atol[static_cast<std::size_t>(q)] = tolerance;
    floor[static_cast<std::size_t>(q)] = -floor_in_atol * tolerance;
  }
  double peak_ = 0.0;
};

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

/// @tparam System the column's equations @tparam Method how a step is tried (integration/integrate.hpp)
template <class System, class Method = integration::RosenbrockW<System>>
class ColumnRun {
 public:
  ColumnRun(const ColumnCase& column, const std::vector<double>& times, const Options& options, bool until_touch_up)
      : column_(column),
        protocol_(column.protocol),
        schedule_(column.scenario),
        tables_(column.coefficients.tables()),
        system_(tables_),
        y_(system::initial_state(tables_)),
        scales_(tables_),
        recorder_(column, times, options.fields && column.rung == Rung::column, until_touch_up, options.on_saved,
                  scales_.floor),
        tolerances_{column.rtol, scales_.atol, scales_.floor},
        integrator_(system_, tolerances_, limits_of(column, options)) {
    system_.set_load_limit(1.0 + column.rtol);
  }

  Solution run() {
    const auto begin = std::chrono::steady_clock::now();
    double t = 0.0;
    Status status = Status::ok;
    for (std::size_t i = 0; i < protocol_.segments.size() && status == Status::ok && !ended_;) {
      i = start(i);
      if (recorder_.stopped()) break;
      status = cross(protocol_.segments[i], t);
      i = status == Status::ok && !ended_ && visit_at(t) ? add_visit(t) : i + 1;
    }
    if (status == Status::ok && !ended_ && !recorder_.stopped()) {
      recorder_.before_event(t, y_.data());
      recorder_.at_event(t, y_.data());
    }
    if (status == Status::ok && !(recorder_.worst_residual() <= broken_residual)) status = Status::ledger_broken;
    if (recorder_.stopped()) t = recorder_.last_saved();
    if (status == Status::ok && recorder_.stopped() && t < protocol_.horizon) {
      status = Status::cancelled;
    }
    return package(status, t, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }

 private:
  static integration::Limits limits_of(const ColumnCase& column, const Options& options) {
    integration::Limits limits;
    limits.max_steps = column.max_steps;
    limits.stop = options.stop;
    if (options.wall_limit > 0.0) {
      limits.deadline =
          std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                                 std::chrono::duration<double>(options.wall_limit));
    }
    return limits;
  }

  /// Does what happens at the start of a segment. @returns the segment to cross: another one where an intervention
  /// makes a touch-up due at once
  std::size_t start(std::size_t i) {
    const double t = protocol_.segments[i].start;
    recorder_.before_event(t, y_.data());
    for (const skin::Intervention& intervention : protocol_.segments[i].interventions) {
      system::apply_intervention(intervention, tables_, y_.data());
    }
    place(protocol_.segments[i].deposits, t);
    const bool waits = schedule_.waits_for_measure();
    if (recorder_.watch(t, y_.data()) && waits) {
      schedule_.fell_due(t);
      if (t >= schedule_.next() && t < protocol_.horizon) {
        i = add_visit(t);
        place(protocol_.segments[i].deposits, t);
      }
    }
    system_.set_forcing(protocol_.segments[i].forcing);
    recorder_.at_event(t, y_.data());
    return i;
  }

  void place(const std::vector<skin::Deposit>& deposits, double t) {
    for (const skin::Deposit& deposit : deposits) {
      if (deposit.touch_up) recorder_.before_visit(t, y_.data());
      schedule_.session_took_place(t);
      recorder_.deposited(system::add_deposit(deposit, column_.skin, column_.mesh, tables_.layout, y_.data()));
      if (deposit.touch_up) recorder_.after_visit();
    }
    if (!deposits.empty() || t == 0.0) scales_.update(column_, tables_, y_.data());
  }

  /// Integrates to the end of the segment, or to a visit within it. @param t left at the time reached
  Status cross(const skin::Segment& segment, double& t) {
    while (t < segment.end) {
      const double stop = std::min(segment.end, schedule_.next());
      if (stop <= t) break;  // a visit that is due at once
      const Status status =
          integrator_.advance(t, stop, y_.data(), [&](const integration::Step& step) { return observe(step); });
      if (status != Status::ok) return status;
      if (rewind_to_) {
        t = *rewind_to_;
        y_ = before_step_;
        rewind_to_.reset();
      } else if (std::exchange(planned_anew_, false)) {
        continue;  // towards the visit
      } else if (integrator_.ended_by_observer()) {
        ended_ = true;
        break;
      }
    }
    return Status::ok;
  }

  /// @returns false to end the integration: the run is over, or a visit has been planned
  bool observe(const integration::Step& step) {
    const bool waits = schedule_.waits_for_measure();
    const std::optional<double> fall = recorder_.watch(step, waits);
    if (waits && fall) {
      schedule_.fell_due(*fall);
      if (schedule_.next() < step.t + step.h) {
        rewind_to_ = step.t;
        before_step_.assign(step.y, step.y + step.n);
        return false;
      }
      if (!schedule_.waits_for_measure()) {
        planned_anew_ = recorder_.in_step(step);
        return false;
      }
    }
    return recorder_.in_step(step);
  }

  [[nodiscard]] bool visit_at(double t) const { return t >= schedule_.next() && t < protocol_.horizon; }

  /// A scheduled touch-up at time t changes all that follows. @returns the segment that begins with it
  std::size_t add_visit(double t) {
    schedule_.visit(t);
    protocol_ = skin::make_protocol(column_.scenario, column_.skin, column_.ink, schedule_.visits());
    const auto segment = std::ranges::find(protocol_.segments, t, &skin::Segment::start);
    return static_cast<std::size_t>(segment - protocol_.segments.begin());
  }

  Solution package(Status status, double t, double wall_time) {
    Solution solution = recorder_.finish(t, protocol_.events);
    const integration::Counters& counters = integrator_.counters();
    solution.statistics = {counters.accepted, counters.rejected, counters.rate_evaluations, counters.factorisations,
                           wall_time};
    solution.status = status;
    if (status != Status::ok) {
      const bool placed = integrator_.culprit() < y_.size();
      solution.status_depth = placed ? depth_of(column_, integrator_.culprit()) : -1.0;
      solution.message = failure_message(solution);
    }
    return solution;
  }

  const ColumnCase& column_;
  skin::Protocol protocol_;  // the case's, and what the visits of this run add to it
  VisitSchedule schedule_;
  INKFADE_ISA::ColumnTables<double> tables_;
  System system_;
  std::vector<double> y_;
  StateScales scales_;
  Recorder recorder_;
  integration::Tolerances tolerances_;
  integration::Integrator<System, Method> integrator_;
  bool planned_anew_ = false;        // a visit was planned beyond the step just made
  bool ended_ = false;               // by the recorder, before the horizon
  std::optional<double> rewind_to_;  // start of the step in which a visit falls due [s]
  std::vector<double> before_step_;  // state there
};

}  // namespace

Solution run_column(const ColumnCase& column, const std::vector<double>& times, const Options& options,
                    bool until_touch_up) {
  if (column.rung == Rung::well_mixed) {
    using System = system::ColumnWithJacobian;
    using Run = ColumnRun<System, integration::OdeintRosenbrock4<System>>;
    return Run(column, times, options, until_touch_up).run();
  }
  // The default number of size classes gets unrolled loops; the arithmetic, and so the bits, are the same.
  if (column.ink.diameter.size() == 6)
    return ColumnRun<system::ColumnSystem<6>>(column, times, options, until_touch_up).run();
  return ColumnRun<system::ColumnSystem<0>>(column, times, options, until_touch_up).run();
}

}  // namespace inkfade::simulation
