#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "inkfade/transport/block_tridiagonal.kernel.hpp"
#include "inkfade/transport/faces.kernel.hpp"

namespace inkfade::baseline {
namespace {

TEST(SeriesConductance, OfEqualHalvesIsDiffusivityOverWidth) {
  EXPECT_DOUBLE_EQ(series_conductance(0.5, 3.0, 0.5, 3.0), 3.0);
  EXPECT_DOUBLE_EQ(series_conductance(0.1, 3.0, 0.3, 3.0), 7.5);
}

TEST(SeriesConductance, AddsResistances) {
  EXPECT_DOUBLE_EQ(1.0 / series_conductance(0.2, 5.0, 0.7, 2.0), 0.2 / 5.0 + 0.7 / 2.0);
}

TEST(SeriesConductance, IsThatOfTheSlowHalfWhereTheOtherIsFast) {
  EXPECT_NEAR(series_conductance(0.2, 1e20, 0.7, 2.0), 2.0 / 0.7, 1e-15 * 3.0);
  EXPECT_EQ(series_conductance(0.2, 0.0, 0.7, 2.0), 0.0);
}

TEST(SeriesConductance, OfImmobilePigmentIsAnOrdinaryNumber) {
  // The floor of diffusivities, 1e-40 m2/s: their product is far from underflow.
  EXPECT_DOUBLE_EQ(series_conductance(1e-6, 1e-40, 1e-6, 1e-40) * 2e34, 1.0);
}

TEST(SeriesConductance, OfTwoBarriersIsZero) { EXPECT_EQ(series_conductance(1.0, 0.0, 1.0, 0.0), 0.0); }

TEST(Membrane, AddsItsResistance) { EXPECT_DOUBLE_EQ(1.0 / behind_membrane(2.0, 3.0), 1.0 / 2.0 + 1.0 / 3.0); }

TEST(Membrane, BlocksWhenClosedAndVanishesWhenWideOpen) {
  EXPECT_EQ(behind_membrane(2.0, 0.0), 0.0);
  EXPECT_EQ(behind_membrane(0.0, 0.0), 0.0);
  EXPECT_NEAR(behind_membrane(2.0, 1e300), 2.0, 1e-15);
}

/// Random diagonally dominant blocks with the signs of an M-matrix, as a step of the column makes them.
template <int K>
double worst_residual(int n, int classes, unsigned seed) {
  using Solver = BlockTridiagonal<double, K>;
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  std::vector<double> scratch(Solver::values_per_class * static_cast<std::size_t>(n * classes));
  Solver solver(n, classes, scratch.data());
  std::vector<typename Solver::Row> rows(static_cast<std::size_t>(n * classes));
  const auto at = [&](int i, int k) { return static_cast<std::size_t>(i * classes + k); };
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < classes; ++k) {
      auto& row = rows[at(i, k)];
      const double wide = std::pow(10.0, 6.0 * uniform(random) - 3.0);  // couplings over six decades
      row.lower_f = i > 0 ? wide * uniform(random) : 0.0;
      row.lower_m = i > 0 ? wide * uniform(random) : 0.0;
      row.upper_f = i + 1 < n ? wide * uniform(random) : 0.0;
      row.upper_m = i + 1 < n ? wide * uniform(random) : 0.0;
      row.fm = -wide * uniform(random);
      row.mf = -wide * uniform(random);
      row.ff = 1.0 + row.lower_f + row.upper_f - row.fm;
      row.mm = 1.0 + row.lower_m + row.upper_m - row.mf;
      solver.eliminate(i, k, row);
    }
  }
  const auto width = static_cast<std::size_t>(2 * classes);
  std::vector<double> rhs(width * static_cast<std::size_t>(n));
  for (double& r : rhs) r = 2.0 * uniform(random) - 1.0;
  std::vector<double> x = rhs;
  const auto cell = [&](int i) { return x.data() + static_cast<std::size_t>(i) * width; };
  for (int i = 0; i < n; ++i) solver.forward(i, cell(i), cell(i) + classes, i > 0 ? cell(i - 1) : nullptr);
  std::vector<double> solved(width);
  for (int i = n - 1; i >= 0; --i) {
    solver.backward(i, cell(i), cell(i) + classes, i + 1 < n ? cell(i + 1) : nullptr, solved.data());
    std::ranges::copy(solved, cell(i));
  }
  double worst = 0.0;
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < classes; ++k) {
      const auto& row = rows[at(i, k)];
      const double f = cell(i)[k];
      const double m = cell(i)[classes + k];
      const auto f_of = [&](int c) { return c >= 0 && c < n ? cell(c)[k] : 0.0; };
      const auto m_of = [&](int c) { return c >= 0 && c < n ? cell(c)[classes + k] : 0.0; };
      const double* r = rhs.data() + static_cast<std::size_t>(i) * width;
      const double rf = row.ff * f + row.fm * m - row.lower_f * f_of(i - 1) - row.upper_f * f_of(i + 1) - r[k];
      const double rm =
          row.mf * f + row.mm * m - row.lower_m * m_of(i - 1) - row.upper_m * m_of(i + 1) - r[classes + k];
      const double size = (row.ff + row.mm) * (std::abs(f) + std::abs(m)) + 1.0;
      worst = std::max({worst, std::abs(rf) / size, std::abs(rm) / size});
    }
  }
  return worst;
}

TEST(BlockTridiagonal, SolvesRandomMMatricesToRoundOff) {
  // Elimination of M-matrices is backward stable without pivoting: some tens of units in the last place.
  for (unsigned seed = 0; seed < 100; ++seed) {
    EXPECT_LE((worst_residual<0>(40, 3, seed)), 2e-14) << "seed " << seed;
  }
}

TEST(BlockTridiagonal, OfAFixedNumberOfClassesSolvesThemToo) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    EXPECT_LE((worst_residual<6>(40, 6, seed)), 2e-14) << "seed " << seed;
  }
}

TEST(BlockTridiagonal, SolvesASingleCell) { EXPECT_LE((worst_residual<0>(1, 2, 5)), 2e-15); }

}  // namespace
}  // namespace inkfade::baseline
