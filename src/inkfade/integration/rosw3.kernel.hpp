#pragma once

#include <cstddef>

#include "inkfade/base/isa.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// A Rosenbrock-W method of three stages and two evaluations of the rates: order 3 with a matrix within O(h) of the
/// Jacobian, order 2 with any matrix, L-stable; embedded order 2 with the Jacobian, 1 with another matrix.
///
/// The second and third stage share their argument. Then sum b = 1, sum b alpha = 1/2 and sum b alpha^2 = 1/3 leave
/// alpha = 2/3, b1 = 1/4 and b2 + b3 = 3/4; sum b gamma = 0 (order 2 with any matrix) and sum b beta beta = 1/6 give
/// gamma_31 and gamma_32; gamma is the root of g^3 - 3 g^2 + 3/2 g - 1/6 at which a method of order 3 in three stages
/// damps infinitely fast modes at once (Hairer & Wanner, Solving ODEs II, IV.7). How b2 and b3 share their sum changes
/// nothing; gamma_21 is free. Where it is above 0, steps end near the course of fast modes that follow slow ones: b
/// B^-1 alpha^2, which would have to be 1 for order 2 of such modes (VI.4), is 1 at gamma_21 = 0.12 and 0.88 at 1. From
/// 0.6 on work and precision on the column hardly change (docs/performance.md).
struct Rosw3 {
  static constexpr int stages = 3;
  static constexpr int evaluations = 2;
  static constexpr int order = 3;
  static constexpr int error_order = 2;
  static constexpr double gamma = 0.43586652150845900;
  static constexpr double alpha = 2.0 / 3.0;  ///< of the second and third stage

  double gamma_sum[3]{};  ///< gamma_i: weights of h df/dt
  double a = 0.0;         ///< argument of stages 2 and 3: y + a u1
  double c21 = 0.0;       ///< right-hand sides from increments, over h
  double c31 = 0.0;
  double c32 = 0.0;
  double m[3]{};         ///< step from increments
  double e[3]{};         ///< error estimate from increments
  double dense[3][3]{};  ///< step to t + theta h: sum_i (dense[i][0] theta + [1] theta^2 + [2] theta^3) u_i

  constexpr Rosw3() {
    constexpr double g = gamma;
    constexpr double gamma21 = 1.0;
    constexpr double b[3] = {0.25, 0.25, 0.5};
    const double gamma3 = -(g + b[1] * gamma21) / b[2];  // gamma_31 + gamma_32
    const double beta21 = alpha + gamma21;
    const double gamma32 = ((1.0 / 6.0 - g / 2.0 - b[1] * beta21 * g) / b[2] - alpha * g - g * gamma3) / beta21;
    const double gamma31 = gamma3 - gamma32;
    gamma_sum[0] = g;
    gamma_sum[1] = gamma21 + g;
    gamma_sum[2] = gamma3 + g;
    // Inverse of the lower triangle of gammas.
    const double i = 1.0 / g;
    const double i21 = -gamma21 * i * i;
    const double i32 = -gamma32 * i * i;
    const double i31 = -(gamma31 * i + gamma32 * i21) * i;
    a = alpha * i;
    c21 = -i21;
    c31 = -i31;
    c32 = -i32;
    // Embedded: two stages, of order 2 with the Jacobian; with any matrix that would leave no choice but b itself. Half
    // of the difference is what a step is judged by.
    const double second = (0.5 - g) / beta21;
    const double difference[3] = {0.5 * (b[0] - (1.0 - second)), 0.5 * (b[1] - second), 0.5 * b[2]};
    const double inverse[3][3] = {{i, 0.0, 0.0}, {i21, i, 0.0}, {i31, i32, i}};
    // Weights b(theta) of the dense output, order 2 with any matrix and exact at both ends: sum b = theta,
    // sum b alpha = theta^2/2, sum b gamma = 0.
    const double slope = gamma3 - gamma21;
    const double weights[3][3] = {
        {1.0, -0.75, 0.0}, {g / slope, 0.75 + 0.75 * gamma21 / slope, 0.0}, {-g / slope, -0.75 * gamma21 / slope, 0.0}};
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 3; ++k) {
        m[j] += b[k] * inverse[k][j];
        e[j] += difference[k] * inverse[k][j];
        for (int power = 0; power < 3; ++power) dense[j][power] += weights[k][power] * inverse[k][j];
      }
    }
  }
};

inline constexpr Rosw3 rosw3{};

/// Coefficients of the three increments in the dense output at t + theta h, theta in [0, 1].
template <class S>
void rosw3_dense(S theta, S (&coefficient)[3]) {
  for (int i = 0; i < Rosw3::stages; ++i) {
    const double(&d)[3] = rosw3.dense[i];
    coefficient[i] = theta * (S(d[0]) + theta * (S(d[1]) + theta * S(d[2])));
  }
}

}  // namespace inkfade::INKFADE_ISA
