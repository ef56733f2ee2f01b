#include <array>

#include "inkfade/parameters/registry_rows.hpp"

namespace inkfade::parameters::rows {

std::span<const Row> run() {
  static constexpr auto row_table = std::to_array<Row>({
      real("aftercare.dressing_moist_closure", "1", "0.1", "5", "A_w",
           "Factor of a moist dressing on the closure time of the wound (dry: 1)."),
      real("aftercare.dressing_occlusive_closure", "1", "0.1", "5", "A_w",
           "Factor of an occlusive dressing on the closure time of the wound (dry: 1)."),
      real("aftercare.scab_loss", "1", "0", "100", "A_w",
           "Strength of scab disturbance: wound loss is multiplied by 1 + this x disturbance + washing term."),
      real("aftercare.washing_loss", "1", "0", "100", "A_w",
           "Strength of washing: wound loss is multiplied by 1 + scab term + this x washing."),
      real("aftercare.moisturiser_protection", "1", "0", "1", "A_w",
           "Strength of moisturiser: wound loss is multiplied by 1 - this x moisturiser."),
      real("aftercare.exfoliant_turnover", "1", "0", "0.95", "v",
           "Strength of exfoliants: turnover time is multiplied by 1 - this x exfoliant."),
      real("aftercare.massage_lymph", "1", "0", "1000", "A_l",
           "Strength of massage: lymph flow is multiplied by 1 + this x share of the day under massage."),

      real("exposure.latitude", "degree", "-90 degree", "90 degree", "", "Latitude at which the person lives."),
      real("exposure.ambient_share", "1", "0", "1", "E",
           "Share of the outdoor light on a horizontal surface that the person receives."),
      real("exposure.site_factor", "1", "0", "10", "E",
           "Light on the treated site relative to the body average (bare scalp about 2)."),
      real("exposure.hat", "1", "0", "1", "E", "Share of the outdoor time that the site is covered."),
      real("exposure.spf", "1", "1", "200", "E_UV", "Label sun protection factor of the sunscreen (none: 1)."),
      real("exposure.adherence", "1", "0", "1", "E_UV", "Share of the outdoor time that sunscreen is worn."),
      real("exposure.spf_effectiveness", "1", "0", "1", "E_UV",
           "Share of the label protection that sunscreen reaches in use."),

      choice("touch_up.measure", "retained_of_healed retained_of_deposit",
             "The measure whose fall below the threshold calls for a touch-up."),
      real("touch_up.threshold", "1", "0.001", "1", "", "Value of the measure at which a touch-up is due."),

      real("run.horizon", "year", "1 hour", "200 year", "", "Time span that is simulated."),
      real("run.healed_after", "day", "0 day", "10 year", "",
           "Time after the last treatment at which the skin counts as healed: the reference of retained_of_healed."),

      integer("numerics.cells", "8", "4096", "N_z", "Grid cells over the depth of the skin."),
      integer("numerics.classes", "1", "32", "K", "Particle-size classes of the pigment."),
      real("numerics.rtol", "1", "1e-14", "0.5", "rtol", "Relative tolerance of the time integration."),
      real("numerics.atol_fraction", "1", "1e-14", "1", "atol",
           "Absolute tolerance of the time integration as a share of the peak deposited concentration."),
      integer("numerics.max_steps", "1", "1000000000", "", "Most time steps before a run ends with too_many_steps."),
      boolean("numerics.self_shading", "Whether pigment shades the skin below it from light."),
  });
  return row_table;
}

}  // namespace inkfade::parameters::rows
