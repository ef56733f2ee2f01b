#pragma once

#include <string>
#include <vector>

#include "inkfade/parameters/scenario.hpp"

namespace inkfade::skin {

enum class Tissue { epidermis, dermis };

/// One homogeneous layer; depths from the skin surface, SI units.
struct Layer {
  std::string name;
  Tissue tissue = Tissue::dermis;
  double top = 0.0;                  ///< [m]
  double thickness = 0.0;            ///< [m]
  double hindrance = 1.0;            ///< multiplies the diffusivity of free pigment [1]
  double macrophage_density = 0.0;   ///< n0 [1/m3]
  double binding_capacity = 0.0;     ///< B [kg/m3]
  double lymph_factor = 1.0;         ///< multiplies lymphatic clearance [1]
  double uv_attenuation = 0.0;       ///< [1/m], the phototype's melanin included
  double visible_attenuation = 0.0;  ///< [1/m], the phototype's melanin included

  [[nodiscard]] double bottom() const { return top + thickness; }
};

/// Layered skin and the rates that belong to it rather than to ink or cells.
struct SkinProfile {
  std::vector<Layer> layers;    ///< outermost first
  double junction_depth = 0.0;  ///< dermo-epidermal junction, lower face of the last epidermal layer [m]
  double depth = 0.0;           ///< lower face of the last layer: fascia, no flux [m]

  double turnover_time = 0.0;            ///< transit of the epidermis, healed [s]
  double turnover_healing_factor = 1.0;  ///< multiplies turnover_time while the wound is open [1]
  double diffusivity_100nm = 0.0;        ///< free pigment of 100 nm in water at skin temperature [m2/s]
  double hindrance_diameter = 0.0;       ///< d_h of equation (M6) [m]
  double hindrance_exponent = 1.0;       ///< p of equation (M6) [1]

  double wound_loss_rate = 0.0;        ///< omega0 [1/s]
  double wound_closure_time = 0.0;     ///< tau_close [s]
  double wound_loss_depth = 0.0;       ///< l_w [m]
  double junction_permeability = 0.0;  ///< of the open junction [m/s]

  double lymph_rate = 0.0;             ///< k0 [1/s]
  double lymph_gate_diameter = 0.0;    ///< d50 [m]
  double lymph_gate_exponent = 0.0;    ///< h [1]
  double lymph_reference_depth = 0.0;  ///< z_ref [m]
  double lymph_decay_length = 0.0;     ///< l_g [m]
  double oedema_factor = 1.0;          ///< lymph flow at the peak of inflammation over healed [1]
};

/// @throws ParameterError where the layers do not make a skin (no epidermis above a dermis).
[[nodiscard]] SkinProfile make_skin_profile(const parameters::Scenario& scenario);

/// How much more than in phototype II the epidermis attenuates light, phototypes 1..6 [1].
///
/// Inferred: UVA transmission of 55 % (fair) and 17.5 % (dark) epidermis (Kaidbey 1979) is a ratio of 3 in optical
/// depth; the types between are interpolated.
[[nodiscard]] double melanin_factor(int phototype);

}  // namespace inkfade::skin
