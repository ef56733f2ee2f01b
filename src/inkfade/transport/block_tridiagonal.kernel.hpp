#pragma once

#include <cstddef>

#include "inkfade/base/isa.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// Thomas elimination of the (f, m) 2x2-block tridiagonal systems of all size classes at once.
///
/// Row i of a class reads  -lower (f, m)_{i-1} + [[ff, fm], [mf, mm]] (f, m)_i - upper (f, m)_{i+1} = (rf, rm)_i with
/// lower and upper diagonal. The matrices are M-matrices, for which elimination without pivoting is stable. Classes lie
/// next to each other in memory: their elimination chains are independent and overlap in the processor.
template <class S, int K>
class BlockTridiagonal {
 public:
  /// Scratch per cell and class.
  static constexpr std::size_t values_per_class = 10;

  struct Row {
    S ff{}, fm{}, mf{}, mm{};
    S lower_f{}, lower_m{};
    S upper_f{}, upper_m{};
  };

  BlockTridiagonal() = default;
  /// @param scratch values_per_class * n_cells * n_classes values, kept for the lifetime
  BlockTridiagonal(int n_cells, int n_classes, S* scratch) : n_cells_(n_cells), n_classes_(n_classes), data_(scratch) {}

  /// Eliminates row i of class k; rows must come in order.
  void eliminate(int i, int k, Row row) {
    const S determinant = begin(i, k, row);
    end(i, k, row, S(1.0) / determinant);
  }
  /// The first half of eliminate(): row as elimination leaves it. @returns its determinant, for end() to divide by
  S begin(int i, int k, Row& row) {
    if (i > 0) {
      const int n = classes();
      const S* above = at(i - 1) + k;
      S* here = at(i) + k;
      const S upper_f = above[4 * n];
      const S upper_m = above[5 * n];
      const S ff = row.lower_f * above[0];
      const S fm = row.lower_f * above[n];
      const S mf = row.lower_m * above[2 * n];
      const S mm = row.lower_m * above[3 * n];
      here[6 * n] = ff;
      here[7 * n] = fm;
      here[8 * n] = mf;
      here[9 * n] = mm;
      row.ff = row.ff - ff * upper_f;
      row.fm = row.fm - fm * upper_m;
      row.mf = row.mf - mf * upper_f;
      row.mm = row.mm - mm * upper_m;
    }
    return row.ff * row.mm - row.fm * row.mf;
  }
  void end(int i, int k, const Row& row, S per_determinant) {
    const int n = classes();
    S* here = at(i) + k;
    here[0] = row.mm * per_determinant;
    here[n] = S(0.0) - row.fm * per_determinant;
    here[2 * n] = S(0.0) - row.mf * per_determinant;
    here[3 * n] = row.ff * per_determinant;
    here[4 * n] = row.upper_f;
    here[5 * n] = row.upper_m;
  }

  /// Forward sweep of row i in place. @param f, m right-hand sides of the cell (n_classes each)
  /// @param above the cell above, swept already: f then m; null for i = 0
  void forward(int i, S* f, S* m, const S* above) const {
    if (above == nullptr) return;
    const int n = classes();
    const S* __restrict row = at(i) + 6 * n;
    for (int k = 0; k < n; ++k) {
      f[k] = f[k] + (row[k] * above[k] + row[n + k] * above[n + k]);
      m[k] = m[k] + (row[2 * n + k] * above[k] + row[3 * n + k] * above[n + k]);
    }
  }

  /// Back substitution of row i. @param f, m the cell, swept (n_classes each) @param below the cell below, finished: f
  /// then m; null for the last @param out set: f then m; may not overlap the others
  void backward(int i, const S* f, const S* m, const S* __restrict below, S* __restrict out) const {
    const int n = classes();
    const S* __restrict row = at(i);
    for (int k = 0; k < n; ++k) {
      S rf = f[k];
      S rm = m[k];
      if (below != nullptr) {
        rf = rf + row[4 * n + k] * below[k];
        rm = rm + row[5 * n + k] * below[n + k];
      }
      out[k] = row[k] * rf + row[n + k] * rm;
      out[n + k] = row[2 * n + k] * rf + row[3 * n + k] * rm;
    }
  }

 private:
  [[nodiscard]] int classes() const { return K > 0 ? K : n_classes_; }
  [[nodiscard]] S* at(int i) const {
    return data_ + static_cast<std::ptrdiff_t>(i) * classes() * static_cast<std::ptrdiff_t>(values_per_class);
  }

  int n_cells_ = 0;
  int n_classes_ = 0;
  S* data_ = nullptr;
};

}  // namespace inkfade::INKFADE_ISA
