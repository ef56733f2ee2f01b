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
    Solver solver(n, 1, scratch.data());
    Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(2 * n, 2 * n);  // f_i at 2 i, m_i at 2 i + 1
    for (int i = 0; i < n; ++i) {
      Solver::Row row;
      row.lower_f = i > 0 ? 50.0 * uniform(random) : 0.0;
      row.lower_m = i > 0 ? uniform(random) : 0.0;
      row.upper_f = i + 1 < n ? 50.0 * uniform(random) : 0.0;
      row.upper_m = i + 1 < n ? uniform(random) : 0.0;
      row.fm = -uniform(random);
      row.mf = -10.0 * uniform(random);
      row.ff = 1.0 + row.lower_f + row.upper_f - row.fm;
      row.mm = 1.0 + row.lower_m + row.upper_m - row.mf;
      dense(2 * i, 2 * i) = row.ff;
      dense(2 * i, 2 * i + 1) = row.fm;
      dense(2 * i + 1, 2 * i) = row.mf;
      dense(2 * i + 1, 2 * i + 1) = row.mm;
      if (i > 0) dense(2 * i, 2 * i - 2) = -row.lower_f;
      if (i > 0) dense(2 * i + 1, 2 * i - 1) = -row.lower_m;
      if (i + 1 < n) dense(2 * i, 2 * i + 2) = -row.upper_f;
      if (i + 1 < n) dense(2 * i + 1, 2 * i + 3) = -row.upper_m;
      solver.eliminate(i, 0, row);
    }
    Eigen::VectorXd x(2 * n);
    for (int q = 0; q < 2 * n; ++q) x(q) = 2.0 * uniform(random) - 1.0;
    const Eigen::VectorXd expected = dense.partialPivLu().solve(x);
    for (int i = 0; i < n; ++i) solver.forward(i, &x(2 * i), &x(2 * i + 1), i > 0 ? &x(2 * i - 2) : nullptr);
    for (int i = n - 1; i >= 0; --i) {
      double solved[2];
      solver.backward(i, &x(2 * i), &x(2 * i + 1), i + 1 < n ? &x(2 * i + 2) : nullptr, solved);
      x(2 * i) = solved[0];
      x(2 * i + 1) = solved[1];
    }
    // Condition number about 200 (row sums of 1 against diagonals of 100): two hundred units in the last place.
    EXPECT_LE((x - expected).norm(), 5e-14 * expected.norm()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace inkfade::test
