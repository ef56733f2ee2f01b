#pragma once

#include "inkfade/system/column_time_slope.kernel.hpp"
#include "inkfade/system/step_judge.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// One step in time of the column with the method Rosw3: six sweeps over the cells, down for the rates, the matrix and
/// forward elimination, up for back substitution and all that is summed over cells. Each cell is read and written while
/// it is in the processor's nearest memory, and each class while it is in registers. Template parameters as for
/// ColumnRates.
template <class S, int K>
class ColumnStep : public ColumnTimeSlope<S, K> {
  using Base = ColumnTimeSlope<S, K>;
  using Kernel = ColumnKernel<S, K>;
  using Rates = ColumnRates<S, K>;
  using Kernel::classes;
  using Kernel::tables_;
  using Rates::most;
  using typename Base::ReactionSlopes;
  using typename Kernel::Around;
  using typename Kernel::DermalRows;
  using typename Kernel::Downwards;
  using typename Rates::Faces;
  using typename Rates::Inside;
  using typename Rates::Leaving;
  using typename Rates::Moment;
  using typename Rates::Pools;
  using typename Rates::Reactions;
  using typename Rates::Through;

 public:
  using Kernel::scratch_size;
  ColumnStep(const ColumnTables<S>& tables, S* scratch) : Base(tables, scratch) {}

  /// Tries a step of size h from v.y at t. @returns how it went; all of v but y is set
  StepOutcome<S> attempt(S t, S h, const StepVectors<S>& v, const StepTolerances<S>& tolerances) {
    constexpr const Rosw3& w = rosw3;
    this->hg_ = h * S(Rosw3::gamma);
    const S per_h = S(1.0) / h;
    const ForcingWithSlope<S> forcing = evaluate_with_slope(this->forcing_, t);
    this->now_ = this->moment_of(forcing.now);
    const Moment slope = this->moment_slope(this->now_, forcing.slope);
    first_sweep_down(v, slope, h * S(w.gamma_sum[0]));
    sweep_up(v, 0);
    const Moment then = this->moment(t + S(Rosw3::alpha) * h);
    const auto bounds = [&](S target) {
      return MacrophageBounds<S>{this->now_.target_factor, minimum(this->now_.target_factor, target),
                                 slope.target_factor};
    };
    move_macrophages(v, bounds(then.target_factor));
    second_sweep_down(v, then, {h * S(w.gamma_sum[1]), h * S(w.gamma_sum[2]), S(w.c21) * per_h, S(w.c31) * per_h});
    sweep_up(v, 1);
    third_sweep_down(v, S(w.c32) * per_h);
    const S end = macrophage_target_factor(tables_.local, inflammation_at(this->forcing_, t + h));
    StepJudge<S, K> judge(tables_, v, tolerances, bounds(end));
    this->walk_up(v.u[2], judge);
    return judge.done();
  }

 private:
  /// What a sweep down carries from cell to cell.
  struct GoingDown {
    explicit GoingDown(int n_classes) : leaving(n_classes), slopes(n_classes) {}
    Leaving leaving;
    Leaving slopes;         ///< by time
    Through through;        ///< what goes down into the next cell [kg/m2/s]
    S slope_through[most];  ///< by time, of free pigment in the epidermis
    S above = S(0.0);       ///< pigment above [kg/m2]
  };

  /// f(t, y) + weight df/dt, the matrix, and the forward elimination of the first stage; df/dt stays in v.u[1].
  void first_sweep_down(const StepVectors<S>& v, const Moment& slope, S weight) {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    this->begin_matrix();
    // Where no lane's light moves, all that it would change is exactly 0 and left out.
    this->light_moves_ = nonzero(tables_.local.uv_sensitivity * slope.forcing.uv) ||
                         nonzero(tables_.local.visible_sensitivity * slope.forcing.visible);
    GoingDown here(n_classes);
    StepSums<S> sums(tables_, v, 0);
    this->start(this->now_, v.y, here.through, here.leaving);
    this->start_slope(slope, v.y, here.slope_through, here.slopes);
    for (int i = 0; i < tables_.first_dermal_cell; ++i) first_in_epidermis(i, v, slope, weight, here, sums);
    this->set_hops([&](int i) { return v.y[at.macrophages(i)]; });
    for (int i = tables_.first_dermal_cell; i < at.n_cells; ++i) first_in_dermis(i, v, slope, weight, here, sums);
    sums.done();
    S* ledger = v.u[0] + at.shed();
    S* moved = v.u[1] + at.shed();
    this->ledger_of(here.leaving, ledger);
    this->ledger_of(here.slopes, moved);
    for (int j = 0; j < 3 + n_classes; ++j) ledger[j] = ledger[j] + weight * moved[j];
  }

  void first_in_epidermis(int i, const StepVectors<S>& v, const Moment& slope, S weight, GoingDown& here,
                          StepSums<S>& sums) {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    const S* cell = v.y + at.free(i);
    const S width = tables_.width[i];
    const S per_width = S(1.0) / width;
    const LocalPlace<S> place = light_at(i, slope, cell, here.above);
    this->factor_epidermis(i, place);
    const S wound_slope = tables_.wound[i] * slope.forcing.wound;
    const S slope_lost = wound_slope + light_slope_;
    const S* below = i + 1 < at.n_cells ? cell + at.stride() : cell;  // nothing passes the last face
    S rate[most];
    S slope_out[most];
    this->epidermis(i, this->now_, place, cell, below, here.through, rate);
    this->flux_slope_below(i, slope, cell, below, slope_out);
    S* __restrict moved = v.u[1] + at.free(i);
    const Downwards to = this->down_into(i, v.u[0]);
    for (int k = 0; k < n_classes; ++k) {
      moved[k] = (here.slope_through[k] - slope_out[k]) * per_width - slope_lost * cell[k];
      here.slope_through[k] = slope_out[k];
      this->forward_epidermis(to, k, rate[k] + weight * moved[k]);
    }
    for (int j = n_classes; j < at.stride(); ++j) to.cell[j] = moved[j] = S(0.0);
    const S free = this->sum_over_classes(cell);
    sums.of_cell(i, {free, S(0.0), S(0.0)});
    this->leave_epidermis(i, place, free, here.leaving);
    here.slopes.shed = here.slopes.shed + width * wound_slope * free;
    here.slopes.degraded = here.slopes.degraded + width * light_slope_ * free;
  }

  void first_in_dermis(int i, const StepVectors<S>& v, const Moment& slope, S weight, GoingDown& here,
                       StepSums<S>& sums) {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    const S* cell = v.y + at.free(i);
    const S n = cell[3 * n_classes];
    const bool first = i == tables_.first_dermal_cell;
    const LocalPlace<S> place = light_at(i, slope, cell, here.above);
    const Around around = this->around(i);
    const Inside inside = this->inside_of(place, n, this->sums_of(cell), around.lower.per_n);
    sums.of_cell(i, {inside.free, inside.held, inside.bound});
    // The matrix apart from the rates: each class waits for a division, and several are under way.
    DermalRows rows = this->rows_of(i, n, place, inside, around);
    for (int k = 0; k < n_classes; ++k) this->factor_class(i, k, cell[k], rows);
    this->close_rows(i, rows);
    const Reactions reactions = this->reactions_of(i, place, inside.closures);
    const ReactionSlopes by_time = this->reaction_slopes(i, slope, light_slope_, inside, here.slopes);
    const S* below = i + 1 < at.n_cells ? cell + at.stride() : cell;  // nothing passes the last face
    const Faces faces = this->faces_of(i, below, around.lower);
    S* __restrict moved = v.u[1] + at.free(i);
    const Downwards to = this->down_into(i, v.u[0]);
    S gained = S(0.0);
    for (int k = n_classes - 1; k >= 0; --k) {
      const Pools now{cell[k], cell[n_classes + k], cell[2 * n_classes + k]};
      Pools rate = this->reacting(k, reactions, now, gained, here.leaving.drained[k]);
      this->pass(k, faces, now, here.through, rate);
      Pools change = this->slope_of_class(k, by_time, now, here.slopes.drained[k]);
      if (first) change.f = change.f + here.slope_through[k] * faces.per_width;
      moved[k] = change.f;
      rate.f = rate.f + weight * change.f;
      if (this->light_moves_) {
        moved[n_classes + k] = change.m;
        moved[2 * n_classes + k] = change.b;
        rate.m = rate.m + weight * change.m;
        rate.b = rate.b + weight * change.b;
      }
      this->forward_class(to, k, rate);
    }
    this->leave(place, inside, reactions.width, here.leaving);
    moved[3 * n_classes] = this->macrophage_slope(i, slope, n, inside);
    v.u[0][at.macrophages(i)] = this->macrophage_rate_of(place, n, inside) + weight * moved[3 * n_classes];
  }

  /// What a cell sees at the start of the step; light_slope_ is set. @param above as for light_of()
  LocalPlace<S> light_at(int i, const Moment& slope, const S* cell, S& above) {
    S same = above;
    light_slope_ = this->light_of(i, slope.forcing, cell, same);
    return this->place_of(i, this->now_, this->light_of(i, this->now_.forcing, cell, above));
  }
  /// The macrophages of the second and third stage's argument, kept in v.y_new until the step is judged.
  void move_macrophages(const StepVectors<S>& v, const MacrophageBounds<S>& bounds) const {
    for (int i = tables_.first_dermal_cell; i < tables_.layout.n_cells; ++i) {
      const int q = tables_.layout.macrophages(i);
      v.y_new[q] = bounds.held(tables_.macrophages[i], v.y[q], v.y[q] + S(rosw3.a) * v.u[0][q]);
    }
  }
  /// A cell of that argument. @returns its sums over classes
  Pools argument(int i, const StepVectors<S>& v, S* __restrict cell) const {
    const int n_classes = classes();
    const int offset = tables_.layout.free(i);
    const S* __restrict y = v.y + offset;
    const S* __restrict u = v.u[0] + offset;
    Pools sums{S(0.0), S(0.0), S(0.0)};
    const auto moved = [&](int j) { return cell[j] = y[j] + S(rosw3.a) * u[j]; };
    for (int k = 0; k < n_classes; ++k) {
      sums.f = sums.f + moved(k);
      sums.m = sums.m + moved(n_classes + k);
      sums.b = sums.b + moved(2 * n_classes + k);
    }
    cell[3 * n_classes] = i < tables_.first_dermal_cell ? S(0.0) : v.y_new[offset + 3 * n_classes];
    return sums;
  }

  /// How the second and third stage's right-hand sides follow from the rates at their argument.
  struct Combination {
    S less{};    ///< of df/dt in the second
    S weight{};  ///< in the third
    S c21{};     ///< of the first increment
    S c31{};
    /// @param rate set to the second stage's @returns the third's, but for the second increment
    S operator()(S& rate, S moved, S u) const {
      const S third = (rate + weight * moved) + c31 * u;
      rate = (rate + less * moved) + c21 * u;
      return third;
    }
    S operator()(S& rate, S u) const {  // df/dt is 0
      const S third = rate + c31 * u;
      rate = rate + c21 * u;
      return third;
    }
  };
  /// The argument of the second and third stage: a cell and the one below it.
  struct TwoCells {
    const S* cell = nullptr;
    const S* below = nullptr;  ///< the cell itself where there is none: nothing passes the last face
    Pools sums;                ///< of the cell, over classes
  };

  /// f at the second stage's argument, kept in v.u[2] for the third, and the forward elimination of the second.
  void second_sweep_down(const StepVectors<S>& v, const Moment& then, const Combination& combine) {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    GoingDown here(n_classes);
    S cells[2][3 * most + 1];
    Pools next = argument(0, v, cells[0]);
    this->start(then, cells[0], here.through, here.leaving);
    this->set_hops([&](int i) { return v.y_new[at.macrophages(i)]; });
    for (int i = 0; i < at.n_cells; ++i) {
      S* below = cells[(i + 1) % 2];
      const bool last = i + 1 == at.n_cells;
      const TwoCells two{cells[i % 2], last ? cells[i % 2] : below, next};
      if (!last) next = argument(i + 1, v, below);
      if (i < tables_.first_dermal_cell) {
        second_in_epidermis(i, v, then, combine, two, here);
      } else {
        second_in_dermis(i, v, then, combine, two, here);
      }
    }
    const S* first = v.u[0] + at.shed();
    S* second = v.u[1] + at.shed();
    S rates[3 + most];
    this->ledger_of(here.leaving, rates);
    for (int j = 0; j < 3 + n_classes; ++j) {
      v.u[2][at.shed() + j] = combine(rates[j], second[j], first[j]);
      second[j] = rates[j];
    }
  }

  void second_in_epidermis(int i, const StepVectors<S>& v, const Moment& then, const Combination& combine,
                           const TwoCells& two, GoingDown& here) {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    const LocalPlace<S> place = this->place_of(i, then, this->light_of(i, then.forcing, two.cell, here.above));
    S rate[most];
    this->epidermis(i, then, place, two.cell, two.below, here.through, rate);
    const S* u = v.u[0] + at.free(i);
    S* second = v.u[1] + at.free(i);
    const Downwards to = this->down_into(i, v.u[1]);
    S* third = v.u[2] + at.free(i);
    for (int k = 0; k < n_classes; ++k) {
      third[k] = combine(rate[k], second[k], u[k]);
      this->forward_epidermis(to, k, rate[k]);
    }
    for (int j = n_classes; j < at.stride(); ++j) third[j] = second[j] = S(0.0);
    this->leave_epidermis(i, place, two.sums.f, here.leaving);
  }

  void second_in_dermis(int i, const StepVectors<S>& v, const Moment& then, const Combination& combine,
                        const TwoCells& two, GoingDown& here) {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    const S* cell = two.cell;
    const S n = cell[3 * n_classes];
    const LocalPlace<S> place = this->place_of(i, then, this->light_of(i, then.forcing, cell, here.above));
    const Faces faces = this->faces_of(i, two.below, this->around(i).lower);
    const Inside inside = this->inside_of(place, n, two.sums, faces.per_n, PastFull::go_on);
    const Reactions reactions = this->reactions_of(i, place, inside.closures);
    const int offset = at.free(i);
    const S* __restrict u = v.u[0] + offset;
    const S* moved = v.u[1] + offset;
    S* __restrict third = v.u[2] + offset;
    const Downwards to = this->down_into(i, v.u[1]);
    S gained = S(0.0);
    for (int k = n_classes - 1; k >= 0; --k) {
      const int m = n_classes + k;
      const int b = 2 * n_classes + k;
      const Pools now{cell[k], cell[m], cell[b]};
      Pools rate = this->reacting(k, reactions, now, gained, here.leaving.drained[k]);
      this->pass(k, faces, now, here.through, rate);
      third[k] = combine(rate.f, moved[k], u[k]);
      if (this->light_moves_) {
        third[m] = combine(rate.m, moved[m], u[m]);
        third[b] = combine(rate.b, moved[b], u[b]);
      } else {
        third[m] = combine(rate.m, u[m]);
        third[b] = combine(rate.b, u[b]);
      }
      this->forward_class(to, k, rate);
    }
    this->leave(place, inside, reactions.width, here.leaving);
    const int q = 3 * n_classes;
    S rate = this->macrophage_rate_of(place, n, inside);
    third[q] = combine(rate, moved[q], u[q]);
    v.u[1][offset + q] = rate;
  }

  /// The forward elimination of the third stage; v.u[2] holds its right-hand side, but for the second increment.
  void third_sweep_down(const StepVectors<S>& v, S c32) {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    for (int i = 0; i < at.n_cells; ++i) {
      const int offset = at.free(i);
      const Downwards to = this->down_into(i, v.u[2]);
      const S* u1 = v.u[1] + offset;
      const auto right = [&](int j) { return to.cell[j] + c32 * u1[j]; };
      if (i < tables_.first_dermal_cell) {
        for (int k = 0; k < n_classes; ++k) this->forward_epidermis(to, k, right(k));
        continue;
      }
      for (int k = 0; k < n_classes; ++k) {
        this->forward_class(to, k, {right(k), right(n_classes + k), right(2 * n_classes + k)});
      }
      to.cell[3 * n_classes] = right(3 * n_classes);
    }
    for (int q = at.shed(); q < at.size(); ++q) v.u[2][q] = v.u[2][q] + c32 * v.u[1][q];
  }

  /// Back substitution of the first or second stage; the ledger's right-hand sides stand in the increment.
  void sweep_up(const StepVectors<S>& v, int stage) const {
    StepSums<S> sums(tables_, v, stage + 1);
    this->walk_up(v.u[stage], sums);
    sums.done();
  }

  S light_slope_{};  ///< d kappa / dt of the cell at the start of the step [1/s2]
};

}  // namespace inkfade::INKFADE_ISA
