#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <random>
#include <vector>

#include "inkfade/system/interventions.hpp"

namespace inkfade::system {
namespace {

constexpr int n_cells = 3;
constexpr int n_classes = 4;

/// One epidermal cell and two dermal ones; a macrophage holds 1/inverse_capacity kg.
struct Column {
  std::array<double, n_cells> width{1e-5, 2e-5, 4e-5};
  baseline::ColumnTables<double> tables;
  std::vector<double> y;

  explicit Column(unsigned seed) {
    tables.layout = {n_cells, n_classes};
    tables.first_dermal_cell = 1;
    tables.local.inverse_capacity = 2e12;
    tables.width = width.data();
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> up_to_one(0.0, 1.0);
    y.assign(static_cast<std::size_t>(tables.layout.size()), 0.0);
    for (int i = 0; i < n_cells; ++i) {
      const int filled = i == 0 ? n_classes : 3 * n_classes;  // the epidermis holds free pigment only
      for (int j = 0; j < filled; ++j) at(tables.layout.free(i) + j) = up_to_one(random);
      // Room for the 4 x 1 kg/m3 that the cell may hold at most.
      if (i > 0) at(tables.layout.macrophages(i)) = 8e12 + 1e12 * up_to_one(random);
    }
  }

  double& at(int q) { return y[static_cast<std::size_t>(q)]; }

  [[nodiscard]] double mass(int pool) {
    double sum = 0.0;
    for (int i = 0; i < n_cells; ++i) {
      for (int k = 0; k < n_classes; ++k) {
        sum += width[static_cast<std::size_t>(i)] * at(tables.layout.free(i) + pool * n_classes + k);
      }
    }
    return sum;
  }
  [[nodiscard]] double mass() { return mass(0) + mass(1) + mass(2); }
  [[nodiscard]] double load(int cell) {
    double held = 0.0;
    for (int k = 0; k < n_classes; ++k) held += at(tables.layout.held(cell) + k);
    return held * tables.local.inverse_capacity / at(tables.layout.macrophages(cell));
  }
  void apply(const skin::Intervention& intervention) { apply_intervention(intervention, tables, y.data()); }
};

skin::Intervention laser() {
  skin::Intervention intervention;
  intervention.fragmented_share = 0.6;
  intervention.removed_share = 0.25;
  intervention.fragments = {0.5, 0.3, 0.15, 0.05};
  intervention.laden_killed = 0.8;
  return intervention;
}

skin::Intervention ablation(double share) {
  skin::Intervention intervention;
  intervention.killed = share;
  return intervention;
}

constexpr double round_off = 1e-14;  // some tens of operations on numbers of order 1, relative

TEST(Intervention, ThatDoesNothingChangesNoBit) {
  Column column(1);
  const std::vector<double> before = column.y;
  column.apply({});
  EXPECT_EQ(column.y, before);
}

TEST(Laser, BooksWhatLeavesTheSkinAsRemoved) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    Column column(seed);
    const double before = column.mass();
    column.apply(laser());
    const double removed = column.at(column.tables.layout.removed());
    EXPECT_NEAR(removed, 0.6 * 0.25 * before, round_off * before) << "seed " << seed;
    EXPECT_NEAR(column.mass() + removed, before, round_off * before) << "seed " << seed;
  }
}

TEST(Laser, MakesNoParticleLarger) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    Column column(seed);
    const std::vector<double> before = column.y;
    skin::Intervention only_breaks = laser();
    only_breaks.removed_share = 0.0;
    only_breaks.laden_killed = 0.0;
    column.apply(only_breaks);
    const auto& at = column.tables.layout;
    for (int i = 0; i < n_cells; ++i) {
      for (int pool = 0; pool < 3; ++pool) {
        double finer_before = 0.0;
        double finer = 0.0;
        for (int k = 0; k < n_classes; ++k) {
          const auto q = static_cast<std::size_t>(at.free(i) + pool * n_classes + k);
          finer_before += before[q];
          finer += column.y[q];
          EXPECT_GE(finer, finer_before * (1.0 - round_off)) << "seed " << seed;
        }
        EXPECT_NEAR(finer, finer_before, round_off * 4.0);
      }
    }
  }
}

TEST(Laser, WhoseFragmentsAreLargerThanTheParticlesLeavesThemAsTheyAre) {
  Column column(3);
  const std::vector<double> before = column.y;
  skin::Intervention coarse = laser();
  coarse.removed_share = 0.0;
  coarse.laden_killed = 0.0;
  coarse.fragments = {0.0, 0.0, 0.0, 1.0};
  column.apply(coarse);
  for (std::size_t q = 0; q < before.size(); ++q) EXPECT_NEAR(column.y[q], before[q], round_off * 1e13);
  for (int k = 0; k < n_classes; ++k) {
    const int q = column.tables.layout.held(1) + k;
    EXPECT_NEAR(column.at(q), before[static_cast<std::size_t>(q)], round_off);
  }
}

TEST(Laser, FreesTheShareOfHeldPigmentWhoseCellsDie) {
  Column column(4);
  skin::Intervention kills = laser();
  kills.fragments.clear();
  const double held = column.mass(1);
  const double free = column.mass(0);
  column.apply(kills);
  EXPECT_NEAR(column.mass(1), 0.2 * held, round_off * held);
  EXPECT_NEAR(column.mass(0), free + 0.8 * held, round_off * held);
}

TEST(Laser, KillsLadenMacrophagesAlone) {
  Column column(5);
  const double load = column.load(1);
  const double n = column.at(column.tables.layout.macrophages(1));
  skin::Intervention kills = laser();
  kills.fragments.clear();
  column.apply(kills);
  EXPECT_NEAR(column.at(column.tables.layout.macrophages(1)), n * (1.0 - 0.8 * load), round_off * n);
}

TEST(Ablation, KeepsTheLoadOfThoseThatLive) {
  Column column(6);
  const double load = column.load(2);
  column.apply(ablation(0.9));
  EXPECT_NEAR(column.load(2), load, 1e-13);
}

TEST(Ablation, OfAllMacrophagesFreesAllTheyHold) {
  Column column(7);
  const double before = column.mass();
  column.apply(ablation(1.0));
  EXPECT_EQ(column.mass(1), 0.0);
  EXPECT_EQ(column.at(column.tables.layout.macrophages(1)), 0.0);
  EXPECT_NEAR(column.mass(), before, round_off * before);
}

TEST(Interventions, LeaveNothingNegativeAndNoLoadAboveOne) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    Column column(seed);
    column.apply(ablation(0.7));
    column.apply(laser());
    column.apply(laser());
    EXPECT_GE(*std::ranges::min_element(column.y), 0.0) << "seed " << seed;
    for (int i = 1; i < n_cells; ++i) EXPECT_LE(column.load(i), 1.0 + round_off) << "seed " << seed;
  }
}

}  // namespace
}  // namespace inkfade::system
