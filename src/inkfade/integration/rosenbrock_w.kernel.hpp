#pragma once

#include <cstddef>

#include "inkfade/base/isa.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// ROS34PW2 (Rang & Angermann, BIT 2005;45:761): four stages, order 3 with any matrix A in place of the Jacobian,
/// L-stable and stiffly accurate with the exact one, embedded order 2.
///
/// In the form of Hairer & Wanner (Solving ODEs II, IV.7): increments u solve (I/(h gamma) - A) u_i =
/// f(t + alpha_i h, y + sum_j a_ij u_j) + sum_j (c_ij/h) u_j. The constants below follow from the published alpha,
/// gamma and b when the program is compiled.
struct Ros34pw2 {
  static constexpr int stages = 4;
  static constexpr int order = 3;
  static constexpr int error_order = 2;
  static constexpr double gamma = 0.43586652150845900;

  static constexpr double alpha[4][4] = {{0.0, 0.0, 0.0, 0.0},
                                         {0.87173304301691801, 0.0, 0.0, 0.0},
                                         {0.84457060015369423, -0.11299064236484185, 0.0, 0.0},
                                         {0.0, 0.0, 1.0, 0.0}};
  static constexpr double gammas[4][4] = {{gamma, 0.0, 0.0, 0.0},
                                          {-0.87173304301691801, gamma, 0.0, 0.0},
                                          {-0.90338057013044082, 0.054180672388095326, gamma, 0.0},
                                          {0.24212380706095346, -1.2232505839045147, 0.54526025533510214, gamma}};
  static constexpr double weights[4] = {0.24212380706095346, -1.2232505839045147, 1.5452602553351020, gamma};
  static constexpr double embedded_weights[4] = {0.37810903145819369, -0.096042292212423178, 0.5, 0.21793326075422950};

  double a[4][4]{};        ///< stage arguments from increments
  double c[4][4]{};        ///< right-hand sides from increments, over h
  double m[4]{};           ///< step from increments
  double e[4]{};           ///< step minus embedded step
  double stage_time[4]{};  ///< alpha_i
  /// Step to t + theta h: sum_i (dense[i][0] theta + dense[i][1] theta^2 + dense[i][2] theta^3) u_i.
  double dense[4][3]{};

  constexpr Ros34pw2() {
    double inverse[4][4]{};  // of gammas, by forward substitution
    for (int j = 0; j < 4; ++j) {
      for (int i = j; i < 4; ++i) {
        double sum = i == j ? 1.0 : 0.0;
        for (int k = j; k < i; ++k) sum -= gammas[i][k] * inverse[k][j];
        inverse[i][j] = sum / gammas[i][i];
      }
    }
    for (int i = 0; i < 4; ++i) {
      for (int j = 0; j < 4; ++j) {
        for (int k = 0; k < 4; ++k) a[i][j] += alpha[i][k] * inverse[k][j];
        c[i][j] = (i == j ? 1.0 / gamma : 0.0) - inverse[i][j];
        m[j] += weights[i] * inverse[i][j];
        e[j] += (weights[i] - embedded_weights[i]) * inverse[i][j];
        stage_time[i] += alpha[i][j];
      }
    }
    set_dense(inverse);
  }

 private:
  /// Weights b_i(theta) of the continuous extension, order 2 with any A and exact at both ends: they meet
  /// sum b = theta, sum b alpha = theta^2/2 and sum b gamma = 0 (the condition that an inexact A adds) for every theta,
  /// and of the family left, sum b alpha^2 = theta^3/3.
  constexpr void set_dense(const double (&inverse)[4][4]) {
    double matrix[4][7]{};  // rows: conditions; columns: four weights, then powers of theta on the right
    for (int i = 0; i < 4; ++i) {
      double gamma_sum = 0.0;
      for (int j = 0; j < 4; ++j) gamma_sum += gammas[i][j];
      matrix[0][i] = 1.0;
      matrix[1][i] = stage_time[i];
      matrix[2][i] = gamma_sum;
      matrix[3][i] = stage_time[i] * stage_time[i];
    }
    matrix[0][4] = 1.0;
    matrix[1][5] = 0.5;
    matrix[3][6] = 1.0 / 3.0;
    for (int p = 0; p < 4; ++p) {  // Gauss-Jordan with row exchange
      int pivot = p;
      for (int i = p + 1; i < 4; ++i) {
        if (absolute(matrix[i][p]) > absolute(matrix[pivot][p])) pivot = i;
      }
      for (int j = 0; j < 7; ++j) {
        const double swapped = matrix[p][j];
        matrix[p][j] = matrix[pivot][j];
        matrix[pivot][j] = swapped;
      }
      for (int i = 0; i < 4; ++i) {
        if (i == p) continue;
        const double factor = matrix[i][p] / matrix[p][p];
        for (int j = p; j < 7; ++j) matrix[i][j] -= factor * matrix[p][j];
      }
    }
    for (int i = 0; i < 4; ++i) {
      for (int power = 0; power < 3; ++power) {
        const double weight = matrix[i][4 + power] / matrix[i][i];
        for (int j = 0; j < 4; ++j) dense[j][power] += weight * inverse[i][j];
      }
    }
  }
  static constexpr double absolute(double x) { return x < 0.0 ? -x : x; }
};

inline constexpr Ros34pw2 ros34pw2{};

/// out = base + sum of the first I increments times their coefficients. A fixed count and arrays apart from each other
/// let the compiler use vectors. @param base, out (n)
template <int I, class S>
void add_increments(std::size_t n, const S* __restrict base, const S (&coefficient)[4], S* const* u,
                    S* __restrict out) {
  const S* __restrict u0 = u[0];
  const S* __restrict u1 = u[1];
  const S* __restrict u2 = u[2];
  for (std::size_t q = 0; q < n; ++q) {
    S sum = coefficient[0] * u0[q];
    if constexpr (I > 1) sum = sum + coefficient[1] * u1[q];
    if constexpr (I > 2) sum = sum + coefficient[2] * u2[q];
    out[q] = base[q] + sum;
  }
}

/// Increment I from those before it. @param argument, rhs scratch (size() each)
template <int I, class S, class System>
void rosenbrock_w_stage(System& system, S t, S h, const S* y, S* const* u, S* argument, S* rhs) {
  constexpr const Ros34pw2& w = ros34pw2;
  const auto n = static_cast<std::size_t>(system.size());
  S a[4]{};
  S c[4]{};
  for (int j = 0; j < I; ++j) {
    a[j] = S(w.a[I][j]);
    c[j] = S(w.c[I][j]) / h;
  }
  add_increments<I>(n, y, a, u, argument);
  system.rates(t + S(w.stage_time[I]) * h, argument, rhs);
  add_increments<I>(n, rhs, c, u, argument);
  system.solve(argument, u[I]);
}

/// The four increments of one step of size h from (t, y).
///
/// System: size(), rates(t, y, dydt), factor(t, y, h gamma), solve(r, x) with (I - h gamma A) x = h gamma r.
/// @param rate f(t, y), given (size()) @param u increments, set (4 arrays of size()) @param work (2 size())
template <class S, class System>
void rosenbrock_w_stages(System& system, S t, S h, const S* y, const S* rate, S* const* u, S* work) {
  S* rhs = work + static_cast<std::size_t>(system.size());
  system.factor(t, y, h * S(Ros34pw2::gamma));
  system.solve(rate, u[0]);
  rosenbrock_w_stage<1>(system, t, h, y, u, work, rhs);
  rosenbrock_w_stage<2>(system, t, h, y, u, work, rhs);
  rosenbrock_w_stage<3>(system, t, h, y, u, work, rhs);
}

/// The step and its error estimate from the increments. @param y, y_new, error (n)
template <class S>
void rosenbrock_w_finish(std::size_t n, const S* __restrict y, S* const* u, S* __restrict y_new, S* __restrict error) {
  constexpr const Ros34pw2& w = ros34pw2;
  const S* __restrict u0 = u[0];
  const S* __restrict u1 = u[1];
  const S* __restrict u2 = u[2];
  const S* __restrict u3 = u[3];
  for (std::size_t q = 0; q < n; ++q) {
    y_new[q] = y[q] + (((S(w.m[0]) * u0[q] + S(w.m[1]) * u1[q]) + S(w.m[2]) * u2[q]) + S(w.m[3]) * u3[q]);
    error[q] = ((S(w.e[0]) * u0[q] + S(w.e[1]) * u1[q]) + S(w.e[2]) * u2[q]) + S(w.e[3]) * u3[q];
  }
}

/// Coefficients of the four increments in the dense output at t + theta h, theta in [0, 1].
template <class S>
void rosenbrock_w_dense(S theta, S (&coefficient)[4]) {
  for (int i = 0; i < 4; ++i) {
    const double(&d)[3] = ros34pw2.dense[i];
    coefficient[i] = theta * (S(d[0]) + theta * (S(d[1]) + theta * S(d[2])));
  }
}

}  // namespace inkfade::INKFADE_ISA
