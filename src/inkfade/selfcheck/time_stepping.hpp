#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "inkfade/base/errors.hpp"
#include "inkfade/integration/integrate.hpp"
#include "inkfade/system/column_tables.kernel.hpp"

namespace inkfade::selfcheck {

/// Absolute tolerances for a column; the ledger and what the epidermis does not have stay out of step control, as in
/// production.
inline std::vector<double> column_atol(const INKFADE_ISA::ColumnLayout& at, double pigment, double macrophages,
                                       int first_dermal_cell = 0) {
  std::vector<double> atol(static_cast<std::size_t>(at.size()), std::numeric_limits<double>::infinity());
  for (int i = 0; i < at.n_cells; ++i) {
    const bool dermal = i >= first_dermal_cell;
    const int pools = dermal ? 3 : 1;
    for (int j = 0; j < pools * at.n_classes; ++j) atol[static_cast<std::size_t>(at.free(i) + j)] = pigment;
    if (dermal) atol[static_cast<std::size_t>(at.macrophages(i))] = macrophages;
  }
  return atol;
}

/// Integrates from t0 to t1 with step control. @param watch called with each accepted step
template <class System, class Watch>
Status integrate_to(System& system, double t0, double t1, std::vector<double>& y, double rtol,
                    const std::vector<double>& atol, Watch&& watch) {
  const integration::Tolerances tolerances{rtol, atol, {}};
  integration::Limits limits;
  limits.max_steps = 2'000'000;
  integration::Integrator<System> integrator(system, tolerances, limits);
  double t = t0;
  return integrator.advance(t, t1, y.data(), [&](const integration::Step& step) {
    watch(step);
    return true;
  });
}

template <class System>
Status integrate_to(System& system, double t0, double t1, std::vector<double>& y, double rtol,
                    const std::vector<double>& atol) {
  return integrate_to(system, t0, t1, y, rtol, atol, [](const integration::Step&) {});
}

/// The same where nothing but success makes sense. @throws IntegrationError
template <class System>
void solve_to(System& system, double t0, double t1, std::vector<double>& y, double rtol,
              const std::vector<double>& atol) {
  const Status status = integrate_to(system, t0, t1, y, rtol, atol);
  if (status != Status::ok) throw IntegrationError("the integration ended with " + std::string(name(status)));
}

/// n equal steps from t0 to t1 without error control.
template <class System>
void fixed_steps(System& system, double t0, double t1, int n_steps, std::vector<double>& y) {
  const std::size_t n = y.size();
  std::vector<double> memory(8 * n);
  double* u[4];
  for (std::size_t i = 0; i < 4; ++i) u[i] = memory.data() + i * n;
  double* rate = memory.data() + 4 * n;
  double* work = memory.data() + 5 * n;  // 2 n; the last n hold the error estimate, unused here
  std::vector<double> y_new(n);
  const double h = (t1 - t0) / n_steps;
  for (int s = 0; s < n_steps; ++s) {
    const double t = t0 + s * h;
    system.rates(t, y.data(), rate);
    INKFADE_ISA::rosenbrock_w_stages(system, t, h, static_cast<const double*>(y.data()),
                                     static_cast<const double*>(rate), u, work);
    INKFADE_ISA::rosenbrock_w_finish(n, y.data(), u, y_new.data(), memory.data() + 7 * n);
    y = y_new;
  }
}

/// log2 of the ratio of neighbouring errors: the observed order when each refinement halves the width.
inline std::vector<double> observed_orders(std::span<const double> errors) {
  std::vector<double> orders;
  for (std::size_t i = 1; i < errors.size(); ++i) orders.push_back(std::log2(errors[i - 1] / errors[i]));
  return orders;
}

/// Slope of log y over log x by least squares.
inline double log_slope(std::span<const double> x, std::span<const double> y) {
  double sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
  const auto n = static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double a = std::log(x[i]);
    const double b = std::log(y[i]);
    sx += a;
    sy += b;
    sxx += a * a;
    sxy += a * b;
  }
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

}  // namespace inkfade::selfcheck
