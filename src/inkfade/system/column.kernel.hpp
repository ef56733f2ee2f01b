#pragma once

#include "inkfade/system/column_rates.kernel.hpp"
#include "inkfade/transport/block_tridiagonal.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// The column as a system of ordinary differential equations: its rates, and the linear algebra of the W-method.
///
/// Template parameters as for ColumnRates.
template <class S, int K>
class ColumnKernel : public ColumnRates<S, K> {
 protected:
  using Rates = ColumnRates<S, K>;
  using Rates::classes;
  using Rates::face_conductance;
  using Rates::light_of;
  using Rates::moment;
  using Rates::most;
  using Rates::place_of;
  using Rates::tables_;
  using typename Rates::Leaving;
  using typename Rates::Moment;

 public:
  static constexpr std::size_t scratch_size(const ColumnLayout& layout) {
    const auto cells = static_cast<std::size_t>(layout.n_cells);
    const auto classes = static_cast<std::size_t>(layout.n_classes);
    return cells * (n_cell_arrays + (BlockTridiagonal<S, K>::values_per_class + n_direction_values) * classes);
  }

  /// @param scratch scratch_size(layout) values, kept by this kernel for its lifetime
  ColumnKernel(const ColumnTables<S>& tables, S* scratch) : Rates(tables) {
    const int n = tables.layout.n_cells;
    S** arrays[] = {&hop_,
                    &jacobian_light_,
                    &release_factor_,
                    &binding_,
                    &vacant_,
                    &vacancy_held_,
                    &macrophage_diagonal_,
                    &macrophage_gain_,
                    &room_from_room_,
                    &room_from_bound_,
                    &bound_from_room_,
                    &bound_from_bound_};
    for (S** array : arrays) {
      *array = scratch;
      scratch += n;
    }
    directions_ = scratch;
    scratch += n * tables.layout.n_classes * static_cast<int>(n_direction_values);
    solver_ = BlockTridiagonal<S, K>(n, tables.layout.n_classes, scratch);
  }

  /// Prepares solve() for the matrix (I - hg A0)(I - hg R)(I - hg B) near I - hg J, J the Jacobian at (t, y).
  ///
  /// A0 keeps transport, loss, capture, release and binding of each class. R is what all classes share: capture falls
  /// with the load, binding with what is bound, and macrophages leave by load, two ranks per cell. Its directions are
  /// those that the cell's own reactions leave after a step, (I - hg A_cell)^-1 R, so that of A0 R only the transport
  /// between cells is left over, of order hg. B is fragmentation. Crowding is left out of loss and gain alike, so all
  /// columns, ledger included, sum to zero and mass is conserved to round-off. @param hg step times gamma [s]
  void factor(S t, const S* __restrict y, S hg) {
    now_ = moment(t);
    hg_ = hg;
    S above = S(0.0);
    for (int i = 0; i < tables_.layout.n_cells; ++i) {
      jacobian_light_[i] = light_of(i, now_.forcing, y + tables_.layout.free(i), above);
    }
    hops(y);
    for (int i = 0; i < tables_.layout.n_cells; ++i) factor_cell(i, y);
  }

  /// Solves (I - hg A0)(I - hg R)(I - hg B) x = hg r. @param r, x (size()), may be the same array
  void solve(const S* r, S* x) {
    const ColumnLayout& at = tables_.layout;
    for (int i = 0; i < at.n_cells; ++i) forward_cell(i, r + at.free(i), x);
    for (int q = at.shed(); q < at.size(); ++q) x[q] = r[q];
    walk_up(x, [](int, S*) {});
  }

 protected:
  static constexpr std::size_t n_cell_arrays = 12;
  static constexpr std::size_t n_direction_values = 5;

  /// D_m n = hop_mobility n^(1/3) of every dermal cell, equation (M8) [1/(m s)].
  void hops(const S* y) {
    const ColumnLayout& at = tables_.layout;
    for (int i = tables_.first_dermal_cell; i < at.n_cells; ++i) {
      hop_[i] = tables_.hop_mobility * cbrt_(maximum(y[at.macrophages(i)], S(1.0)));
    }
  }

  [[nodiscard]] S hop_conductance(int face) const {
    return series_conductance(S(0.5) * tables_.width[face - 1], hop_[face - 1], S(0.5) * tables_.width[face],
                              hop_[face]);
  }

  void factor_cell(int i, const S* __restrict y) {
    const ColumnLayout& at = tables_.layout;
    const LocalConstants<S>& c = tables_.local;
    const int n_classes = classes();
    const bool dermal = i >= tables_.first_dermal_cell;
    const LocalPlace<S> place = place_of(i, now_, jacobian_light_[i]);
    const S* __restrict f = y + at.free(i);
    const S n = f[3 * n_classes];
    const S scale = hg_ / tables_.width[i];
    const S up = dermal ? S(0.0) : now_.velocity;
    const S up_below = i + 1 < tables_.first_dermal_cell ? now_.velocity : S(0.0);

    S per_uptake = S(0.0);  // capture per uptake, and how it falls with the room
    S per_room = S(0.0);
    S per_binding = S(0.0);
    S held_loss = S(0.0);
    S binding = S(0.0);
    S lymph = S(0.0);
    S release = S(0.0);
    S unbinding = S(0.0);
    S bound_factor = S(0.0);
    if (dermal) {
      S free = S(0.0);
      S held = S(0.0);
      S bound = S(0.0);
      for (int k = 0; k < n_classes; ++k) {
        free = free + f[k];
        held = held + f[n_classes + k];
        bound = bound + f[2 * n_classes + k];
      }
      const LocalClosures<S> closures = local_closures(c, place, n, free, held, bound);
      per_room = hg_ * closures.crowding * place.capture_factor;
      per_uptake = closures.room * per_room;
      binding = hg_ * closures.binding * tables_.binds[i];
      per_binding = hg_ * closures.binding_slope * tables_.binds[i];
      lymph = hg_ * place.lymph;
      release = hg_ * c.release_rate;
      held_loss = hg_ * (c.egress_rate * place.egress_factor + c.macrophage_light * place.light);
      const S slope = macrophage_rate_slope(c, place.macrophage_target, n, held, place.recruitment_factor);
      macrophage_diagonal_[i] = S(1.0) / (S(1.0) - hg_ * slope);
      macrophage_gain_[i] = hg_ * macrophage_rate_held_slope(c, place.macrophage_target, n, held);
      vacant_[i] = closures.room_slope;
      vacancy_held_[i] = closures.room_slope * (c.inverse_capacity - macrophage_diagonal_[i] * macrophage_gain_[i]);
      bound_factor = S(1.0) / (S(1.0) + hg_ * (c.unbinding_rate + c.stroma_light * place.light));
      unbinding = hg_ * c.unbinding_rate * bound_factor;
    }
    binding_[i] = binding;
    release_factor_[i] = bound_factor;

    const bool hop_above = dermal && i > tables_.first_dermal_cell;
    const bool hop_below = dermal && i + 1 < at.n_cells;
    const S g_above = hop_above ? scale * hop_conductance(i) : S(0.0);
    const S g_below = hop_below ? scale * hop_conductance(i + 1) : S(0.0);
    const S per_n = dermal ? S(1.0) / load_density(n) : S(0.0);
    typename BlockTridiagonal<S, K>::Row row;
    row.lower_m = hop_above ? g_above / load_density(f[3 * n_classes - at.stride()]) : S(0.0);
    row.upper_m = hop_below ? g_below / load_density(f[3 * n_classes + at.stride()]) : S(0.0);
    row.fm = S(0.0) - release;
    const S hopping = (g_above + g_below) * per_n;
    const S lost = hg_ * (place.wound + place.light);
    const S bound_share = S(1.0) - unbinding;  // of what binds, how much a step leaves bound
    const S stays_held = S(1.0) + held_loss;
    S held_by_room = S(0.0);
    S held_by_bound = S(0.0);
    S bound_by_room = S(0.0);
    S bound_by_bound = S(0.0);
    S* __restrict direction = directions_ + static_cast<std::ptrdiff_t>(i) * n_classes * 5;
    for (int k = 0; k < n_classes; ++k) {
      const S above = i > 0 ? scale * face_conductance(i, k, now_.junction) : S(0.0);
      const S below = i + 1 < at.n_cells ? scale * face_conductance(i + 1, k, now_.junction) : S(0.0);
      const S caught = tables_.uptake[k] * per_uptake;
      const S stays_free = S(1.0) + (lost + lymph * tables_.lymph_gate[k] + binding * bound_share);
      row.ff = stays_free + caught + above + below + scale * up;
      row.mf = S(0.0) - caught;
      row.mm = stays_held + release + hopping;
      row.lower_f = above;
      row.upper_f = below + scale * up_below;
      solver_.eliminate(i, k, row);
      if (!dermal) continue;
      // Where the cell's own reactions leave what a unit of room catches, and what a unit of binding lets go.
      const S per_determinant = S(1.0) / (stays_free * (stays_held + release) + caught * stays_held);
      const S room = tables_.uptake[k] * per_room * f[k] * per_determinant;
      const S let_go = per_binding * f[k];
      const S freed = let_go * bound_share * per_determinant;
      const S free_room = S(0.0) - room * stays_held;
      const S held_room = room * stays_free;
      const S bound_room = bound_factor * binding * free_room;
      const S free_bound = freed * (stays_held + release);
      const S held_bound = freed * caught;
      const S unbinds = bound_factor * let_go;
      const S bound_bound = bound_factor * binding * free_bound - unbinds;
      direction[k] = free_room;
      direction[n_classes + k] = held_room;
      direction[2 * n_classes + k] = free_bound;
      direction[3 * n_classes + k] = held_bound;
      direction[4 * n_classes + k] = unbinds;
      held_by_room = held_by_room + held_room;
      bound_by_room = bound_by_room + bound_room;
      held_by_bound = held_by_bound + held_bound;
      bound_by_bound = bound_by_bound + bound_bound;
    }
    if (!dermal) return;
    const S a = S(1.0) + vacancy_held_[i] * held_by_room;
    const S b = vacancy_held_[i] * held_by_bound;
    const S d = S(1.0) - bound_by_bound;
    const S per_determinant = S(1.0) / (a * d + b * bound_by_room);
    room_from_room_[i] = d * per_determinant;
    room_from_bound_[i] = S(0.0) - b * per_determinant;
    bound_from_room_[i] = bound_by_room * per_determinant;
    bound_from_bound_[i] = a * per_determinant;
  }

  /// Right-hand sides of a cell with b eliminated, then one step of the forward sweep.
  /// @param rc right-hand side of the cell @param x the whole solution
  void forward_cell(int i, const S* rc, S* x) const {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    S* xc = x + at.free(i);
    const S returned = hg_ * tables_.local.unbinding_rate * release_factor_[i];
    for (int k = 0; k < n_classes; ++k) {
      const S bound = hg_ * rc[2 * n_classes + k];
      xc[k] = hg_ * rc[k] + returned * bound;
      xc[n_classes + k] = hg_ * rc[n_classes + k];
      xc[2 * n_classes + k] = bound;
    }
    xc[3 * n_classes] = hg_ * rc[3 * n_classes];
    solver_.forward(i, xc, xc + n_classes, i > 0 ? xc - at.stride() : nullptr);
  }

  /// Back substitution and all that follows it, from the deepest cell up. @param x swept forward; the ledger's part
  /// holds its right-hand sides and is solved, too @param finished called as finished(i, cell) after each cell
  template <class Finished>
  void walk_up(S* x, Finished&& finished) const {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    Leaving drains(n_classes);
    S solved[2][2 * most];  // a cell and the one below it as A0 leaves them: corrections are the cell's own
    for (int i = at.n_cells - 1; i >= 0; --i) {
      S* cell = x + at.free(i);
      S* here = solved[i % 2];
      solver_.backward(i, cell, cell + n_classes, i + 1 < at.n_cells ? solved[(i + 1) % 2] : nullptr, here);
      finish_cell(i, here, cell, drains);
      finished(i, cell);
    }
    x[at.shed()] = hg_ * (x[at.shed()] + drains.shed);
    x[at.degraded()] = hg_ * (x[at.degraded()] + drains.degraded);
    x[at.removed()] = hg_ * x[at.removed()];
    for (int k = 0; k < n_classes; ++k) x[at.drained() + k] = hg_ * (x[at.drained() + k] + drains.drained[k]);
  }

  /// From A0's solution to that of the whole matrix, and what it gives the ledger. @param z f and m of the cell as A0
  /// leaves them @param x the cell, set; its b and n hold their right-hand sides
  void finish_cell(int i, const S* __restrict z, S* __restrict x, Leaving& drains) const {
    const LocalConstants<S>& c = tables_.local;
    const int n_classes = classes();
    const LocalPlace<S> place = place_of(i, now_, jacobian_light_[i]);
    const S width = tables_.width[i];
    S free = S(0.0);
    if (i < tables_.first_dermal_cell) {
      for (int k = 0; k < n_classes; ++k) {
        x[k] = z[k];
        x[n_classes + k] = z[n_classes + k];
        free = free + z[k];
      }
      const S out = i == 0 ? now_.velocity * free : S(0.0);
      drains.shed = drains.shed + (width * place.wound * free + out);
      drains.degraded = drains.degraded + width * place.light * free;
      return;
    }
    S held = S(0.0);
    S bound = S(0.0);
    const S kept = release_factor_[i];
    const S bind = kept * binding_[i];
    S b[most];
    for (int k = 0; k < n_classes; ++k) {
      b[k] = kept * x[2 * n_classes + k] + bind * z[k];
      held = held + z[n_classes + k];
      bound = bound + b[k];
    }
    const S n = x[3 * n_classes];
    const S vacancy = vacant_[i] * macrophage_diagonal_[i] * n - vacancy_held_[i] * held;
    const S room = room_from_room_[i] * vacancy + room_from_bound_[i] * bound;
    const S unbound = bound_from_room_[i] * vacancy + bound_from_bound_[i] * bound;
    const S* __restrict direction = directions_ + static_cast<std::ptrdiff_t>(i) * n_classes * 5;
    const S lymph = width * place.lymph;
    const S egress = width * c.egress_rate * place.egress_factor;
    held = S(0.0);
    bound = S(0.0);
    for (int k = 0; k < n_classes; ++k) {
      const S moved = direction[k] * room + direction[2 * n_classes + k] * unbound;
      const S f = z[k] + moved;
      const S m = z[n_classes + k] + (direction[n_classes + k] * room + direction[3 * n_classes + k] * unbound);
      const S b_new = b[k] + (bind * moved - direction[4 * n_classes + k] * unbound);
      x[k] = f;
      x[n_classes + k] = m;
      x[2 * n_classes + k] = b_new;
      drains.drained[k] = drains.drained[k] + (lymph * tables_.lymph_gate[k] * f + egress * m);
      free = free + f;
      held = held + m;
      bound = bound + b_new;
    }
    drains.shed = drains.shed + width * place.wound * free;
    drains.degraded =
        drains.degraded + width * place.light * (free + c.macrophage_light * held + c.stroma_light * bound);
    x[3 * n_classes] = macrophage_diagonal_[i] * (n + macrophage_gain_[i] * held);
    fragment(x + n_classes);
  }

  /// (I - hg B)^-1: what breaks in a class is gained by the next smaller one. @param m held pigment of a cell
  void fragment(S* __restrict m) const {
    const S breaks = hg_ * tables_.local.fragmentation_rate;
    const S stays = S(1.0) / (S(1.0) + breaks);
    S gained = S(0.0);
    for (int k = classes() - 1; k > 0; --k) {
      m[k] = stays * (m[k] + gained);
      gained = breaks * m[k];
    }
    m[0] = m[0] + gained;
  }

  Moment now_;
  S hg_{};
  BlockTridiagonal<S, K> solver_;
  // The stages' rates move on in time; the matrix, its ledger rows included, keeps the light of the step's start.
  S* hop_ = nullptr;                  ///< D_m n of every dermal cell [1/(m s)]
  S* jacobian_light_ = nullptr;       ///< kappa at factor() [1/s]
  S* release_factor_ = nullptr;       ///< 1/(1 + hg (delta_b + s_b kappa)) [1]
  S* binding_ = nullptr;              ///< hg a [1]
  S* vacant_ = nullptr;               ///< 1 where there is room, else 0 [1]
  S* vacancy_held_ = nullptr;         ///< room lost per held pigment, macrophages that stay for it counted [1/kg]
  S* macrophage_diagonal_ = nullptr;  ///< 1/(1 - hg d(dn/dt)/dn) [1]
  S* macrophage_gain_ = nullptr;      ///< hg d(dn/dt)/d(sum m) [1/kg]
  // The two ranks of a cell, solved: room and unbinding from the vacancy and the bound pigment that A0 leaves.
  S* room_from_room_ = nullptr;
  S* room_from_bound_ = nullptr;
  S* bound_from_room_ = nullptr;
  S* bound_from_bound_ = nullptr;
  /// (n_cells, 5, n_classes): f and m per unit of room [kg], f and m per unit of unbinding, b that unbinds [1]
  S* directions_ = nullptr;
};

}  // namespace inkfade::INKFADE_ISA
