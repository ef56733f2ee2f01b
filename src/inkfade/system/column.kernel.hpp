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
  using Rates::hop_conductance;
  using Rates::inside_of;
  using Rates::light_of;
  using Rates::moment;
  using Rates::most;
  using Rates::neighbour;
  using Rates::place_of;
  using Rates::tables_;
  using typename Rates::Inside;
  using typename Rates::Leaving;
  using typename Rates::Moment;
  using typename Rates::Neighbour;

 public:
  static constexpr std::size_t scratch_size(const ColumnLayout& layout) {
    const auto cells = static_cast<std::size_t>(layout.n_cells);
    const auto classes = static_cast<std::size_t>(layout.n_classes);
    return cells * (n_cell_arrays + (BlockTridiagonal<S, K>::values_per_class + n_direction_values) * classes);
  }

  /// @param scratch scratch_size(layout) values, kept by this kernel for its lifetime
  ColumnKernel(const ColumnTables<S>& tables, S* scratch) : Rates(tables) {
    const int n = tables.layout.n_cells;
    S** arrays[] = {&jacobian_light_,      &release_factor_,  &binding_,        &vacant_,          &vacancy_held_,
                    &macrophage_diagonal_, &macrophage_gain_, &room_from_room_, &room_from_bound_, &bound_from_room_,
                    &bound_from_bound_,    &room_free_,       &room_held_,      &bound_free_,      &bound_held_,
                    &stays_free_,          &stays_gate_};
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
    begin_matrix();
    Neighbour near[3] = {{}, {}, neighbour(0, y)};  // of the cell above, the cell and the cell below
    S hop_below = S(0.0);
    for (int i = 0; i < tables_.layout.n_cells; ++i) {
      const S* cell = y + tables_.layout.free(i);
      near[0] = near[1];
      near[1] = near[2];
      const S hop_above = hop_below;
      hop_below = S(0.0);
      if (i + 1 < tables_.layout.n_cells) {
        near[2] = neighbour(i + 1, cell + tables_.layout.stride());
        if (i >= tables_.first_dermal_cell) hop_below = hop_conductance(i + 1, near[1], near[2]);
      }
      const LocalPlace<S> place = place_of(i, now_, jacobian_light_[i]);
      const Inside inside = inside_of(i, place, cell, near[1].per_n);
      factor_cell(i, cell, place, inside, {hop_above, hop_below, near[0].per_n, near[1].per_n, near[2].per_n});
    }
  }

  /// Solves (I - hg A0)(I - hg R)(I - hg B) x = hg r. @param r, x (size()), may be the same array
  void solve(const S* r, S* x) {
    const ColumnLayout& at = tables_.layout;
    for (int i = 0; i < at.n_cells; ++i) forward_cell(i, r + at.free(i), x);
    for (int q = at.shed(); q < at.size(); ++q) x[q] = r[q];
    walk_up(x, [](int, S*) {});
  }

 protected:
  static constexpr std::size_t n_cell_arrays = 17;
  static constexpr std::size_t n_direction_values = 2;

  /// What of the matrix is the same in every cell. Precondition: hg_ is set
  void begin_matrix() {
    const S breaks = hg_ * tables_.local.fragmentation_rate;
    stays_whole_ = S(1.0) / (S(1.0) + breaks);
    breaks_ = breaks;
  }

  /// What a cell's part of the matrix needs of its faces and neighbours; 0 where there are none, or no macrophages.
  struct Around {
    S hop_above{};  ///< conductance of the upper face for hops, Through::hop
    S hop_below{};
    S per_n_above{};  ///< 1/n of the cell above [m3]
    S per_n{};
    S per_n_below{};
  };

  /// The rows of a cell, and elimination up to there; cells must come in order. @param f the cell
  void factor_cell(int i, const S* __restrict f, const LocalPlace<S>& place, const Inside& inside,
                   const Around& around) {
    const ColumnLayout& at = tables_.layout;
    const LocalConstants<S>& c = tables_.local;
    const int n_classes = classes();
    const bool dermal = i >= tables_.first_dermal_cell;
    const S n = f[3 * n_classes];
    const S scale = hg_ * inside.per_width;
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
      const LocalClosures<S>& closures = inside.closures;
      const S load = inside.load;
      per_room = hg_ * closures.crowding * place.capture_factor;
      per_uptake = closures.room * per_room;
      binding = hg_ * closures.binding * tables_.binds[i];
      per_binding = hg_ * closures.binding_slope * tables_.binds[i];
      lymph = hg_ * place.lymph;
      release = hg_ * c.release_rate;
      held_loss = hg_ * (c.egress_rate * place.egress_factor + c.macrophage_light * place.light);
      const S slope =
          macrophage_rate_slope_at(c, place.macrophage_target, n, load, around.per_n, place.recruitment_factor);
      macrophage_diagonal_[i] = S(1.0) / (S(1.0) - hg_ * slope);
      macrophage_gain_[i] = hg_ * macrophage_rate_held_slope_at(c, place.macrophage_target, n, load, around.per_n);
      vacant_[i] = closures.room_slope;
      vacancy_held_[i] = closures.room_slope * (c.inverse_capacity - macrophage_diagonal_[i] * macrophage_gain_[i]);
      bound_factor = S(1.0) / (S(1.0) + hg_ * (c.unbinding_rate + c.stroma_light * place.light));
      unbinding = hg_ * c.unbinding_rate * bound_factor;
    }
    binding_[i] = binding;
    release_factor_[i] = bound_factor;

    const S g_above = scale * around.hop_above;
    const S g_below = scale * around.hop_below;
    typename BlockTridiagonal<S, K>::Row row;
    row.lower_m = g_above * around.per_n_above;
    row.upper_m = g_below * around.per_n_below;
    const S hopping = (g_above + g_below) * around.per_n;
    const S lost = hg_ * (place.wound + place.light);
    const S bound_share = S(1.0) - unbinding;  // of what binds, how much a step leaves bound
    const S stays_held = S(1.0) + held_loss;
    const S stays = S(1.0) + (lost + binding * bound_share);
    const S unbinding_slope = bound_factor * per_binding;
    S held_by_room = S(0.0);
    S held_by_bound = S(0.0);
    S free_by_room = S(0.0);
    S free_by_bound = S(0.0);
    S bound_by_bound = S(0.0);
    const S freeing = per_binding * bound_share;
    const S holds = stays_held + release;
    S* __restrict direction = directions_ + static_cast<std::ptrdiff_t>(i) * n_classes * 2;
    for (int k = 0; k < n_classes; ++k) {
      const S above = i > 0 ? scale * face_conductance(i, k, now_.junction) : S(0.0);
      const S below = i + 1 < at.n_cells ? scale * face_conductance(i + 1, k, now_.junction) : S(0.0);
      const S caught = tables_.uptake[k] * per_uptake;
      const S stays_free = stays + lymph * tables_.lymph_gate[k];
      row.ff = stays_free + caught + above + below + scale * up;
      row.fm = S(0.0) - release;
      row.mf = S(0.0) - caught;
      row.mm = stays_held + release + hopping;
      row.lower_f = above;
      row.upper_f = below + scale * up_below;
      const S eliminated = solver_.begin(i, k, row);
      if (!dermal) {
        solver_.end(i, k, row, S(1.0) / eliminated);
        continue;
      }
      // Where the cell's own reactions leave what a unit of room catches, and what a unit of binding lets go.
      const S local = stays_free * holds + caught * stays_held;
      const S per_both = S(1.0) / (eliminated * local);  // one division for two determinants
      solver_.end(i, k, row, per_both * local);
      const S share = f[k] * (per_both * eliminated);
      const S taken = tables_.uptake[k] * share;
      const S unbinds = unbinding_slope * f[k];
      direction[k] = share;
      direction[n_classes + k] = unbinds;
      held_by_room = held_by_room + taken * stays_free;
      free_by_room = free_by_room + taken;
      held_by_bound = held_by_bound + taken;
      free_by_bound = free_by_bound + share;
      bound_by_bound = bound_by_bound + unbinds;
    }
    if (!dermal) return;
    held_by_room = per_room * held_by_room;
    free_by_room = S(0.0) - per_room * stays_held * free_by_room;
    held_by_bound = freeing * per_uptake * held_by_bound;
    free_by_bound = freeing * holds * free_by_bound;
    const S bound_by_room = bound_factor * binding * free_by_room;
    bound_by_bound = bound_factor * binding * free_by_bound - bound_by_bound;
    room_free_[i] = S(0.0) - per_room * stays_held;
    room_held_[i] = per_room;
    bound_free_[i] = freeing * holds;
    bound_held_[i] = freeing * per_uptake;
    stays_free_[i] = stays;
    stays_gate_[i] = lymph;
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
    const S* __restrict direction = directions_ + static_cast<std::ptrdiff_t>(i) * n_classes * 2;
    // What a unit of share moves, of which uptake takes its part.
    const S free_by_uptake = room_free_[i] * room;
    const S free_by_binding = bound_free_[i] * unbound;
    const S caught_room = room_held_[i] * room;
    const S held_gain = caught_room * stays_free_[i] + bound_held_[i] * unbound;
    const S held_gate = caught_room * stays_gate_[i];
    const S lymph = width * place.lymph;
    const S egress = width * (c.egress_rate * place.egress_factor);
    held = S(0.0);
    bound = S(0.0);
    for (int k = 0; k < n_classes; ++k) {
      const S share = direction[k];
      const S uptake = tables_.uptake[k];
      const S moved = share * (free_by_uptake * uptake + free_by_binding);
      const S f = z[k] + moved;
      const S m = z[n_classes + k] + share * uptake * (held_gain + held_gate * tables_.lymph_gate[k]);
      const S b_new = b[k] + (bind * moved - direction[n_classes + k] * unbound);
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
    S gained = S(0.0);
    for (int k = classes() - 1; k > 0; --k) {
      m[k] = stays_whole_ * (m[k] + gained);
      gained = breaks_ * m[k];
    }
    m[0] = m[0] + gained;
  }

  Moment now_;
  S hg_{};
  S breaks_{};       ///< hg phi [1]
  S stays_whole_{};  ///< 1/(1 + hg phi) [1]
  BlockTridiagonal<S, K> solver_;
  // The stages' rates move on in time; the matrix, its ledger rows included, keeps the light of the step's start.
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
  // Directions of the two ranks: with s = f_k over the determinant of the class's own reactions, a unit of room moves
  // f by s u_k room_free and m by s u_k room_held (stays_free + g_k stays_gate), u_k uptake and g_k the lymph's gate;
  // a unit of unbinding moves f by s bound_free and m by s u_k bound_held.
  S* room_free_ = nullptr;
  S* room_held_ = nullptr;
  S* bound_free_ = nullptr;
  S* bound_held_ = nullptr;
  S* stays_free_ = nullptr;
  S* stays_gate_ = nullptr;
  S* directions_ = nullptr;  ///< (n_cells, 2, n_classes): s; b that unbinds [1]
};

}  // namespace inkfade::INKFADE_ISA
