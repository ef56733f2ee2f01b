#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "inkfade/base/constants.hpp"
#include "inkfade/kinetics/cell_kinetics.hpp"

namespace inkfade::kinetics {
namespace {

using parameters::Scenario;
using parameters::Setting;

/// Own elementary functions are good to 3 units in the last place, products of some of them to 1e-14.
constexpr double relative = 1e-14;

struct Case {
  explicit Case(const std::vector<std::pair<std::string, Setting>>& settings = {})
      : scenario(Scenario::preset("scalp-smp").with(stated()).with(settings)),
        skin(skin::make_skin_profile(scenario)),
        ink(skin::make_ink(scenario)),
        cells(make_cell_kinetics(scenario, skin, ink)) {}
  /// The values that the expectations below spell out: presets may change.
  static std::vector<std::pair<std::string, Setting>> stated() {
    return {{"skin.diffusivity_100nm", std::string("5.9 um2/s")},
            {"skin.hindrance_diameter", std::string("16.9 nm")},
            {"skin.hindrance_exponent", 1.09},
            {"skin.viable_epidermis.hindrance", 0.01},
            {"skin.lymph.rate", std::string("1.5 1/day")},
            {"skin.lymph.gate_diameter", std::string("50 nm")},
            {"skin.lymph.gate_exponent", 4.0},
            {"skin.lymph.reference_depth", std::string("400 um")},
            {"skin.lymph.decay_length", std::string("300 um")},
            {"skin.papillary_dermis.macrophage_density", std::string("8000 mm-3")},
            {"macrophages.capture_rate", std::string("1 1/day")},
            {"macrophages.reference_density", std::string("8000 mm-3")},
            {"macrophages.uptake_diameter", std::string("60 nm")},
            {"macrophages.half_life", std::string("150 day")},
            {"macrophages.capacity_volume", std::string("300 um3")},
            {"ink.particle_density", std::string("1.8 g/cm3")}};
  }
  Scenario scenario;
  skin::SkinProfile skin;
  skin::Ink ink;
  CellKinetics cells;
};

TEST(FreeDiffusivity, IsStokesEinsteinTimesHindrance) {
  const Case c;
  const skin::Layer& dermis = c.skin.layers.back();
  for (const double nm : {20.0, 50.0, 100.0, 200.0}) {
    const double expected = 5.9e-12 * (100.0 / nm) * std::exp(-std::pow(nm / 16.9, 1.09));
    EXPECT_NEAR(free_diffusivity(c.skin, dermis, nm * 1e-9) / expected, 1.0, 1e-13) << nm << " nm";
  }
}

TEST(FreeDiffusivity, HasTheHindranceThatItWasFittedTo) {
  // 0.3, 0.02 and 1e-3 at 20, 50 and 100 nm: two parameters meet the outer figures, the middle one within a factor
  // of 2.
  const Case c;
  const skin::Layer& dermis = c.skin.layers.back();
  const auto hindrance = [&](double nm) {
    return free_diffusivity(c.skin, dermis, nm * 1e-9) / (5.9e-12 * 100.0 / nm);
  };
  EXPECT_NEAR(hindrance(20.0) / 0.3, 1.0, 0.1);
  EXPECT_NEAR(std::log(hindrance(50.0) / 0.02), 0.0, std::log(2.0));
  EXPECT_NEAR(hindrance(100.0) / 1e-3, 1.0, 0.1);
}

TEST(FreeDiffusivity, ScalesWithTheHindranceOfTheLayer) {
  const Case c;
  const double dermis = free_diffusivity(c.skin, c.skin.layers.back(), 50e-9);
  EXPECT_NEAR(free_diffusivity(c.skin, c.skin.layers[1], 50e-9) / (0.01 * dermis), 1.0, relative);
}

TEST(Uptake, IsHalfAtTheUptakeDiameterAndSaturates) {
  // K = 3 from 60 nm to 6 um puts a class on 60 nm: e = 1/2; at a hundredfold e = 1/(1 + 1e-4).
  const Case c({{"ink.size_min", std::string("60 nm")},
                {"ink.size_max", std::string("6 um")},
                {"numerics.classes", std::int64_t{3}}});
  const double full = 1.0 / day / 8e12;  // k_cap / n_ref
  EXPECT_NEAR(c.cells.uptake[0] / (0.5 * full), 1.0, relative);
  EXPECT_NEAR(c.cells.uptake[2] / (full / 1.0001), 1.0, relative);
}

TEST(LymphGate, IsHalfAtTheGateDiameterWithTheGatesSteepness) {
  const Case c({{"ink.size_min", std::string("50 nm")},
                {"ink.size_max", std::string("500 nm")},
                {"numerics.classes", std::int64_t{2}}});
  EXPECT_NEAR(c.cells.lymph_gate[0], 0.5, relative);
  EXPECT_NEAR(c.cells.lymph_gate[1] * (1.0 + 1e4), 1.0, 1e-13);  // (500/50)^4
}

double lymph_at(const skin::SkinProfile& skin, const skin::Layer& layer, double z) {
  return lymph_clearance(skin, layer, 8e12, std::exp(lymph_exponent(skin, z)));
}

TEST(LymphClearance, IsEquationM10) {
  const Case c;
  for (const skin::Layer& layer : c.skin.layers) {
    if (layer.tissue == skin::Tissue::epidermis) continue;
    const double z = 0.5 * (layer.top + layer.bottom());
    const double expected = 1.5 / day * (layer.macrophage_density / 8e12) * std::exp(-(z - 400e-6) / 300e-6);
    EXPECT_NEAR(lymph_at(c.skin, layer, z) / expected, 1.0, relative) << layer.name;
  }
}

TEST(LymphClearance, IsTheRateItselfAtTheReferenceDepthAndDensity) {
  const Case c;
  EXPECT_NEAR(lymph_at(c.skin, c.skin.layers[2], 400e-6) * day, 1.5, 1e-14);
}

TEST(CellKinetics, TurnsHalfLifeAndCapacityIntoRates) {
  const Case c;
  EXPECT_NEAR(c.cells.local.release_rate * 150.0 * day, std::log(2.0), relative);
  EXPECT_NEAR(c.cells.local.inverse_capacity * 300e-18 * 1800.0, 1.0, relative);  // 300 um3 at 1.8 g/cm3
}

}  // namespace
}  // namespace inkfade::kinetics
