#include <array>

#include "inkfade/parameters/registry_rows.hpp"

namespace inkfade::parameters::rows {

std::span<const Row> protocol() {
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

      later(real("interventions.ablation_share", "1", "0", "1", "s_n",
                 "Share of the dermal macrophages that a macrophage ablation kills."),
            "0.98"),
      later(real("interventions.ablation_delay", "day", "0 day", "1 year", "",
                 "Time after a macrophage ablation in which no macrophages are recruited."),
            "14 day"),
      later(real("interventions.stimulation_capture", "1", "0", "1000", "",
                 "Factor on the capture of free pigment during an immune stimulation."),
            "2"),
      later(real("interventions.stimulation_egress", "1", "0", "100000", "",
                 "Factor on the egress of laden macrophages during an immune stimulation."),
            "500"),
      later(real("interventions.laser_fragmented_share", "1", "0", "1", "s_f",
                 "Share of the pigment that a laser session breaks into fragments."),
            "0.5"),
      later(real("interventions.laser_fragment_diameter", "nm", "1 nm", "100 um", "d_f",
                 "Median diameter by mass of laser fragments (lognormal, geometric standard deviation of the ink)."),
            "40 nm"),
      later(real("interventions.laser_killed_share", "1", "0", "1", "s_l",
                 "Share of the laden macrophages that a laser session kills; their pigment is free."),
            "0.9"),
      later(real("interventions.laser_removed_share", "1", "0", "1", "s_r",
                 "Share of the fragmented pigment that is gone at once, bleached or vented."),
            "0.1"),

      choice("touch_up.measure", "patch_contrast_of_healed retained_of_healed retained_of_deposit",
             "The measure whose fall below the threshold calls for a touch-up: the contrast of the patch to bare skin "
             "over that when healed, or pigment in the skin over that when healed or over what was placed."),
      real("touch_up.threshold", "1", "0.001", "1", "", "Value of the measure at which a touch-up is due."),
      later(real("touch_up.contrast_floor", "1", "0", "100", "",
                 "Contrast of the patch to bare skin (CIEDE2000) below which a touch-up is due whatever the threshold, "
                 "where the measure is patch_contrast_of_healed; 0: none."),
            "0"),
      later(choice("touch_up.schedule", "none when_due fixed",
                   "Touch-ups during the run: none but the dated ones, when the measure calls for one, or at a fixed "
                   "interval."),
            "none"),
      later(real("touch_up.minimum_spacing", "day", "28 day", "200 year", "",
                 "Least time between a scheduled touch-up and the session before it."),
            "180 day"),
      later(real("touch_up.interval", "year", "28 day", "200 year", "",
                 "Time between touch-ups where their schedule is fixed, the first counted from the end of the first "
                 "course."),
            "3 year"),
      later(real("touch_up.dose_factor", "1", "0.001", "10", "",
                 "Dose of a scheduled touch-up over that of the procedure."),
            "0.3"),
  });
  return row_table;
}

}  // namespace inkfade::parameters::rows
