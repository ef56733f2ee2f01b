#pragma once

#include "inkfade/integration/rosw3.kernel.hpp"
#include "inkfade/system/column_time_slope.kernel.hpp"
#include "inkfade/system/functionals.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// Where the vectors of a step lie, each size() values of S: owned elsewhere.
template <class S>
struct StepVectors {
  const S* y = nullptr;  ///< state at the start
  S* u[3]{};             ///< increments of the stages
  S* y_new = nullptr;    ///< state at the end
  S* rest = nullptr;     ///< the third stage's right-hand side, but for the second increment
};

/// How a step is judged.
template <class S>
struct StepTolerances {
  S rtol{};             ///< [1]
  S pigment_atol{};     ///< [kg/m3]
  S macrophage_atol{};  ///< [1/m3]
};

/// What a step came to.
template <class S>
struct StepOutcome {
  S error{};               ///< mean square of the error over its tolerance; not a number where a component is none [1]
  S lowest_pigment{};      ///< lowest concentration of any class, pool and cell [kg/m3]
  S lowest_macrophages{};  ///< [1/m3]
  S mass{};                ///< pigment in skin after the step [kg/m2]
  S peak_load{};           ///< largest macrophage load before it is held at 1 [1]
};

/// One step in time of the column with the method Rosw3: six sweeps over the cells, down for the rates, the matrix and
/// forward elimination, up for back substitution and all that is summed over cells. Each cell is read and written while
/// it is in the processor's nearest memory. Template parameters as for ColumnRates.
template <class S, int K>
class ColumnStep : public ColumnTimeSlope<S, K> {
  using Base = ColumnTimeSlope<S, K>;
  using Kernel = ColumnKernel<S, K>;
  using Rates = ColumnRates<S, K>;
  using Kernel::classes;
  using Kernel::tables_;
  using Rates::most;
  using typename Rates::Inside;
  using typename Rates::Leaving;
  using typename Rates::Moment;
  using typename Rates::Neighbour;
  using typename Rates::Through;

 public:
  static constexpr std::size_t scratch_size(const ColumnLayout& layout) {
    return Kernel::scratch_size(layout) + static_cast<std::size_t>(layout.n_cells);
  }
  ColumnStep(const ColumnTables<S>& tables, S* scratch)
      : Base(tables, scratch), light_slope_(scratch + Kernel::scratch_size(tables.layout)) {}

  /// Tries a step of size h from v.y at t. @returns how it went; v.u, v.y_new and v.rest are set
  StepOutcome<S> attempt(S t, S h, const StepVectors<S>& v, const StepTolerances<S>& tolerances) {
    constexpr const Rosw3& w = rosw3;
    this->hg_ = h * S(Rosw3::gamma);
    const S per_h = S(1.0) / h;
    const ForcingWithSlope<S> forcing = evaluate_with_slope(this->forcing_, t);
    this->now_ = this->moment_of(forcing.now);
    const Moment slope = this->moment_slope(this->now_, forcing.slope);
    first_sweep_down(v, slope, h * S(w.gamma_sum[0]));
    sweep_up(v.u[0]);
    const Moment then = this->moment(t + S(Rosw3::alpha) * h);
    second_sweep_down(v, then, h, S(w.c21) * per_h, S(w.c31) * per_h);
    sweep_up(v.u[1]);
    third_sweep_down(v, S(w.c32) * per_h);
    return last_sweep_up(v, tolerances);
  }

 private:
  /// f(t, y) + weight df/dt, the matrix, and the forward elimination of the first stage; df/dt stays in v.u[1].
  void first_sweep_down(const StepVectors<S>& v, const Moment& slope, S weight) {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    this->begin_matrix();
    S above = S(0.0);
    // Where no lane's light moves, all that it would change is exactly 0 and left out.
    this->light_moves_ = nonzero(tables_.local.uv_sensitivity * slope.forcing.uv) ||
                         nonzero(tables_.local.visible_sensitivity * slope.forcing.visible);
    for (int i = 0; i < at.n_cells; ++i) {
      S same = above;
      light_slope_[i] = this->light_of(i, slope.forcing, v.y + at.free(i), same);
      this->jacobian_light_[i] = this->light_of(i, this->now_.forcing, v.y + at.free(i), above);
    }
    Leaving leaving(n_classes);
    Leaving slopes(n_classes);
    Through through[2];
    S slope_through[2][most];
    S rate[3 * most + 1];
    this->start(this->now_, v.y, through[0], leaving);
    this->start_slope(slope, v.y, slope_through[0], slopes);
    Neighbour before;
    Neighbour here = this->neighbour(0, v.y);
    for (int i = 0; i < at.n_cells; ++i) {
      const S* cell = v.y + at.free(i);
      const Through& in = through[i % 2];
      Through& out = through[(i + 1) % 2];
      Neighbour next;
      if (i + 1 < at.n_cells) {
        next = this->neighbour(i + 1, cell + at.stride());
        this->flux_below(i, this->now_, cell, cell + at.stride(), here, next, out);
      } else {
        this->nothing_below(out);
      }
      if (i <= tables_.first_dermal_cell) this->slope_below(i, slope, cell, slope_through[(i + 1) % 2]);
      const LocalPlace<S> place = this->place_of(i, this->now_, this->jacobian_light_[i]);
      const Inside inside = this->inside_of(i, place, cell, here.per_n);
      this->rates_of(i, place, cell, inside, in, out, rate, leaving);
      S* __restrict moved = v.u[1] + at.free(i);
      this->time_slope(i, slope, light_slope_[i], cell, inside, slope_through[i % 2], slope_through[(i + 1) % 2], moved,
                       slopes);
      for (int k = 0; k < n_classes; ++k) rate[k] = rate[k] + weight * moved[k];
      if (this->light_moves_) {
        for (int j = n_classes; j < 3 * n_classes; ++j) rate[j] = rate[j] + weight * moved[j];
      }
      rate[3 * n_classes] = rate[3 * n_classes] + weight * moved[3 * n_classes];
      this->factor_cell(i, cell, place, inside, {in.hop, out.hop, before.per_n, here.per_n, next.per_n});
      this->forward_cell(i, rate, v.u[0]);
      before = here;
      here = next;
    }
    S* ledger = v.u[0] + at.shed();
    S* moved = v.u[1] + at.shed();
    this->ledger_of(leaving, ledger);
    this->ledger_of(slopes, moved);
    for (int j = 0; j < 3 + n_classes; ++j) ledger[j] = ledger[j] + weight * moved[j];
  }
  /// A cell of the argument of the second and third stage.
  void argument(int i, const StepVectors<S>& v, S* __restrict cell) const {
    const int offset = tables_.layout.free(i);
    const S* __restrict y = v.y + offset;
    const S* __restrict u = v.u[0] + offset;
    for (int j = 0; j < 3 * classes() + 1; ++j) cell[j] = y[j] + S(rosw3.a) * u[j];
  }

  /// f at the second stage's argument, kept for the third, and the forward elimination of the second.
  void second_sweep_down(const StepVectors<S>& v, const Moment& then, S h, S c21, S c31) {
    constexpr const Rosw3& w = rosw3;
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    const S weight = h * S(w.gamma_sum[2]);
    const S less = h * S(w.gamma_sum[1]);  // the second stage's of df/dt
    Leaving leaving(n_classes);
    Through through[2];
    S cells[2][3 * most + 1];
    S rate[3 * most + 1];
    S above = S(0.0);
    argument(0, v, cells[0]);
    Neighbour here = this->neighbour(0, cells[0]);
    this->start(then, cells[0], through[0], leaving);
    for (int i = 0; i < at.n_cells; ++i) {
      const Through& in = through[i % 2];
      Through& out = through[(i + 1) % 2];
      Neighbour next;
      const S* cell = cells[i % 2];
      S* below = cells[(i + 1) % 2];
      const int offset = at.free(i);
      const S light = this->light_of(i, then.forcing, cell, above);
      if (i + 1 < at.n_cells) {
        argument(i + 1, v, below);
        next = this->neighbour(i + 1, below);
        this->flux_below(i, then, cell, below, here, next, out);
      } else {
        this->nothing_below(out);
      }
      const LocalPlace<S> place = this->place_of(i, then, light);
      this->rates_of(i, place, cell, this->inside_of(i, place, cell, here.per_n), in, out, rate, leaving);
      const S* moved = v.u[1] + offset;
      S* __restrict rest = v.rest + offset;
      const S* __restrict u = v.u[0] + offset;
      const auto combine = [&](int j) {
        rest[j] = (rate[j] + weight * moved[j]) + c31 * u[j];
        rate[j] = (rate[j] + less * moved[j]) + c21 * u[j];
      };
      for (int k = 0; k < n_classes; ++k) combine(k);
      if (this->light_moves_) {
        for (int j = n_classes; j < 3 * n_classes; ++j) combine(j);
      } else {
        for (int j = n_classes; j < 3 * n_classes; ++j) {
          rest[j] = rate[j] + c31 * u[j];
          rate[j] = rate[j] + c21 * u[j];
        }
      }
      combine(3 * n_classes);
      this->forward_cell(i, rate, v.u[1]);
      here = next;
    }
    S* ledger = v.rest + at.shed();
    const S* first = v.u[0] + at.shed();
    S* second = v.u[1] + at.shed();
    S rates[3 + most];
    this->ledger_of(leaving, rates);
    for (int j = 0; j < 3 + n_classes; ++j) {
      ledger[j] = (rates[j] + weight * second[j]) + c31 * first[j];
      second[j] = (rates[j] + less * second[j]) + c21 * first[j];
    }
  }

  /// The forward elimination of the third stage.
  void third_sweep_down(const StepVectors<S>& v, S c32) {
    const ColumnLayout& at = tables_.layout;
    const int stride = at.stride();
    S right[3 * most + 1];
    for (int i = 0; i < at.n_cells; ++i) {
      const int offset = at.free(i);
      const S* __restrict rest = v.rest + offset;
      const S* __restrict u1 = v.u[1] + offset;
      for (int j = 0; j < stride; ++j) right[j] = rest[j] + c32 * u1[j];
      this->forward_cell(i, right, v.u[2]);
    }
    for (int q = at.shed(); q < at.size(); ++q) v.u[2][q] = v.rest[q] + c32 * v.u[1][q];
  }

  /// Back substitution; the ledger's right-hand sides stand in x.
  void sweep_up(S* x) const {
    this->walk_up(x, [](int, S*) {});
  }

  /// Back substitution of the third stage, the step, its error and what it comes to.
  StepOutcome<S> last_sweep_up(const StepVectors<S>& v, const StepTolerances<S>& tolerances) const {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    S squares = S(0.0);
    StepOutcome<S> outcome;
    outcome.lowest_pigment = S(0.0);
    outcome.lowest_macrophages = S(0.0);
    outcome.peak_load = S(0.0);
    outcome.mass = S(0.0);
    const S rtol = tolerances.rtol;
    this->walk_up(v.u[2], [&](int i, S* cell) {
      constexpr const Rosw3& w = rosw3;
      const int offset = at.free(i);
      const bool dermal = i >= tables_.first_dermal_cell;
      const S* __restrict y = v.y + offset;
      const S* __restrict u0 = v.u[0] + offset;
      const S* __restrict u1 = v.u[1] + offset;
      S* __restrict y_new = v.y_new + offset;
      const auto square = [&](int j, S atol) {  // sets y_new[j]; the error over its tolerance, squared
        const S now = y[j] + ((S(w.m[0]) * u0[j] + S(w.m[1]) * u1[j]) + S(w.m[2]) * cell[j]);
        const S error = (S(w.e[0]) * u0[j] + S(w.e[1]) * u1[j]) + S(w.e[2]) * cell[j];
        const S ratio = error / (atol + rtol * maximum(absolute(y[j]), absolute(now)));
        y_new[j] = now;
        return ratio * ratio;
      };
      S sum = S(0.0);
      S pigment = S(0.0);
      S lowest = S(0.0);
      for (int j = 0; j < (dermal ? 3 * n_classes : n_classes); ++j) {
        sum = sum + square(j, tolerances.pigment_atol);
        lowest = minimum(y_new[j], lowest);
        pigment = pigment + y_new[j];
      }
      outcome.lowest_pigment = minimum(lowest, outcome.lowest_pigment);
      outcome.mass = outcome.mass + tables_.width[i] * pigment;
      if (dermal) {
        sum = sum + square(3 * n_classes, tolerances.macrophage_atol);
        const S n = y_new[3 * n_classes];
        outcome.lowest_macrophages = minimum(n, outcome.lowest_macrophages);
        S held = S(0.0);
        for (int k = 0; k < n_classes; ++k) held = held + y_new[n_classes + k];
        const S load = held * tables_.local.inverse_capacity / load_density(n);
        outcome.peak_load = maximum(load, outcome.peak_load);
        // As hold_load_of_cell() decides itself: a cell that it leaves alone must not see whether it was called.
        if (any(held * tables_.local.inverse_capacity > maximum(n, S(0.0)))) hold_load_of_cell(tables_, y_new);
      }
      squares = squares + sum;
    });
    for (int q = at.shed(); q < at.size(); ++q) {
      constexpr const Rosw3& w = rosw3;
      v.y_new[q] = v.y[q] + ((S(w.m[0]) * v.u[0][q] + S(w.m[1]) * v.u[1][q]) + S(w.m[2]) * v.u[2][q]);
    }
    const int counted = at.n_cells * (3 * n_classes + 1) - tables_.first_dermal_cell * (2 * n_classes + 1);
    outcome.error = squares / S(static_cast<double>(counted));
    return outcome;
  }

  S* light_slope_ = nullptr;  ///< d kappa / dt at the start of the step (n_cells) [1/s2]
};

}  // namespace inkfade::INKFADE_ISA
