#pragma once

#include "inkfade/system/column_tables.kernel.hpp"
#include "inkfade/transport/faces.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// The right-hand side of the column: dy/dt = f(t, y), equations (M1)-(M4) and the ledger (M11).
///
/// @tparam S the scalar: double, or a pack of lanes.
/// @tparam K the number of size classes where known when compiled (loops unroll), else 0.
/// Walks down the cells once: each sees the fluxes through its two faces. Nothing here allocates or throws.
template <class S, int K>
class ColumnRates {
 public:
  explicit ColumnRates(const ColumnTables<S>& tables) : tables_(tables) {}

  void set_forcing(const Forcing<S>& forcing) { forcing_ = forcing; }

  [[nodiscard]] int size() const { return tables_.layout.size(); }
  [[nodiscard]] const ColumnLayout& layout() const { return tables_.layout; }
  [[nodiscard]] const ColumnTables<S>& tables() const { return tables_; }

  /// Equations (M1)-(M4) and the ledger (M11). @param t [s] @param y, dydt (size()) @param past where y is the argument
  /// of a stage: go_on
  void rates(S t, const S* __restrict y, S* __restrict dydt, PastFull past = PastFull::stop) const {
    const Moment now = moment(t);
    const ColumnLayout& at = tables_.layout;
    const int first = tables_.first_dermal_cell;
    Leaving leaving(classes());
    Through through{};
    S above = S(0.0);
    start(now, y, through, leaving);
    for (int i = 0; i < first; ++i) {
      const S* cell = y + at.free(i);
      S* rate = dydt + at.free(i);
      const LocalPlace<S> place = place_of(i, now, light_of(i, now.forcing, cell, above));
      epidermis(i, now, place, cell, cell + at.stride(), through, rate);
      for (int j = classes(); j < at.stride(); ++j) rate[j] = S(0.0);
      leave_epidermis(i, place, sum_over_classes(cell), leaving);
    }
    Neighbour here = first < at.n_cells ? neighbour(y[at.macrophages(first)]) : Neighbour{};
    for (int i = first; i < at.n_cells; ++i) {
      const S* cell = y + at.free(i);
      const bool last = i + 1 == at.n_cells;
      const Neighbour next = last ? Neighbour{} : neighbour(y[at.macrophages(i + 1)]);
      const S hop = last ? S(0.0) : hop_conductance(i + 1, here, next);
      const LocalPlace<S> place = place_of(i, now, light_of(i, now.forcing, cell, above));
      dermis(i, place, cell, faces_of(i, last ? cell : cell + at.stride(), {hop, here.per_n, next.per_n}), through,
             dydt + at.free(i), leaving, past);
      here = next;
    }
    ledger_of(leaving, dydt + at.shed());
  }

 protected:
  using Pools = PigmentPools<S>;
  static constexpr int most = K > 0 ? K : max_classes;

  struct Moment {
    ForcingNow<S> forcing;
    S lymph_factor{};   ///< A_l(t) [1]
    S target_factor{};  ///< 1 + (P - 1) I(t) [1]
    S velocity{};       ///< of the epidermis towards the surface [m/s]
    S junction{};       ///< permeability of the junction now [m/s]
  };

  [[nodiscard]] int classes() const { return K > 0 ? K : tables_.layout.n_classes; }

  [[nodiscard]] Moment moment(S t) const { return moment_of(evaluate(forcing_, t)); }

  [[nodiscard]] Moment moment_of(const ForcingNow<S>& forcing) const {
    Moment now;
    now.forcing = forcing;
    now.lymph_factor = forcing_.lymph_factor * (S(1.0) + (tables_.oedema_factor - S(1.0)) * now.forcing.inflammation);
    now.target_factor = macrophage_target_factor(tables_.local, now.forcing.inflammation);
    const S healing = S(1.0) - (S(1.0) - tables_.turnover_healing_factor) * now.forcing.openness;
    now.velocity = tables_.epidermal_velocity / (forcing_.turnover_factor * healing);
    now.junction = tables_.junction_permeability * now.forcing.openness;
    return now;
  }

  /// How fast a moment changes [1/s]. @param forcing slope of what drives the column
  [[nodiscard]] Moment moment_slope(const Moment& now, const ForcingNow<S>& forcing) const {
    Moment slope;
    slope.forcing = forcing;
    slope.lymph_factor = forcing_.lymph_factor * (tables_.oedema_factor - S(1.0)) * forcing.inflammation;
    slope.target_factor = (tables_.local.inflammation_peak - S(1.0)) * forcing.inflammation;
    const S healing = S(1.0) - (S(1.0) - tables_.turnover_healing_factor) * now.forcing.openness;
    slope.velocity = now.velocity * (S(1.0) - tables_.turnover_healing_factor) * forcing.openness / healing;
    slope.junction = tables_.junction_permeability * forcing.openness;
    return slope;
  }

  [[nodiscard]] LocalPlace<S> place_of(int i, const Moment& now, S light) const {
    return {.macrophage_target = tables_.macrophages[i] * now.target_factor,
            .inverse_binding = tables_.inverse_binding[i],
            .lymph = tables_.lymph[i] * now.lymph_factor,
            .wound = tables_.wound[i] * now.forcing.wound,
            .light = light,
            .capture_factor = forcing_.capture_factor,
            .egress_factor = forcing_.egress_factor,
            .recruitment_factor = forcing_.recruitment_factor};
  }

  [[nodiscard]] S face_conductance(int face, int k, S junction) const {
    const S g = tables_.conductance[face * classes() + k];
    return face == tables_.first_dermal_cell ? behind_membrane(g, junction) : g;
  }

  /// Pigment that goes down through a face, per class [kg/m2/s].
  struct Through {
    S f[most];
    S m[most];
  };
  /// What leaves the skin, summed over cells [kg/m2/s].
  struct Leaving {
    S shed{};
    S degraded{};
    S drained[most];
    explicit Leaving(int n_classes) : shed(0.0), degraded(0.0) {
      for (int k = 0; k < n_classes; ++k) drained[k] = S(0.0);
    }
  };
  /// What a face needs of the macrophages of a dermal cell beside it.
  struct Neighbour {
    S hop{};    ///< D_m n [1/(m s)]
    S per_n{};  ///< 1/n [m3]
  };
  [[nodiscard]] Neighbour neighbour(S n) const {
    return {tables_.hop_mobility * cbrt_(maximum(n, S(1.0))), S(1.0) / load_density(n)};
  }

  /// Of the face between two dermal cells, for macrophages' hops [1/(m2 s)].
  [[nodiscard]] S hop_conductance(int face, const Neighbour& above, const Neighbour& below) const {
    return series_conductance(S(0.5) * tables_.width[face - 1], above.hop, S(0.5) * tables_.width[face], below.hop);
  }

  /// What the reactions of a dermal cell share: sums over its classes and what follows from them.
  struct Inside {
    S free{};   ///< [kg/m3]
    S held{};   ///< [kg/m3]
    S bound{};  ///< [kg/m3]
    S load{};   ///< of macrophages [1]
    LocalClosures<S> closures;
  };
  /// A sum over classes, by two that do not wait for each other. @param x (n_classes)
  [[nodiscard]] S sum_over_classes(const S* x) const {
    const int n_classes = classes();
    S even = x[0];
    S odd = S(0.0);
    for (int k = 1; k < n_classes; k += 2) odd = odd + x[k];
    for (int k = 2; k < n_classes; k += 2) even = even + x[k];
    return even + odd;
  }
  /// Sums of a dermal cell's pigment over its classes.
  [[nodiscard]] Pools sums_of(const S* cell) const {
    const int n_classes = classes();
    return {sum_over_classes(cell), sum_over_classes(cell + n_classes), sum_over_classes(cell + 2 * n_classes)};
  }
  /// @param n of the cell @param sums over its classes @param per_n 1/load_density(n) [m3]
  [[nodiscard]] Inside inside_of(const LocalPlace<S>& place, S n, const Pools& sums, S per_n,
                                 PastFull past = PastFull::stop) const {
    return {.free = sums.f,
            .held = sums.m,
            .bound = sums.b,
            .load = sums.m * tables_.local.inverse_capacity * per_n,
            .closures = local_closures(tables_.local, place, n, sums.f, sums.m, sums.b, past)};
  }

  /// kappa of a cell, equation (M14); with self-shading the pigment above and half of its own attenuate.
  /// @param above pigment above, moved past the cell [kg/m2]
  [[nodiscard]] S light_of(int i, const ForcingNow<S>& now, const S* cell, S& above) const {
    const S uv = tables_.local.uv_sensitivity * now.uv * tables_.uv[i];
    const S visible = tables_.local.visible_sensitivity * now.visible * tables_.visible[i];
    if (!tables_.self_shading) return uv + visible;
    S own = S(0.0);
    for (int j = 0; j < 3 * classes(); ++j) own = own + cell[j];
    const S half = S(0.5) * tables_.width[i] * maximum(own, S(0.0));
    const S over = above + half;
    above = over + half;
    return uv * exp_(S(0.0) - tables_.uv_absorption * over) +
           visible * exp_(S(0.0) - tables_.visible_absorption * over);
  }

  /// What goes out through the skin's surface with the epidermis.
  void start(const Moment& now, const S* cell, Through& through, Leaving& leaving) const {
    const bool moves = tables_.first_dermal_cell > 0;
    for (int k = 0; k < classes(); ++k) {
      const S out = moves ? now.velocity * cell[k] : S(0.0);
      through.f[k] = S(0.0) - out;
      through.m[k] = S(0.0);
      leaving.shed = leaving.shed + out;
    }
  }

  /// Rates of the free pigment of a cell of the epidermis. @param below the cell below; where there is none, any cell
  /// @param through what comes from above; set to what goes down @param rate set (n_classes)
  void epidermis(int i, const Moment& now, const LocalPlace<S>& place, const S* cell, const S* below, Through& through,
                 S* __restrict rate) const {
    const S lost = place.wound + place.light;
    const S per_width = S(1.0) / tables_.width[i];
    const int face = i + 1;
    // Upwind transport towards the surface, in the epidermis only; ends of the table are 0.
    const S up = face < tables_.first_dermal_cell ? now.velocity : S(0.0);
    for (int k = 0; k < classes(); ++k) {
      const S down = face_conductance(face, k, now.junction) * (cell[k] - below[k]) - up * below[k];
      rate[k] = (through.f[k] - down) * per_width - lost * cell[k];
      through.f[k] = down;
    }
  }

  /// Rate constants of the reactions of a cell in the dermis that its classes share.
  struct Reactions {
    S width{};         ///< [m]
    S lost{};          ///< free pigment to wound and light [1/s]
    S capture{};       ///< over the uptake of a class [1/m3]
    S binding{};       ///< [1/s]
    S lymph{};         ///< over the gate of a class [1/s]
    S held_loss{};     ///< [1/s]
    S bound_loss{};    ///< [1/s]
    S egress_width{};  ///< [m/s]
  };
  [[nodiscard]] Reactions reactions_of(int i, const LocalPlace<S>& place, const LocalClosures<S>& closures) const {
    const LocalConstants<S>& c = tables_.local;
    const S egress = c.egress_rate * place.egress_factor;
    const S width = tables_.width[i];
    return {.width = width,
            .lost = place.wound + place.light,
            .capture = closures.room * closures.crowding * place.capture_factor,
            .binding = closures.binding * tables_.binds[i],
            .lymph = place.lymph,
            .held_loss = c.release_rate + egress + c.macrophage_light * place.light,
            .bound_loss = c.unbinding_rate + c.stroma_light * place.light,
            .egress_width = width * egress};
  }

  /// What reactions do to a class; largest class first, as what breaks in one is gained by the next smaller.
  /// @param gained by this class from the larger one; set to what this class loses @param drained added to
  [[nodiscard]] Pools reacting(int k, const Reactions& r, const Pools& now, S& gained, S& drained) const {
    const LocalConstants<S>& c = tables_.local;
    const S captured = tables_.uptake[k] * r.capture * now.f;
    const S bind = r.binding * now.f;
    const S drain = r.lymph * tables_.lymph_gate[k] * now.f;
    const S breaks = k > 0 ? c.fragmentation_rate * now.m : S(0.0);
    const Pools rate{(c.release_rate * now.m - captured) + (c.unbinding_rate * now.b - bind) - drain - r.lost * now.f,
                     (captured - r.held_loss * now.m) + (gained - breaks), bind - r.bound_loss * now.b};
    drained = drained + (r.width * drain + r.egress_width * now.m);
    gained = breaks;
    return rate;
  }
  /// What leaves a cell of the epidermis. @param free its pigment [kg/m3]
  void leave_epidermis(int i, const LocalPlace<S>& place, S free, Leaving& leaving) const {
    const S width = tables_.width[i];
    leaving.shed = leaving.shed + width * place.wound * free;
    leaving.degraded = leaving.degraded + width * place.light * free;
  }
  /// The faces of a dermal cell: what its pigment passes by.
  struct Faces {
    const S* conductance = nullptr;  ///< of the lower face (n_classes) [m/s]
    const S* below = nullptr;        ///< the cell below; where there is none, any cell
    S per_n{};                       ///< 1/n of this cell [m3]
    S hops_down{};                   ///< through the lower face, per held pigment of this cell [m/s]
    S hops_up{};                     ///< and of the cell below [m/s]
    S per_width{};                   ///< of this cell [1/m]
  };
  /// The lower face of a dermal cell for hops; zeros at the deepest.
  struct Hops {
    S conductance{};  ///< [1/(m2 s)]
    S per_n{};        ///< 1/n of the cell [m3]
    S per_n_below{};  ///< of the cell below [m3]
  };
  [[nodiscard]] Faces faces_of(int i, const S* below, const Hops& hops) const {
    return {.conductance = tables_.conductance + (i + 1) * classes(),
            .below = below,
            .per_n = hops.per_n,
            .hops_down = hops.conductance * hops.per_n,
            .hops_up = hops.conductance * hops.per_n_below,
            .per_width = S(1.0) / tables_.width[i]};
  }
  /// Adds what passes the faces to the rates of a class. @param through what comes from above; set to what goes down
  void pass(int k, const Faces& faces, const Pools& now, Through& through, Pools& rate) const {
    const S down_f = faces.conductance[k] * (now.f - faces.below[k]);
    const S down_m = faces.hops_down * now.m - faces.hops_up * faces.below[classes() + k];
    rate.f = rate.f + (through.f[k] - down_f) * faces.per_width;
    rate.m = rate.m + (through.m[k] - down_m) * faces.per_width;
    through.f[k] = down_f;
    through.m[k] = down_m;
  }
  /// The sums over classes that leave a dermal cell.
  void leave(const LocalPlace<S>& place, const Inside& inside, S width, Leaving& leaving) const {
    const LocalConstants<S>& c = tables_.local;
    leaving.shed = leaving.shed + width * place.wound * inside.free;
    leaving.degraded =
        leaving.degraded +
        width * place.light * (inside.free + c.macrophage_light * inside.held + c.stroma_light * inside.bound);
  }
  [[nodiscard]] S macrophage_rate_of(const LocalPlace<S>& place, S n, const Inside& inside) const {
    return macrophage_rate_at(tables_.local, place.macrophage_target, n, inside.load, place.recruitment_factor);
  }

  /// Rates of a dermal cell. @param through as for pass() @param rate set (stride())
  void dermis(int i, const LocalPlace<S>& place, const S* __restrict cell, const Faces& faces, Through& through,
              S* __restrict rate, Leaving& leaving, PastFull past) const {
    const int n_classes = classes();
    const S n = cell[3 * n_classes];
    const Inside inside = inside_of(place, n, sums_of(cell), faces.per_n, past);
    const Reactions reactions = reactions_of(i, place, inside.closures);
    S gained = S(0.0);
    for (int k = n_classes - 1; k >= 0; --k) {
      const Pools now{cell[k], cell[n_classes + k], cell[2 * n_classes + k]};
      Pools pools = reacting(k, reactions, now, gained, leaving.drained[k]);
      pass(k, faces, now, through, pools);
      rate[k] = pools.f;
      rate[n_classes + k] = pools.m;
      rate[2 * n_classes + k] = pools.b;
    }
    rate[3 * n_classes] = macrophage_rate_of(place, n, inside);
    leave(place, inside, reactions.width, leaving);
  }

  void ledger_of(const Leaving& leaving, S* out) const {
    out[0] = leaving.shed;
    out[1] = leaving.degraded;
    out[2] = S(0.0);
    for (int k = 0; k < classes(); ++k) out[3 + k] = leaving.drained[k];
  }

  ColumnTables<S> tables_;
  Forcing<S> forcing_;
};

}  // namespace inkfade::INKFADE_ISA
