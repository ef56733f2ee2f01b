#pragma once

#include "inkfade/kinetics/cell_kinetics.hpp"
#include "inkfade/mesh/column_mesh.hpp"
#include "inkfade/parameters/scenario.hpp"
#include "inkfade/simulation/rung.hpp"
#include "inkfade/skin/ink.hpp"
#include "inkfade/skin/protocol.hpp"
#include "inkfade/skin/skin_profile.hpp"
#include "inkfade/system/column_coefficients.hpp"

namespace inkfade::simulation {

/// A scenario made ready to integrate: everything that a run reads and nothing that it changes.
///
/// On the well-mixed rung the column has two cells, epidermis and dermis, and `skin` two layers.
struct ColumnCase {
  parameters::Scenario scenario;
  Rung rung = Rung::column;
  skin::SkinProfile skin;
  skin::Ink ink;
  skin::Protocol protocol;
  mesh::ColumnMesh mesh;
  kinetics::CellKinetics kinetics;
  system::ColumnCoefficients coefficients;

  double coverage = 1.0;        ///< share of skin inside dots [1]
  double kept_share = 1.0;      ///< share of the dispensed pigment that is deposited [1]
  double rtol = 1e-3;           ///< [1]
  double atol_fraction = 1e-3;  ///< absolute tolerance over rtol times the peak deposited concentration [1]
  std::int64_t max_steps = 0;
  std::string measure;          ///< of the touch-up rule
  double threshold = 0.0;       ///< of the touch-up rule [1]
  double contrast_floor = 0.0;  ///< of the touch-up rule [dE00]

  explicit ColumnCase(const parameters::Scenario& given, Rung rung_asked = Rung::column);

  /// Is the touch-up measure what is seen of the patch, not what is left of the pigment?
  [[nodiscard]] bool measures_contrast() const { return measure == "patch_contrast_of_healed"; }
  /// Can the measure be told? What is seen depends on depth, which the well-mixed rung does not have.
  [[nodiscard]] bool tells_measure() const { return rung == Rung::column || !measures_contrast(); }

 private:
  void mix();
  /// Scheduled touch-ups that the averages of the well-mixed rung count: all of a fixed schedule, one where they come
  /// when due [s].
  [[nodiscard]] std::vector<double> likely_visits() const;
};

}  // namespace inkfade::simulation
