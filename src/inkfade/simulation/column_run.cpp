#include "inkfade/simulation/column_run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

#include "inkfade/base/constants.hpp"
#include "inkfade/integration/integrate.hpp"
#include "inkfade/simulation/recorder.hpp"
#include "inkfade/system/column_system.hpp"

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

/// Depth of the cell that component q belongs to, negative for the ledger [m].
double depth_of(const ColumnCase& column, std::size_t q) {
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

template <int K>
class ColumnRun {
 public:
  ColumnRun(const ColumnCase& column, const std::vector<double>& times, const Options& options, bool until_touch_up)
      : column_(column),
        tables_(column.coefficients.tables()),
        system_(tables_),
        y_(system::initial_state(tables_)),
        scales_(tables_),
        recorder_(column, times, options.fields, until_touch_up),
        tolerances_{column.rtol, scales_.atol, scales_.floor},
        integrator_(system_, tolerances_, limits_of(column, options)) {
    system_.set_load_limit(1.0 + column.rtol);
  }

  Solution run() {
    const auto begin = std::chrono::steady_clock::now();
    double t = 0.0;
    Status status = Status::ok;
    for (const skin::Segment& segment : column_.protocol.segments) {
      start(segment);
      status = integrator_.advance(t, segment.end, y_.data(),
                                   [&](const integration::Step& step) { return recorder_.in_step(step); });
      if (status != Status::ok || integrator_.ended_by_observer()) break;
    }
    if (status == Status::ok && !integrator_.ended_by_observer()) {
      recorder_.before_event(t, y_.data());
      recorder_.at_event(t, y_.data());
    }
    if (status == Status::ok && !(recorder_.worst_residual() <= broken_residual)) status = Status::ledger_broken;
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

  void start(const skin::Segment& segment) {
    recorder_.before_event(segment.start, y_.data());
    for (const skin::Deposit& deposit : segment.deposits) {
      recorder_.deposited(system::add_deposit(deposit, column_.skin, column_.mesh, tables_.layout, y_.data()));
    }
    if (!segment.deposits.empty() || segment.start == 0.0) scales_.update(column_, tables_, y_.data());
    system_.set_forcing(segment.forcing);
    recorder_.at_event(segment.start, y_.data());
  }

  Solution package(Status status, double t, double wall_time) {
    Solution solution = recorder_.finish(t);
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
  INKFADE_ISA::ColumnTables<double> tables_;
  system::ColumnSystem<K> system_;
  std::vector<double> y_;
  StateScales scales_;
  Recorder recorder_;
  integration::Tolerances tolerances_;
  integration::Integrator<system::ColumnSystem<K>> integrator_;
};

}  // namespace

Solution run_column(const ColumnCase& column, const std::vector<double>& times, const Options& options,
                    bool until_touch_up) {
  // The default number of size classes gets unrolled loops; the arithmetic, and so the bits, are the same.
  if (column.ink.diameter.size() == 6) return ColumnRun<6>(column, times, options, until_touch_up).run();
  return ColumnRun<0>(column, times, options, until_touch_up).run();
}

}  // namespace inkfade::simulation
