#pragma once

#include <cstddef>

#include "inkfade/base/isa.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// Free and macrophage-held parts of something of one size class.
template <class S>
struct FreeAndHeld {
  S f{};
  S m{};
};

/// A 2x2 block on (f, m) with what binds the two in absolute value: [[ff, -fm], [-mf, mm]] as a row of the matrix,
/// [[ff, fm], [mf, mm]] as the inverse of one.
template <class S>
struct Block {
  S ff{}, fm{}, mf{}, mm{};

  [[nodiscard]] S determinant() const { return ff * mm - fm * mf; }
  /// The inverse of a row. @param per_determinant 1/determinant()
  [[nodiscard]] Block inverse(S per_determinant) const {
    return {mm * per_determinant, fm * per_determinant, mf * per_determinant, ff * per_determinant};
  }
};

/// Thomas elimination of the (f, m) 2x2-block tridiagonal systems of all size classes at once.
///
/// Row i of a class reads  row_i x_i - lower_i x_{i-1} - upper_i x_{i+1} = r_i  with lower and upper diagonal, given
/// anew at each call: only the inverse P_i of the eliminated row is kept, four values. Down the cells w_i = P_i (r_i +
/// lower_i w_{i-1}), up again x_i = w_i + P_i upper_i x_{i+1}. The matrices are M-matrices, for which elimination
/// without pivoting is stable. One class and cell at a time: all else that is done to a class can be done while its
/// numbers are in registers, and the chains of the classes are independent and overlap in the processor.
/// @tparam K the number of size classes where known when compiled, else 0
template <class S, int K>
class BlockTridiagonal {
 public:
  /// Scratch per cell and class.
  static constexpr std::size_t values_per_class = 4;

  BlockTridiagonal() = default;
  /// @param values of the first cell: values_per_class * n_classes, kept for the lifetime @param cell_stride from one
  /// cell's values to those of the next
  BlockTridiagonal(S* values, std::ptrdiff_t cell_stride, int n_classes)
      : values_(values), cell_stride_(cell_stride), n_classes_(n_classes) {}

  /// The inverse that is kept of a row, times (f, m). @param out_f, out_m set
  void times(int i, int k, S f, S m, S& out_f, S& out_m) const {
    const int n = classes();
    const S* here = at(i) + k;
    out_f = here[0] * f + here[n] * m;
    out_m = here[2 * n] * f + here[3 * n] * m;
  }
  /// Of a row without m: the inverse of ff.
  [[nodiscard]] S kept_ff(int i, int k) const { return at(i)[k]; }
  /// The inverse that is kept of a row.
  [[nodiscard]] Block<S> kept(int i, int k) const {
    const int n = classes();
    const S* here = at(i) + k;
    return {here[0], here[n], here[2 * n], here[3 * n]};
  }
  void keep(int i, int k, const Block<S>& inverse) {
    const int n = classes();
    S* here = at(i) + k;
    here[0] = inverse.ff;
    here[n] = inverse.fm;
    here[2 * n] = inverse.mf;
    here[3 * n] = inverse.mm;
  }
  /// Takes the cell above out of a row. @param above its inverse @param lower of this row @param upper of the one above
  static void eliminate(Block<S>& row, const Block<S>& above, const FreeAndHeld<S>& lower,
                        const FreeAndHeld<S>& upper) {
    row.ff = row.ff - (lower.f * upper.f) * above.ff;
    row.fm = row.fm + (lower.f * upper.m) * above.fm;
    row.mf = row.mf + (lower.m * upper.f) * above.mf;
    row.mm = row.mm - (lower.m * upper.m) * above.mm;
  }

 private:
  [[nodiscard]] int classes() const { return K > 0 ? K : n_classes_; }
  [[nodiscard]] S* at(int i) const { return values_ + i * cell_stride_; }

  S* values_ = nullptr;
  std::ptrdiff_t cell_stride_ = 0;
  int n_classes_ = 0;
};

}  // namespace inkfade::INKFADE_ISA
