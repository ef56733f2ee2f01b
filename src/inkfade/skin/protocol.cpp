#include "inkfade/skin/protocol.hpp"

#include <algorithm>
#include <cstddef>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/math.kernel.hpp"
#include "inkfade/parameters/intervention_kinds.hpp"
#include "inkfade/skin/clear_sky.hpp"

namespace inkfade::skin {

using INKFADE_ISA::Daylight;
using INKFADE_ISA::exp_;
using INKFADE_ISA::Forcing;

AftercareFactors aftercare_factors(const parameters::Scenario& s, const parameters::AftercareSpan& span) {
  AftercareFactors factors;
  factors.wound_loss =
      (1.0 + s.real("aftercare.scab_loss") * span.scab_disturbance + s.real("aftercare.washing_loss") * span.washing) *
      (1.0 - s.real("aftercare.moisturiser_protection") * span.moisturiser);
  if (span.dressing == "moist") factors.closure_time = s.real("aftercare.dressing_moist_closure");
  if (span.dressing == "occlusive") factors.closure_time = s.real("aftercare.dressing_occlusive_closure");
  factors.turnover = 1.0 - s.real("aftercare.exfoliant_turnover") * span.exfoliant;
  factors.lymph = 1.0 + s.real("aftercare.massage_lymph") * span.massage;
  return factors;
}

namespace {

/// Light on this person's skin: share of ambient, hat and (ultraviolet only) sunscreen.
struct LightShares {
  double uv = 0.0;       ///< [1]
  double visible = 0.0;  ///< [1]
};

class LightModel {
 public:
  LightModel(const parameters::Scenario& scenario, LightFor use)
      : scenario_(scenario),
        needed_(use == LightFor::slopes || scenario.real("ink.uv_sensitivity") > 0.0 ||
                scenario.real("ink.visible_sensitivity") > 0.0) {
    if (needed_) sky_ = clear_sky(scenario.real("exposure.latitude"));
  }

  void apply(double t, Forcing<double>& forcing) const {
    forcing.year_rate = 1.0 / year;
    if (scenario_.start()) forcing.year_phase = year_share(*scenario_.start());
    if (!needed_) return;
    const LightShares shares = shares_at(t);
    forcing.uv = scaled(sky_.uv, shares.uv);
    forcing.visible = scaled(sky_.visible, shares.visible);
  }

 private:
  [[nodiscard]] static double year_share(parameters::Date date) {
    // Day 10957 is 2000-01-01; the drift of the calendar against the Julian year stays under a day and a half.
    const double years = static_cast<double>(date.days_since_epoch - 10957) * day / year;
    return years - static_cast<double>(static_cast<std::int64_t>(years));
  }

  [[nodiscard]] LightShares shares_at(double t) const {
    const parameters::ExposureSpan* span = nullptr;
    for (const auto& candidate : scenario_.exposure()) {
      if (candidate.from <= t && t < candidate.to) span = &candidate;
    }
    const auto real = [&](const std::string& name) {
      if (span != nullptr) {
        if (const auto own = span->overrides.find(name); own != span->overrides.end())
          return std::get<double>(own->second);
      }
      return scenario_.real(name);
    };
    LightShares shares;
    shares.visible = real("exposure.ambient_share") * real("exposure.site_factor") * (1.0 - real("exposure.hat"));
    const double spf = 1.0 + (real("exposure.spf") - 1.0) * real("exposure.spf_effectiveness");
    shares.uv = shares.visible * (1.0 - real("exposure.adherence") * (1.0 - 1.0 / spf));
    return shares;
  }

  /// Without a start date the light is the annual mean.
  [[nodiscard]] Daylight<double> scaled(const Daylight<double>& sky, double share) const {
    Daylight<double> light;
    light.mean = sky.mean * share;
    for (int i = 0; i < Daylight<double>::n_harmonics && scenario_.start(); ++i) {
      light.cosine[i] = sky.cosine[i] * share;
      light.sine[i] = sky.sine[i] * share;
    }
    return light;
  }

  const parameters::Scenario& scenario_;
  bool needed_;
  ClearSky sky_;
};

using Sessions = std::vector<parameters::Session>;

/// The scenario's sessions and the scheduled visits, in order of time.
Sessions all_sessions(const parameters::Scenario& scenario, const std::vector<double>& visits) {
  Sessions sessions = scenario.sessions();
  for (const double at : visits) sessions.push_back({parameters::SessionKind::touch_up, at, {}});
  std::ranges::stable_sort(sessions, {}, &parameters::Session::at);
  return sessions;
}

/// Every time at which something changes, 0 and the horizon included.
std::vector<double> breakpoints(const parameters::Scenario& scenario, const Sessions& sessions, double horizon) {
  std::vector<double> times = intervention_breakpoints(scenario);
  times.insert(times.end(), {0.0, horizon});
  for (const auto& session : sessions) {
    times.push_back(session.at);
    for (const auto& span : scenario.aftercare()) {
      times.push_back(session.at + span.from);
      times.push_back(session.at + span.to);
    }
  }
  for (const auto& span : scenario.exposure()) {
    times.push_back(span.from);
    times.push_back(span.to);
  }
  std::erase_if(times, [&](double t) { return t < 0.0 || t > horizon; });
  std::ranges::sort(times);
  const auto repeated = std::ranges::unique(times);
  times.erase(repeated.begin(), repeated.end());
  return times;
}

/// The skin is dressed one way at a time: the clock of the latest session rules.
AftercareFactors aftercare_at(const parameters::Scenario& scenario, const Sessions& sessions, double t) {
  const parameters::Session* latest = nullptr;
  for (const auto& session : sessions) {
    if (session.at <= t) latest = &session;
  }
  if (latest == nullptr) return {};
  for (const auto& span : scenario.aftercare()) {
    // The sums of breakpoints(): a difference would round differently and could miss a span's own start.
    if (latest->at + span.from <= t && t < latest->at + span.to) return aftercare_factors(scenario, span);
  }
  return {};
}

/// Equation (M13): I(t) of all sessions so far, written from t on.
void set_inflammation(const std::vector<Deposit>& deposits, double t, double peak_time, Forcing<double>& forcing) {
  constexpr double euler = 2.718281828459045;
  forcing.inflammation_rate = 1.0 / peak_time;
  for (const Deposit& deposit : deposits) {
    if (deposit.time > t) break;
    const double elapsed = t - deposit.time;
    const double slope = deposit.overlap * euler / peak_time * exp_(-elapsed / peak_time);
    forcing.inflammation_slope += slope;
    forcing.inflammation_offset += slope * elapsed;
  }
}

/// Healed counts from the last treatment before the first touch-up: the first course.
double healed_time_of(const parameters::Scenario& scenario) {
  double last_treatment = 0.0;
  for (const auto& session : scenario.sessions()) {
    if (session.kind == parameters::SessionKind::touch_up) break;
    last_treatment = session.at;
  }
  return last_treatment + scenario.real("run.healed_after");
}

std::vector<Event> make_events(const parameters::Scenario& scenario, const Sessions& sessions, double healed_time,
                               double horizon) {
  std::vector<Event> events;
  for (const auto& each : scenario.interventions()) {
    const parameters::InterventionKindInfo& info = parameters::about(each.kind);
    events.push_back({each.from, info.name});
    if (info.is_span) events.push_back({each.to, std::string(info.name) + "_end"});
  }
  for (const auto& session : sessions) {
    events.push_back({session.at, session.kind == parameters::SessionKind::treatment ? "treatment" : "touch_up"});
  }
  if (healed_time <= horizon) events.push_back({healed_time, "healed"});
  std::ranges::stable_sort(events, {}, &Event::time);
  return events;
}

}  // namespace

Protocol make_protocol(const parameters::Scenario& scenario, const SkinProfile& skin, const Ink& ink,
                       const std::vector<double>& visits, LightFor use) {
  const Sessions sessions = all_sessions(scenario, visits);
  Protocol protocol;
  protocol.horizon = scenario.real("run.horizon");
  protocol.healed_time = healed_time_of(scenario);
  protocol.events = make_events(scenario, sessions, protocol.healed_time, protocol.horizon);

  const std::vector<Deposit> deposits = make_deposits(scenario, ink, visits);
  const LightModel light(scenario, use);
  const std::vector<double> times = breakpoints(scenario, sessions, protocol.horizon);
  double openness = 0.0;
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    Segment segment;
    segment.start = times[i];
    segment.end = times[i + 1];
    segment.interventions = interventions_at(scenario, ink, segment.start);
    for (const Deposit& deposit : deposits) {
      if (deposit.time != segment.start) continue;
      segment.deposits.push_back(deposit);
      openness = std::min(openness + deposit.overlap, 1.0);
    }
    const AftercareFactors aftercare = aftercare_at(scenario, sessions, segment.start);
    const CellActivity activity = cell_activity(scenario, segment.start);
    Forcing<double>& forcing = segment.forcing;
    forcing.start = segment.start;
    forcing.openness = openness;
    forcing.closure_rate = 1.0 / (skin.wound_closure_time * aftercare.closure_time);
    forcing.wound_factor = aftercare.wound_loss;
    forcing.turnover_factor = aftercare.turnover;
    forcing.lymph_factor = aftercare.lymph;
    forcing.capture_factor = activity.capture;
    forcing.egress_factor = activity.egress;
    forcing.recruitment_factor = activity.recruitment;
    set_inflammation(deposits, segment.start, scenario.real("macrophages.inflammation_time"), forcing);
    light.apply(segment.start, forcing);
    openness *= exp_(-(segment.end - segment.start) * forcing.closure_rate);
    protocol.segments.push_back(std::move(segment));
  }
  return protocol;
}

}  // namespace inkfade::skin
