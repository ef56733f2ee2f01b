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

  /// Equations (M1)-(M4) and the ledger (M11). @param t [s] @param y, dydt (size())
  void rates(S t, const S* __restrict y, S* __restrict dydt) const {
    const Moment now = moment(t);
    const ColumnLayout& at = tables_.layout;
    Leaving leaving(classes());
    Through in;
    Through out;
    S above = S(0.0);
    Neighbour here = neighbour(0, y);
    start(now, y, in, leaving);
    for (int i = 0; i < at.n_cells; ++i) {
      const S* cell = y + at.free(i);
      const S light = light_of(i, now.forcing, cell, above);
      Neighbour next;
      if (i + 1 < at.n_cells) {
        next = neighbour(i + 1, cell + at.stride());
        flux_below(i, now, cell, cell + at.stride(), here, next, out);
      } else {
        nothing_below(out);
      }
      const LocalPlace<S> place = place_of(i, now, light);
      rates_of(i, place, cell, inside_of(i, place, cell, here.per_n), in, out, dydt + at.free(i), leaving);
      here = next;
      in = out;
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
    now.target_factor = S(1.0) + (tables_.local.inflammation_peak - S(1.0)) * now.forcing.inflammation;
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
    return {tables_.macrophages[i] * now.target_factor,
            tables_.inverse_binding[i],
            tables_.lymph[i] * now.lymph_factor,
            tables_.wound[i] * now.forcing.wound,
            light,
            forcing_.capture_factor,
            forcing_.egress_factor,
            forcing_.recruitment_factor};
  }

  [[nodiscard]] S face_conductance(int face, int k, S junction) const {
    const S g = tables_.conductance[face * classes() + k];
    return face == tables_.first_dermal_cell ? behind_membrane(g, junction) : g;
  }

  /// Pigment that goes down through a face, per class [kg/m2/s].
  struct Through {
    S f[most];
    S m[most];
    S hop{};  ///< conductance of the face for macrophages' hops, 0 where there are none [1/(m2 s)]
  };
  /// What leaves the skin, summed over cells [kg/m2/s].
  struct Leaving {
    S shed{};
    S degraded{};
    S drained[most];
    explicit Leaving(int n_classes) : shed(0.0), degraded(0.0) {
      for (int k = 0; k < n_classes; ++k) drained[k] = S(0.0);
    }
    void add(const Leaving& other, int n_classes) {
      shed = shed + other.shed;
      degraded = degraded + other.degraded;
      for (int k = 0; k < n_classes; ++k) drained[k] = drained[k] + other.drained[k];
    }
  };
  /// What the neighbour above passes on to a cell.
  struct Neighbour {
    S hop{};    ///< D_m n [1/(m s)]
    S per_n{};  ///< 1/n [m3]
  };

  [[nodiscard]] Neighbour neighbour(int i, const S* cell) const {
    if (i < tables_.first_dermal_cell) return {S(0.0), S(0.0)};
    return neighbour_of(cell[3 * classes()]);
  }
  [[nodiscard]] Neighbour neighbour_of(S n) const {
    return {tables_.hop_mobility * cbrt_(maximum(n, S(1.0))), S(1.0) / load_density(n)};
  }

  /// Of the face between two dermal cells, for macrophages' hops [1/(m2 s)].
  [[nodiscard]] S hop_conductance(int face, const Neighbour& above, const Neighbour& below) const {
    return series_conductance(S(0.5) * tables_.width[face - 1], above.hop, S(0.5) * tables_.width[face], below.hop);
  }

  /// What the reactions of a cell share: sums over its classes and what follows from them.
  struct Inside {
    S per_width{};  ///< [1/m]
    S free{};       ///< [kg/m3]
    S held{};       ///< [kg/m3]
    S bound{};      ///< [kg/m3]
    S load{};       ///< of macrophages [1]
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
  /// Sums of a cell's pigment over its classes.
  [[nodiscard]] Pools sums_of(int i, const S* cell) const {
    const int n_classes = classes();
    if (i < tables_.first_dermal_cell) return {sum_over_classes(cell), S(0.0), S(0.0)};
    return {sum_over_classes(cell), sum_over_classes(cell + n_classes), sum_over_classes(cell + 2 * n_classes)};
  }
  /// @param sums over classes @param per_n 1/load_density(n) [m3]
  [[nodiscard]] Inside inside_of(int i, const LocalPlace<S>& place, S n, const Pools& sums, S per_n) const {
    const S per_width = S(1.0) / tables_.width[i];
    if (i < tables_.first_dermal_cell) return {per_width, sums.f, S(0.0), S(0.0), S(0.0), {}};
    return {per_width,
            sums.f,
            sums.m,
            sums.b,
            sums.m * tables_.local.inverse_capacity * per_n,
            local_closures(tables_.local, place, n, sums.f, sums.m, sums.b)};
  }
  [[nodiscard]] Inside inside_of(int i, const LocalPlace<S>& place, const S* __restrict cell, S per_n) const {
    return inside_of(i, place, cell[3 * classes()], sums_of(i, cell), per_n);
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
    through.hop = S(0.0);
  }

  /// Flux of free pigment from a cell of the epidermis to the cell below it.
  void flux_out_of_epidermis(int i, const Moment& now, const S* cell, const S* below, S* __restrict through) const {
    const int n_classes = classes();
    const int face = i + 1;
    const S* __restrict conductance = tables_.conductance + face * n_classes;
    if (face == tables_.layout.n_cells) {
      for (int k = 0; k < n_classes; ++k) through[k] = S(0.0);
    } else if (face == tables_.first_dermal_cell) {
      for (int k = 0; k < n_classes; ++k) {
        through[k] = behind_membrane(conductance[k], now.junction) * (cell[k] - below[k]);
      }
    } else {
      for (int k = 0; k < n_classes; ++k) {
        through[k] = conductance[k] * (cell[k] - below[k]) - now.velocity * below[k];
      }
    }
  }

  /// Flux from cell i to the cell below it.
  void flux_below(int i, const Moment& now, const S* cell, const S* below, const Neighbour& here, const Neighbour& next,
                  Through& through) const {
    const int n_classes = classes();
    const int face = i + 1;
    if (face <= tables_.first_dermal_cell) {
      flux_out_of_epidermis(i, now, cell, below, through.f);
      for (int k = 0; k < n_classes; ++k) through.m[k] = S(0.0);
      through.hop = S(0.0);
      return;
    }
    const S* __restrict conductance = tables_.conductance + face * n_classes;
    for (int k = 0; k < n_classes; ++k) through.f[k] = conductance[k] * (cell[k] - below[k]);
    const S g = hop_conductance(face, here, next);
    through.hop = g;
    const S down = g * here.per_n;
    const S up = g * next.per_n;
    for (int k = 0; k < n_classes; ++k) {
      through.m[k] = down * cell[n_classes + k] - up * below[n_classes + k];
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
    return {width,
            place.wound + place.light,
            closures.room * closures.crowding * place.capture_factor,
            closures.binding * tables_.binds[i],
            place.lymph,
            c.release_rate + egress + c.macrophage_light * place.light,
            c.unbinding_rate + c.stroma_light * place.light,
            width * egress};
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
    S hops_down{};                   ///< through the lower face, per held pigment of this cell [m/s]
    S hops_up{};                     ///< and of the cell below [m/s]
    S per_width{};                   ///< of this cell [1/m]
  };
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

  /// The reactions of a cell and what passes it: its rates. @param in, out through its upper and lower face
  void rates_of(int i, const LocalPlace<S>& place, const S* __restrict cell, const Inside& inside, const Through& in,
                const Through& out, S* __restrict rate, Leaving& leaving) const {
    const int n_classes = classes();
    const S width = tables_.width[i];
    const S per_width = inside.per_width;
    if (i < tables_.first_dermal_cell) {
      const S lost = place.wound + place.light;
      for (int k = 0; k < n_classes; ++k) {
        rate[k] = (in.f[k] - out.f[k]) * per_width - lost * cell[k];
        rate[n_classes + k] = S(0.0);
        rate[2 * n_classes + k] = S(0.0);
      }
      rate[3 * n_classes] = S(0.0);
      leave_epidermis(i, place, inside.free, leaving);
      return;
    }
    const Reactions reactions = reactions_of(i, place, inside.closures);
    S gained = S(0.0);
    for (int k = n_classes - 1; k >= 0; --k) {
      const Pools now{cell[k], cell[n_classes + k], cell[2 * n_classes + k]};
      const Pools pools = reacting(k, reactions, now, gained, leaving.drained[k]);
      rate[k] = pools.f + (in.f[k] - out.f[k]) * per_width;
      rate[n_classes + k] = pools.m + (in.m[k] - out.m[k]) * per_width;
      rate[2 * n_classes + k] = pools.b;
    }
    rate[3 * n_classes] = macrophage_rate_of(place, cell[3 * n_classes], inside);
    leave(place, inside, width, leaving);
  }

  void nothing_below(Through& out) const {
    for (int k = 0; k < classes(); ++k) {
      out.f[k] = S(0.0);
      out.m[k] = S(0.0);
    }
    out.hop = S(0.0);
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
