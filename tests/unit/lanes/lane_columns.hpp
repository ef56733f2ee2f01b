#pragma once

#include <memory>
#include <vector>

#include "inkfade/base/float_environment.hpp"
#include "inkfade/kinetics/cell_kinetics.hpp"
#include "inkfade/lanes/lane_block.hpp"
#include "inkfade/skin/ink.hpp"
#include "inkfade/skin/protocol.hpp"
#include "inkfade/system/column_coefficients.hpp"

namespace inkfade::test {

/// A column just after its first session, ready to be loaded into a lane.
struct LaneColumn {
  skin::SkinProfile skin;
  skin::Ink ink;
  mesh::ColumnMesh mesh;
  kinetics::CellKinetics kinetics;
  system::ColumnCoefficients coefficients;
  baseline::ColumnTables<double> tables;
  baseline::Forcing<double> forcing;
  std::vector<double> y;
  double peak = 0.0;  ///< [kg/m3]

  explicit LaneColumn(const parameters::Scenario& scenario)
      : skin(skin::make_skin_profile(scenario)),
        ink(skin::make_ink(scenario)),
        mesh(mesh::make_column_mesh(skin, static_cast<std::size_t>(scenario.integer("numerics.cells")))),
        kinetics(kinetics::make_cell_kinetics(scenario, skin, ink)),
        coefficients(skin, ink, kinetics, mesh, scenario.boolean("numerics.self_shading")),
        tables(coefficients.tables()),
        y(system::initial_state(tables)) {
    const skin::Protocol protocol = skin::make_protocol(scenario, skin, ink);
    forcing = protocol.segments.front().forcing;
    for (const skin::Deposit& deposit : protocol.segments.front().deposits) {
      system::add_deposit(deposit, skin, mesh, tables.layout, y.data());
    }
    for (int i = 0; i < tables.layout.n_cells; ++i) {
      double sum = 0.0;
      for (int k = 0; k < tables.layout.n_classes; ++k) sum += y[static_cast<std::size_t>(tables.layout.free(i) + k)];
      if (sum > peak) peak = sum;
    }
  }
  LaneColumn(const LaneColumn&) = delete;
  LaneColumn& operator=(const LaneColumn&) = delete;

  [[nodiscard]] lanes::Shape shape() const {
    return {tables.layout.n_cells, tables.layout.n_classes, tables.first_dermal_cell,
            static_cast<int>(skin.layers.size()), tables.self_shading};
  }
  void load(lanes::LaneBlock& block, int lane, double rtol = 1e-3) const {
    block.set_column(lane, tables, mesh);
    block.set_forcing(lane, forcing);
    block.set_state(lane, y.data());
    block.set_tolerances(lane, rtol, 1e-3 * rtol * peak, 1e-3 * rtol * 8e12);
  }
};

}  // namespace inkfade::test
