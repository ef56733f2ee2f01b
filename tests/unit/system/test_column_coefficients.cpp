#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/skin/protocol.hpp"
#include "inkfade/system/column_system.hpp"
#include "support/test_column.hpp"

namespace inkfade::system {
namespace {

using parameters::Scenario;

struct Case {
  explicit Case(const std::vector<std::pair<std::string, parameters::Setting>>& settings = {})
      : scenario(Scenario::preset("scalp-smp").with(settings)),
        skin(skin::make_skin_profile(scenario)),
        ink(skin::make_ink(scenario)),
        kinetics(kinetics::make_cell_kinetics(scenario, skin, ink)),
        mesh(mesh::make_column_mesh(skin, static_cast<std::size_t>(scenario.integer("numerics.cells")))),
        coefficients(skin, ink, kinetics, mesh, scenario.boolean("numerics.self_shading")),
        tables(coefficients.tables()) {}
  Scenario scenario;
  skin::SkinProfile skin;
  skin::Ink ink;
  kinetics::CellKinetics kinetics;
  mesh::ColumnMesh mesh;
  ColumnCoefficients coefficients;
  baseline::ColumnTables<double> tables;
};

std::size_t at(int q) { return static_cast<std::size_t>(q); }

TEST(ColumnLayout, PutsEveryComponentInItsOwnPlace) {
  constexpr baseline::ColumnLayout layout{3, 2};
  std::vector<int> used(static_cast<std::size_t>(layout.size()), 0);
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 2; ++k) {
      ++used[at(layout.free(i) + k)];
      ++used[at(layout.held(i) + k)];
      ++used[at(layout.bound(i) + k)];
    }
    ++used[at(layout.macrophages(i))];
  }
  for (const int q : {layout.shed(), layout.degraded(), layout.removed(), layout.drained(), layout.drained() + 1}) {
    ++used[at(q)];
  }
  EXPECT_TRUE(std::ranges::all_of(used, [](int count) { return count == 1; }));
}

TEST(InitialState, HoldsHealedMacrophagesAndNoPigment) {
  const Case c;
  const std::vector<double> y = initial_state(c.tables);
  for (int i = 0; i < c.tables.layout.n_cells; ++i) {
    const auto& layer = c.skin.layers[c.mesh.layer[at(i)]];
    EXPECT_EQ(y[at(c.tables.layout.macrophages(i))], layer.macrophage_density);
    EXPECT_EQ(y[at(c.tables.layout.free(i))], 0.0);
  }
}

skin::Deposit deposit_of(const Case& c) { return skin::make_deposits(c.scenario, c.ink).front(); }

TEST(AddDeposit, PlacesExactlyTheDose) {
  for (const char* depth : {"200 um", "400 um", "1400 um"}) {
    const Case c({{"procedure.depth", std::string(depth)}});
    std::vector<double> y = initial_state(c.tables);
    const skin::Deposit deposit = deposit_of(c);
    const double added = add_deposit(deposit, c.skin, c.mesh, c.tables.layout, y.data());
    EXPECT_NEAR(added / deposit.local_dose, 1.0, 1e-13) << depth;  // a sum over some hundred cells and classes
  }
}

TEST(AddDeposit, SpreadsTheEpidermalShareEvenly) {
  const Case c;
  std::vector<double> y = initial_state(c.tables);
  const skin::Deposit deposit = deposit_of(c);
  add_deposit(deposit, c.skin, c.mesh, c.tables.layout, y.data());
  for (int i = 0; i < c.tables.first_dermal_cell; ++i) {
    double sum = 0.0;
    for (int k = 0; k < c.tables.layout.n_classes; ++k) sum += y[at(c.tables.layout.free(i) + k)];
    EXPECT_NEAR(sum / (deposit.local_dose * deposit.epidermal_fraction / c.skin.junction_depth), 1.0, 1e-14);
  }
}

TEST(AddDeposit, PlacesAGaussianCutToTheDermis) {
  const Case c;
  std::vector<double> y = initial_state(c.tables);
  const skin::Deposit deposit = deposit_of(c);
  add_deposit(deposit, c.skin, c.mesh, c.tables.layout, y.data());
  const auto cdf = [&](double z) { return 0.5 * std::erfc(-(z - deposit.depth) / deposit.depth_sd / std::sqrt(2.0)); };
  const double whole = cdf(c.skin.depth) - cdf(c.skin.junction_depth);
  for (int i = c.tables.first_dermal_cell; i < c.tables.layout.n_cells; ++i) {
    double sum = 0.0;
    for (int k = 0; k < c.tables.layout.n_classes; ++k) sum += y[at(c.tables.layout.free(i) + k)];
    const double expected = deposit.local_dose * (1.0 - deposit.epidermal_fraction) *
                            (cdf(c.mesh.face[at(i) + 1]) - cdf(c.mesh.face[at(i)])) / whole;
    EXPECT_NEAR(sum * c.mesh.width[at(i)], expected, 1e-14 * deposit.local_dose) << "cell " << i;
  }
}

TEST(AddDeposit, OfTwoHalvesIsOfTheWhole) {
  const Case c;
  std::vector<double> whole = initial_state(c.tables);
  std::vector<double> halves = whole;
  skin::Deposit deposit = deposit_of(c);
  add_deposit(deposit, c.skin, c.mesh, c.tables.layout, whole.data());
  deposit.local_dose *= 0.5;
  add_deposit(deposit, c.skin, c.mesh, c.tables.layout, halves.data());
  add_deposit(deposit, c.skin, c.mesh, c.tables.layout, halves.data());
  EXPECT_EQ(whole, halves);  // halving is exact
}

TEST(Transmission, IsTheExactCellMeanOfBeerLambert) {
  const Case c;
  double tau = 0.0;
  for (std::size_t i = 0; i < c.mesh.n_cells(); ++i) {
    const double own = c.skin.layers[c.mesh.layer[i]].uv_attenuation * c.mesh.width[i];
    EXPECT_NEAR(c.tables.uv[i] / (std::exp(-tau) * -std::expm1(-own) / own), 1.0, 1e-12) << "cell " << i;
    tau += own;
  }
}

TEST(WoundLoss, FadesBelowTheJunctionAndIsFullAboveIt) {
  const Case c;
  for (std::size_t i = 0; i < c.mesh.n_cells(); ++i) {
    const double below = std::max(c.mesh.centre[i] - c.skin.junction_depth, 0.0);
    EXPECT_NEAR(c.tables.wound[i] / (c.skin.wound_loss_rate * std::exp(-below / c.skin.wound_loss_depth)), 1.0, 1e-13);
  }
}

TEST(Column, KeepsFragmentsInTheSkin) {
  // One cell of three classes that only fragment: mass moves down a class and stops at the smallest.
  test::TestColumn column({0.0, 1e-4}, 3, 0);
  column.scalars.local.inverse_capacity = 1e-30;
  column.scalars.local.fragmentation_rate = 0.5;
  ColumnSystem<0> system(column.tables());
  system.set_forcing(test::quiet_forcing());
  std::vector<double> y = initial_state(column.tables());
  std::vector<double> rate(y.size());
  for (std::size_t k = 0; k < 3; ++k) y[at(system.layout().held(0)) + k] = 1.0 + static_cast<double>(k);
  system.rates(0.0, y.data(), rate.data());
  const auto held = at(system.layout().held(0));
  EXPECT_DOUBLE_EQ(rate[held], 1.0);       // gains 0.5 x 2, loses nothing
  EXPECT_DOUBLE_EQ(rate[held + 1], 0.5);   // gains 0.5 x 3, loses 0.5 x 2
  EXPECT_DOUBLE_EQ(rate[held + 2], -1.5);  // loses 0.5 x 3
}

TEST(Column, ShadesWhatLiesBelowPigment) {
  // Equal pigment in ten cells under light that nothing else attenuates: Beer-Lambert with half of the own cell.
  constexpr int n = 10;
  test::TestColumn column(test::uniform_faces(n, 1e-3), 1, 0);
  column.scalars.local.inverse_capacity = 1e-30;
  column.scalars.local.uv_sensitivity = 1e-3;
  column.scalars.uv_absorption = 2000.0;
  column.scalars.self_shading = true;
  column.uv.assign(n, 1.0);
  ColumnSystem<0> system(column.tables());
  baseline::Forcing<double> forcing = test::quiet_forcing();
  forcing.uv.mean = 2.0;
  system.set_forcing(forcing);
  std::vector<double> y = initial_state(column.tables());
  std::vector<double> rate(y.size());
  for (int i = 0; i < n; ++i) y[at(system.layout().free(i))] = 3.0;
  system.rates(0.0, y.data(), rate.data());
  for (int i = 0; i < n; ++i) {
    const double expected = -2e-3 * 3.0 * std::exp(-2000.0 * 3.0 * 1e-4 * (i + 0.5));
    EXPECT_NEAR(rate[at(system.layout().free(i))] / expected, 1.0, 1e-13) << "cell " << i;
  }
}

TEST(Column, SpeedsTheEpidermisUpWhileTheWoundIsOpen) {
  test::TestColumn column(test::uniform_faces(4, 6e-5), 1, 4);
  column.scalars.epidermal_velocity = 1e-11;
  column.scalars.turnover_healing_factor = 0.5;
  ColumnSystem<0> system(column.tables());
  baseline::Forcing<double> forcing = test::quiet_forcing();
  forcing.openness = 0.6;
  forcing.turnover_factor = 0.8;
  system.set_forcing(forcing);
  std::vector<double> y = initial_state(column.tables());
  std::vector<double> rate(y.size());
  y[0] = 2.0;
  system.rates(0.0, y.data(), rate.data());
  // v = v0 / (0.8 (1 - (1 - 0.5) 0.6)); what leaves the outermost cell is shed
  EXPECT_NEAR(rate[at(system.layout().shed())] / (2.0 * 1e-11 / (0.8 * 0.7)), 1.0, 1e-14);
}

TEST(Column, RatesOfPigmentAndLedgerAddUpToNothing) {
  Case c({{"ink.uv_sensitivity", std::string("1e-6 m2/J")}, {"numerics.self_shading", true}});
  ColumnSystem<0> system(c.tables);
  const skin::Protocol protocol = skin::make_protocol(c.scenario, c.skin, c.ink);
  system.set_forcing(protocol.segments.front().forcing);
  std::vector<double> y = initial_state(c.tables);
  add_deposit(deposit_of(c), c.skin, c.mesh, c.tables.layout, y.data());
  std::vector<double> rate(y.size());
  system.rates(day, y.data(), rate.data());
  double gone = 0.0;
  double size = 0.0;
  for (int q = c.tables.layout.shed(); q < c.tables.layout.size(); ++q) gone += rate[at(q)];
  for (int i = 0; i < c.tables.layout.n_cells; ++i) {
    for (int j = 0; j < 3 * c.tables.layout.n_classes; ++j) {
      size += std::abs(rate[at(c.tables.layout.free(i) + j)]) * c.tables.width[i];
    }
  }
  EXPECT_GT(gone, 0.0);
  EXPECT_LE(std::abs(system.mass(rate.data()) + gone), 1e-14 * size);  // round-off of a sum over a thousand terms
}

TEST(Column, GivesTheSameBitsWhetherTheNumberOfClassesIsKnownWhenCompiledOrNot) {
  const Case c;
  ASSERT_EQ(c.tables.layout.n_classes, 6);
  const skin::Protocol protocol = skin::make_protocol(c.scenario, c.skin, c.ink);
  std::vector<double> y = initial_state(c.tables);
  add_deposit(deposit_of(c), c.skin, c.mesh, c.tables.layout, y.data());
  const auto solved = [&](auto& system) {
    system.set_forcing(protocol.segments.front().forcing);
    std::vector<double> rate(y.size());
    std::vector<double> x(y.size());
    system.factor(day, y.data(), 1e4);
    system.rates(day, y.data(), rate.data());
    system.solve(rate.data(), x.data());
    return x;
  };
  ColumnSystem<6> known(c.tables);
  ColumnSystem<0> any(c.tables);
  EXPECT_EQ(solved(known), solved(any));
}

}  // namespace
}  // namespace inkfade::system
