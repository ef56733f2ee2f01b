#include "inkfade/selfcheck/exponential_fade.hpp"

#include <cmath>
#include <string>

#include "inkfade/base/constants.hpp"
#include "inkfade/selfcheck/random_scenarios.hpp"

namespace inkfade::selfcheck {

parameters::Scenario exponential_fade(double rate_per_day, double horizon_days, double threshold) {
  Settings settings{{"numerics.classes", std::int64_t{1}},
                    {"numerics.rtol", 1e-7},
                    {"numerics.atol_fraction", 1e-6},
                    {"procedure.epidermal_fraction", 0.0},
                    {"procedure.depth", text("500 um")},
                    {"procedure.depth_sd", text("60 um")},
                    {"macrophages.capture_rate", text("0 1/day")},
                    {"stroma.binding_rate", text("0 1/day")},
                    {"skin.wound.loss_rate", text("0 1/day")},
                    {"skin.wound.junction_permeability", text("0 um/day")},
                    {"skin.lymph.rate", text(std::to_string(rate_per_day) + " 1/day")},
                    {"skin.lymph.gate_diameter", text("10 um")},  // (d/d50)^h = (0.14/10)^20: the gate is open
                    {"skin.lymph.gate_exponent", 20.0},
                    {"skin.lymph.oedema_factor", 1.0},
                    {"skin.lymph.decay_length", text("100 mm")},
                    {"aftercare.massage_lymph", 0.0},
                    {"run.horizon", text(std::to_string(horizon_days) + " day")},
                    {"touch_up.measure", text("retained_of_healed")},
                    {"touch_up.threshold", threshold}};
  for (const char* layer : {"papillary_dermis", "upper_reticular_dermis", "lower_reticular_dermis"}) {
    settings.emplace_back("skin." + std::string(layer) + ".macrophage_density", text("8000 mm-3"));
  }
  return parameters::Scenario::preset("scalp-smp").with(settings);
}

double exponential_touch_up(double rate_per_day, double threshold) {
  // Lymph falls by exp(-dz/10 cm) over the pigment: rates spread by 1e-3 around that of its centroid, 100 um below the
  // reference depth. Spread of the clearance changes the time in second order only. Healed at 42 days.
  const double rate = rate_per_day * std::exp(-100e-6 / 0.1) / day;
  return 42.0 * day + std::log(1.0 / threshold) / rate;
}

}  // namespace inkfade::selfcheck
