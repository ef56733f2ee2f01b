#pragma once

#include <string>
#include <vector>

#include "inkfade/parameters/scenario.hpp"
#include "inkfade/skin/forcing.kernel.hpp"
#include "inkfade/skin/intervention.hpp"
#include "inkfade/skin/procedure.hpp"
#include "inkfade/skin/skin_profile.hpp"

namespace inkfade::skin {

/// A stretch of time without events: what happens at its start, and what drives the column until its end.
struct Segment {
  double start = 0.0;                       ///< [s]
  double end = 0.0;                         ///< [s]
  std::vector<Intervention> interventions;  ///< done at `start`, before pigment is placed
  std::vector<Deposit> deposits;            ///< placed at `start`
  INKFADE_ISA::Forcing<double> forcing;     ///< from `start` to `end`
};

struct Event {
  double time = 0.0;  ///< [s]
  std::string kind;   ///< treatment, touch_up, healed, or what an intervention is; "_end" closes its span
};

/// What happens to the skin, when: sessions, aftercare and light as a chain of segments from 0 to the horizon.
struct Protocol {
  std::vector<Segment> segments;  ///< in order, without gaps
  std::vector<Event> events;      ///< in order
  double healed_time = 0.0;       ///< run.healed_after past the last treatment of the first course [s]
  double horizon = 0.0;           ///< [s]
};

/// How aftercare acts, each field through one named closure (table in models/README.md).
struct AftercareFactors {
  double wound_loss = 1.0;    ///< A_w, multiplies the wound loss rate [1]
  double closure_time = 1.0;  ///< multiplies tau_close [1]
  double turnover = 1.0;      ///< multiplies the epidermal turnover time [1]
  double lymph = 1.0;         ///< massage part of A_l [1]
};

[[nodiscard]] AftercareFactors aftercare_factors(const parameters::Scenario& scenario,
                                                 const parameters::AftercareSpan& span);

/// Whom light is worked out for: rates need none where pigment does not mind it, their derivatives do.
enum class LightFor { rates, slopes };

/// @param visits times of touch-ups that the scenario does not date: each a session with the procedure's values and
/// touch_up.dose_factor of its dose, increasing, after healing, none at the time of a dated session [s].
/// Up to the last visit the protocol is that without it.
[[nodiscard]] Protocol make_protocol(const parameters::Scenario& scenario, const SkinProfile& skin, const Ink& ink,
                                     const std::vector<double>& visits = {}, LightFor use = LightFor::rates);

}  // namespace inkfade::skin
