#include "inkfade/simulation/visit_schedule.hpp"

#include <algorithm>
#include <cmath>

namespace inkfade::simulation {

VisitSchedule::VisitSchedule(const parameters::Scenario& scenario)
    : minimum_spacing_(scenario.real("touch_up.minimum_spacing")), interval_(scenario.real("touch_up.interval")) {
  const std::string& rule = scenario.text("touch_up.schedule");
  if (rule == "when_due") rule_ = Rule::when_due;
  if (rule == "fixed") rule_ = Rule::fixed;
  for (const auto& session : scenario.sessions()) {
    if (session.kind == parameters::SessionKind::touch_up) break;
    course_end_ = session.at;
  }
  if (rule_ == Rule::fixed) planned_ = course_end_ + interval_;
}

void VisitSchedule::fell_due(double t) { planned_ = std::max(t, last_session_ + minimum_spacing_); }

void VisitSchedule::session_took_place(double t) {
  last_session_ = t;
  if (rule_ == Rule::when_due) planned_ = never;
  if (rule_ == Rule::fixed && t >= planned_) {
    planned_ = course_end_ + interval_ * (std::floor((t - course_end_) / interval_ * (1.0 + 1e-12)) + 1.0);
  }
}

}  // namespace inkfade::simulation
