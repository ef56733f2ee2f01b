#pragma once

#include "inkfade/base/isa.kernel.hpp"
#include "inkfade/kinetics/local.kernel.hpp"
#include "inkfade/skin/forcing.kernel.hpp"

namespace inkfade::INKFADE_ISA {

inline constexpr int max_classes = 32;

/// Where a component lies in the state of a column of n cells and K size classes.
///
/// Per cell, outermost first: f_1..f_K, m_1..m_K, b_1..b_K [kg/m3], n [1/m3]; then the ledger per skin area [kg/m2]:
/// shed, degraded, removed, drained_1..drained_K.
struct ColumnLayout {
  int n_cells = 0;
  int n_classes = 0;

  [[nodiscard]] constexpr int stride() const { return 3 * n_classes + 1; }
  [[nodiscard]] constexpr int free(int cell) const { return cell * stride(); }
  [[nodiscard]] constexpr int held(int cell) const { return cell * stride() + n_classes; }
  [[nodiscard]] constexpr int bound(int cell) const { return cell * stride() + 2 * n_classes; }
  [[nodiscard]] constexpr int macrophages(int cell) const { return cell * stride() + 3 * n_classes; }
  [[nodiscard]] constexpr int shed() const { return n_cells * stride(); }
  [[nodiscard]] constexpr int degraded() const { return shed() + 1; }
  [[nodiscard]] constexpr int removed() const { return shed() + 2; }
  [[nodiscard]] constexpr int drained() const { return shed() + 3; }
  [[nodiscard]] constexpr int size() const { return drained() + n_classes; }
};

/// Free, macrophage-held and stroma-bound pigment of one class in a cell, its rates, or their sums over classes.
template <class S>
struct PigmentPools {
  S f{}, m{}, b{};
};

/// Numbers of a column that hold everywhere in it during a run; SI units. Nothing but values of S, one after the other.
template <class S>
struct ColumnConstants {
  LocalConstants<S> local;
  S epidermal_velocity{};       ///< thickness over turnover time, healed [m/s]
  S turnover_healing_factor{};  ///< multiplies the turnover time while the wound is open [1]
  S junction_permeability{};    ///< of the open dermo-epidermal junction [m/s]
  S oedema_factor{};            ///< lymph flow at the peak of inflammation [1]
  S hop_mobility{};             ///< hop_factor^2 delta / 6 of equation (M8) [1/s]
  S uv_absorption{};            ///< of pigment, for self-shading [m2/kg]
  S visible_absorption{};       ///< [m2/kg]
};

/// Everything about a column that does not change during a run; SI units, arrays owned elsewhere.
template <class S>
struct ColumnTables : ColumnConstants<S> {
  ColumnLayout layout;
  int first_dermal_cell = 0;
  bool self_shading = false;

  const S* width = nullptr;            ///< (n_cells) [m]
  const S* macrophages = nullptr;      ///< n0 (n_cells), 0 in the epidermis [1/m3]
  const S* inverse_binding = nullptr;  ///< 1/B (n_cells) [m3/kg]
  const S* binds = nullptr;            ///< 1 where the stroma can bind, else 0 (n_cells) [1]
  const S* lymph = nullptr;            ///< k0 g(z) (n_cells) [1/s]
  const S* wound = nullptr;            ///< omega0 exp(-(z - z_DEJ)_+/l_w) (n_cells) [1/s]
  const S* uv = nullptr;               ///< share of surface light (n_cells) [1]
  const S* visible = nullptr;          ///< share of surface light (n_cells) [1]
  const S* uptake = nullptr;           ///< k_cap e_k / n_ref (n_classes) [m3/s]
  const S* lymph_gate = nullptr;       ///< 1/(1 + (d_k/d50)^h) (n_classes) [1]
  const S* conductance = nullptr;      ///< free pigment, per face and class (n_cells + 1, n_classes), ends 0 [m/s]
};

}  // namespace inkfade::INKFADE_ISA
