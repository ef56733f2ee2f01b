#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "inkfade/system/column_tables.kernel.hpp"
#include "inkfade/transport/faces.kernel.hpp"

namespace inkfade::selfcheck {

/// n + 1 equally spaced faces over [0, depth].
inline std::vector<double> uniform_faces(int n, double depth) {
  std::vector<double> faces;
  for (int i = 0; i <= n; ++i) faces.push_back(depth * i / n);
  return faces;
}

/// A column whose coefficients belong to whoever makes it: every term is off until it is set.
///
/// Macrophages stand at 1e12 1/m3 and hop immeasurably little, because the kernel divides by both.
struct BareColumn {
  std::vector<double> face, centre, width;
  std::vector<double> macrophages, inverse_binding, binds, lymph, wound, uv, visible;
  std::vector<double> uptake, lymph_gate;
  std::vector<double> conductance;
  INKFADE_ISA::ColumnTables<double> scalars;

  BareColumn(std::vector<double> faces, int n_classes, int first_dermal_cell) : face(std::move(faces)) {
    const std::size_t n = face.size() - 1;
    const auto classes = static_cast<std::size_t>(n_classes);
    for (std::size_t i = 0; i < n; ++i) {
      width.push_back(face[i + 1] - face[i]);
      centre.push_back(0.5 * (face[i] + face[i + 1]));
    }
    macrophages.assign(n, 1e12);
    for (std::vector<double>* zero : {&inverse_binding, &binds, &lymph, &wound, &uv, &visible}) zero->assign(n, 0.0);
    uptake.assign(classes, 0.0);
    lymph_gate.assign(classes, 0.0);
    conductance.assign((n + 1) * classes, 0.0);
    scalars.layout = {static_cast<int>(n), n_classes};
    scalars.first_dermal_cell = first_dermal_cell;
    scalars.turnover_healing_factor = 1.0;
    scalars.oedema_factor = 1.0;
    scalars.hop_mobility = 1e-40;
    scalars.local.inflammation_peak = 1.0;
  }

  [[nodiscard]] std::size_t n_cells() const { return width.size(); }

  /// Diffusivity of class k from its value in each cell. @param diffusivity callable of depth [m2/s]
  template <class Diffusivity>
  void set_diffusivity(std::size_t k, Diffusivity&& diffusivity) {
    for (std::size_t i = 1; i < n_cells(); ++i) {
      conductance[i * uptake.size() + k] = INKFADE_ISA::series_conductance(
          0.5 * width[i - 1], diffusivity(centre[i - 1]), 0.5 * width[i], diffusivity(centre[i]));
    }
  }

  /// Views of the arrays: valid while this object lives and stays where it is.
  [[nodiscard]] INKFADE_ISA::ColumnTables<double> tables() const {
    INKFADE_ISA::ColumnTables<double> t = scalars;
    t.width = width.data();
    t.macrophages = macrophages.data();
    t.inverse_binding = inverse_binding.data();
    t.binds = binds.data();
    t.lymph = lymph.data();
    t.wound = wound.data();
    t.uv = uv.data();
    t.visible = visible.data();
    t.uptake = uptake.data();
    t.lymph_gate = lymph_gate.data();
    t.conductance = conductance.data();
    return t;
  }
};

/// Healed skin in the dark.
inline INKFADE_ISA::Forcing<double> quiet_forcing() {
  INKFADE_ISA::Forcing<double> forcing;
  forcing.wound_factor = 1.0;
  forcing.lymph_factor = 1.0;
  forcing.turnover_factor = 1.0;
  return forcing;
}

}  // namespace inkfade::selfcheck
