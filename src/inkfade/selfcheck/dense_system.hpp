#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace inkfade::selfcheck {

using Rates = std::function<void(double t, const double* y, double* dydt)>;
/// Sets a matrix, row by row (n, n), zero on entry.
using Jacobian = std::function<void(double t, const double* y, double* matrix)>;

/// A small system of ordinary differential equations with a dense Jacobian: an OdeSystem from two functions.
class DenseSystem {
 public:
  DenseSystem(std::size_t n, Rates rates, Jacobian jacobian)
      : n_(n), rates_(std::move(rates)), jacobian_(std::move(jacobian)), lu_(n * n), pivot_(n) {}

  [[nodiscard]] std::size_t size() const { return n_; }
  void rates(double t, const double* y, double* dydt) { rates_(t, y, dydt); }

  void factor(double t, const double* y, double hg) {
    hg_ = hg;
    lu_.assign(n_ * n_, 0.0);
    jacobian_(t, y, lu_.data());
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j < n_; ++j) at(i, j) = (i == j ? 1.0 : 0.0) - hg * at(i, j);
    }
    for (std::size_t p = 0; p < n_; ++p) {
      pivot_[p] = p;
      for (std::size_t i = p + 1; i < n_; ++i) {
        if (std::abs(at(i, p)) > std::abs(at(pivot_[p], p))) pivot_[p] = i;
      }
      for (std::size_t j = 0; j < n_; ++j) std::swap(at(p, j), at(pivot_[p], j));
      for (std::size_t i = p + 1; i < n_; ++i) {
        at(i, p) /= at(p, p);
        for (std::size_t j = p + 1; j < n_; ++j) at(i, j) -= at(i, p) * at(p, j);
      }
    }
  }

  void solve(const double* r, double* x) {
    for (std::size_t i = 0; i < n_; ++i) x[i] = hg_ * r[i];
    for (std::size_t i = 0; i < n_; ++i) std::swap(x[i], x[pivot_[i]]);
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j < i; ++j) x[i] -= at(i, j) * x[j];
    }
    for (std::size_t i = n_; i-- > 0;) {
      for (std::size_t j = i + 1; j < n_; ++j) x[i] -= at(i, j) * x[j];
      x[i] /= at(i, i);
    }
  }

 private:
  double& at(std::size_t i, std::size_t j) { return lu_[i * n_ + j]; }

  std::size_t n_;
  Rates rates_;
  Jacobian jacobian_;
  double hg_ = 0.0;
  std::vector<double> lu_;
  std::vector<std::size_t> pivot_;
};

/// An initial value problem whose solution is known.
struct Problem {
  const char* name;
  std::vector<double> y0;
  double t_end;
  Rates rates;
  Jacobian jacobian;
  std::function<std::vector<double>(double t)> exact;

  [[nodiscard]] DenseSystem system() const { return {y0.size(), rates, jacobian}; }
  [[nodiscard]] DenseSystem system(Jacobian other) const { return {y0.size(), rates, std::move(other)}; }
};

/// Largest |y - exact| over components, relative to the largest |exact| [1].
inline double relative_error(const std::vector<double>& y, const std::vector<double>& exact) {
  double worst = 0.0;
  double scale = 0.0;
  for (std::size_t q = 0; q < y.size(); ++q) {
    if (!std::isfinite(y[q])) return y[q] - y[q];
    worst = std::max(worst, std::abs(y[q] - exact[q]));
    scale = std::max(scale, std::abs(exact[q]));
  }
  return worst / scale;
}

/// Kaps' non-linear problem on a clock that runs unevenly, tau = t + (1 - cos t)/2: not autonomous, stiff for large mu,
/// solution (exp(-2 tau), exp(-tau)) for every mu.
inline Problem kaps(double mu, double t_end) {
  const auto pace = [](double t) { return 1.0 + 0.5 * std::sin(t); };
  return {"Kaps",
          {1.0, 1.0},
          t_end,
          [=](double t, const double* y, double* dydt) {
            dydt[0] = pace(t) * (-(mu + 2.0) * y[0] + mu * y[1] * y[1]);
            dydt[1] = pace(t) * (y[0] - y[1] - y[1] * y[1]);
          },
          [=](double t, const double* y, double* matrix) {
            matrix[0] = -pace(t) * (mu + 2.0);
            matrix[1] = pace(t) * 2.0 * mu * y[1];
            matrix[2] = pace(t);
            matrix[3] = pace(t) * (-1.0 - 2.0 * y[1]);
          },
          [](double t) {
            const double tau = t + 0.5 * (1.0 - std::cos(t));
            return std::vector<double>{std::exp(-2.0 * tau), std::exp(-tau)};
          }};
}

}  // namespace inkfade::selfcheck
