#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/mesh/column_mesh.hpp"
#include "inkfade/parameters/scenario.hpp"
#include "inkfade/skin/protocol.hpp"
#include "inkfade/system/column_coefficients.hpp"
#include "inkfade/system/column_system.hpp"

// Values at their bounds that divide by nothing: rates stay finite.
namespace inkfade::system {
namespace {

std::vector<double> rates_at_start(const parameters::Scenario& scenario) {
  const auto skin = skin::make_skin_profile(scenario);
  const auto ink = skin::make_ink(scenario);
  const auto mesh = mesh::make_column_mesh(skin, 32);
  const ColumnCoefficients coefficients(skin, ink, kinetics::make_cell_kinetics(scenario, skin, ink), mesh, false);
  const auto tables = coefficients.tables();
  std::vector<double> y = initial_state(tables);
  add_deposit(skin::make_deposits(scenario, ink).front(), skin, mesh, tables.layout, y.data());
  ColumnSystem<0> column(tables);
  column.set_forcing(skin::make_protocol(scenario, skin, ink).segments.front().forcing);
  std::vector<double> rates(y.size());
  column.rates(0.0, y.data(), rates.data());
  column.factor(0.0, y.data(), day);
  column.solve(rates.data(), y.data());
  rates.insert(rates.end(), y.begin(), y.end());
  return rates;
}

void expect_finite(const std::string& name, const parameters::Setting& value) {
  const auto scenario = parameters::Scenario::preset("scalp-smp").with({{name, value}});
  for (const double rate : rates_at_start(scenario)) ASSERT_TRUE(std::isfinite(rate)) << name;
}

TEST(BarrenLayers, WithoutMacrophagesHaveFiniteRates) {
  expect_finite("skin.papillary_dermis.macrophage_density", std::string("0 mm-3"));
}
TEST(BarrenLayers, WithoutHopsHaveFiniteRates) { expect_finite("macrophages.hop_factor", 0.0); }
TEST(BarrenLayers, WithoutStromaHaveFiniteRates) {
  expect_finite("skin.papillary_dermis.binding_capacity", std::string("0 mg cm-3"));
}

}  // namespace
}  // namespace inkfade::system
