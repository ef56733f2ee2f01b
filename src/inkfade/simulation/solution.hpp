#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "inkfade/appearance/colour.hpp"
#include "inkfade/base/status.hpp"
#include "inkfade/simulation/rung.hpp"

namespace inkfade::simulation {

/// Where a free, macrophage-held or stroma-held particle is: the order of the `pool` dimension.
inline constexpr const char* pool_names[] = {"free", "macrophage", "stroma"};
/// Where pigment that left the skin went: the order of the `fate` dimension.
inline constexpr const char* fate_names[] = {"shed", "drained", "degraded", "removed"};
inline constexpr std::size_t n_pools = 3;
inline constexpr std::size_t n_fates = 4;
inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// When a measure first falls below its threshold after healing.
struct TouchUp {
  double time = 0.0;           ///< [s] since the start; the horizon where not observed
  bool observed = false;       ///< false: right-censored at the horizon (or at the end of a failed run)
  Status status = Status::ok;  ///< how the run ended; not ok: the time says nothing
};

/// What the integrator did.
struct Statistics {
  std::int64_t accepted = 0;
  std::int64_t rejected = 0;
  std::int64_t rate_evaluations = 0;
  std::int64_t factorisations = 0;
  double wall_time = 0.0;  ///< [s]
};

/// The result of one run, SI units, row-major arrays; n_times = time.size().
///
/// A failed run keeps what was saved before it failed: time is cut there, status and message say why.
/// On the well-mixed rung z, z_bounds, centroid, spread and the fields are empty, and the layers are the two tissues.
struct Solution {
  Rung rung = Rung::column;
  Status status = Status::ok;
  double status_time = 0.0;    ///< [s] where the run ended
  double status_depth = -1.0;  ///< [m] cell to blame, negative where it does not apply
  std::string message;         ///< one sentence: what, when, where, what to try
  Statistics statistics;

  std::vector<double> z;         ///< cell centres (n_cells) [m]
  std::vector<double> z_bounds;  ///< faces (n_cells + 1) [m]
  std::vector<double> diameter;  ///< size classes (n_classes) [m]
  std::vector<std::string> layers;
  std::vector<double> layer_bounds;  ///< (n_layers + 1) [m]

  std::vector<double> time;         ///< (n_times) [s]
  std::vector<double> pigment;      ///< (n_times, 3, n_classes, n_cells) [kg/m3]; empty unless fields were asked for
  std::vector<double> macrophages;  ///< (n_times, n_cells) [1/m3]; empty unless fields were asked for
  std::vector<double> macrophage_load;           ///< (n_times, n_cells) [1]; empty unless fields were asked for
  std::vector<double> mass;                      ///< (n_times, 3) [kg/m2]
  std::vector<double> layer_mass;                ///< (n_times, n_layers) [kg/m2]
  std::vector<double> class_mass;                ///< (n_times, n_classes) [kg/m2]
  std::vector<double> ledger;                    ///< (n_times, 4) [kg/m2]
  std::vector<double> drained_by_class;          ///< (n_times, n_classes) [kg/m2]
  std::vector<double> deposited;                 ///< (n_times) [kg/m2]
  std::vector<double> dispensed;                 ///< (n_times) [kg/m2], what was deposited and what was wiped off
  std::vector<double> ledger_residual;           ///< (n_times) [1], of what was deposited
  std::vector<double> retained_of_deposit;       ///< (n_times) [1]
  std::vector<double> retained_of_healed;        ///< (n_times) [1]; NaN before healing
  std::vector<double> patch_dose;                ///< (n_times) [kg/m2], averaged over skin between the dots
  std::vector<double> centroid;                  ///< (n_times) [m]
  std::vector<double> spread;                    ///< (n_times) [m], standard deviation in depth
  std::vector<double> patch_contrast;            ///< (n_times) [dE00] to bare skin; empty unless asked for
  std::vector<double> patch_contrast_of_healed;  ///< (n_times) [1]; NaN before healing
  std::vector<double> patch_lab;                 ///< (n_times, 3) L*a*b* of the patch; empty unless asked for
  std::vector<double> peak_load;                 ///< (n_times) [1], largest macrophage load of any cell

  std::vector<double> event_time;       ///< (n_events) [s]
  std::vector<std::string> event_kind;  ///< (n_events), see skin::Event

  std::vector<double> visit_time;       ///< of touch-ups, dated or scheduled (n_visits) [s]
  std::vector<double> visit_measure;    ///< the touch-up measure just before each (n_visits) [1]
  std::vector<double> visit_deposited;  ///< pigment placed so far, that visit's included (n_visits) [kg/m2]

  double healed_time = 0.0;          ///< [s]
  double healed_mass = 0.0;          ///< [kg/m2] in skin when healed; 0 where the run ended before
  double healed_contrast = unknown;  ///< [dE00] of the patch when healed; NaN unless looked at then
  appearance::Lab healed_lab{unknown, unknown, unknown};  ///< of the patch when healed; NaN unless looked at then
  appearance::Lab bare_lab{unknown, unknown, unknown};    ///< of the skin around it; NaN unless looked at
  std::string measure;                                    ///< the touch-up measure of the scenario
  double threshold = 0.0;                                 ///< its threshold [1]
  double contrast_floor = 0.0;  ///< contrast below which a touch-up is due, too, where the measure is seen [dE00]
  TouchUp touch_up;             ///< first crossing of measure below threshold; NaN where the rung does not tell it

  /// Derivatives by one parameter, per its SI unit, where they were asked for: of the numbers at saved times from mass
  /// to peak_load (but the residual, masses of layers and classes, and L*a*b*) and of touch_up.time.
  std::shared_ptr<const Solution> slope;

  [[nodiscard]] std::size_t n_times() const { return time.size(); }
  [[nodiscard]] std::size_t n_cells() const { return z.size(); }
  [[nodiscard]] std::size_t n_classes() const { return diameter.size(); }
};

}  // namespace inkfade::simulation
