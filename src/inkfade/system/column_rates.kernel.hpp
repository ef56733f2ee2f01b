#pragma once

#include "inkfade/system/column_tables.kernel.hpp"
#include "inkfade/transport/faces.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// The right-hand side of the column: dy/dt = f(t, y), equations (M1)-(M4) and the ledger (M11).
///
/// @tparam S the scalar: double, or a pack of lanes.
/// @tparam K the number of size classes where known when compiled (loops unroll), else 0.
/// Arrays come from the owner (system/column_system.hpp); nothing here allocates or throws.
template <class S, int K>
class ColumnRates {
 public:
  static constexpr std::size_t n_cell_arrays = 2;

  /// @param scratch n_cell_arrays values per cell, kept for the lifetime
  ColumnRates(const ColumnTables<S>& tables, S* scratch)
      : tables_(tables), light_(scratch), hop_(scratch + tables.layout.n_cells) {}

  void set_forcing(const Forcing<S>& forcing) { forcing_ = forcing; }

  [[nodiscard]] int size() const { return tables_.layout.size(); }
  [[nodiscard]] const ColumnLayout& layout() const { return tables_.layout; }
  [[nodiscard]] const ColumnTables<S>& tables() const { return tables_; }

  /// Equations (M1)-(M4) and the ledger (M11). @param t [s] @param y, dydt (size())
  void rates(S t, const S* __restrict y, S* __restrict dydt) {
    const Moment now = moment(t);
    light_at_cells(now.forcing, y, light_);
    const ColumnLayout& at = tables_.layout;
    const int n_classes = classes();
    S drained[max_classes];
    for (int k = 0; k < n_classes; ++k) drained[k] = S(0.0);
    S shed = S(0.0);
    S degraded = S(0.0);
    hops(y);
    for (int i = 0; i < at.n_cells; ++i) {
      const S width = tables_.width[i];
      const LocalPlace<S> place = place_of(i, now, light_[i]);
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

 protected:
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

  [[nodiscard]] LocalPlace<S> place_of(int i, const Moment& now, S light) const {
    LocalPlace<S> place;
    place.macrophage_target = tables_.macrophages[i] * now.target_factor;
    place.inverse_binding = tables_.inverse_binding[i];
    place.lymph = tables_.lymph[i] * now.lymph_factor;
    place.wound = tables_.wound[i] * now.forcing.wound;
    place.light = light;
    place.capture_factor = forcing_.capture_factor;
    place.egress_factor = forcing_.egress_factor;
    place.recruitment_factor = forcing_.recruitment_factor;
    return place;
  }

  /// kappa of every cell, equation (M14); with self-shading the pigment above and half of the cell's own attenuate.
  void light_at_cells(const ForcingNow<S>& now, const S* y, S* light) const {
    const ColumnLayout& at = tables_.layout;
    const S uv = tables_.local.uv_sensitivity * now.uv;
    const S visible = tables_.local.visible_sensitivity * now.visible;
    if (!tables_.self_shading) {
      for (int i = 0; i < at.n_cells; ++i) light[i] = uv * tables_.uv[i] + visible * tables_.visible[i];
      return;
    }
    S above = S(0.0);
    for (int i = 0; i < at.n_cells; ++i) {
      S own = S(0.0);
      for (int j = 0; j < 3 * at.n_classes; ++j) own = own + y[at.free(i) + j];
      const S half = S(0.5) * tables_.width[i] * maximum(own, S(0.0));
      const S over = above + half;
      light[i] = uv * tables_.uv[i] * exp_(S(0.0) - tables_.uv_absorption * over) +
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
    const S capture = closures.room * closures.crowding * place.capture_factor;
    const S egress = c.egress_rate * place.egress_factor;
    const S binding = closures.binding * tables_.binds[i];
    const S lost = place.wound + place.light;
    const S held_loss = c.release_rate + egress + c.macrophage_light * place.light;
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
      drained[k] = drained[k] + width * (drain + egress * m[k]);
    }
    db[n_classes] = macrophage_rate(c, place.macrophage_target, n, held, place.recruitment_factor);
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
      const S per_n_upper = S(1.0) / load_density(upper[3 * n_classes]);
      const S per_n_lower = S(1.0) / load_density(lower[3 * n_classes]);
      for (int k = n_classes; k < 2 * n_classes; ++k) {
        const S flux = conductance * (upper[k] * per_n_upper - lower[k] * per_n_lower);
        dupper[k] = dupper[k] - flux * per_upper;
        dlower[k] = dlower[k] + flux * per_lower;
      }
    }
  }

  ColumnTables<S> tables_;
  Forcing<S> forcing_;
  S* light_;  ///< kappa of every cell [1/s]
  S* hop_;    ///< D_m n of every dermal cell [1/(m s)]
};

}  // namespace inkfade::INKFADE_ISA
