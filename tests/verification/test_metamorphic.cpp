#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/simulation/lane_driver.hpp"
#include "inkfade/system/column_system.hpp"
#include "support/random_scenarios.hpp"
#include "support/solution_bits.hpp"
#include "support/test_column.hpp"
#include "support/time_stepping.hpp"

// Item 9: cases that must give the same answer, and the depth law of loss per cycle.
namespace inkfade::test {
namespace {

using parameters::Scenario;
using simulation::Solution;

/// The preset with its thickest layer cut in two at a share of its thickness; equal in everything else.
Scenario with_split_layer(const Scenario& scenario, double share) {
  const std::string toml = scenario.to_toml();
  const std::size_t begin = toml.find("[[skin.layer]]\nname = \"lower_reticular_dermis\"");
  const std::size_t end = toml.find("\n[", begin + 1);
  const std::string block = toml.substr(begin, end - begin);
  const double thickness = scenario.real("skin.lower_reticular_dermis.thickness");
  const auto part = [&](const std::string& name, double part_thickness) {
    std::string copy = block;
    copy.replace(copy.find("lower_reticular_dermis"), std::string("lower_reticular_dermis").size(), name);
    const std::size_t line = copy.find("thickness");
    char value[32];
    std::snprintf(value, sizeof value, "%.17g", part_thickness / micrometre);
    const std::string entry = "thickness = { value = \"" + std::string(value) + " um\", grade = \"assumed\" ";
    copy.replace(line, copy.find(", source", line) - line, entry);
    return copy;
  };
  return Scenario::from_toml(toml.substr(0, begin) + part("upper_part", share * thickness) + "\n" +
                             part("lower_part", (1.0 - share) * thickness) + toml.substr(end));
}

/// Largest difference between two runs' pools and ledger, relative to the deposit.
double difference(const Solution& a, const Solution& b) {
  double worst = 0.0;
  for (std::size_t i = 0; i < a.mass.size(); ++i) worst = std::max(worst, std::abs(a.mass[i] - b.mass[i]));
  for (std::size_t i = 0; i < a.ledger.size(); ++i) worst = std::max(worst, std::abs(a.ledger[i] - b.ledger[i]));
  return worst / a.deposited.back();
}

TEST(SplitLayer, OnTheSameFacesChangesNothing) {
  // Cut at the middle of the graded coordinate, a layer with an even number of cells keeps them all. The first grid
  // above 60 cells where the other layers are dealt the same number, too:
  const Scenario preset = Scenario::preset("scalp-smp");
  const auto& layers = skin::make_skin_profile(preset).layers;
  const double a = 250.0 * micrometre - skin::make_skin_profile(preset).junction_depth;  // grading length - z_DEJ
  const double middle = std::sqrt((a + layers.back().top) * (a + layers.back().bottom())) - a;
  const Scenario cut = with_split_layer(preset, (middle - layers.back().top) / layers.back().thickness);
  for (std::int64_t cells = 60; cells < 100; ++cells) {
    const Settings grid{{"numerics.cells", cells}};
    const auto n = static_cast<std::size_t>(cells);
    const auto one_mesh = mesh::make_column_mesh(skin::make_skin_profile(preset), n);
    const auto two_mesh = mesh::make_column_mesh(skin::make_skin_profile(cut), n);
    double moved = 0.0;
    for (std::size_t i = 0; i <= n; ++i) moved = std::max(moved, std::abs(one_mesh.face[i] - two_mesh.face[i]));
    if (moved > 1e-15) continue;
    // Widths of 1e-5 m agree to 1e-10, and diffusion hardly feels them.
    EXPECT_LE(difference(simulation::simulate(preset.with(grid)), simulation::simulate(cut.with(grid))), 1e-9);
    return;
  }
  FAIL() << "no such grid";
}

TEST(SplitLayer, InEqualHalvesChangesLessThanTheSpatialError) {
  const auto run = [](std::int64_t cells, bool split) {
    const Scenario whole = Scenario::preset("scalp-smp").with({{"numerics.cells", cells}, {"numerics.rtol", 1e-5}});
    return simulation::simulate(split ? with_split_layer(whole, 0.5) : whole);
  };
  const Solution whole = run(64, false);
  EXPECT_LE(difference(whole, run(64, true)), difference(whole, run(256, false)));
}

TEST(SizeClasses, MayBePermutedWhereNothingFragments) {
  // A column of random coefficients, then the same with its classes in another order.
  constexpr int n = 12;
  constexpr std::size_t classes = 5;
  const std::vector<std::size_t> order{3, 0, 4, 1, 2};
  std::mt19937 random(20);
  RecordProperty("seed", 20);
  std::uniform_real_distribution<double> uniform(0.1, 1.0);
  TestColumn column(uniform_faces(n, 1e-3), classes, 4);
  auto& c = column.scalars.local;
  c.inverse_capacity = 2e12;
  c.inverse_crowding = 0.3;
  c.release_rate = 0.01 / day;
  c.recruitment_rate = c.departure_rate = 0.5 / day;
  c.binding_rate = 0.1 / day;
  c.unbinding_rate = 0.01 / day;
  column.scalars.epidermal_velocity = 1e-5 / day;
  column.scalars.junction_permeability = 5e-5 / day;
  column.scalars.hop_mobility = 1e-8;
  for (std::size_t i = 0; i < n; ++i) {
    column.binds[i] = i >= 4 ? 1.0 : 0.0;
    column.inverse_binding[i] = 0.5;
    column.lymph[i] = i >= 4 ? uniform(random) / day : 0.0;
    column.wound[i] = uniform(random) / day;
  }
  for (std::size_t k = 0; k < classes; ++k) {
    column.uptake[k] = uniform(random) * 1e-12 / day;
    column.lymph_gate[k] = uniform(random);
    const double diffusivity = 1e-15 * uniform(random);
    column.set_diffusivity(k, [&](double) { return diffusivity; });
  }
  TestColumn permuted = column;
  for (std::size_t k = 0; k < classes; ++k) {
    permuted.uptake[k] = column.uptake[order[k]];
    permuted.lymph_gate[k] = column.lymph_gate[order[k]];
    for (std::size_t face = 0; face <= n; ++face) {
      permuted.conductance[face * classes + k] = column.conductance[face * classes + order[k]];
    }
  }
  baseline::Forcing<double> forcing = quiet_forcing();
  forcing.openness = 1.0;
  forcing.closure_rate = 0.2 / day;
  const auto run = [&](const TestColumn& made, bool in_order) {
    system::ColumnSystem<0> system(made.tables());
    system.set_forcing(forcing);
    const auto& at = system.layout();
    std::vector<double> y = system::initial_state(made.tables());
    for (int i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < classes; ++k) {
        const double start = 0.2 * (1.0 + static_cast<double>(in_order ? k : order[k])) / (1.0 + i);
        y[static_cast<std::size_t>(at.free(i)) + k] = start;
      }
    }
    EXPECT_EQ(integrate_to(system, 0.0, 200.0 * day, y, 1e-4, column_atol(at, 1e-7, 1e8, 4)), Status::ok);
    return y;
  };
  const std::vector<double> a = run(column, true);
  const std::vector<double> b = run(permuted, false);
  const baseline::ColumnLayout at = column.scalars.layout;
  for (int i = 0; i < n; ++i) {
    for (const int pool : {at.free(i), at.held(i), at.bound(i)}) {
      for (std::size_t k = 0; k < classes; ++k) {
        const auto q = static_cast<std::size_t>(pool);
        // Sums over classes round differently, which also moves the step sizes by some 1e-15: far below 1e-10.
        EXPECT_NEAR(b[q + k], a[q + order[k]], 1e-10) << "cell " << i << ", class " << k;
      }
    }
  }
}

TEST(StartDate, ChangesNothingWhereLightDoesNothing) {
  const Scenario undated = Scenario::preset("scalp-smp").with({{"run.horizon", text("3 year")}});
  const Solution a = simulation::simulate(undated.with({{"start", text("2027-03-14")}}));
  const Solution b = simulation::simulate(undated.with({{"start", text("2031-11-02")}}));
  EXPECT_TRUE(same_bits(a, b));
  EXPECT_TRUE(same_bits(a, simulation::simulate(undated)));
}

TEST(StartDate, ChangesNothingUnderConstantLight) {
  // Light without its seasons, so that a shift of the calendar is a shift of nothing.
  const Scenario scenario = Scenario::preset("mouse-skh1").with({{"exposure.ambient_share", 0.1}});
  const auto run = [&](const char* start) {
    simulation::ColumnCase column(scenario.with({{"start", text(start)}}));
    for (auto& segment : column.protocol.segments) {
      for (auto* light : {&segment.forcing.uv, &segment.forcing.visible}) {
        for (int i = 0; i < 3; ++i) light->cosine[i] = light->sine[i] = 0.0;
      }
    }
    return simulation::run_column(column, simulation::default_times(year), {}, false);
  };
  const Solution a = run("2027-01-20");
  EXPECT_GT(a.ledger[a.ledger.size() - 2], 1e-4 * a.deposited.back());  // there is light
  EXPECT_TRUE(same_bits(a, run("2027-07-20")));
}

TEST(Deposit, OfTwoHalvesInOneSessionIsOneDose) {
  const Scenario scenario = Scenario::preset("scalp-smp").with({{"run.horizon", text("1 year")}});
  simulation::ColumnCase column(scenario);
  const Solution whole = simulation::run_column(column, simulation::default_times(year), {}, false);
  auto& deposits = column.protocol.segments.front().deposits;
  deposits.front().local_dose *= 0.5;
  deposits.push_back(deposits.front());
  const Solution halves = simulation::run_column(column, simulation::default_times(year), {}, false);
  EXPECT_TRUE(same_bits(whole, halves));  // halving is exact in binary
}

TEST(LossPerCycle, FallsWithDepthThroughEveryLayerOfEveryPreset) {
  // lambda/(lambda + c) of an empty niche at its healed density, 400 depths in each layer, both sides of every face.
  for (const std::string& name : Scenario::preset_names()) {
    const Scenario scenario = Scenario::preset(name);
    const auto skin = skin::make_skin_profile(scenario);
    const auto ink = skin::make_ink(scenario);
    const auto kinetics = kinetics::make_cell_kinetics(scenario, skin, ink);
    for (std::size_t k = 0; k < ink.diameter.size(); ++k) {
      double above = 2.0;
      for (const auto& layer : skin.layers) {
        if (layer.tissue == skin::Tissue::epidermis || layer.macrophage_density == 0.0) continue;
        if (skin.lymph_rate == 0.0 || layer.lymph_factor == 0.0) continue;  // nothing is lost: nothing to compare
        for (int i = 0; i < 400; ++i) {
          const double z = layer.top + layer.thickness * (i + 1e-9) / 400.0;
          const double share = std::exp(kinetics::lymph_exponent(skin, z));
          const double lost =
              kinetics.lymph_gate[k] * kinetics::lymph_clearance(skin, layer, kinetics.reference_density, share);
          const double loss = lost / (lost + kinetics.uptake[k] * layer.macrophage_density);
          ASSERT_LT(loss, above) << name << ", class " << k << ", depth " << z / micrometre << " um";
          above = loss;
        }
      }
    }
  }
}

}  // namespace
}  // namespace inkfade::test
