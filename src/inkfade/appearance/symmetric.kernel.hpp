#pragma once

#include "inkfade/base/isa.kernel.hpp"

// Small dense matrices, row by row, for the streams of light. N is their size where it is known when compiling, else 0
// and n says it. Reciprocity makes the matrices of a layer symmetric, which halves the work. Loops over triangles are
// told to unroll: only then do rows stay in registers, which halves the time.
namespace inkfade::INKFADE_ISA {

/// The most streams in a hemisphere.
inline constexpr int most_streams = 64;

template <int N>
constexpr int size_of(int n) {
  return N > 0 ? N : n;
}

/// out = a b.
template <int N, class S>
void multiply(int n_given, const S* __restrict a, const S* __restrict b, S* __restrict out) {
  const int n = size_of<N>(n_given);
  for (int i = 0; i < n; ++i) {
    S row[N > 0 ? N : most_streams];
    for (int j = 0; j < n; ++j) row[j] = a[i * n] * b[j];
    for (int k = 1; k < n; ++k) {
      const S factor = a[i * n + k];
      for (int j = 0; j < n; ++j) row[j] = row[j] + factor * b[k * n + j];
    }
    for (int j = 0; j < n; ++j) out[i * n + j] = row[j];
  }
}

/// Factors a symmetric positive definite matrix, given by its lower triangle, into L D L^T in its place; inverse[k] is
/// 1/D_k.
template <int N, class S>
void factor_symmetric(int n_given, S* __restrict a, S* __restrict inverse) {
  const int n = size_of<N>(n_given);
#pragma GCC unroll 8
  for (int k = 0; k < n; ++k) {
    inverse[k] = S(1.0) / a[k * n + k];
    S column[N > 0 ? N : most_streams];
#pragma GCC unroll 8
    for (int i = k + 1; i < n; ++i) column[i] = a[i * n + k];
#pragma GCC unroll 8
    for (int i = k + 1; i < n; ++i) {
      const S l = column[i] * inverse[k];
      a[i * n + k] = l;
#pragma GCC unroll 8
      for (int j = k + 1; j <= i; ++j) a[i * n + j] = a[i * n + j] - l * column[j];
    }
  }
}

/// z <- L^-1 z, with L (its diagonal is 1) from factor_symmetric().
template <int N, class S>
void forward_substitute(int n_given, const S* __restrict l, S* __restrict z) {
  const int n = size_of<N>(n_given);
#pragma GCC unroll 8
  for (int i = 1; i < n; ++i) {
    S row[N > 0 ? N : most_streams];
    for (int j = 0; j < n; ++j) row[j] = z[i * n + j];
    for (int k = 0; k < i; ++k) {
      const S factor = l[i * n + k];
      for (int j = 0; j < n; ++j) row[j] = row[j] - factor * z[k * n + j];
    }
    for (int j = 0; j < n; ++j) z[i * n + j] = row[j];
  }
}

/// out = z^T diag(d) z, both triangles.
template <int N, class S>
void gram(int n_given, const S* __restrict z, const S* __restrict d, S* __restrict out) {
  const int n = size_of<N>(n_given);
#pragma GCC unroll 8
  for (int i = 0; i < n; ++i) {
    S row[N > 0 ? N : most_streams];
    for (int j = 0; j <= i; ++j) row[j] = S(0.0);
    for (int k = 0; k < n; ++k) {
      const S factor = d[k] * z[k * n + i];
      for (int j = 0; j <= i; ++j) row[j] = row[j] + factor * z[k * n + j];
    }
    for (int j = 0; j <= i; ++j) {
      out[i * n + j] = row[j];
      out[j * n + i] = row[j];
    }
  }
}

/// x <- a^-1 x for n_columns right-hand sides beside each other; a is overwritten by its factors. Without pivoting: the
/// columns of 1 - a sum to less than 1 in the matrices of this room.
template <int N, class S>
void solve_in_place(int n_given, S* __restrict a, int n_columns, S* __restrict x) {
  const int n = size_of<N>(n_given);
#pragma GCC unroll 8
  for (int k = 0; k < n; ++k) {
    const S inverse = S(1.0) / a[k * n + k];
    a[k * n + k] = inverse;
#pragma GCC unroll 8
    for (int i = k + 1; i < n; ++i) {
      const S l = a[i * n + k] * inverse;
      a[i * n + k] = l;
      for (int j = k + 1; j < n; ++j) a[i * n + j] = a[i * n + j] - l * a[k * n + j];
    }
  }
  S row[N > 0 ? N : most_streams];
#pragma GCC unroll 8
  for (int i = 1; i < n; ++i) {
    for (int j = 0; j < n_columns; ++j) row[j] = x[i * n_columns + j];
    for (int k = 0; k < i; ++k) {
      const S l = a[i * n + k];
      for (int j = 0; j < n_columns; ++j) row[j] = row[j] - l * x[k * n_columns + j];
    }
    for (int j = 0; j < n_columns; ++j) x[i * n_columns + j] = row[j];
  }
#pragma GCC unroll 8
  for (int i = n - 1; i >= 0; --i) {
    for (int j = 0; j < n_columns; ++j) row[j] = x[i * n_columns + j];
    for (int k = i + 1; k < n; ++k) {
      const S u = a[i * n + k];
      for (int j = 0; j < n_columns; ++j) row[j] = row[j] - u * x[k * n_columns + j];
    }
    for (int j = 0; j < n_columns; ++j) x[i * n_columns + j] = row[j] * a[i * n + i];
  }
}

}  // namespace inkfade::INKFADE_ISA
