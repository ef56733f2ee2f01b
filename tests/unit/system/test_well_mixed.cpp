#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/kinetics/cell_kinetics.hpp"
#include "inkfade/system/well_mixed.hpp"

// The averages of the well-mixed rung, equations (W1) to (W4) of models/README.md.
namespace inkfade::test {
namespace {

using parameters::Scenario;
using system::mixing_weights;

constexpr std::size_t cells = 512;

struct Case {
  explicit Case(const Scenario& s)
      : skin(skin::make_skin_profile(s)),
        ink(skin::make_ink(s)),
        mesh(mesh::make_column_mesh(skin, cells)),
        deposits(skin::make_deposits(s, ink)),
        coefficients(skin, ink, kinetics::make_cell_kinetics(s, skin, ink), mesh, false),
        mixed(system::mix_well(coefficients, mesh, deposits, skin, ink)),
        tables(mixed.coefficients.tables()) {}
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  skin::SkinProfile skin;
  skin::Ink ink;
  mesh::ColumnMesh mesh;
  std::vector<skin::Deposit> deposits;
  system::ColumnCoefficients coefficients;
  system::WellMixed mixed;
  baseline::ColumnTables<double> tables;
};

/// Text for a setting: a bare literal would become a flag.
parameters::Setting text(const char* value) { return std::string(value); }

Scenario preset() { return Scenario::preset("scalp-smp"); }

TEST(WellMixed, WeightsSumToOneInEachTissue) {
  const Case c(preset());
  const std::vector<double> weight = mixing_weights(c.deposits, c.skin, c.mesh);
  double epidermis = 0.0;
  double dermis = 0.0;
  for (std::size_t i = 0; i < cells; ++i) (i < c.mesh.first_dermal_cell ? epidermis : dermis) += weight[i];
  EXPECT_NEAR(epidermis, 1.0, 1e-13);
  EXPECT_NEAR(dermis, 1.0, 1e-13);
}

TEST(WellMixed, WidthOfAGaussianDepositIsThatOfItsSquare) {
  // 1/integral(p^2) of a Gaussian is 2 sqrt(pi) sd; 8 sd of dermis on each side cut off nothing; cells are sd/7.
  const Case c(preset().with({{"procedure.depth", text("900 um")},
                              {"procedure.depth_sd", text("50 um")},
                              {"skin.papillary_dermis.thickness", text("300 um")}}));
  EXPECT_NEAR(c.mixed.mesh.width[1], 2.0 * std::sqrt(pi) * 50e-6, 1e-2 * 177e-6);
  EXPECT_NEAR(c.mixed.mesh.centre[1], 900e-6, 1e-7);
}

TEST(WellMixed, AnEvenDepositGivesTheWholeDermis) {
  const Case c(preset().with({{"procedure.depth_sd", text("5 mm")}}));
  const double dermis = c.skin.depth - c.skin.junction_depth;
  EXPECT_NEAR(c.mixed.mesh.width[1], dermis, 1e-2 * dermis);  // a Gaussian of 5 mm falls by 5 % over it
}

TEST(WellMixed, WithoutDermalDoseTheWholeDermisCounts) {
  const Case c(preset().with({{"procedure.epidermal_fraction", 1.0}}));
  EXPECT_NEAR(c.mixed.mesh.width[1], c.skin.depth - c.skin.junction_depth, 1e-12);
}

TEST(WellMixed, TwoSessionsCountByTheirDermalDose) {
  Case c(preset());
  skin::Deposit deep = c.deposits.front();
  deep.depth += 300e-6;
  const double near = c.mixed.mesh.centre[1];
  const double far = system::mix_well(c.coefficients, c.mesh, {deep}, c.skin, c.ink).mesh.centre[1];
  deep.local_dose *= 3.0;
  const auto both = system::mix_well(c.coefficients, c.mesh, {c.deposits.front(), deep}, c.skin, c.ink);
  EXPECT_NEAR(both.mesh.centre[1], 0.25 * near + 0.75 * far, 1e-9);
}

TEST(WellMixed, EvenPropertiesPassUnchanged) {
  parameters::Setting density = text("5000 mm-3");
  parameters::Setting capacity = text("4 mg/cm3");
  const Case c(preset().with({{"skin.papillary_dermis.macrophage_density", density},
                              {"skin.upper_reticular_dermis.macrophage_density", density},
                              {"skin.lower_reticular_dermis.macrophage_density", density},
                              {"skin.papillary_dermis.binding_capacity", capacity},
                              {"skin.upper_reticular_dermis.binding_capacity", capacity},
                              {"skin.lower_reticular_dermis.binding_capacity", capacity}}));
  EXPECT_NEAR(c.tables.macrophages[1], 5e12, 1.0);
  EXPECT_NEAR(c.tables.inverse_binding[1], 0.25, 1e-13);
  EXPECT_EQ(c.tables.binds[1], 1.0);
  EXPECT_EQ(c.tables.macrophages[0], 0.0);
  EXPECT_EQ(c.tables.binds[0], 0.0);
}

TEST(WellMixed, TheWayBetweenTheTissuesIsResistancesInSeries) {
  const Case c(preset());
  const double from = 0.5 * c.skin.junction_depth;
  const double to = c.mixed.mesh.centre[1];
  for (std::size_t k = 0; k < c.ink.diameter.size(); ++k) {
    double resistance = 0.0;  // 100000 midpoints against the sum over layers
    const int n = 100000;
    for (int i = 0; i < n; ++i) {
      const double z = from + (to - from) * (i + 0.5) / n;
      std::size_t l = 0;
      while (c.skin.layers[l].bottom() <= z) ++l;
      resistance += (to - from) / n / kinetics::free_diffusivity(c.skin, c.skin.layers[l], c.ink.diameter[k]);
    }
    EXPECT_NEAR(c.tables.conductance[c.ink.diameter.size() + k] * resistance, 1.0, 1e-4);
  }
}

TEST(WellMixed, TakesADepositWhereverItLies) {
  // A narrow deposit lies outside of a dermis that is only as wide as the deposit; nothing of it may be lost.
  const Case c(preset().with({{"procedure.depth", text("1200 um")}, {"procedure.depth_sd", text("10 um")}}));
  std::vector<double> y = system::initial_state(c.tables);
  const double added =
      system::add_deposit(c.deposits.front(), system::two_tissues(c.skin), c.mixed.mesh, c.tables.layout, y.data());
  EXPECT_NEAR(added / c.deposits.front().local_dose, 1.0, 1e-13);
}

}  // namespace
}  // namespace inkfade::test
