#pragma once

#include "inkfade/integration/rosw3.kernel.hpp"
#include "inkfade/system/functionals.kernel.hpp"
#include "inkfade/system/macrophage_bounds.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// Where the vectors of a step lie, each size() values of S: owned elsewhere.
template <class S>
struct StepVectors {
  const S* y = nullptr;  ///< state at the start
  S* u[3]{};             ///< increments of the stages
  S* y_new = nullptr;    ///< state at the end
  S* pools[4]{};         ///< f, m and b mass of the state at the start and of each increment (3 each) [kg/m2]
  S* held[4]{};          ///< m of the same, summed over classes (n_cells each) [kg/m3]
};

/// How a step is judged.
template <class S>
struct StepTolerances {
  S rtol{};             ///< [1]
  S pigment_atol{};     ///< [kg/m3]
  S macrophage_atol{};  ///< [1/m3]
};

/// What a step came to.
template <class S>
struct StepOutcome {
  S error{};               ///< mean square of the error over its tolerance; not a number where a component is none [1]
  S lowest_pigment{};      ///< lowest concentration of any class, pool and cell [kg/m3]
  S lowest_macrophages{};  ///< [1/m3]
  S mass{};                ///< pigment in skin after the step [kg/m2]
  S peak_load{};           ///< largest load before it is held at 1, of no fewer macrophages than errors may fill [1]
};

/// Sums over cells and classes of the state or of an increment, as its cells go by.
template <class S>
class StepSums {
 public:
  /// @param which 0: the state; else the increment of that stage, counted from 1
  StepSums(const ColumnTables<S>& tables, const StepVectors<S>& v, int which)
      : width_(tables.width), out_(v.pools[which]), held_(v.held[which]) {}
  void of_cell(int i, const PigmentPools<S>& sums) {
    held_[i] = sums.m;
    pools_.f = pools_.f + width_[i] * sums.f;
    pools_.m = pools_.m + width_[i] * sums.m;
    pools_.b = pools_.b + width_[i] * sums.b;
  }
  void done() {
    out_[0] = pools_.f;
    out_[1] = pools_.m;
    out_[2] = pools_.b;
  }

 private:
  const S* width_;
  S* out_;
  S* held_;
  PigmentPools<S> pools_{S(0.0), S(0.0), S(0.0)};
};

/// Makes the new state as the cells of the third increment become known, and judges it.
template <class S, int K>
class StepJudge {
 public:
  /// Of a cell's pigment in what is held, at most; some thousand times that of one operation.
  static constexpr double round_off = 1e-12;

  /// @param bounds of macrophages at the end of the step
  StepJudge(const ColumnTables<S>& tables, const StepVectors<S>& v, const StepTolerances<S>& tolerances,
            const MacrophageBounds<S>& bounds)
      : tables_(tables),
        v_(v),
        bounds_(bounds),
        sums_(tables, v, 3),
        twice_rtol_(S(2.0) * tolerances.rtol),
        twice_pigment_atol_(S(2.0) * tolerances.pigment_atol),
        twice_macrophage_atol_(S(2.0) * tolerances.macrophage_atol),
        fewest_(maximum(tolerances.macrophage_atol, tolerances.pigment_atol * tables.local.inverse_capacity)),
        outcome_{S(0.0), S(0.0), S(0.0), S(0.0), S(0.0)} {}

  /// Once the cell is solved: a loop of its own, short, has many divisions under way.
  void of_cell(int i, const PigmentPools<S>& sums) {
    sums_.of_cell(i, sums);
    const ColumnLayout& at = tables_.layout;
    const int n_classes = K > 0 ? K : at.n_classes;
    const int offset = at.free(i);
    S* __restrict cell = v_.y_new + offset;
    const bool dermal = i >= tables_.first_dermal_cell;
    S squares = S(0.0);
    S pigment = S(0.0);
    S lowest = S(0.0);
    for (int j = 0; j < (dermal ? 3 * n_classes : n_classes); ++j) {
      squares = squares + advance(offset + j, twice_pigment_atol_, cell[j]);
      lowest = minimum(cell[j], lowest);
      pigment = pigment + cell[j];
    }
    outcome_.lowest_pigment = minimum(lowest, outcome_.lowest_pigment);
    outcome_.mass = outcome_.mass + tables_.width[i] * pigment;
    if (!dermal) {
      for (int j = n_classes; j < at.stride(); ++j) cell[j] = S(0.0);
      outcome_.error = outcome_.error + squares;
      return;
    }
    S& n = cell[3 * n_classes];
    outcome_.error = outcome_.error + (squares + advance(at.macrophages(i), twice_macrophage_atol_, n));
    outcome_.lowest_macrophages = minimum(n, outcome_.lowest_macrophages);
    const S method = n;
    n = bounds_.held(tables_.macrophages[i], v_.y[at.macrophages(i)], method);
    S& last = v_.u[2][at.macrophages(i)];  // so that the dense output ends there too
    last = last + (n - method) * S(1.0 / rosw3.m[2]);
    S held = S(0.0);
    for (int k = 0; k < n_classes; ++k) held = held + cell[n_classes + k];
    held = held * tables_.local.inverse_capacity;
    const S fewest = maximum(fewest_, S(round_off) * pigment * tables_.local.inverse_capacity);
    outcome_.peak_load = maximum(held / maximum(n, fewest), outcome_.peak_load);
    // As hold_load_of_cell() decides itself: a cell that it leaves alone must not see whether it was called.
    if (any(held > maximum(n, S(0.0)))) hold_load_of_cell(tables_, cell);
  }

  /// The ledger, and the verdict; after all cells.
  StepOutcome<S> done() {
    sums_.done();
    const ColumnLayout& at = tables_.layout;
    constexpr const Rosw3& w = rosw3;
    for (int q = at.shed(); q < at.size(); ++q) {
      v_.y_new[q] = v_.y[q] + ((S(w.m[0]) * v_.u[0][q] + S(w.m[1]) * v_.u[1][q]) + S(w.m[2]) * v_.u[2][q]);
    }
    const int counted = at.n_cells * (3 * at.n_classes + 1) - tables_.first_dermal_cell * (2 * at.n_classes + 1);
    outcome_.error = outcome_.error / S(static_cast<double>(counted));
    return outcome_;
  }

 private:
  /// Component q at the end of the step. Twice the error, over twice the tolerance: then the third increment has the
  /// weight that it has in the step. The tolerance grows with what is above 0; below it, states have their floor.
  /// @returns the square of the error over its tolerance
  S advance(int q, S atol, S& now) const {
    constexpr const Rosw3& w = rosw3;
    static_assert(2.0 * w.e[2] == w.m[2]);
    const S y = v_.y[q];
    const S u0 = v_.u[0][q];
    const S u1 = v_.u[1][q];
    const S third = S(w.m[2]) * v_.u[2][q];
    now = y + ((S(w.m[0]) * u0 + S(w.m[1]) * u1) + third);
    const S error = (S(2.0 * w.e[0]) * u0 + S(2.0 * w.e[1]) * u1) + third;
    const S ratio = error / (atol + twice_rtol_ * maximum(maximum(y, now), S(0.0)));
    return ratio * ratio;
  }

  const ColumnTables<S>& tables_;
  const StepVectors<S>& v_;
  const MacrophageBounds<S> bounds_;
  StepSums<S> sums_;
  const S twice_rtol_;
  const S twice_pigment_atol_;
  const S twice_macrophage_atol_;
  /// Macrophages that tolerated errors may fill [1/m3]. Where there are hardly any, those and round-off of what is free
  /// fill them many times over: no step is to fail for that.
  const S fewest_;
  StepOutcome<S> outcome_;
};

}  // namespace inkfade::INKFADE_ISA
