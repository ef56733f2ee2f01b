#pragma once

#include <cmath>
#include <vector>

#include "inkfade/selfcheck/dense_system.hpp"

// More problems of which the solution is known, beside Kaps' of the room selfcheck.
namespace inkfade::test {

using selfcheck::DenseSystem;
using selfcheck::Jacobian;
using selfcheck::kaps;
using selfcheck::Problem;
using selfcheck::Rates;
using selfcheck::relative_error;

/// Linear, autonomous, eigenvalues -1 and -stiffness, both present at the start.
inline Problem stiff_linear(double stiffness, double t_end) {
  const double sum = 0.5 * (stiffness + 1.0);
  const double difference = 0.5 * (stiffness - 1.0);
  return {"stiff linear",
          {2.0, 0.0},
          t_end,
          [=](double, const double* y, double* dydt) {
            dydt[0] = -sum * y[0] + difference * y[1];
            dydt[1] = difference * y[0] - sum * y[1];
          },
          [=](double, const double*, double* matrix) {
            matrix[0] = matrix[3] = -sum;
            matrix[1] = matrix[2] = difference;
          },
          [=](double t) {
            const double slow = std::exp(-t);
            const double fast = std::exp(-stiffness * t);
            return std::vector<double>{slow + fast, slow - fast};
          }};
}

/// Growth to a capacity of 1: y' = rate y (1 - y).
inline Problem logistic(double rate, double t_end) {
  return {"logistic",
          {0.01},
          t_end,
          [=](double, const double* y, double* dydt) { dydt[0] = rate * y[0] * (1.0 - y[0]); },
          [=](double, const double* y, double* matrix) { matrix[0] = rate * (1.0 - 2.0 * y[0]); },
          [=](double t) { return std::vector<double>{1.0 / (1.0 + 99.0 * std::exp(-rate * t))}; }};
}

/// Prothero and Robinson: y' = -stiffness (y - 2 - cos t) - sin t, solution 2 + cos t.
inline Problem prothero_robinson(double stiffness, double t_end) {
  return {
      "Prothero-Robinson",
      {3.0},
      t_end,
      [=](double t, const double* y, double* dydt) { dydt[0] = -stiffness * (y[0] - 2.0 - std::cos(t)) - std::sin(t); },
      [=](double, const double*, double* matrix) { matrix[0] = -stiffness; },
      [](double t) { return std::vector<double>{2.0 + std::cos(t)}; }};
}

/// A chain of decays 1 -> 2 -> 3 at rates 1 and k: mass is conserved.
inline Problem decay_chain(double k, double t_end) {
  return {"decay chain",
          {1.0, 0.0, 0.0},
          t_end,
          [=](double, const double* y, double* dydt) {
            dydt[0] = -y[0];
            dydt[1] = y[0] - k * y[1];
            dydt[2] = k * y[1];
          },
          [=](double, const double*, double* matrix) {
            matrix[0] = -1.0;
            matrix[3] = 1.0;
            matrix[4] = -k;
            matrix[7] = k;
          },
          [=](double t) {
            const double first = std::exp(-t);
            const double second = (first - std::exp(-k * t)) / (k - 1.0);
            return std::vector<double>{first, second, 1.0 - first - second};
          }};
}

}  // namespace inkfade::test
