#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/system/column_system.hpp"
#include "support/test_column.hpp"

namespace inkfade::test {

/// A solution of our own choosing for the whole column, all terms on, and the source that makes it one.
///
/// Unit depth, times and concentrations of order one; two size classes. Every field is written for real or complex
/// arguments, so that derivatives come from a complex step without differencing error. The terms are spelled from
/// models/README.md, not from the kernel.
class ManufacturedColumn {
 public:
  using Complex = std::complex<double>;
  static constexpr int n_classes = 2;
  static constexpr double junction = 0.3;
  static constexpr double base = 1.0;

  /// @param cells_per_tenth the epidermis gets three times as many cells, the dermis seven times
  /// @param velocity of the healed epidermis; 0: no advection
  ManufacturedColumn(int cells_per_tenth, double velocity) : column_(graded_faces(cells_per_tenth), n_classes, 0) {
    column_.scalars.first_dermal_cell = 3 * cells_per_tenth;
    column_.scalars.epidermal_velocity = velocity;
    column_.scalars.turnover_healing_factor = 0.7;
    column_.scalars.junction_permeability = permeability;
    column_.scalars.oedema_factor = 2.0;
    column_.scalars.hop_mobility = mobility;
    auto& c = column_.scalars.local;
    c = {inverse_capacity,  inverse_crowding, release,   egress,     fragmentation, recruitment, departure,
         inflammation_peak, binding,          unbinding, held_light, bound_light,   1.0,         1.0};
    for (std::size_t k = 0; k < n_classes; ++k) {
      column_.uptake[k] = uptake[k];
      column_.lymph_gate[k] = gate[k];
      column_.set_diffusivity(k, [k](double z) { return diffusivity(k, z); });
    }
    for (std::size_t i = 0; i < column_.n_cells(); ++i) {
      const double z = column_.centre[i];
      const bool dermal = z > junction;
      column_.macrophages[i] = dermal ? resident(z) : 0.0;
      column_.inverse_binding[i] = dermal ? inverse_binding(z) : 0.0;
      column_.binds[i] = dermal ? 1.0 : 0.0;
      column_.lymph[i] = dermal ? lymph(z) : 0.0;
      column_.wound[i] = wound(z);
      column_.uv[i] = ultraviolet(z);
      column_.visible[i] = visible(z);
    }
    forcing_ = quiet_forcing();
    forcing_.openness = 0.8;
    forcing_.closure_rate = 0.5;
    forcing_.wound_factor = 1.3;
    forcing_.inflammation_offset = 0.1;
    forcing_.inflammation_slope = 0.3;
    forcing_.inflammation_rate = 1.0;
    forcing_.lymph_factor = 1.2;
    forcing_.turnover_factor = 0.9;
    forcing_.year_phase = 0.1;
    forcing_.year_rate = 0.3;
    forcing_.uv.mean = 0.2;
    forcing_.uv.cosine[0] = 0.1;
    forcing_.visible.mean = 0.1;
    forcing_.visible.sine[1] = 0.05;
    velocity_ = velocity;
  }

  [[nodiscard]] const TestColumn& column() const { return column_; }
  [[nodiscard]] const baseline::Forcing<double>& forcing() const { return forcing_; }

  /// Exact cell means (three-point Gauss) of the manufactured state; the ledger is 0.
  template <class T>
  [[nodiscard]] std::vector<T> state(T t) const {
    const baseline::ColumnLayout at = column_.scalars.layout;
    std::vector<T> y(static_cast<std::size_t>(at.size()), T(0.0));
    for_each_gauss_point([&](int i, double z, double weight) {
      const auto add = [&](int q, T value) { y[static_cast<std::size_t>(q)] += weight * value; };
      const bool dermal = z > junction;
      for (int k = 0; k < n_classes; ++k) {
        add(at.free(i) + k, free(k, T(z), t, dermal));
        if (!dermal) continue;
        add(at.held(i) + k, held(k, T(z), t));
        add(at.bound(i) + k, bound(k, T(z), t));
      }
      if (dermal) add(at.macrophages(i), macrophages(T(z), t));
    });
    return y;
  }

  /// d(state)/dt.
  [[nodiscard]] std::vector<double> state_rate(double t) const {
    std::vector<double> rate;
    for (const Complex& value : state(Complex(t, step))) rate.push_back(value.imag() / step);
    return rate;
  }

  /// Cell means of d/dt - reactions - transport of the manufactured fields: what must be added to the equations.
  [[nodiscard]] std::vector<double> source(double t) const {
    const baseline::ColumnLayout at = column_.scalars.layout;
    std::vector<double> s = state_rate(t);
    for_each_gauss_point([&](int i, double z, double weight) { subtract_reactions(i, z, t, weight, s); });
    for (int i = 0; i <= at.n_cells; ++i) {
      for (int k = 0; k < n_classes; ++k) {
        add_flux(i, at.free(0) + k, free_flux(k, i, t), s);
        if (i > column_.scalars.first_dermal_cell && i < at.n_cells) add_flux(i, at.held(0) + k, held_flux(k, i, t), s);
      }
    }
    return s;
  }

 private:
  static constexpr double step = 1e-30;
  static constexpr double permeability = 2.0, mobility = 0.05;
  static constexpr double inverse_capacity = 1.5, inverse_crowding = 0.4, release = 0.4, egress = 0.1;
  static constexpr double fragmentation = 0.3, recruitment = 0.5, departure = 0.8, inflammation_peak = 1.5;
  static constexpr double binding = 0.7, unbinding = 0.3, held_light = 0.5, bound_light = 0.8;
  static constexpr double uptake[n_classes] = {0.4, 0.7};
  static constexpr double gate[n_classes] = {0.9, 0.3};
  static constexpr double dermis = base - junction;

  // ---- coefficients over depth
  static double diffusivity(std::size_t k, double z) {
    const double size = k == 0 ? 1.0 : 0.5;
    return size * (z < junction ? 0.05 * (1.0 + 0.3 * z) : 0.08 * (1.0 + 0.5 * z));
  }
  static double resident(double z) { return 1.2 + 0.3 * z; }
  static double inverse_binding(double z) { return 1.0 / (1.0 + 0.5 * z); }
  static double lymph(double z) { return 0.4 * std::exp(-z); }
  static double wound(double z) { return 0.6 * std::exp(-std::max(z - junction, 0.0) / 0.5); }
  static double ultraviolet(double z) { return std::exp(-3.0 * z); }
  static double visible(double z) { return std::exp(-z); }

  // ---- forcing (M12)-(M15)
  template <class T>
  static T openness(T t) {
    return 0.8 * std::exp(-0.5 * t);
  }
  static double inflammation(double t) { return (0.1 + 0.3 * t) * std::exp(-t); }
  static double light(double z, double t) {
    const double turn = 2.0 * pi * (0.1 + 0.3 * t);
    return (0.2 + 0.1 * std::cos(turn)) * ultraviolet(z) + (0.1 + 0.05 * std::sin(2.0 * turn)) * visible(z);
  }

  // ---- fields: no flux at the surface and the base; at the junction the diffusive flux J is that of the membrane
  template <class T>
  static T level(int k, T t) {
    return (0.5 + 0.2 * k) * (1.0 + 0.3 * std::sin(1.5 * t + static_cast<double>(k)));
  }
  template <class T>
  static T junction_flux(int k, T t) {
    return diffusivity(static_cast<std::size_t>(k), junction * (1.0 - 1e-15)) * level(k, t) * 0.3 * pi /
           (2.0 * junction);
  }
  template <class T>
  static T free(int k, T z, T t, bool dermal) {
    if (!dermal) return level(k, t) * (1.0 + 0.3 * std::cos(pi * z / (2.0 * junction)));
    const T flux = junction_flux(k, t);
    const double below = diffusivity(static_cast<std::size_t>(k), junction * (1.0 + 1e-15));
    return level(k, t) - flux / (permeability * openness(t)) -
           2.0 * dermis * flux / (pi * below) * std::cos(pi * (z - base) / (2.0 * dermis));
  }
  template <class T>
  static T load(int k, T z, T t) {
    return (0.12 + 0.05 * k) * (1.0 + 0.2 * std::cos(t + static_cast<double>(k))) *
           (1.0 + 0.3 * std::cos(pi * (z - junction) / dermis));
  }
  template <class T>
  static T macrophages(T z, T t) {
    return 3.0 + 0.4 * std::cos(2.0 * z) * std::exp(-0.3 * t);
  }
  template <class T>
  static T held(int k, T z, T t) {
    return macrophages(z, t) * load(k, z, t);
  }
  template <class T>
  static T bound(int k, T z, T t) {
    return 0.2 * (1.0 + 0.3 * std::sin(2.0 * z + t + static_cast<double>(k)));
  }

  // ---- fluxes through face i, downwards
  [[nodiscard]] double free_flux(int k, int i, double t) const {
    if (i == column_.scalars.layout.n_cells) return 0.0;
    const double z = column_.face[static_cast<std::size_t>(i)];
    if (i == column_.scalars.first_dermal_cell) return junction_flux(k, t);
    const bool dermal = i > column_.scalars.first_dermal_cell;
    const Complex value = free(k, Complex(z, step), Complex(t), dermal);
    const double speed = dermal ? 0.0 : velocity_ / (0.9 * (1.0 - 0.3 * openness(t)));
    return -diffusivity(static_cast<std::size_t>(k), z) * value.imag() / step - speed * value.real();
  }
  [[nodiscard]] double held_flux(int k, int i, double t) const {
    const double z = column_.face[static_cast<std::size_t>(i)];
    return -mobility * std::cbrt(macrophages(z, t)) * load(k, Complex(z, step), Complex(t)).imag() / step;
  }
  void add_flux(int i, int component, double flux, std::vector<double>& s) const {
    const int stride = column_.scalars.layout.stride();
    const auto cell = static_cast<std::size_t>(i);
    if (i > 0) s[static_cast<std::size_t>(component + (i - 1) * stride)] += flux / column_.width[cell - 1];
    if (cell < column_.n_cells()) s[static_cast<std::size_t>(component + i * stride)] -= flux / column_.width[cell];
  }

  void subtract_reactions(int i, double z, double t, double weight, std::vector<double>& s) const {
    const baseline::ColumnLayout at = column_.scalars.layout;
    const auto subtract = [&](int q, double rate) { s[static_cast<std::size_t>(q)] -= weight * rate; };
    const double omega = 1.3 * openness(t) * wound(z);
    const double kappa = light(z, t);
    if (z < junction) {
      for (int k = 0; k < n_classes; ++k) subtract(at.free(i) + k, -(omega + kappa) * free(k, z, t, false));
      return;
    }
    double f[n_classes], m[n_classes], b[n_classes], free_sum = 0.0, held_sum = 0.0, bound_sum = 0.0;
    for (int k = 0; k < n_classes; ++k) {
      free_sum += f[k] = free(k, z, t, true);
      held_sum += m[k] = held(k, z, t);
      bound_sum += b[k] = bound(k, z, t);
    }
    const double n = macrophages(z, t);
    const double target = resident(z) * (1.0 + (inflammation_peak - 1.0) * inflammation(t));
    const double room = n - held_sum * inverse_capacity;
    const double drainage = lymph(z) * 1.2 * (1.0 + inflammation(t));
    for (int k = 0; k < n_classes; ++k) {
      const double captured = uptake[k] * room / (1.0 + free_sum * inverse_crowding) * f[k];
      const double bind = binding * (1.0 - bound_sum * inverse_binding(z)) * f[k];
      const double breaks = k > 0 ? fragmentation * m[k] : 0.0;
      const double gained = k + 1 < n_classes ? fragmentation * m[k + 1] : 0.0;
      subtract(at.free(i) + k,
               -captured + release * m[k] - bind + unbinding * b[k] - (drainage * gate[k] + omega + kappa) * f[k]);
      subtract(at.held(i) + k, captured - (release + egress + held_light * kappa) * m[k] - breaks + gained);
      subtract(at.bound(i) + k, bind - (unbinding + bound_light * kappa) * b[k]);
    }
    // n stays above n* and the load below 1, where the equation is smooth.
    subtract(at.macrophages(i), -departure * (n - target) * (1.0 - held_sum * inverse_capacity / n));
  }

  template <class Visit>
  void for_each_gauss_point(Visit&& visit) const {
    const double away = 0.5 * std::sqrt(0.6);
    for (std::size_t i = 0; i < column_.n_cells(); ++i) {
      const int cell = static_cast<int>(i);
      visit(cell, column_.centre[i] - away * column_.width[i], 5.0 / 18.0);
      visit(cell, column_.centre[i], 8.0 / 18.0);
      visit(cell, column_.centre[i] + away * column_.width[i], 5.0 / 18.0);
    }
  }

  /// Cells grow by a factor of three away from the junction, smoothly within each layer.
  static std::vector<double> graded_faces(int cells_per_tenth) {
    std::vector<double> faces;
    const auto away = [](double x) { return (x + x * x) / 2.0; };
    const int upper = 3 * cells_per_tenth;
    const int lower = 7 * cells_per_tenth;
    for (int i = 0; i < upper; ++i) faces.push_back(junction * (1.0 - away(1.0 - static_cast<double>(i) / upper)));
    for (int i = 0; i <= lower; ++i) faces.push_back(junction + dermis * away(static_cast<double>(i) / lower));
    faces.front() = 0.0;
    return faces;
  }

  TestColumn column_;
  baseline::Forcing<double> forcing_;
  double velocity_ = 0.0;
};

}  // namespace inkfade::test
