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

  ColumnTimeSlope(const ColumnTables<S>& tables, S* scratch) : Kernel(tables, scratch) {}

  /// How the forcing's change moves flux_below() and start(): only the epidermis and its junction feel it.
  void flux_slope_below(int i, const Moment& slope, const S* cell, const S* below, S* __restrict through) const {
    const int n_classes = classes();
    const int face = i + 1;
    if (face > tables_.first_dermal_cell) {
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

  /// The partial derivative of a cell's rates by time. Where light does not move only the free pool and the
  /// macrophages feel it, and the parts of the others are left as they are. @param rate set
  void time_slope(int i, const Moment& slope, S light, const S* __restrict cell, const Inside& inside, const S* in,
                  const S* out, S* __restrict rate, Leaving& leaving) const {
    const LocalConstants<S>& c = tables_.local;
    const int n_classes = classes();
    const S width = tables_.width[i];
    const S wound = tables_.wound[i] * slope.forcing.wound;
    const S lost = wound + light;
    leaving.shed = leaving.shed + width * wound * inside.free;
    if (i < tables_.first_dermal_cell) {
      for (int k = 0; k < n_classes; ++k) {
        rate[k] = (in[k] - out[k]) * inside.per_width - lost * cell[k];
        rate[n_classes + k] = S(0.0);
        rate[2 * n_classes + k] = S(0.0);
      }
      rate[3 * n_classes] = S(0.0);
      leaving.degraded = leaving.degraded + width * light * inside.free;
      return;
    }
    const S lymph = tables_.lymph[i] * slope.lymph_factor;
    for (int k = 0; k < n_classes; ++k) {
      const S drain = lymph * tables_.lymph_gate[k] * cell[k];
      rate[k] = S(0.0) - (drain + lost * cell[k]);
      leaving.drained[k] = leaving.drained[k] + width * drain;
    }
    if (i == tables_.first_dermal_cell) {
      for (int k = 0; k < n_classes; ++k) rate[k] = rate[k] + (in[k] - out[k]) * inside.per_width;
    }
    if (light_moves_) {
      const S held_loss = c.macrophage_light * light;
      const S bound_loss = c.stroma_light * light;
      for (int k = 0; k < n_classes; ++k) {
        rate[n_classes + k] = S(0.0) - held_loss * cell[n_classes + k];
        rate[2 * n_classes + k] = S(0.0) - bound_loss * cell[2 * n_classes + k];
      }
      leaving.degraded =
          leaving.degraded +
          width * light * (inside.free + c.macrophage_light * inside.held + c.stroma_light * inside.bound);
    }
    const S n = cell[3 * n_classes];
    const S target = tables_.macrophages[i] * this->now_.target_factor;
    const S moves = tables_.macrophages[i] * slope.target_factor;
    const S empty = maximum(S(1.0) - inside.load, S(0.0));
    const S recruited = c.recruitment_rate * this->forcing_.recruitment_factor;
    rate[3 * n_classes] = moves * select(n > target, c.departure_rate * empty, recruited);
  }

  void start_slope(const Moment& slope, const S* cell, S* through, Leaving& leaving) const {
    const bool moves = tables_.first_dermal_cell > 0;
    for (int k = 0; k < classes(); ++k) {
      const S out = moves ? slope.velocity * cell[k] : S(0.0);
      through[k] = S(0.0) - out;
      leaving.shed = leaving.shed + out;
    }
  }
  void slope_below(int i, const Moment& slope, const S* cell, S* through) const {
    if (i + 1 == tables_.layout.n_cells) {
      for (int k = 0; k < classes(); ++k) through[k] = S(0.0);
      return;
    }
    flux_slope_below(i, slope, cell, cell + tables_.layout.stride(), through);
  }

  bool light_moves_ = true;  ///< does df/dt hold anything of light in this step?
};

}  // namespace inkfade::INKFADE_ISA
