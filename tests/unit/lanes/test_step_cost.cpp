// What a step costs in arithmetic, counted by running the kernel on a scalar that counts.
#include <gtest/gtest.h>

#include <cstdio>
#include <vector>

#include "inkfade/base/math.kernel.hpp"

namespace inkfade::baseline {

/// A double that counts additions, subtractions, multiplications and divisions.
struct Counted {
  double value = 0.0;
  static inline long operations = 0;
  static inline long divisions = 0;
  Counted() = default;
  explicit Counted(double given) : value(given) {}
};
inline Counted operator+(Counted a, Counted b) { return ++Counted::operations, Counted(a.value + b.value); }
inline Counted operator-(Counted a, Counted b) { return ++Counted::operations, Counted(a.value - b.value); }
inline Counted operator*(Counted a, Counted b) { return ++Counted::operations, Counted(a.value * b.value); }
inline Counted operator/(Counted a, Counted b) {
  ++Counted::divisions;
  return ++Counted::operations, Counted(a.value / b.value);
}
inline bool operator<(Counted a, Counted b) { return a.value < b.value; }
inline bool operator>(Counted a, Counted b) { return a.value > b.value; }
inline Counted select(bool condition, Counted yes, Counted no) { return condition ? yes : no; }
inline Counted maximum(Counted a, Counted b) { return a.value > b.value ? a : b; }
inline Counted minimum(Counted a, Counted b) { return a.value < b.value ? a : b; }
inline Counted absolute(Counted x) { return Counted(absolute(x.value)); }
inline bool nonzero(Counted x) { return nonzero(x.value); }
inline Counted round_to_integer(Counted x) { return Counted(round_to_integer(x.value)); }
inline Counted power_of_two(Counted k) { return Counted(power_of_two(k.value)); }
inline void split_exponent(Counted x, Counted& m, Counted& exponent) {
  split_exponent(x.value, m.value, exponent.value);
}

}  // namespace inkfade::baseline

#include "inkfade/system/column_conversion.hpp"
#include "inkfade/system/column_step.kernel.hpp"
#include "lane_columns.hpp"

namespace inkfade::test {
namespace {

using baseline::Counted;

TEST(StepCost, IsSomeTwentyFiveHundredOperationsACell) {
  const KernelFloatEnvironment environment;
  const LaneColumn column(parameters::Scenario::preset("scalp-smp"));
  std::vector<std::vector<Counted>> arrays;
  const auto copy = [&](const double* values, int n) {
    std::vector<Counted>& made = arrays.emplace_back();
    for (int i = 0; i < n; ++i) made.emplace_back(values[i]);
    return made.data();
  };
  arrays.reserve(16);
  const auto& t = column.tables;
  const int cells = t.layout.n_cells;
  std::vector<Counted> constants;
  const baseline::ColumnTables<Counted> tables = system::on_scalar<Counted>(t, constants);
  const int size = t.layout.size();
  baseline::StepVectors<Counted> v;
  v.y = copy(column.y.data(), size);
  for (auto& u : v.u) u = copy(column.y.data(), size);
  v.y_new = copy(column.y.data(), size);
  for (auto& pools : v.pools) pools = copy(column.y.data(), 3);
  for (auto& held : v.held) held = copy(column.y.data(), cells);
  std::vector<Counted> scratch(baseline::ColumnStep<Counted, 6>::scratch_size(t.layout));
  baseline::ColumnStep<Counted, 6> step(tables, scratch.data());
  step.set_forcing(system::on_scalar<Counted>(column.forcing));
  Counted::operations = Counted::divisions = 0;
  static_cast<void>(step.attempt(Counted(0.0), Counted(600.0), v, {Counted(1e-3), Counted(1e-6), Counted(1e6)}));
  const double per_cell = static_cast<double>(Counted::operations) / cells;
  std::printf("  %ld operations a step, %.0f a cell, %ld of them divisions\n", Counted::operations, per_cell,
              Counted::divisions);
  // What docs/performance.md says, within a tenth: whoever makes a step dearer or cheaper says so there.
  EXPECT_NEAR(per_cell, 2500.0, 250.0);
}

}  // namespace
}  // namespace inkfade::test
