#include "inkfade/skin/procedure.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/base/math.kernel.hpp"

namespace inkfade::skin {

namespace {

constexpr std::array<const char*, 3> dose_names{"procedure.deposit_per_dot", "procedure.local_dose",
                                                "procedure.patch_dose"};

/// A session's own value where it has one, else the scenario's.
class SessionValues {
 public:
  SessionValues(const parameters::Scenario& scenario, const parameters::Session& session)
      : scenario_(scenario), session_(session) {}

  [[nodiscard]] bool overrides(const std::string& name) const { return session_.overrides.contains(name); }
  [[nodiscard]] double real(const std::string& name) const {
    const auto own = session_.overrides.find(name);
    return own == session_.overrides.end() ? scenario_.real(name) : std::get<double>(own->second);
  }
  /// A dose spelled by the session replaces the scenario's, however that is spelled.
  [[nodiscard]] bool has_dose(const std::string& name) const {
    for (const char* dose : dose_names) {
      if (overrides(dose)) return overrides(name);
    }
    return scenario_.has(name);
  }
  [[nodiscard]] const std::string& placement() const {
    const auto own = session_.overrides.find("procedure.placement");
    return own == session_.overrides.end() ? scenario_.text("procedure.placement") : std::get<std::string>(own->second);
  }

 private:
  const parameters::Scenario& scenario_;
  const parameters::Session& session_;
};

double coverage_of(const SessionValues& values) {
  const double d = values.real("procedure.dot_diameter");
  const double filled = values.real("procedure.dot_density") * pi * d * d / 4.0;
  if (values.placement() == "random") return 1.0 - INKFADE_ISA::exp_(-filled);
  if (filled > pi / 4.0) {
    throw ParameterError(
        "procedure.placement = lattice: dots would overlap (diameter x square root of density is over 1); "
        "use placement = \"random\", fewer or smaller dots");
  }
  return filled;
}

double local_dose_of(const SessionValues& values) {
  const double d = values.real("procedure.dot_diameter");
  if (values.has_dose("procedure.deposit_per_dot"))
    return values.real("procedure.deposit_per_dot") / (pi * d * d / 4.0);
  if (values.has_dose("procedure.local_dose")) return values.real("procedure.local_dose");
  return values.real("procedure.patch_dose") / coverage_of(values);
}

void refuse_shared_ink_properties(const parameters::Session& session) {
  for (const auto& [name, value] : session.overrides) {
    if (name.starts_with("ink.") && name != "ink.size_median" && name != "ink.size_gsd") {
      throw ParameterError("session: " + name +
                           " cannot differ between sessions, all pigment of a column shares it; a session may set "
                           "ink.size_median, ink.size_gsd and procedure.*");
    }
    if (name == "procedure.dot_diameter" || name == "procedure.dot_density" || name == "procedure.placement") {
      throw ParameterError("session: " + name +
                           " cannot differ between sessions: the column is the inside of one dot, and a later session "
                           "hits it again; use procedure.overlap for how much of it");
    }
  }
}

Deposit make_deposit(const SessionValues& values, const Ink& ink, double at, bool first) {
  Deposit deposit;
  deposit.time = at;
  deposit.overlap = first ? 1.0 : values.real("procedure.overlap");
  deposit.local_dose = local_dose_of(values) * deposit.overlap;
  deposit.depth = values.real("procedure.depth");
  deposit.depth_sd = values.real("procedure.depth_sd");
  deposit.epidermal_fraction = values.real("procedure.epidermal_fraction");
  deposit.mass_fraction = ink.mass_fraction;
  if (values.overrides("ink.size_median") || values.overrides("ink.size_gsd")) {
    deposit.mass_fraction =
        lognormal_mass_fractions(ink.diameter, values.real("ink.size_median"), values.real("ink.size_gsd"));
  }
  return deposit;
}

}  // namespace

double coverage(const parameters::Scenario& scenario) { return coverage_of({scenario, parameters::Session{}}); }
double local_dose(const parameters::Scenario& scenario) { return local_dose_of({scenario, parameters::Session{}}); }

std::vector<Deposit> make_deposits(const parameters::Scenario& scenario, const Ink& ink,
                                   const std::vector<double>& visits) {
  std::vector<Deposit> deposits;
  for (const parameters::Session& session : scenario.sessions()) {
    refuse_shared_ink_properties(session);
    deposits.push_back(make_deposit({scenario, session}, ink, session.at, deposits.empty()));
    deposits.back().touch_up = session.kind == parameters::SessionKind::touch_up;
  }
  const parameters::Session as_planned;
  for (const double at : visits) {
    deposits.push_back(make_deposit({scenario, as_planned}, ink, at, false));
    deposits.back().local_dose *= scenario.real("touch_up.dose_factor");
    deposits.back().touch_up = true;
  }
  std::ranges::stable_sort(deposits, {}, &Deposit::time);
  return deposits;
}

}  // namespace inkfade::skin
