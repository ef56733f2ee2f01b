#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/system/column_jacobian.hpp"
#include "support/test_column.hpp"

// The exact Jacobian of the column, from its own kernel on dual numbers.
namespace inkfade::test {
namespace {

constexpr int classes = 3;
constexpr double t0 = 4.0 * day;

/// Five cells, two of them epidermal, all terms on, self-shading included.
TestColumn all_terms() {
  TestColumn column({0.0, 30e-6, 80e-6, 150e-6, 250e-6, 400e-6}, classes, 2);
  column.macrophages = {0.0, 0.0, 6e12, 5e12, 3e12};
  column.inverse_binding = {0.0, 0.0, 0.2, 0.25, 0.3};
  column.binds = {0.0, 0.0, 1.0, 1.0, 1.0};
  column.lymph = {0.0, 0.0, 1e-5, 7e-6, 4e-6};
  column.wound = {2e-6, 2e-6, 1e-6, 5e-7, 1e-7};
  column.uv = {0.9, 0.7, 0.5, 0.3, 0.1};
  column.visible = {0.95, 0.9, 0.8, 0.6, 0.4};
  column.uptake = {5e-19, 1e-18, 1.4e-18};
  column.lymph_gate = {0.9, 0.5, 0.1};
  for (std::size_t k = 0; k < classes; ++k)
    column.set_diffusivity(k, [&](double) { return 1e-13 / (1.0 + double(k)); });
  auto& s = column.scalars;
  s.self_shading = true;
  s.epidermal_velocity = 4e-11;
  s.turnover_healing_factor = 0.5;
  s.junction_permeability = 1e-9;
  s.oedema_factor = 3.0;
  s.hop_mobility = 2e-8;
  s.uv_absorption = 40.0;
  s.visible_absorption = 20.0;
  auto& c = s.local;
  c = {1.8e12, 0.01, 5e-8, 1e-9, 2e-9, 5e-6, 5e-6, 5.0, 2e-7, 2e-8, 0.5, 0.9, 1e-7, 1e-12};
  return column;
}

baseline::Forcing<double> moving() {
  baseline::Forcing<double> forcing = quiet_forcing();
  forcing.start = 3.0 * day;
  forcing.openness = 0.8;
  forcing.closure_rate = 1.0 / (5.0 * day);
  forcing.wound_factor = 1.2;
  forcing.inflammation_offset = 0.3;
  forcing.inflammation_slope = 0.2 / day;
  forcing.inflammation_rate = 1.0 / (3.0 * day);
  forcing.lymph_factor = 1.1;
  forcing.turnover_factor = 0.9;
  forcing.capture_factor = 1.7;
  forcing.egress_factor = 30.0;
  forcing.recruitment_factor = 0.4;
  forcing.year_phase = 0.2;
  forcing.year_rate = 1.0 / year;
  forcing.uv = {0.05, {0.03, 0.01, 0.002}, {0.01, 0.004, 0.001}};
  forcing.visible = {2e4, {8e3, 1e3, 1e2}, {3e3, 4e2, 5e1}};
  return forcing;
}

/// A state with room in macrophages and stroma. @param seed printed by the caller
std::vector<double> random_state(const baseline::ColumnTables<double>& tables, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> share(0.2, 1.0);
  const auto& at = tables.layout;
  std::vector<double> y(static_cast<std::size_t>(at.size()), 0.0);
  for (int i = 0; i < at.n_cells; ++i) {
    const bool dermal = i >= tables.first_dermal_cell;
    for (int j = 0; j < (dermal ? 3 : 1) * classes; ++j)
      y[static_cast<std::size_t>(at.free(i) + j)] = 0.5 * share(random);
    if (dermal) y[static_cast<std::size_t>(at.macrophages(i))] = 6e12 * (1.0 + share(random));
  }
  return y;
}

class ColumnJacobian : public ::testing::TestWithParam<unsigned> {
 protected:
  ColumnJacobian() : system(tables), n(system.size()), matrix(n * n, -1.0), dfdt(n, -1.0) {
    system.set_forcing(moving());
    y = random_state(tables, GetParam());
    system.jacobian(t0, y.data(), matrix.data(), dfdt.data());
  }
  std::vector<double> rates(double t, const std::vector<double>& state) {
    std::vector<double> dydt(n);
    system.rates(t, state.data(), dydt.data());
    return dydt;
  }

  TestColumn column = all_terms();
  baseline::ColumnTables<double> tables = column.tables();
  system::ColumnWithJacobian system;
  std::size_t n;
  std::vector<double> y, matrix, dfdt;
};

TEST_P(ColumnJacobian, IsWhatCentralDifferencesApproach) {
  // Steps of 1e-5 of each component: truncation 1e-10, round-off 1e-16/1e-5 = 1e-11, both of the largest entry of the
  // row in that column's unit; 1e-7 leaves a margin for rows that are small differences of large terms.
  std::vector<double> row_scale(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j)
      row_scale[i] = std::max(row_scale[i], std::abs(matrix[i * n + j]) * std::max(y[j], 1e-3));
  }
  for (std::size_t j = 0; j < n; ++j) {
    const double step = 1e-5 * std::max(y[j], 1e-3);
    std::vector<double> above = y;
    std::vector<double> below = y;
    above[j] += step;
    below[j] -= step;
    const auto up = rates(t0, above);
    const auto down = rates(t0, below);
    for (std::size_t i = 0; i < n; ++i) {
      const double difference = (up[i] - down[i]) / (2.0 * step);
      EXPECT_NEAR(matrix[i * n + j] * std::max(y[j], 1e-3), difference * std::max(y[j], 1e-3),
                  1e-7 * row_scale[i] + 1e-300)
          << "row " << i << ", column " << j << ", seed " << GetParam();
    }
  }
}

TEST_P(ColumnJacobian, HoldsTheRatesOwnChangeInTime) {
  // Forcing changes over days: with steps of 100 s truncation is 1e-7, round-off 1e-16 day/100 s = 1e-13.
  const auto up = rates(t0 + 100.0, y);
  const auto down = rates(t0 - 100.0, y);
  double largest = 0.0;
  for (std::size_t i = 0; i < n; ++i) largest = std::max(largest, std::abs(dfdt[i]));
  EXPECT_GT(largest, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    const double difference = (up[i] - down[i]) / 200.0;
    EXPECT_NEAR(dfdt[i], difference, 1e-5 * std::abs(dfdt[i]) + 1e-19) << "row " << i << ", seed " << GetParam();
  }
}

TEST_P(ColumnJacobian, ConservesPigment) {
  // Every column, weighted with the widths of the cells and the ledger with 1, sums to 0 within round-off of its terms.
  for (std::size_t j = 0; j <= n; ++j) {
    double sum = 0.0;
    double size = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const auto q = static_cast<int>(i);
      const int cell = q / tables.layout.stride();
      const bool ledger = cell >= tables.layout.n_cells;
      if (!ledger && q == tables.layout.macrophages(cell)) continue;
      const double term =
          (j < n ? matrix[i * n + j] : dfdt[i]) * (ledger ? 1.0 : column.width[static_cast<std::size_t>(cell)]);
      sum += term;
      size += std::abs(term);
    }
    EXPECT_LE(std::abs(sum), 1e-14 * size) << "column " << j << ", seed " << GetParam();
  }
}

TEST_P(ColumnJacobian, InItsBandIsTheDenseOneEntryByEntry) {
  // Without self-shading; both differentiate the same operations, one column in each direction: no tolerance.
  tables.self_shading = false;
  system::ColumnWithJacobian bare(tables);
  bare.set_forcing(moving());
  bare.jacobian(t0, y.data(), matrix.data(), dfdt.data());
  const auto rows = static_cast<std::size_t>(tables.layout.shed());
  const int below = tables.layout.stride();
  const int above = below + 2 * classes;
  std::vector<double> band(rows * rows, 0.0);
  bare.banded_jacobian(t0, y.data(), below, above, band.data());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < rows; ++j)
      EXPECT_EQ(band[i * rows + j], matrix[i * n + j]) << "row " << i << ", column " << j << ", seed " << GetParam();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ColumnJacobian, ::testing::Range(0U, 5U));

}  // namespace
}  // namespace inkfade::test
