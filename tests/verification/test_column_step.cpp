#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "inkfade/base/dual.kernel.hpp"
#include "inkfade/selfcheck/bare_column.hpp"
#include "inkfade/system/column_step.kernel.hpp"

// Item 5, the step: what ColumnStep does in six sweeps, class by class, is what the method says of rates and matrix.
namespace inkfade::test {
namespace {

using namespace baseline;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Case {
  int cells = 9;
  int classes = 6;
  int first_dermal_cell = 4;
  bool self_shading = false;
};

/// Every reaction on, rates drawn, and a forcing that stands still, so that df/dt is 0.
selfcheck::BareColumn drawn_column(const Case& c, std::mt19937& random) {
  const auto between = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  selfcheck::BareColumn column(selfcheck::uniform_faces(c.cells, 1e-3), c.classes, c.first_dermal_cell);
  for (int k = 0; k < c.classes; ++k) {
    const auto at = static_cast<std::size_t>(k);
    column.uptake[at] = between(1e-18, 1e-17);
    column.lymph_gate[at] = between(0.0, 1.0);
    column.set_diffusivity(at, [&](double) { return 1e-14; });
  }
  for (int i = 0; i < c.cells; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const double dermal = i >= c.first_dermal_cell ? 1.0 : 0.0;
    column.macrophages[at] = 1e12 * dermal;
    column.inverse_binding[at] = 1.0;
    column.binds[at] = dermal;
    column.lymph[at] = 1e-6 * dermal;
    column.wound[at] = 1e-6;
    column.uv[at] = column.visible[at] = 0.5;
  }
  auto& local = column.scalars.local;
  local.inverse_capacity = 1e12;
  local.inverse_crowding = 0.5;
  local.release_rate = 1e-7;
  local.egress_rate = 1e-8;
  local.fragmentation_rate = 1e-8;
  local.recruitment_rate = local.departure_rate = 1e-6;
  local.binding_rate = 1e-6;
  local.unbinding_rate = 1e-8;
  local.macrophage_light = local.stroma_light = 0.5;
  local.uv_sensitivity = 1e-6;
  column.scalars.epidermal_velocity = 1e-11;
  column.scalars.junction_permeability = 1e-9;
  column.scalars.hop_mobility = 1e-8;
  column.scalars.uv_absorption = 200.0;
  column.scalars.self_shading = c.self_shading;
  return column;
}

Forcing<double> standing_forcing() {
  Forcing<double> forcing = selfcheck::quiet_forcing();
  forcing.openness = 0.5;
  forcing.uv.mean = 0.05;
  return forcing;
}

std::vector<double> drawn_state(const Case& c, const ColumnLayout& at, std::mt19937& random) {
  const auto between = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  std::vector<double> y(static_cast<std::size_t>(at.size()), 0.0);
  for (int i = 0; i < c.cells; ++i) {
    const bool dermal = i >= c.first_dermal_cell;
    for (int k = 0; k < c.classes; ++k) {
      y[static_cast<std::size_t>(at.free(i) + k)] = between(0.0, 0.2);
      if (!dermal) continue;
      y[static_cast<std::size_t>(at.held(i) + k)] = between(0.0, 0.05);
      y[static_cast<std::size_t>(at.bound(i) + k)] = between(0.0, 0.2);
    }
    if (dermal) y[static_cast<std::size_t>(at.macrophages(i))] = between(6e11, 1.4e12);
  }
  return y;
}

/// The vectors of a step, filled with a number before it.
struct Memory {
  std::vector<double> u[3], y_new, pools, held, scratch;
  StepVectors<double> vectors;

  Memory(const std::vector<double>& y, int cells, std::size_t scratch_size, double fill)
      : y_new(y.size(), fill),
        pools(12, fill),
        held(4 * static_cast<std::size_t>(cells), fill),
        scratch(scratch_size, fill) {
    vectors.y = y.data();
    for (int j = 0; j < 3; ++j) {
      u[j].assign(y.size(), fill);
      vectors.u[j] = u[j].data();
    }
    vectors.y_new = y_new.data();
    for (int j = 0; j < 4; ++j) {
      vectors.pools[j] = pools.data() + static_cast<std::ptrdiff_t>(3) * j;
      vectors.held[j] = held.data() + static_cast<std::ptrdiff_t>(cells) * j;
    }
  }
};

/// Of macrophages, where inflammation stands still at 0.
constexpr MacrophageBounds<double> standing_bounds{1.0, 1.0, 0.0};

/// The increments of a step from rates(), factor() and solve(), as the method has them.
std::vector<std::vector<double>> by_parts(const ColumnTables<double>& tables, const std::vector<double>& y, double h) {
  std::vector<double> scratch(ColumnKernel<double, 0>::scratch_size(tables.layout));
  ColumnKernel<double, 0> kernel(tables, scratch.data());
  kernel.set_forcing(standing_forcing());
  const std::size_t n = y.size();
  std::vector<double> rate(n), right(n), z(n);
  std::vector<std::vector<double>> u(3, std::vector<double>(n));
  kernel.factor(0.0, y.data(), h * Rosw3::gamma);
  kernel.rates(0.0, y.data(), rate.data());
  kernel.solve(rate.data(), u[0].data());
  for (std::size_t q = 0; q < n; ++q) z[q] = y[q] + rosw3.a * u[0][q];
  for (int i = tables.first_dermal_cell; i < tables.layout.n_cells; ++i) {
    const auto q = static_cast<std::size_t>(tables.layout.macrophages(i));
    z[q] = standing_bounds.held(tables.macrophages[i], y[q], z[q]);
  }
  kernel.rates(Rosw3::alpha * h, z.data(), rate.data(), PastFull::go_on);
  for (std::size_t q = 0; q < n; ++q) right[q] = rate[q] + rosw3.c21 / h * u[0][q];
  kernel.solve(right.data(), u[1].data());
  for (std::size_t q = 0; q < n; ++q) right[q] = rate[q] + (rosw3.c31 * u[0][q] + rosw3.c32 * u[1][q]) / h;
  kernel.solve(right.data(), u[2].data());
  for (int i = tables.first_dermal_cell; i < tables.layout.n_cells; ++i) {  // the dense output ends where the step does
    const auto q = static_cast<std::size_t>(tables.layout.macrophages(i));
    const double end = y[q] + rosw3.m[0] * u[0][q] + rosw3.m[1] * u[1][q] + rosw3.m[2] * u[2][q];
    u[2][q] += (standing_bounds.held(tables.macrophages[i], y[q], end) - end) / rosw3.m[2];
  }
  return u;
}

/// Largest difference of two vectors over the largest number of the first, for pigment, macrophages and the ledger.
double difference(const ColumnLayout& at, const std::vector<double>& a, const std::vector<double>& b) {
  double worst = 0.0;
  for (int kind = 0; kind < 3; ++kind) {
    double largest = 0.0;
    double apart = 0.0;
    for (int q = 0; q < at.size(); ++q) {
      const bool macrophages = q < at.shed() && q % at.stride() == 3 * at.n_classes;
      const int kind_of_q = q >= at.shed() ? 2 : (macrophages ? 1 : 0);
      if (kind_of_q != kind) continue;
      largest = std::max(largest, std::abs(a[static_cast<std::size_t>(q)]));
      apart = std::max(apart, std::abs(a[static_cast<std::size_t>(q)] - b[static_cast<std::size_t>(q)]));
    }
    if (largest > 0.0) worst = std::max(worst, apart / largest);
  }
  return worst;
}

template <int K>
void expect_parts(const Case& c, double h) {
  std::mt19937 random(static_cast<unsigned>(100 * c.cells + 10 * c.classes + c.first_dermal_cell));
  const selfcheck::BareColumn column = drawn_column(c, random);
  const ColumnTables<double> tables = column.tables();
  const std::vector<double> y = drawn_state(c, tables.layout, random);
  Memory memory(y, c.cells, ColumnStep<double, K>::scratch_size(tables.layout), 0.0);
  ColumnStep<double, K> step(tables, memory.scratch.data());
  step.set_forcing(standing_forcing());
  static_cast<void>(step.attempt(0.0, h, memory.vectors, {1e-3, 1e-6, 1e6}));
  const auto u = by_parts(tables, y, h);
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_LE(difference(tables.layout, u[j], memory.u[j]), 1e-11)
        << "increment " << j << ", " << c.cells << " cells, " << c.classes << " classes, dermis from "
        << c.first_dermal_cell << ", h = " << h << (c.self_shading ? ", shaded" : "");
  }
  for (int pool = 0; pool < 3; ++pool) {
    double mass = 0.0;
    double largest = 0.0;
    for (int i = 0; i < c.cells; ++i) {
      for (int k = 0; k < c.classes; ++k) {
        const auto q = static_cast<std::size_t>(tables.layout.free(i) + pool * c.classes + k);
        mass += tables.width[i] * memory.u[1][q];
        largest += tables.width[i] * std::abs(memory.u[1][q]);
      }
    }
    EXPECT_NEAR(memory.vectors.pools[2][pool], mass, 1e-14 * largest) << "pool " << pool;
  }
}

TEST(ColumnStep, IsItsParts) {
  for (const double h : {60.0, 1e5, 1e8}) {
    for (const bool shaded : {false, true}) {
      for (const int dermis : {0, 1, 4, 8, 9}) {
        expect_parts<6>({9, 6, dermis, shaded}, h);
        expect_parts<0>({9, 5, dermis, shaded}, h);
      }
      expect_parts<0>({9, 32, 4, shaded}, h);
      for (const int dermis : {0, 1}) expect_parts<0>({1, 1, dermis, shaded}, h);
      expect_parts<0>({2, 6, 1, shaded}, h);
    }
  }
}

TEST(ColumnStep, ReadsNothingThatItHasNotSet) {
  for (const int dermis : {0, 1, 4, 9}) {
    const Case c{9, 6, dermis, true};
    std::mt19937 random(7);
    const selfcheck::BareColumn column = drawn_column(c, random);
    const ColumnTables<double> tables = column.tables();
    const std::vector<double> y = drawn_state(c, tables.layout, random);
    std::vector<std::vector<double>> ends;
    for (const double fill : {0.0, nan}) {
      Memory memory(y, c.cells, ColumnStep<double, 6>::scratch_size(tables.layout), fill);
      ColumnStep<double, 6> step(tables, memory.scratch.data());
      step.set_forcing(standing_forcing());
      const StepOutcome<double> outcome = step.attempt(0.0, 1e4, memory.vectors, {1e-3, 1e-6, 1e6});
      std::vector<double> all = memory.y_new;
      for (const auto& u : memory.u) all.insert(all.end(), u.begin(), u.end());
      all.insert(all.end(), memory.pools.begin(), memory.pools.end());
      all.insert(all.end(), memory.held.begin(), memory.held.end());
      all.insert(all.end(), {outcome.error, outcome.mass, outcome.lowest_pigment, outcome.peak_load});
      ends.push_back(all);
    }
    EXPECT_EQ(ends[0], ends[1]) << "dermis from " << dermis;
  }
}

TEST(ColumnStep, BringsMacrophagesToTheirTargetAndNotPastIt) {
  // Half full, departure is slow; below the target recruitment is a hundred times as fast.
  const Case c{1, 1, 0, false};
  std::mt19937 random(3);
  selfcheck::BareColumn column = drawn_column(c, random);
  auto& local = column.scalars.local;
  local.recruitment_rate = 1e-5;
  local.departure_rate = 1e-7;
  local.release_rate = local.egress_rate = local.fragmentation_rate = local.uv_sensitivity = 0.0;
  column.uptake[0] = column.wound[0] = column.binds[0] = 0.0;
  const ColumnTables<double> tables = column.tables();
  for (const double start : {0.9, 0.9999, 1.0001, 1.01, 1.3}) {
    for (const double h : {1e5, 1e7, 3e7, 1e8, 1e9}) {
      std::vector<double> y(static_cast<std::size_t>(tables.layout.size()), 0.0);
      y[1] = 0.5;
      double& n = y[3];
      n = start * 1e12;
      for (double t = 0.0; t < 30.0 / 0.5e-7; t += h) {
        Memory memory(y, 1, ColumnStep<double, 0>::scratch_size(tables.layout), 0.0);
        ColumnStep<double, 0> step(tables, memory.scratch.data());
        step.set_forcing(standing_forcing());
        static_cast<void>(step.attempt(t, h, memory.vectors, {1e-3, 1e-6, 1e6}));
        EXPECT_GE(memory.y_new[3], std::min(n, 1e12)) << "from " << start << " at h = " << h;
        EXPECT_LE(memory.y_new[3], std::max(n, 1e12)) << "from " << start << " at h = " << h;
        double dense = n;
        for (int j = 0; j < 3; ++j) dense += rosw3.m[j] * memory.u[j][3];
        EXPECT_NEAR(dense, memory.y_new[3], 1e-12 * 1e12) << "from " << start << " at h = " << h;
        y = memory.y_new;
      }
      EXPECT_NEAR(n, 1e12, 1e-9 * 1e12) << "from " << start << " at h = " << h;
    }
  }
}

TEST(ColumnStep, HoldsMacrophagesToATargetThatMoves) {
  // Inflammation of half its peak that falls, or rises, within the step; n starts at its target and follows a falling
  // one at once, so that the method, which knows the start only, would go below where the target ends.
  const Case c{1, 1, 0, false};
  std::mt19937 random(3);
  selfcheck::BareColumn column = drawn_column(c, random);
  auto& local = column.scalars.local;
  local.inflammation_peak = 3.0;
  local.departure_rate = 1e-3;
  local.recruitment_rate = 1e-6;
  column.uptake[0] = column.wound[0] = column.binds[0] = 0.0;
  const ColumnTables<double> tables = column.tables();
  for (const double slope : {-0.5e-5, 0.5e-5}) {
    Forcing<double> forcing = standing_forcing();
    forcing.inflammation_offset = 0.5;
    forcing.inflammation_slope = slope < 0.0 ? 0.0 : 2e-5;
    forcing.inflammation_rate = slope < 0.0 ? 1e-5 : 1e-9;
    for (const double h : {1e2, 1e4, 1e5}) {
      std::vector<double> y(static_cast<std::size_t>(tables.layout.size()), 0.0);
      y[3] = 2e12;  // n* at an inflammation of 1/2
      Memory memory(y, 1, ColumnStep<double, 0>::scratch_size(tables.layout), 0.0);
      ColumnStep<double, 0> step(tables, memory.scratch.data());
      step.set_forcing(forcing);
      static_cast<void>(step.attempt(0.0, h, memory.vectors, {1e-3, 1e-6, 1e6}));
      const double end = 1e12 * (1.0 + 2.0 * inflammation_at(forcing, h));
      if (slope < 0.0) {
        EXPECT_GE(memory.y_new[3], end) << h;
        EXPECT_LT(memory.y_new[3], 2e12) << h;
      } else {
        EXPECT_GT(memory.y_new[3], 2e12) << h;
        EXPECT_LE(memory.y_new[3], end) << h;
      }
    }
  }
}

TEST(MacrophageBounds, LetNumbersThatAreNoneAndDerivativesAtTiesThrough) {
  const MacrophageBounds<double> bounds{1.0, 1.0, 0.0};
  EXPECT_TRUE(std::isnan(bounds.held(10.0, 10.0, nan)));
  const MacrophageBounds<Dual<1>> with_slope{Dual<1>(1.0), Dual<1>(1.0), Dual<1>(0.0)};
  Dual<1> n(10.0);
  n.slope[0] = 0.7;
  EXPECT_EQ(with_slope.held(Dual<1>(10.0), Dual<1>(10.0), n).slope[0], 0.7);
}

TEST(MacrophageBounds, LeaveRoomForATargetThatRisesAndFalls) {
  const double resident = 10.0;
  const MacrophageBounds<double> rising{1.5, 1.2, 1e-6};
  EXPECT_EQ(rising.held(resident, 12.0, 80.0), 80.0);  // how far the target rises in between is not known
  EXPECT_EQ(rising.held(resident, 16.0, 11.0), 12.0);
  EXPECT_EQ(rising.held(resident, 11.0, 8.0), 11.0);
  const MacrophageBounds<double> falling{1.5, 1.2, -1e-6};
  EXPECT_EQ(falling.held(resident, 14.0, 80.0), 15.0);
  EXPECT_EQ(falling.held(resident, 18.0, 80.0), 18.0);
  EXPECT_EQ(falling.held(resident, 18.0, 13.0), 13.0);
  EXPECT_EQ(falling.held(resident, 18.0, 7.0), 12.0);
}

TEST(ColumnStep, JudgesStatesBelowZeroByTheirAbsoluteTolerance) {
  // A state at -atol/rtol, within the floor, whose increments cancel but for a small error.
  const Case c{1, 1, 0, false};
  std::mt19937 random(3);
  const selfcheck::BareColumn column = drawn_column(c, random);
  const ColumnTables<double> tables = column.tables();
  std::vector<double> y(static_cast<std::size_t>(tables.layout.size()), 0.0);
  const double atol = 1e-6;
  for (const double rtol : {0.1, 0.2, 0.5}) {
    y[0] = -atol / rtol;
    y[3] = 1e12;
    Memory memory(y, 1, 1, 0.0);
    memory.u[0][0] = 1e-9;
    memory.u[2][0] = -rosw3.m[0] / rosw3.m[2] * 1e-9;  // the state stays where it is
    StepJudge<double, 0> judge(tables, memory.vectors, {rtol, atol, 1e6}, standing_bounds);
    judge.of_cell(0, {0.0, 0.0, 0.0});
    const double error = judge.done().error;
    const double expected = (rosw3.e[0] * 1e-9 + rosw3.e[2] * memory.u[2][0]) / atol;
    EXPECT_NEAR(error, expected * expected / 4.0, 1e-9 * expected * expected) << "rtol " << rtol;
  }
}

}  // namespace
}  // namespace inkfade::test
