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

/// A row and its diagonal couplings to the cells above and below.
struct Row {
  Block<double> block;  ///< [[ff, -fm], [-mf, mm]]
  FreeAndHeld<double> lower;
  FreeAndHeld<double> upper;
};

/// Random diagonally dominant blocks with the signs of an M-matrix, as a step of the column makes them.
template <int K>
double worst_residual(int n, int classes, unsigned seed) {
  using Solver = BlockTridiagonal<double, K>;
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  const int stride = static_cast<int>(Solver::values_per_class) * classes + 3;  // apart, as with a record between
  std::vector<double> scratch(static_cast<std::size_t>(n * stride));
  Solver solver(scratch.data(), stride, classes);
  std::vector<Row> rows(static_cast<std::size_t>(n * classes));
  const auto at = [&](int i, int k) { return static_cast<std::size_t>(i * classes + k); };
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < classes; ++k) {
      Row& row = rows[at(i, k)];
      const double wide = std::pow(10.0, 6.0 * uniform(random) - 3.0);  // couplings over six decades
      row.lower = {i > 0 ? wide * uniform(random) : 0.0, i > 0 ? wide * uniform(random) : 0.0};
      row.upper = {i + 1 < n ? wide * uniform(random) : 0.0, i + 1 < n ? wide * uniform(random) : 0.0};
      row.block.fm = wide * uniform(random);
      row.block.mf = wide * uniform(random);
      row.block.ff = 1.0 + row.lower.f + row.upper.f + row.block.fm;
      row.block.mm = 1.0 + row.lower.m + row.upper.m + row.block.mf;
      Block<double> left = row.block;
      if (i > 0) solver.eliminate(left, solver.kept(i - 1, k), row.lower, rows[at(i - 1, k)].upper);
      solver.keep(i, k, left.inverse(1.0 / left.determinant()));
    }
  }
  std::vector<FreeAndHeld<double>> rhs(rows.size());
  for (FreeAndHeld<double>& r : rhs) r = {2.0 * uniform(random) - 1.0, 2.0 * uniform(random) - 1.0};
  std::vector<FreeAndHeld<double>> x = rhs;
  for (int k = 0; k < classes; ++k) {
    for (int i = 0; i < n; ++i) {
      const FreeAndHeld<double> above = i > 0 ? x[at(i - 1, k)] : FreeAndHeld<double>{};
      FreeAndHeld<double>& here = x[at(i, k)];
      const FreeAndHeld<double>& lower = rows[at(i, k)].lower;
      solver.times(i, k, here.f + lower.f * above.f, here.m + lower.m * above.m, here.f, here.m);
    }
    for (int i = n - 2; i >= 0; --i) {
      const FreeAndHeld<double>& upper = rows[at(i, k)].upper;
      const FreeAndHeld<double>& below = x[at(i + 1, k)];
      FreeAndHeld<double> more;
      solver.times(i, k, upper.f * below.f, upper.m * below.m, more.f, more.m);
      x[at(i, k)] = {x[at(i, k)].f + more.f, x[at(i, k)].m + more.m};
    }
  }
  double worst = 0.0;
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < classes; ++k) {
      const Row& row = rows[at(i, k)];
      const FreeAndHeld<double>& here = x[at(i, k)];
      const FreeAndHeld<double> above = i > 0 ? x[at(i - 1, k)] : FreeAndHeld<double>{};
      const FreeAndHeld<double> below = i + 1 < n ? x[at(i + 1, k)] : FreeAndHeld<double>{};
      const FreeAndHeld<double>& r = rhs[at(i, k)];
      const double rf = row.block.ff * here.f - row.block.fm * here.m - row.lower.f * above.f - row.upper.f * below.f;
      const double rm = row.block.mm * here.m - row.block.mf * here.f - row.lower.m * above.m - row.upper.m * below.m;
      const double size = (row.block.ff + row.block.mm) * (std::abs(here.f) + std::abs(here.m)) + 1.0;
      worst = std::max({worst, std::abs(rf - r.f) / size, std::abs(rm - r.m) / size});
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
