#pragma once

#include "inkfade/base/pack.kernel.hpp"
#include "inkfade/base/tangent_pack.kernel.hpp"
#include "inkfade/system/column_step.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// What a block of lanes does. `Arrays` is lanes::LaneArrays. @tparam S a pack, with or without derivatives @tparam K
/// as for ColumnRates
template <class S, int K, class Arrays>
class LaneWork {
 public:
  explicit LaneWork(const Arrays& arrays) : arrays_(arrays) {
    tables_.layout = {arrays.n_cells, arrays.n_classes};
    tables_.first_dermal_cell = arrays.first_dermal_cell;
    tables_.self_shading = arrays.self_shading;
    static_cast<ColumnConstants<S>&>(tables_) = *reinterpret_cast<const ColumnConstants<S>*>(arrays.constants);
    const S** cells[] = {&tables_.width, &tables_.macrophages, &tables_.inverse_binding, &tables_.binds, &tables_.lymph,
                         &tables_.wound, &tables_.uv,          &tables_.visible};
    for (int i = 0; i < 8; ++i) *cells[i] = pack(arrays.cell_tables[i]);
    tables_.uptake = pack(arrays.class_tables[0]);
    tables_.lymph_gate = pack(arrays.class_tables[1]);
    tables_.conductance = pack(arrays.conductance);
  }

  static std::size_t scratch_size(int n_cells, int n_classes) {
    const ColumnLayout layout{n_cells, n_classes};
    return ColumnStep<S, K>::scratch_size(layout) * (sizeof(S) / sizeof(double));
  }

  void attempt() {
    S* scratch = pack(arrays_.scratch);
    StepVectors<S> v;
    v.y = pack(arrays_.state);
    for (int j = 0; j < 3; ++j) v.u[j] = pack(arrays_.increments[j]);
    v.y_new = pack(arrays_.state_new);
    for (int j = 0; j < 4; ++j) {
      v.pools[j] = pack(arrays_.functionals[j]);
      v.held[j] = pack(arrays_.held[j]);
    }
    ColumnStep<S, K> step(tables_, scratch);
    step.set_forcing(*reinterpret_cast<const Forcing<S>*>(arrays_.forcing));
    const StepTolerances<S> tolerances{*pack(arrays_.rtol), *pack(arrays_.pigment_atol),
                                       *pack(arrays_.macrophage_atol)};
    const StepOutcome<S> outcome = step.attempt(*pack(arrays_.time), *pack(arrays_.step), v, tolerances);
    *pack(arrays_.error) = outcome.error;
    *pack(arrays_.lowest_pigment) = outcome.lowest_pigment;
    *pack(arrays_.lowest_macrophages) = outcome.lowest_macrophages;
    *pack(arrays_.peak_load) = outcome.peak_load;
    *pack(arrays_.mass) = outcome.mass;
  }

  /// Linear functionals of the state and of the increments, but for the masses of pools, which the step has summed.
  void sum() {
    sum_of(pack(arrays_.state), pack(arrays_.functionals[0]));
    for (int j = 0; j < 3; ++j) sum_of(pack(arrays_.increments[j]), pack(arrays_.functionals[j + 1]));
    if (arrays_.only_masses) *pack(arrays_.spill) = spill();
  }

  void observe() {
    for (int round = 0; round < arrays_.n_rounds; ++round) observe(round);
  }

 private:
  void observe(int round) {
    S weight[3];
    rosw3_dense(pack(arrays_.theta)[round], weight);
    const S* __restrict at_start = pack(arrays_.functionals[0]);
    const S* __restrict u0 = pack(arrays_.functionals[1]);
    const S* __restrict u1 = pack(arrays_.functionals[2]);
    const S* __restrict u2 = pack(arrays_.functionals[3]);
    const int n = first_of_ledger() + 3 + classes();
    S* __restrict observed = pack(arrays_.observed) + static_cast<std::ptrdiff_t>(round) * n;
    for (int q = 0; q < n; ++q) {
      observed[q] = at_start[q] + ((weight[0] * u0[q] + weight[1] * u1[q]) + weight[2] * u2[q]);
    }
    if (!arrays_.only_masses) {
      hold_observed<false>(weight, observed, pack(arrays_.observed_load)[round]);
    } else if (any(*pack(arrays_.spill) > S(0.0))) {  // else all excess would be exactly 0
      hold_observed<true>(weight, observed, pack(arrays_.observed_load)[round]);
    }
  }

  static S* pack(double* values) { return reinterpret_cast<S*>(values); }
  static S blend(const S (&weight)[3], S start, S u0, S u1, S u2) {
    return start + ((weight[0] * u0 + weight[1] * u1) + weight[2] * u2);
  }
  [[nodiscard]] int classes() const { return K > 0 ? K : arrays_.n_classes; }
  [[nodiscard]] int first_of_ledger() const {
    return 3 + (arrays_.only_masses ? 0 : classes() + arrays_.n_layers + 2);  // as lanes::first_of_ledger() has it
  }

  /// Between the ends of steps, too, what is held beyond capacity counts as free, as hold_load() has it in profiles.
  /// @param load set, but of masses only
  template <bool only_masses>
  void hold_observed(const S (&weight)[3], S* observed, S& load) const {
    const S capacity = S(1.0) / tables_.local.inverse_capacity;
    S excess = S(0.0);
    S peak = S(0.0);
    for (int i = arrays_.first_dermal_cell; i < arrays_.n_cells; ++i) {
      const int q = tables_.layout.macrophages(i);
      const S held = blend(weight, pack(arrays_.held[0])[i], pack(arrays_.held[1])[i], pack(arrays_.held[2])[i],
                           pack(arrays_.held[3])[i]);
      const S n_now = blend(weight, pack(arrays_.state)[q], pack(arrays_.increments[0])[q],
                            pack(arrays_.increments[1])[q], pack(arrays_.increments[2])[q]);
      if constexpr (!only_masses) peak = maximum(held * tables_.local.inverse_capacity / load_density(n_now), peak);
      excess = excess + tables_.width[i] * maximum(held - maximum(n_now, S(0.0)) * capacity, S(0.0));
    }
    observed[0] = observed[0] + excess;
    observed[1] = observed[1] - excess;
    if constexpr (!only_masses) load = minimum(peak, S(1.0));  // as hold_load() at ends of steps
  }

  /// How far, at most, macrophages of any cell hold more than they can anywhere in the step: an upper bound. What they
  /// hold less what they can is a parabola in the dense output: above the chord between its ends by a quarter of what
  /// it bends down at most, and by round-off.
  [[nodiscard]] S spill() const {
    constexpr const Rosw3& w = rosw3;
    static_assert(w.dense[0][2] == 0.0 && w.dense[1][2] == 0.0 && w.dense[2][2] == 0.0);
    const S capacity = S(1.0) / tables_.local.inverse_capacity;
    S most = S(0.0);
    for (int i = arrays_.first_dermal_cell; i < arrays_.n_cells; ++i) {
      const int q = tables_.layout.macrophages(i);
      const S held = pack(arrays_.held[0])[i];
      const S room = pack(arrays_.state)[q] * capacity;
      const S start = held - room;
      S moved = S(0.0);
      S bent = S(0.0);
      S size = absolute(held) + absolute(room);
      for (int j = 0; j < 3; ++j) {
        const S over = pack(arrays_.held[j + 1])[i] - pack(arrays_.increments[j])[q] * capacity;
        moved = moved + S(w.m[j]) * over;
        bent = bent + S(w.dense[j][1]) * over;
        size = size + absolute(over);
      }
      const S ends = start + maximum(moved, S(0.0));
      most = maximum(ends + S(0.25) * maximum(S(0.0) - bent, S(0.0)) + S(1e-9) * size, most);
    }
    return most;
  }

  void sum_of(const S* __restrict x, S* __restrict out) const {
    const int n_classes = classes();
    S* ledger = out + first_of_ledger();
    for (int q = 0; q < 3 + n_classes; ++q) ledger[q] = x[tables_.layout.shed() + q];
    if (arrays_.only_masses) return;
    S of_class[K > 0 ? K : max_classes];
    for (int k = 0; k < n_classes; ++k) of_class[k] = S(0.0);
    S* of_layer = out + 3 + n_classes;
    for (int l = 0; l < arrays_.n_layers; ++l) of_layer[l] = S(0.0);
    S first = S(0.0);
    S second = S(0.0);
    const S* __restrict layer_width = pack(arrays_.layer_width);
    for (int i = 0; i < arrays_.n_cells; ++i) {
      const S* cell = x + tables_.layout.free(i);
      const S width = tables_.width[i];
      S all = S(0.0);
      for (int k = 0; k < n_classes; ++k) {
        const S pigment = (cell[k] + cell[n_classes + k]) + cell[2 * n_classes + k];
        all = all + pigment;
        of_class[k] = of_class[k] + width * pigment;
      }
      for (int l = 0; l < arrays_.n_layers; ++l) of_layer[l] = of_layer[l] + layer_width[l * arrays_.n_cells + i] * all;
      const S mass = width * all;
      first = first + mass * pack(arrays_.depth)[i];
      second = second + mass * pack(arrays_.depth_square)[i];
    }
    for (int k = 0; k < n_classes; ++k) out[3 + k] = of_class[k];
    ledger[-2] = first;
    ledger[-1] = second;
  }

  const Arrays& arrays_;
  ColumnTables<S> tables_;
};

/// Loops unrolled for the default number of size classes; the arithmetic, and so the bits, are the same.
template <class S, class Arrays, class Do>
void on_lanes(const Arrays& arrays, Do&& work) {
  if (arrays.n_classes == 6) {
    LaneWork<S, 6, Arrays> lanes(arrays);
    work(lanes);
  } else {
    LaneWork<S, 0, Arrays> lanes(arrays);
    work(lanes);
  }
}

}  // namespace inkfade::INKFADE_ISA
