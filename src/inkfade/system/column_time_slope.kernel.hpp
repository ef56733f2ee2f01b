#pragma once

#include "inkfade/system/column.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// df/dt of the column at a fixed state: how its rates change because light, wound and inflammation do.
///
/// Template parameters as for ColumnRates.
template <class S, int K>
class ColumnTimeSlope : public ColumnKernel<S, K> {
 protected:
  using Kernel = ColumnKernel<S, K>;
  using Rates = ColumnRates<S, K>;
  using Kernel::classes;
  using Kernel::tables_;
  using typename Rates::Inside;
  using typename Rates::Leaving;
  using typename Rates::Moment;
  using typename Rates::Pools;

  ColumnTimeSlope(const ColumnTables<S>& tables, S* scratch) : Kernel(tables, scratch) {}

  /// How the forcing's change moves what goes down through the lower face of a cell of the epidermis: only the
  /// epidermis and its junction feel it.
  void flux_slope_below(int i, const Moment& slope, const S* cell, const S* below, S* __restrict through) const {
    const int n_classes = classes();
    const int face = i + 1;
    if (face == tables_.layout.n_cells) {
      for (int k = 0; k < n_classes; ++k) through[k] = S(0.0);
    } else if (face == tables_.first_dermal_cell) {
      for (int k = 0; k < n_classes; ++k) {
        const S g = tables_.conductance[face * n_classes + k];
        const S share = g / maximum(g + this->now_.junction, S(1e-300));
        through[k] = share * share * slope.junction * (cell[k] - below[k]);
      }
    } else {
      for (int k = 0; k < n_classes; ++k) through[k] = S(0.0) - slope.velocity * below[k];
    }
  }

  /// How the rates of a dermal cell's classes change with time.
  struct ReactionSlopes {
    S lost{};        ///< [1/s2]
    S lymph{};       ///< [1/s2]
    S held_loss{};   ///< [1/s2]
    S bound_loss{};  ///< [1/s2]
    S width{};       ///< [m]
  };
  /// @param light slope of kappa [1/s2] @param leaving its sums over classes are added
  [[nodiscard]] ReactionSlopes reaction_slopes(int i, const Moment& slope, S light, const Inside& inside,
                                               Leaving& leaving) const {
    const LocalConstants<S>& c = tables_.local;
    const S wound = tables_.wound[i] * slope.forcing.wound;
    const S width = tables_.width[i];
    leaving.shed = leaving.shed + width * wound * inside.free;
    if (light_moves_) {
      leaving.degraded =
          leaving.degraded +
          width * light * (inside.free + c.macrophage_light * inside.held + c.stroma_light * inside.bound);
    }
    return {.lost = wound + light,
            .lymph = tables_.lymph[i] * slope.lymph_factor,
            .held_loss = c.macrophage_light * light,
            .bound_loss = c.stroma_light * light,
            .width = width};
  }
  /// The partial derivative by time of a class's rates, but for what passes its faces; of m and b only where light
  /// moves.
  [[nodiscard]] Pools slope_of_class(int k, const ReactionSlopes& r, const Pools& now, S& drained) const {
    const S drain = r.lymph * tables_.lymph_gate[k] * now.f;
    drained = drained + r.width * drain;
    Pools slope;
    slope.f = S(0.0) - (drain + r.lost * now.f);
    if (light_moves_) {
      slope.m = S(0.0) - r.held_loss * now.m;
      slope.b = S(0.0) - r.bound_loss * now.b;
    }
    return slope;
  }
  [[nodiscard]] S macrophage_slope(int i, const Moment& slope, S n, const Inside& inside) const {
    const LocalConstants<S>& c = tables_.local;
    const S target = tables_.macrophages[i] * this->now_.target_factor;
    const S moves = tables_.macrophages[i] * slope.target_factor;
    const S empty = maximum(S(1.0) - inside.load, S(0.0));
    const S recruited = c.recruitment_rate * this->forcing_.recruitment_factor;
    return moves * select(n > target, c.departure_rate * empty, recruited);
  }

  void start_slope(const Moment& slope, const S* cell, S* through, Leaving& leaving) const {
    const bool moves = tables_.first_dermal_cell > 0;
    for (int k = 0; k < classes(); ++k) {
      const S out = moves ? slope.velocity * cell[k] : S(0.0);
      through[k] = S(0.0) - out;
      leaving.shed = leaving.shed + out;
    }
  }
  bool light_moves_ = true;  ///< does df/dt hold anything of light in this step?
};

}  // namespace inkfade::INKFADE_ISA
