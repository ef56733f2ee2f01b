#include "inkfade/simulation/visit_schedule.hpp"

#include <algorithm>

namespace inkfade::simulation {

namespace {

/// Sessions closer than this are one: times that people write in different units differ by round-off [s].
constexpr double same_time = 1.0;

}  // namespace

VisitSchedule::VisitSchedule(const parameters::Scenario& scenario)
    : minimum_spacing_(scenario.real("touch_up.minimum_spacing")), interval_(scenario.real("touch_up.interval")) {
  const std::string& rule = scenario.text("touch_up.schedule");
  if (rule == "when_due") rule_ = Rule::when_due;
  if (rule == "fixed") rule_ = Rule::fixed;
  bool first_course = true;
  for (const auto& session : scenario.sessions()) {
    first_course = first_course && session.kind == parameters::SessionKind::treatment;
    if (first_course) {
      course_end_ = session.at;
    } else {
      dated_.push_back(session.at);
    }
  }
  if (rule_ == Rule::fixed) plan_fixed();
}

void VisitSchedule::plan_fixed() {
  do {
    ++n_intervals_;
    planned_ = course_end_ + static_cast<double>(n_intervals_) * interval_;
  } while (std::ranges::any_of(
      dated_, [&](double at) { return at > planned_ - minimum_spacing_ && at <= planned_ + same_time; }));
}

void VisitSchedule::fell_due(double t) {
  planned_ = std::max(t, last_session_ + minimum_spacing_);
  spaced_ = planned_ > t;
  const bool dated = std::ranges::any_of(dated_, [&](double at) {
    return at >= planned_ - same_time && at <= planned_ + same_time && at > last_session_;
  });
  if (dated) planned_ = never;  // that session takes the visit's place, and the measure is watched again after it
}

void VisitSchedule::session_took_place(double t) {
  last_session_ = t;
  if (rule_ == Rule::when_due) planned_ = never;
  while (rule_ == Rule::fixed && planned_ <= t) plan_fixed();
}

}  // namespace inkfade::simulation
