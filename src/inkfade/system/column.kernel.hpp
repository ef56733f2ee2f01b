#pragma once

#include "inkfade/system/column_matrix.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// The column as a system of ordinary differential equations: its rates, and the linear algebra of the W-method.
///
/// Template parameters as for ColumnRates.
template <class S, int K>
class ColumnKernel : public ColumnMatrix<S, K> {
 protected:
  using Rates = ColumnRates<S, K>;
  using Matrix = ColumnMatrix<S, K>;
  using Matrix::breaks_;
  using Matrix::broken_whole_;
  using Matrix::directions;
  using Matrix::face_row;
  using Matrix::hg_;
  using Matrix::now_;
  using Matrix::shared;
  using Matrix::solver_;
  using Matrix::stays_whole_;
  using Rates::classes;
  using Rates::light_of;
  using Rates::most;
  using Rates::place_of;
  using Rates::tables_;
  using typename Matrix::Around;
  using typename Matrix::DermalRows;
  using typename Matrix::Shared;
  using typename Rates::Inside;
  using typename Rates::Leaving;
  using typename Rates::Pools;

 public:
  using Matrix::Matrix;

  /// Prepares solve() for the matrix at (t, y), see ColumnMatrix. @param hg step times gamma [s]
  void factor(S t, const S* __restrict y, S hg) {
    now_ = this->moment(t);
    hg_ = hg;
    this->begin_matrix();
    const ColumnLayout& at = tables_.layout;
    S above = S(0.0);
    for (int i = 0; i < tables_.first_dermal_cell; ++i) {
      this->factor_epidermis(i, place_of(i, now_, light_of(i, now_.forcing, y + at.free(i), above)));
    }
    this->set_hops([&](int i) { return y[at.macrophages(i)]; });
    for (int i = tables_.first_dermal_cell; i < at.n_cells; ++i) {
      const S* cell = y + at.free(i);
      const S n = cell[3 * classes()];
      const LocalPlace<S> place = place_of(i, now_, light_of(i, now_.forcing, cell, above));
      const Around around = this->around(i);
      const Inside inside = this->inside_of(place, n, this->sums_of(cell), around.lower.per_n);
      DermalRows rows = this->rows_of(i, n, place, inside, around);
      for (int k = 0; k < classes(); ++k) this->factor_class(i, k, cell[k], rows);
      this->close_rows(i, rows);
    }
  }

  /// Solves (I - hg A0)(I - hg R)(I - hg B) x = hg r. @param r, x (size()), may be the same array
  void solve(const S* r, S* x) {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    for (int i = 0; i < tables_.first_dermal_cell; ++i) {
      const S* rc = r + at.free(i);
      S* xc = x + at.free(i);
      const Downwards to = down_into(i, x);
      for (int k = 0; k < n_classes; ++k) forward_epidermis(to, k, rc[k]);
      for (int j = n_classes; j < at.stride(); ++j) xc[j] = hg_ * rc[j];
    }
    for (int i = tables_.first_dermal_cell; i < at.n_cells; ++i) {
      const S* rc = r + at.free(i);
      S* xc = x + at.free(i);
      const Downwards to = down_into(i, x);
      for (int k = 0; k < n_classes; ++k) forward_class(to, k, {rc[k], rc[n_classes + k], rc[2 * n_classes + k]});
      xc[3 * n_classes] = rc[3 * n_classes];
    }
    for (int q = at.shed(); q < at.size(); ++q) x[q] = r[q];
    walk_up(x, Nobody{});
  }

 protected:
  /// A cell on the sweep down, with what all its classes need.
  struct Downwards {
    int i = 0;
    const S* above = nullptr;  ///< f and m as the sweep left them in the cell above; zeros above the first
    const S* face = nullptr;   ///< conductances of the upper face
    S* cell = nullptr;         ///< set
    S width{};
    S returned{};  ///< as in Shared
    S lower_m{};
  };
  /// @param x the whole solution
  [[nodiscard]] Downwards down_into(int i, S* x) const {
    S* cell = x + tables_.layout.free(i);
    const S* above = i > 0 ? cell - tables_.layout.stride() : this->nothing_;
    return {i, above, face_row(i), cell, tables_.width[i], shared(i).returned, shared(i).lower_m};
  }
  /// One step of the sweep down in the epidermis. @param r right-hand side of the class's free pigment
  void forward_epidermis(const Downwards& to, int k, S r) const {
    to.cell[k] = solver_.kept_ff(to.i, k) * (to.width * r + to.face[k] * to.above[k]);
  }
  /// One step of the sweep down in the dermis, b eliminated. @param r right-hand sides
  void forward_class(const Downwards& to, int k, const Pools& r) const {
    const S f = to.width * (r.f + to.returned * r.b) + to.face[k] * to.above[k];
    const S m = to.width * r.m + to.lower_m * to.above[classes() + k];
    solver_.times(to.i, k, f, m, to.cell[k], to.cell[classes() + k]);
    to.cell[2 * classes() + k] = r.b;
  }

  /// For walk_up() where nobody looks at what it finishes.
  struct Nobody {
    void of_cell(int, const Pools&) const {}
  };

  /// Back substitution and all that follows it, from the deepest cell up. @param x swept down; b, n and the ledger's
  /// part hold their right-hand sides @param visitor its of_cell(i, sums) is called as a cell is done, with its sums
  /// over classes
  template <class Visitor>
  void walk_up(S* x, Visitor&& visitor) const {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    Leaving drains(n_classes);
    S solved[2][2 * most];  // a cell and the one below it as A0 leaves them: corrections are the cell's own
    for (int k = 0; k < 2 * n_classes; ++k) solved[at.n_cells % 2][k] = S(0.0);
    for (int i = at.n_cells - 1; i >= tables_.first_dermal_cell; --i) {
      visitor.of_cell(i, finish_dermis(i, solved[(i + 1) % 2], solved[i % 2], x + at.free(i), drains));
    }
    for (int i = tables_.first_dermal_cell - 1; i >= 0; --i) {
      visitor.of_cell(i, finish_epidermis(i, solved[(i + 1) % 2], solved[i % 2], x + at.free(i), drains));
    }
    x[at.shed()] = hg_ * (x[at.shed()] + drains.shed);
    x[at.degraded()] = hg_ * (x[at.degraded()] + drains.degraded);
    x[at.removed()] = hg_ * x[at.removed()];
    for (int k = 0; k < n_classes; ++k) x[at.drained() + k] = hg_ * (x[at.drained() + k] + drains.drained[k]);
  }

  /// @returns the cell's sums over classes
  Pools finish_epidermis(int i, const S* __restrict below, S* __restrict z, S* __restrict x, Leaving& drains) const {
    const int n_classes = classes();
    const Shared& a = shared(i);
    const S* face = face_row(i + 1);
    const S up = this->upwards(i + 1);
    S free = S(0.0);
    for (int k = 0; k < n_classes; ++k) {
      const S f = x[k] + solver_.kept_ff(i, k) * ((face[k] + up) * below[k]);
      z[k] = f;
      x[k] = f;
      free = free + f;
    }
    const S out = i == 0 ? now_.velocity * free : S(0.0);
    drains.shed = drains.shed + (a.shed * free + out);
    drains.degraded = drains.degraded + a.degraded * free;
    return {free, S(0.0), S(0.0)};
  }

  /// From A0's solution to that of the whole matrix, and what it gives the ledger. @param below f and m of the cell
  /// below as A0 leaves them @param z set to those of this cell @param x the cell, set @returns its sums over classes
  Pools finish_dermis(int i, const S* __restrict below, S* __restrict z, S* __restrict x, Leaving& drains) const {
    const LocalConstants<S>& c = tables_.local;
    const int n_classes = classes();
    const Shared& a = shared(i);
    const S* face = tables_.conductance + (i + 1) * n_classes;
    S b[most]{};  // a compiler cannot know that there is a class
    for (int k = 0; k < n_classes; ++k) {
      S f;
      S m;
      solver_.times(i, k, face[k] * below[k], a.upper_m * below[n_classes + k], f, m);
      f = x[k] + f;
      z[k] = f;
      z[n_classes + k] = x[n_classes + k] + m;
      b[k] = a.bound_by_rhs * x[2 * n_classes + k] + a.bound_by_free * f;
    }
    S held = this->sum_over_classes(z + n_classes);
    S bound = this->sum_over_classes(b);
    const S n_rhs = x[3 * n_classes];
    const S caught = (a.caught_by_rhs * n_rhs + a.caught_by_bound * bound) + a.caught_by_held * held;
    const S unbound = (a.unbound_by_rhs * n_rhs + a.unbound_by_bound * bound) + a.unbound_by_held * held;
    // What a unit of share moves, of which uptake takes its part.
    const S free_by_uptake = a.caught_free * caught;
    const S free_by_binding = a.unbound_free * unbound;
    const S held_gain = caught * a.stays_free + a.unbound_held * unbound;
    const S held_gate = caught * a.stays_gate;
    const S* __restrict direction = directions(i);
    S free = S(0.0);
    S broken = S(0.0);  // by (I - hg B)^-1: what breaks in a class is gained by the next smaller one
    held = S(0.0);
    bound = S(0.0);
    for (int k = n_classes - 1; k >= 0; --k) {
      const S share = direction[k];
      const S gate = tables_.lymph_gate[k];
      const S taken = tables_.uptake[k] * share;
      const S moved = taken * free_by_uptake + share * free_by_binding;
      const S f = z[k] + moved;
      const S m = z[n_classes + k] + taken * (held_gain + held_gate * gate);
      const S b_new = b[k] + (a.bound_by_free * moved - direction[n_classes + k] * unbound);
      drains.drained[k] = drains.drained[k] + (a.drained * gate * f + a.egress * m);
      free = free + f;
      held = held + m;
      bound = bound + b_new;
      const S whole = k > 0 ? stays_whole_ * m + broken_whole_ * broken : m + breaks_ * broken;
      broken = whole;
      x[k] = f;
      x[n_classes + k] = whole;
      x[2 * n_classes + k] = b_new;
    }
    const S n = a.macrophages_by_rhs * n_rhs;
    x[3 * n_classes] = n + a.macrophages_by_held * held;
    drains.shed = drains.shed + a.shed * free;
    drains.degraded = drains.degraded + a.degraded * (free + c.macrophage_light * held + c.stroma_light * bound);
    return {free, held, bound};
  }
};

}  // namespace inkfade::INKFADE_ISA
