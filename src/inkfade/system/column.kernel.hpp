#pragma once

#include "inkfade/system/column_tables.kernel.hpp"
#include "inkfade/transport/block_tridiagonal.kernel.hpp"
#include "inkfade/transport/faces.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// The column as a system of ordinary differential equations: rates, and the linear algebra of the W-method.
///
/// @tparam S the scalar: double, or a pack of lanes.
/// @tparam K the number of size classes where known when compiled (loops unroll), else 0.
/// Arrays come from the owner (system/column_system.hpp); nothing here allocates or throws.
template <class S, int K>
class ColumnKernel {
 public:
  static constexpr std::size_t scratch_size(const ColumnLayout& layout) {
    const auto cells = static_cast<std::size_t>(layout.n_cells);
    const auto classes = static_cast<std::size_t>(layout.n_classes);
    return cells * (n_cell_arrays + BlockTridiagonal<S, K>::values_per_class * classes + 2 * classes);
  }

  /// @param scratch scratch_size(layout) values, kept by this kernel for its lifetime
  ColumnKernel(const ColumnTables<S>& tables, S* scratch) : tables_(tables) {
    const int n = tables.layout.n_cells;
    S** arrays[] = {&light_,      &hop_,         &release_factor_, &binding_,
                    &held_slope_, &bound_slope_, &room_factor_,    &macrophage_diagonal_};
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

  void set_forcing(const Forcing<S>& forcing) { forcing_ = forcing; }

  [[nodiscard]] int size() const { return tables_.layout.size(); }
  [[nodiscard]] const ColumnLayout& layout() const { return tables_.layout; }

  /// Equations (M1)-(M4) and the ledger (M11). @param t [s] @param y, dydt (size())
  void rates(S t, const S* __restrict y, S* __restrict dydt) {
    const Moment now = moment(t);
    light_at_cells(now.forcing, y);
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    S drained[max_classes];
    for (int k = 0; k < n_classes; ++k) drained[k] = S(0.0);
    S shed = S(0.0);
    S degraded = S(0.0);
    hops(y);
    for (int i = 0; i < at.n_cells; ++i) {
      const S width = tables_.width[i];
      const LocalPlace<S> place = place_of(i, now);
      if (i < tables_.first_dermal_cell) {
        epidermal_rates(i, place, y, dydt, width, shed, degraded);
      } else {
        dermal_rates(i, place, y, dydt, width, shed, degraded, drained);
      }
    }
    transport_rates(now, y, dydt, shed);
    dydt[at.shed()] = shed;
    dydt[at.degraded()] = degraded;
    dydt[at.removed()] = S(0.0);
    for (int k = 0; k < n_classes; ++k) dydt[at.drained() + k] = drained[k];
  }

  /// Prepares solve() for the matrix (I - hg A0)(I - hg R), where A0 + R approximates the Jacobian at (t, y).
  ///
  /// A0 keeps transport, loss, capture, release and binding of each class; R is the dependence of capture and binding
  /// on the load, one rank per cell. Fragmentation and crowding are left out of loss and gain alike, so the columns of
  /// A, ledger included, sum to zero and the W-method conserves mass to round-off. @param hg step times gamma [s]
  void factor(S t, const S* __restrict y, S hg) {
    now_ = moment(t);
    hg_ = hg;
    light_at_cells(now_.forcing, y);
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

  /// Pigment in skin: sum over cells and pools [kg/m2]; linear, so also valid for increments of the state.
  [[nodiscard]] S mass(const S* y) const {
    const ColumnLayout& at = tables_.layout;
    S total = S(0.0);
    for (int i = 0; i < at.n_cells; ++i) {
      const S* cell = y + at.free(i);
      S sum = S(0.0);
      for (int j = 0; j < 3 * at.n_classes; ++j) sum = sum + cell[j];
      total = total + sum * tables_.width[i];
    }
    return total;
  }

 private:
  static constexpr std::size_t n_cell_arrays = 8;

  struct Moment {
    ForcingNow<S> forcing;
    S lymph_factor{};   ///< A_l(t) [1]
    S target_factor{};  ///< 1 + (P - 1) I(t) [1]
    S velocity{};       ///< of the epidermis towards the surface [m/s]
    S junction{};       ///< permeability of the junction now [m/s]
  };

  [[nodiscard]] int classes() const { return K > 0 ? K : tables_.layout.n_classes; }

  [[nodiscard]] Moment moment(S t) const {
    Moment now;
    now.forcing = evaluate(forcing_, t);
    now.lymph_factor = forcing_.lymph_factor * (S(1.0) + (tables_.oedema_factor - S(1.0)) * now.forcing.inflammation);
    now.target_factor = S(1.0) + (tables_.local.inflammation_peak - S(1.0)) * now.forcing.inflammation;
    const S healing = S(1.0) - (S(1.0) - tables_.turnover_healing_factor) * now.forcing.openness;
    now.velocity = tables_.epidermal_velocity / (forcing_.turnover_factor * healing);
    now.junction = tables_.junction_permeability * now.forcing.openness;
    return now;
  }

  [[nodiscard]] LocalPlace<S> place_of(int i, const Moment& now) const {
    LocalPlace<S> place;
    place.macrophage_target = tables_.macrophages[i] * now.target_factor;
    place.inverse_binding = tables_.inverse_binding[i];
    place.lymph = tables_.lymph[i] * now.lymph_factor;
    place.wound = tables_.wound[i] * now.forcing.wound;
    place.light = light_[i];
    return place;
  }

  /// kappa of every cell, equation (M14); with self-shading the pigment above and half of the cell's own attenuate.
  void light_at_cells(const ForcingNow<S>& now, const S* y) {
    const ColumnLayout& at = tables_.layout;
    const S uv = tables_.local.uv_sensitivity * now.uv;
    const S visible = tables_.local.visible_sensitivity * now.visible;
    if (!tables_.self_shading) {
      for (int i = 0; i < at.n_cells; ++i) light_[i] = uv * tables_.uv[i] + visible * tables_.visible[i];
      return;
    }
    S above = S(0.0);
    for (int i = 0; i < at.n_cells; ++i) {
      S own = S(0.0);
      for (int j = 0; j < 3 * at.n_classes; ++j) own = own + y[at.free(i) + j];
      const S half = S(0.5) * tables_.width[i] * maximum(own, S(0.0));
      const S over = above + half;
      light_[i] = uv * tables_.uv[i] * exp_(S(0.0) - tables_.uv_absorption * over) +
                  visible * tables_.visible[i] * exp_(S(0.0) - tables_.visible_absorption * over);
      above = over + half;
    }
  }

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

  [[nodiscard]] S face_conductance(int face, int k, S junction) const {
    const S g = tables_.conductance[face * classes() + k];
    return face == tables_.first_dermal_cell ? behind_membrane(g, junction) : g;
  }

  void epidermal_rates(int i, const LocalPlace<S>& place, const S* y, S* dydt, S width, S& shed, S& degraded) const {
    const int n_classes = classes();
    const S* __restrict f = y + tables_.layout.free(i);
    S* __restrict df = dydt + tables_.layout.free(i);
    S sum = S(0.0);
    for (int k = 0; k < n_classes; ++k) {
      df[k] = S(0.0) - (place.wound + place.light) * f[k];
      df[n_classes + k] = S(0.0);
      df[2 * n_classes + k] = S(0.0);
      sum = sum + f[k];
    }
    df[3 * n_classes] = S(0.0);
    shed = shed + width * place.wound * sum;
    degraded = degraded + width * place.light * sum;
  }

  void dermal_rates(int i, const LocalPlace<S>& place, const S* y, S* dydt, S width, S& shed, S& degraded,
                    S* drained) const {
    const LocalConstants<S>& c = tables_.local;
    const int n_classes = classes();
    const S* __restrict f = y + tables_.layout.free(i);
    const S* __restrict m = f + n_classes;
    const S* __restrict b = m + n_classes;
    S* __restrict df = dydt + tables_.layout.free(i);
    S* __restrict dm = df + n_classes;
    S* __restrict db = dm + n_classes;
    S free = S(0.0);
    S held = S(0.0);
    S bound = S(0.0);
    for (int k = 0; k < n_classes; ++k) {
      free = free + f[k];
      held = held + m[k];
      bound = bound + b[k];
    }
    const S n = b[n_classes];
    const LocalClosures<S> closures = local_closures(c, place, n, free, held, bound);
    const S capture = closures.room * closures.crowding;
    const S binding = closures.binding * tables_.binds[i];
    const S lost = place.wound + place.light;
    const S held_loss = c.release_rate + c.egress_rate + c.macrophage_light * place.light;
    const S bound_loss = c.unbinding_rate + c.stroma_light * place.light;
    for (int k = 0; k < n_classes; ++k) {
      const S captured = tables_.uptake[k] * capture * f[k];
      const S bind = binding * f[k];
      const S drain = place.lymph * tables_.lymph_gate[k] * f[k];
      const S breaks = k > 0 ? c.fragmentation_rate * m[k] : S(0.0);
      const S gained = k + 1 < n_classes ? c.fragmentation_rate * m[k + 1] : S(0.0);
      df[k] = (c.release_rate * m[k] - captured) + (c.unbinding_rate * b[k] - bind) - drain - lost * f[k];
      dm[k] = (captured - held_loss * m[k]) + (gained - breaks);
      db[k] = bind - bound_loss * b[k];
      drained[k] = drained[k] + width * (drain + c.egress_rate * m[k]);
    }
    db[n_classes] = macrophage_rate(c, place.macrophage_target, n, held);
    shed = shed + width * place.wound * free;
    degraded = degraded + width * place.light * (free + c.macrophage_light * held + c.stroma_light * bound);
  }

  /// Fluxes through faces, counted downwards; what leaves through z = 0 is shed.
  void transport_rates(const Moment& now, const S* __restrict y, S* __restrict dydt, S& shed) const {
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    S above = S(0.0);  // advection out of the outermost cell
    for (int k = 0; k < n_classes; ++k) above = above + y[k];
    if (tables_.first_dermal_cell > 0) shed = shed + now.velocity * above;
    for (int face = 0; face < at.n_cells; ++face) {
      const bool epidermal = face < tables_.first_dermal_cell;
      const S* lower = y + at.free(face);
      S* dlower = dydt + at.free(face);
      const S up = epidermal ? now.velocity : S(0.0);
      const S per_lower = S(1.0) / tables_.width[face];
      if (face == 0) {
        for (int k = 0; k < n_classes; ++k) dlower[k] = dlower[k] - up * lower[k] * per_lower;
        continue;
      }
      const S* upper = lower - at.stride();
      S* dupper = dlower - at.stride();
      const S per_upper = S(1.0) / tables_.width[face - 1];
      for (int k = 0; k < n_classes; ++k) {
        const S flux = face_conductance(face, k, now.junction) * (upper[k] - lower[k]) - up * lower[k];
        dupper[k] = dupper[k] - flux * per_upper;
        dlower[k] = dlower[k] + flux * per_lower;
      }
      if (face <= tables_.first_dermal_cell) continue;
      const S conductance = hop_conductance(face);
      const S per_n_upper = S(1.0) / upper[3 * n_classes];
      const S per_n_lower = S(1.0) / lower[3 * n_classes];
      for (int k = n_classes; k < 2 * n_classes; ++k) {
        const S flux = conductance * (upper[k] * per_n_upper - lower[k] * per_n_lower);
        dupper[k] = dupper[k] - flux * per_upper;
        dlower[k] = dlower[k] + flux * per_lower;
      }
    }
  }

  void factor_cell(int i, const S* __restrict y) {
    const ColumnLayout& at = tables_.layout;
    const LocalConstants<S>& c = tables_.local;
    const int n_classes = classes();
    const bool dermal = i >= tables_.first_dermal_cell;
    const LocalPlace<S> place = place_of(i, now_);
    const S* __restrict f = y + at.free(i);
    const S n = f[3 * n_classes];
    const S scale = hg_ / tables_.width[i];
    const S up = dermal ? S(0.0) : now_.velocity;
    const S up_below = i + 1 < tables_.first_dermal_cell ? now_.velocity : S(0.0);

    S capture = S(0.0);
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
      capture = closures.room * closures.crowding;
      binding = closures.binding * tables_.binds[i];
      lymph = place.lymph;
      release = c.release_rate;
      held_loss = release + c.egress_rate + c.macrophage_light * place.light;
      macrophage_diagonal_[i] = S(1.0) / (S(1.0) - hg_ * macrophage_rate_slope(c, place.macrophage_target, n, held));
      room_factor_[i] = closures.room_slope * closures.crowding;
      release_factor_[i] = S(1.0) / (S(1.0) + hg_ * (c.unbinding_rate + c.stroma_light * place.light));
    }
    binding_[i] = hg_ * binding;
    const S returned = dermal ? hg_ * c.unbinding_rate * release_factor_[i] * binding_[i] : S(0.0);

    const bool hop_above = dermal && i > tables_.first_dermal_cell;
    const bool hop_below = dermal && i + 1 < at.n_cells;
    const S g_above = hop_above ? scale * hop_conductance(i) : S(0.0);
    const S g_below = hop_below ? scale * hop_conductance(i + 1) : S(0.0);
    const S per_n = dermal ? S(1.0) / n : S(0.0);
    typename BlockTridiagonal<S, K>::Row row;
    row.lower_m = hop_above ? g_above / f[3 * n_classes - at.stride()] : S(0.0);
    row.upper_m = hop_below ? g_below / f[3 * n_classes + at.stride()] : S(0.0);
    S held_slope = S(0.0);
    S bound_slope = S(0.0);
    const S per_capacity = dermal ? c.inverse_capacity * room_factor_[i] : S(0.0);
    const S per_binding = c.binding_rate * tables_.inverse_binding[i] * tables_.binds[i];
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
      const S bound_coupling = binding_[i] > S(0.0) ? hg_ * per_binding * f[k] : S(0.0);
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
      const LocalPlace<S> place = place_of(i, now_);
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
          drained[k] =
              drained[k] + width * (place.lymph * tables_.lymph_gate[k] * f[k] + c.egress_rate * f[n_classes + k]);
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

  ColumnTables<S> tables_;
  Forcing<S> forcing_;
  Moment now_;
  S hg_{};
  BlockTridiagonal<S, K> solver_;
  S* light_ = nullptr;                ///< kappa [1/s]
  S* hop_ = nullptr;                  ///< D_m n [1/(m s)]
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
