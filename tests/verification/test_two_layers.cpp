#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/selfcheck/two_layers.hpp"
#include "inkfade/system/column_system.hpp"
#include "support/expect_orders.hpp"
#include "support/time_stepping.hpp"

// Item 3: two layers of different diffusivity.
namespace inkfade::test {
namespace {

using namespace selfcheck;

constexpr double upper = TwoLayers::upper;
constexpr double lower = TwoLayers::lower;

TEST(TwoLayers, SteadyFluxMeetsTheResistancesInSeries) {
  for (const int n_upper : {20, 10, 40}) {
    // Exact on any mesh; elimination's round-off.
    const int n_lower = 50 - n_upper;
    EXPECT_NEAR(steady_resistance(two_layers(n_upper, n_lower, 0)) / series_resistance(n_upper, n_lower), 1.0, 1e-11);
  }
}

TEST(TwoLayers, AMembraneAtTheJunctionAddsItsOwnResistance) {
  BareColumn column = two_layers(20, 30, 20);
  column.scalars.junction_permeability = 3e-11;
  EXPECT_NEAR(steady_resistance(column) / series_resistance(20, 30, 1.0 / 3e-11), 1.0, 1e-11);
}

/// Pigment that starts evenly in the upper layer, no flux at both ends: eigenfunction series.
class Series {
 public:
  Series() {
    const double spacing = pi / (a_ + b_);
    const double step = spacing / 64.0;
    for (double left = 0.5 * step; mu_.size() < 40; left += step) {
      if (std::signbit(characteristic(left)) == std::signbit(characteristic(left + step))) continue;
      double from = left;
      double to = left + step;
      for (int i = 0; i < 80; ++i) {
        const double middle = 0.5 * (from + to);
        (std::signbit(characteristic(from)) == std::signbit(characteristic(middle)) ? from : to) = middle;
      }
      mu_.push_back(0.5 * (from + to));
    }
  }

  /// Mean over [top, bottom], which lies in one layer, at time t.
  [[nodiscard]] double cell_mean(double top, double bottom, double t) const {
    double sum = upper / (upper + lower);
    for (const double mu : mu_) {
      const double in_upper = integral(mu, 0.0, upper);
      sum += in_upper / square_norm(mu) * integral(mu, top, bottom) / (bottom - top) * std::exp(-mu * mu * t);
    }
    return sum;
  }

 private:
  /// Continuity of value (built into the modes) and of flux at the interface.
  [[nodiscard]] double characteristic(double mu) const {
    return root1_ * std::sin(mu * a_) * std::cos(mu * b_) + root2_ * std::sin(mu * b_) * std::cos(mu * a_);
  }
  [[nodiscard]] double integral(double mu, double top, double bottom) const {
    if (bottom <= upper * (1.0 + 1e-12)) {
      const double q = mu / root1_;
      return std::cos(mu * b_) * (std::sin(q * bottom) - std::sin(q * top)) / q;
    }
    const double q = mu / root2_;
    const double base = upper + lower;
    return std::cos(mu * a_) * (std::sin(q * (base - top)) - std::sin(q * (base - bottom))) / q;
  }
  [[nodiscard]] double square_norm(double mu) const {
    const auto square = [](double q, double length) { return 0.5 * length + 0.25 * std::sin(2.0 * q * length) / q; };
    const double amplitude1 = std::cos(mu * b_);
    const double amplitude2 = std::cos(mu * a_);
    return amplitude1 * amplitude1 * square(mu / root1_, upper) + amplitude2 * amplitude2 * square(mu / root2_, lower);
  }

  double root1_ = std::sqrt(TwoLayers::upper_diffusivity);
  double root2_ = std::sqrt(TwoLayers::lower_diffusivity);
  double a_ = upper / root1_;
  double b_ = lower / root2_;
  std::vector<double> mu_;
};

TEST(TwoLayers, TransientFollowsTheEigenfunctionSeriesWithSecondOrder) {
  const Series series;
  constexpr double t_end = 2e5;
  std::vector<double> errors;
  for (const int n : {20, 40, 80, 160}) {
    const BareColumn column = two_layers(2 * n / 5, 3 * n / 5, 0);
    system::ColumnSystem<0> system(column.tables());
    system.set_forcing(quiet_forcing());
    const auto& at = system.layout();
    std::vector<double> y = system::initial_state(column.tables());
    for (int i = 0; i < n; ++i) {
      y[static_cast<std::size_t>(at.free(i))] = column.centre[static_cast<std::size_t>(i)] < upper ? 1.0 : 0.0;
    }
    ASSERT_EQ(integrate_to(system, 0.0, t_end, y, 1e-9, column_atol(at, 1e-9, 1.0)), Status::ok);
    double square = 0.0;
    for (int i = 0; i < n; ++i) {
      const auto c = static_cast<std::size_t>(i);
      const double error =
          y[static_cast<std::size_t>(at.free(i))] - series.cell_mean(column.face[c], column.face[c + 1], t_end);
      square += error * error / n;
    }
    errors.push_back(std::sqrt(square));
  }
  EXPECT_LT(errors.back(), 1e-3);  // it is this solution that the orders below speak of
  expect_orders(errors, 2.0);
}

}  // namespace
}  // namespace inkfade::test
