#pragma once

#include "inkfade/system/column_rates.kernel.hpp"
#include "inkfade/transport/block_tridiagonal.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// The column as a system of ordinary differential equations: its rates, and the linear algebra of the W-method.
///
/// Template parameters as for ColumnRates.
template <class S, int K>
class ColumnKernel : public ColumnRates<S, K> {
  using Rates = ColumnRates<S, K>;
  using Rates::classes;
  using Rates::face_conductance;
  using Rates::hop_;
  using Rates::hop_conductance;
  using Rates::hops;
  using Rates::light_at_cells;
  using Rates::moment;
  using Rates::place_of;
  using Rates::tables_;
  using typename Rates::Moment;

 public:
  static constexpr std::size_t scratch_size(const ColumnLayout& layout) {
    const auto cells = static_cast<std::size_t>(layout.n_cells);
    const auto classes = static_cast<std::size_t>(layout.n_classes);
    return cells *
           (Rates::n_cell_arrays + n_cell_arrays + BlockTridiagonal<S, K>::values_per_class * classes + 2 * classes);
  }

  /// @param scratch scratch_size(layout) values, kept by this kernel for its lifetime
  ColumnKernel(const ColumnTables<S>& tables, S* scratch) : Rates(tables, scratch) {
    const int n = tables.layout.n_cells;
    scratch += static_cast<std::ptrdiff_t>(Rates::n_cell_arrays) * n;
    S** arrays[] = {&jacobian_light_, &release_factor_,     &binding_, &held_slope_, &bound_slope_,
                    &room_factor_,    &macrophage_diagonal_};
    for (S** array : arrays) {
      *array = scratch;
      scratch += n;
    }
    held_coupling_ = scratch;
    scratch += n * tables.layout.n_classes;
    bound_coupling_ = scratch;
    scratch += n * tables.layout.n_classes;
    solver_ = BlockTridiagonal<S, K>(n, tables.layout.n_classes, scratch);
  }

  /// Prepares solve() for the matrix (I - hg A0)(I - hg R), where A0 + R approximates the Jacobian at (t, y).
  ///
  /// A0 keeps transport, loss, capture, release and binding of each class; R is the dependence of capture and binding
  /// on the load, one rank per cell. Fragmentation and crowding are left out of loss and gain alike, so the columns of
  /// A, ledger included, sum to zero and the W-method conserves mass to round-off. @param hg step times gamma [s]
  void factor(S t, const S* __restrict y, S hg) {
    now_ = moment(t);
    hg_ = hg;
    light_at_cells(now_.forcing, y, jacobian_light_);
    hops(y);
    for (int i = 0; i < tables_.layout.n_cells; ++i) factor_cell(i, y);
  }

  /// Solves (I - hg A0)(I - hg R) x = hg r. @param r, x (size()), may be the same array
  void solve(const S* r, S* x) {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    for (int i = 0; i < at.n_cells; ++i) forward_cell(i, r, x);
    for (int i = at.n_cells - 1; i >= 0; --i) {
      S* __restrict cell = x + at.free(i);
      solver_.backward(i, cell, cell + n_classes, i + 1 < at.n_cells ? cell + at.stride() : nullptr);
    }
    solve_ledger(r, x);  // A0's ledger rows act on A0's solution: R moves pigment between pools, not out of the skin
    for (int i = tables_.first_dermal_cell; i < at.n_cells; ++i) correct_cell(i, x + at.free(i));
  }

 private:
  static constexpr std::size_t n_cell_arrays = 7;

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

    S capture = S(0.0);
    S per_binding = S(0.0);
    S held_loss = S(0.0);
    S binding = S(0.0);
    S lymph = S(0.0);
    S release = S(0.0);
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
      capture = closures.room * closures.crowding * place.capture_factor;
      binding = closures.binding * tables_.binds[i];
      per_binding = closures.binding_slope * tables_.binds[i];
      lymph = place.lymph;
      release = c.release_rate;
      held_loss = release + c.egress_rate * place.egress_factor + c.macrophage_light * place.light;
      const S slope = macrophage_rate_slope(c, place.macrophage_target, n, held, place.recruitment_factor);
      macrophage_diagonal_[i] = S(1.0) / (S(1.0) - hg_ * slope);
      room_factor_[i] = closures.room_slope * closures.crowding * place.capture_factor;
      release_factor_[i] = S(1.0) / (S(1.0) + hg_ * (c.unbinding_rate + c.stroma_light * place.light));
    }
    binding_[i] = hg_ * binding;
    const S returned = dermal ? hg_ * c.unbinding_rate * release_factor_[i] * binding_[i] : S(0.0);

    const bool hop_above = dermal && i > tables_.first_dermal_cell;
    const bool hop_below = dermal && i + 1 < at.n_cells;
    const S g_above = hop_above ? scale * hop_conductance(i) : S(0.0);
    const S g_below = hop_below ? scale * hop_conductance(i + 1) : S(0.0);
    const S per_n = dermal ? S(1.0) / load_density(n) : S(0.0);
    typename BlockTridiagonal<S, K>::Row row;
    row.lower_m = hop_above ? g_above / load_density(f[3 * n_classes - at.stride()]) : S(0.0);
    row.upper_m = hop_below ? g_below / load_density(f[3 * n_classes + at.stride()]) : S(0.0);
    S held_slope = S(0.0);
    S bound_slope = S(0.0);
    const S per_capacity = dermal ? c.inverse_capacity * room_factor_[i] : S(0.0);
    for (int k = 0; k < n_classes; ++k) {
      const S above = i > 0 ? scale * face_conductance(i, k, now_.junction) : S(0.0);
      const S below = i + 1 < at.n_cells ? scale * face_conductance(i + 1, k, now_.junction) : S(0.0);
      const S caught = hg_ * tables_.uptake[k] * capture;
      row.ff = S(1.0) + hg_ * (place.wound + place.light + lymph * tables_.lymph_gate[k]) + caught + binding_[i] -
               returned + above + below + scale * up;
      row.fm = S(0.0) - hg_ * release;
      row.mf = S(0.0) - caught;
      row.mm = S(1.0) + hg_ * held_loss + (g_above + g_below) * per_n;
      row.lower_f = above;
      row.upper_f = below + scale * up_below;
      solver_.eliminate(i, k, row);
      const S held_coupling = hg_ * tables_.uptake[k] * per_capacity * f[k];
      const S bound_coupling = hg_ * per_binding * f[k];
      held_coupling_[i * n_classes + k] = held_coupling;
      bound_coupling_[i * n_classes + k] = bound_coupling;
      held_slope = held_slope + held_coupling;
      bound_slope = bound_slope + bound_coupling;
    }
    held_slope_[i] = S(1.0) / (S(1.0) + maximum(held_slope, S(0.0)));
    bound_slope_[i] = S(1.0) / (S(1.0) + maximum(bound_slope, S(0.0)));
  }

  /// Right-hand sides of a cell with n and b eliminated, then one step of the forward sweep.
  void forward_cell(int i, const S* r, S* x) {
    const ColumnLayout& at = tables_.layout;
    const LocalConstants<S>& c = tables_.local;
    const int n_classes = classes();
    const S* rc = r + at.free(i);
    S* xc = x + at.free(i);
    if (i < tables_.first_dermal_cell) {
      for (int k = 0; k < n_classes; ++k) {
        xc[k] = hg_ * rc[k];
        xc[n_classes + k] = S(0.0);
        xc[2 * n_classes + k] = S(0.0);
      }
      xc[3 * n_classes] = S(0.0);
    } else {
      const S n = hg_ * rc[3 * n_classes] * macrophage_diagonal_[i];
      const S recruited = n / maximum(c.inverse_capacity, S(1e-300));  // held_coupling_ carries hg u_k crowding f_k / L
      const S returned = hg_ * c.unbinding_rate * release_factor_[i];
      xc[3 * n_classes] = n;
      for (int k = 0; k < n_classes; ++k) {
        const S extra = held_coupling_[i * n_classes + k] * recruited;
        const S bound = hg_ * rc[2 * n_classes + k];
        xc[2 * n_classes + k] = bound;
        xc[k] = hg_ * rc[k] + returned * bound - extra;
        xc[n_classes + k] = hg_ * rc[n_classes + k] + extra;
      }
    }
    solver_.forward(i, xc, xc + n_classes, i > 0 ? xc - at.stride() : nullptr);
  }

  /// (I - hg R)^-1: the load's own effect on capture and binding, one rank each.
  void correct_cell(int i, S* __restrict x) const {
    const int n_classes = classes();
    S held = S(0.0);
    S bound = S(0.0);
    for (int k = 0; k < n_classes; ++k) {
      held = held + x[n_classes + k];
      bound = bound + x[2 * n_classes + k];
    }
    held = held * held_slope_[i];
    bound = bound * bound_slope_[i];
    for (int k = 0; k < n_classes; ++k) {
      const S uncaught = held_coupling_[i * n_classes + k] * held;
      const S unbound = bound_coupling_[i * n_classes + k] * bound;
      x[k] = x[k] + (uncaught + unbound);
      x[n_classes + k] = x[n_classes + k] - uncaught;
      x[2 * n_classes + k] = x[2 * n_classes + k] - unbound;
    }
  }

  /// Completes b and integrates the ledger's rows of A0.
  void solve_ledger(const S* r, S* x) const {
    const ColumnLayout& at = tables_.layout;
    const LocalConstants<S>& c = tables_.local;
    const int n_classes = classes();
    S drained[max_classes];
    for (int k = 0; k < n_classes; ++k) drained[k] = S(0.0);
    S shed = S(0.0);
    S degraded = S(0.0);
    for (int k = 0; k < n_classes; ++k) shed = shed + x[k];
    shed = tables_.first_dermal_cell > 0 ? shed * now_.velocity : S(0.0);
    for (int i = 0; i < at.n_cells; ++i) {
      S* __restrict f = x + at.free(i);
      const LocalPlace<S> place = place_of(i, now_, jacobian_light_[i]);
      const S width = tables_.width[i];
      S free = S(0.0);
      S held = S(0.0);
      S bound = S(0.0);
      if (i < tables_.first_dermal_cell) {
        for (int k = 0; k < n_classes; ++k) free = free + f[k];
      } else {
        for (int k = 0; k < n_classes; ++k) {
          f[2 * n_classes + k] = release_factor_[i] * (f[2 * n_classes + k] + binding_[i] * f[k]);
          free = free + f[k];
          held = held + f[n_classes + k];
          bound = bound + f[2 * n_classes + k];
          drained[k] = drained[k] + width * (place.lymph * tables_.lymph_gate[k] * f[k] +
                                             c.egress_rate * place.egress_factor * f[n_classes + k]);
        }
      }
      shed = shed + width * place.wound * free;
      degraded = degraded + width * place.light * (free + c.macrophage_light * held + c.stroma_light * bound);
    }
    x[at.shed()] = hg_ * (r[at.shed()] + shed);
    x[at.degraded()] = hg_ * (r[at.degraded()] + degraded);
    x[at.removed()] = hg_ * r[at.removed()];
    for (int k = 0; k < n_classes; ++k) x[at.drained() + k] = hg_ * (r[at.drained() + k] + drained[k]);
  }

  Moment now_;
  S hg_{};
  BlockTridiagonal<S, K> solver_;
  // The stages' rates move on in time; the matrix, its ledger rows included, keeps the light of the step's start.
  S* jacobian_light_ = nullptr;       ///< kappa at factor() [1/s]
  S* release_factor_ = nullptr;       ///< 1/(1 + hg (delta_b + s_b kappa)) [1]
  S* binding_ = nullptr;              ///< hg a [1]
  S* held_slope_ = nullptr;           ///< 1/(1 + hg sum_k ...) of the load's rank-one term [1]
  S* bound_slope_ = nullptr;          ///< likewise of the stroma's [1]
  S* room_factor_ = nullptr;          ///< crowding where there is room, else 0 [1]
  S* macrophage_diagonal_ = nullptr;  ///< 1/(1 - hg d(dn/dt)/dn) [1]
  S* held_coupling_ = nullptr;        ///< (n_cells, n_classes) hg u_k crowding f_k / L [1]
  S* bound_coupling_ = nullptr;       ///< (n_cells, n_classes) hg a_b f_k / B [1]
};

}  // namespace inkfade::INKFADE_ISA
