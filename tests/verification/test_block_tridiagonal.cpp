#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <random>
#include <vector>

#include "inkfade/transport/block_tridiagonal.kernel.hpp"

// Item 5, the linear algebra: elimination against a dense solver of other hands.
namespace inkfade::test {
namespace {

TEST(BlockTridiagonal, AgreesWithADenseSolver) {
  constexpr int n = 25;
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    using Solver = baseline::BlockTridiagonal<double, 0>;
    std::vector<double> scratch(Solver::values_per_class * n);
    Solver solver(scratch.data(), Solver::values_per_class, 1);
    Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(2 * n, 2 * n);  // f_i at 2 i, m_i at 2 i + 1
    std::vector<baseline::FreeAndHeld<double>> lower(n);
    std::vector<baseline::FreeAndHeld<double>> upper(n);
    for (int i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (i > 0) lower[at] = {50.0 * uniform(random), uniform(random)};
      if (i + 1 < n) upper[at] = {50.0 * uniform(random), uniform(random)};
      baseline::Block<double> row;
      row.fm = uniform(random);
      row.mf = 10.0 * uniform(random);
      row.ff = 1.0 + lower[at].f + upper[at].f + row.fm;
      row.mm = 1.0 + lower[at].m + upper[at].m + row.mf;
      dense(2 * i, 2 * i) = row.ff;
      dense(2 * i, 2 * i + 1) = -row.fm;
      dense(2 * i + 1, 2 * i) = -row.mf;
      dense(2 * i + 1, 2 * i + 1) = row.mm;
      if (i > 0) dense(2 * i, 2 * i - 2) = -lower[at].f;
      if (i > 0) dense(2 * i + 1, 2 * i - 1) = -lower[at].m;
      if (i + 1 < n) dense(2 * i, 2 * i + 2) = -upper[at].f;
      if (i + 1 < n) dense(2 * i + 1, 2 * i + 3) = -upper[at].m;
      if (i > 0) Solver::eliminate(row, solver.kept(i - 1, 0), lower[at], upper[at - 1]);
      solver.keep(i, 0, row.inverse(1.0 / row.determinant()));
    }
    Eigen::VectorXd x(2 * n);
    for (int q = 0; q < 2 * n; ++q) x(q) = 2.0 * uniform(random) - 1.0;
    const Eigen::VectorXd expected = dense.partialPivLu().solve(x);
    for (int i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(i);
      solver.times(i, 0, x(2 * i) + (i > 0 ? lower[at].f * x(2 * i - 2) : 0.0),
                   x(2 * i + 1) + (i > 0 ? lower[at].m * x(2 * i - 1) : 0.0), x(2 * i), x(2 * i + 1));
    }
    for (int i = n - 2; i >= 0; --i) {
      const auto at = static_cast<std::size_t>(i);
      double f = 0.0;
      double m = 0.0;
      solver.times(i, 0, upper[at].f * x(2 * i + 2), upper[at].m * x(2 * i + 3), f, m);
      x(2 * i) += f;
      x(2 * i + 1) += m;
    }
    // Condition number about 200 (row sums of 1 against diagonals of 100): two hundred units in the last place.
    EXPECT_LE((x - expected).norm(), 5e-14 * expected.norm()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace inkfade::test
