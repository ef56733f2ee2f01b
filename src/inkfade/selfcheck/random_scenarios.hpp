#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/parameters/intervention_kinds.hpp"
#include "inkfade/parameters/registry.hpp"
#include "inkfade/parameters/scenario.hpp"
#include "inkfade/parameters/setting.hpp"

namespace inkfade::selfcheck {

using Settings = std::vector<std::pair<std::string, parameters::Setting>>;

/// Text for a setting: a bare literal would become a flag.
inline parameters::Setting text(std::string value) { return value; }

/// An SI value as a setting of this parameter.
inline parameters::Setting in_si(const std::string& name, double value) {
  return parameters::value_text(parameters::parameter(name), parameters::Value(value));
}

/// Random but valid scenarios far outside what is plausible: same bits for the same seed on one standard library.
class ScenarioMaker {
 public:
  explicit ScenarioMaker(unsigned seed) : random_(seed) {}

  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  double log_uniform(double low, double high) { return std::exp(uniform(std::log(low), std::log(high))); }
  int integer(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  /// @param spread rates and sizes are multiplied by up to this and its inverse, within the bounds of the registry
  /// @param moving_light seasons and shade by pigment; else the light is steady
  parameters::Scenario make(double spread, bool moving_light) {
    const bool mouse = integer(0, 3) == 0;
    const auto preset = parameters::Scenario::preset(mouse ? "mouse-skh1" : "scalp-smp");
    Settings settings;
    for (const std::string& name : preset.names()) perturb(preset, name, spread, settings);
    settings.emplace_back("procedure.local_dose", in_si("procedure.local_dose", log_uniform(2e-4, 2.5e-2)));
    settings.emplace_back("procedure.depth",
                          in_si("procedure.depth", (mouse ? uniform(60, 350) : uniform(200, 800)) * micrometre));
    settings.emplace_back("procedure.epidermal_fraction", uniform(0.0, 0.9));
    settings.emplace_back("ink.uv_sensitivity", in_si("ink.uv_sensitivity", log_uniform(1e-10, 1e-6)));
    settings.emplace_back("ink.size_median", in_si("ink.size_median", log_uniform(30e-9, 800e-9)));
    settings.emplace_back("ink.size_gsd", uniform(1.1, 3.0));
    settings.emplace_back("skin.phototype", std::int64_t{integer(1, 6)});
    settings.emplace_back("exposure.latitude", in_si("exposure.latitude", uniform(-1.5, 1.5)));
    settings.emplace_back("exposure.ambient_share", uniform(0.0, 0.5));
    settings.emplace_back("exposure.hat", uniform(0.0, 1.0));
    settings.emplace_back("exposure.spf", uniform(1.0, 50.0));
    settings.emplace_back("exposure.adherence", uniform(0.0, 1.0));
    const bool dated = integer(0, 1) == 1;
    const std::string start = "2027-0" + std::to_string(integer(1, 9)) + "-15";
    settings.emplace_back("start", text(dated && moving_light ? start : ""));
    settings.emplace_back("numerics.classes", std::int64_t{integer(1, 12)});
    settings.emplace_back("numerics.cells", std::int64_t{integer(8, 128)});
    settings.emplace_back("numerics.rtol", log_uniform(1e-5, 1e-2));
    const bool shading = integer(0, 1) == 1;
    settings.emplace_back("numerics.self_shading", shading && moving_light);
    const double horizon = log_uniform(0.3, 12.0) * year;
    settings.emplace_back("run.horizon", in_si("run.horizon", horizon));
    const char* regimes[] = {"poor", "typical", "careful"};
    settings.emplace_back("aftercare", text(regimes[integer(0, 2)]));
    const char* schedules[] = {"none", "when_due", "fixed"};
    settings.emplace_back("touch_up.schedule", text(schedules[integer(0, 2)]));
    const double threshold = uniform(0.3, 0.95);
    settings.emplace_back("touch_up.threshold", threshold);
    settings.emplace_back("touch_up.measure",
                          text(threshold > 0.6 ? "patch_contrast_of_healed" : "retained_of_healed"));
    settings.emplace_back("touch_up.dose_factor", log_uniform(0.01, 2.0));
    settings.emplace_back("touch_up.interval", in_si("touch_up.interval", log_uniform(0.5, 10.0) * year));
    return with_interventions(with_later_sessions(preset.with(settings), horizon), horizon);
  }

 private:
  void perturb(const parameters::Scenario& preset, const std::string& name, double spread, Settings& settings) {
    const parameters::ParameterInfo& info = parameters::parameter(name);
    if (info.kind != parameters::Kind::real) return;
    for (const std::string_view fixed :
         {"procedure.", "ink.size", "ink.uv_s", "exposure.", "touch_up.", "run.", "numerics."}) {
      if (name.starts_with(fixed)) return;
    }
    const bool thickness = name.ends_with(".thickness");  // only thicker, so that every depth above stays in the dermis
    // Lymph grows as exp((z_ref - z)/l_g): a factor of ten in both would make rates of 1e14 1/s of it.
    const bool exponent = name == "skin.lymph.reference_depth" || name == "skin.lymph.decay_length";
    const double most = exponent ? 2.0 : spread;
    const double factor = thickness ? uniform(1.0, 2.0) : log_uniform(1.0 / most, most);
    const double value = std::clamp(preset.real(name) * factor, info.lower_si, info.upper_si);
    settings.emplace_back(name, in_si(name, value));
  }

  parameters::Scenario with_later_sessions(const parameters::Scenario& scenario, double horizon) {
    std::string more;
    double at = 0.0;
    double healed = scenario.real("run.healed_after") / day;
    for (int i = integer(0, 2); i > 0; --i) {
      at += uniform(5.0, 0.4 * horizon / day);
      if (at * day >= horizon) break;
      const bool first_course = at <= healed + 1e-3;  // a pass before healing belongs to it, and healing waits
      if (first_course) healed = at + scenario.real("run.healed_after") / day;
      more += std::string("\n[[session]]\nkind = \"") + (first_course ? "treatment" : "touch_up") + "\"\nat = \"" +
              std::to_string(at) + " day\"\nprocedure.overlap = " + std::to_string(uniform(0.1, 1.0)) + "\n";
    }
    return more.empty() ? scenario : parameters::Scenario::from_toml(scenario.to_toml() + more);
  }

  parameters::Scenario with_interventions(const parameters::Scenario& scenario, double horizon) {
    std::string more;
    double at = 0.0;
    for (int i = integer(0, 3); i > 0; --i) {
      at += uniform(0.0, 0.3 * horizon / day);
      const double end = at + uniform(0.01, 0.1 * horizon / day);
      if (end * day >= horizon) break;
      const int kind = integer(0, 2);
      more += "[[intervention]]\nkind = \"" +
              std::string(parameters::intervention_kinds.at(static_cast<std::size_t>(kind)).name) + "\"\n";
      more += (kind == 1 ? "from = \"" : "at = \"") + std::to_string(at) + " day\"\n";
      if (kind == 1) more += "to = \"" + std::to_string(end) + " day\"\n";
      at = end;
    }
    return more.empty() ? scenario : scenario.with({}, "format = 1\n" + more);
  }

  std::mt19937 random_;
};

}  // namespace inkfade::selfcheck
