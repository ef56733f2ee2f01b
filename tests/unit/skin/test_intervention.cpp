#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/skin/protocol.hpp"

namespace inkfade::skin {
namespace {

using parameters::Scenario;

Scenario with_interventions() {
  return Scenario::preset("scalp-smp").with({}, R"(format = 1
[[intervention]]
kind = "macrophage_ablation"
at = "60 day"
ablation_delay = "10 day"
[[intervention]]
kind = "immune_stimulation"
from = "100 day"
to = "212 day"
stimulation_egress = 30
[[intervention]]
kind = "laser"
at = "300 day"
laser_removed_share = 0.4
)");
}

Protocol protocol_of(const Scenario& s) { return make_protocol(s, make_skin_profile(s), make_ink(s)); }

const Segment& segment_from(const Protocol& protocol, double t) {
  for (const Segment& segment : protocol.segments) {
    if (segment.start == t) return segment;
  }
  ADD_FAILURE() << "no segment begins on day " << t / day;
  return protocol.segments.front();
}

TEST(Interventions, BreakTheProtocolWhereTheyBeginActAndEnd) {
  const Protocol protocol = protocol_of(with_interventions());
  for (const double t : {60.0, 70.0, 100.0, 212.0, 300.0}) segment_from(protocol, t * day);
}

TEST(Ablation, StopsRecruitmentForItsDelay) {
  const Protocol protocol = protocol_of(with_interventions());
  EXPECT_EQ(segment_from(protocol, 60.0 * day).forcing.recruitment_factor, 0.0);
  EXPECT_EQ(segment_from(protocol, 70.0 * day).forcing.recruitment_factor, 1.0);
}

TEST(Ablation, KillsItsShareAtItsTimeAlone) {
  const Protocol protocol = protocol_of(with_interventions());
  const Segment& segment = segment_from(protocol, 60.0 * day);
  ASSERT_EQ(segment.interventions.size(), 1U);
  EXPECT_EQ(segment.interventions[0].killed, with_interventions().real("interventions.ablation_share"));
  EXPECT_TRUE(segment_from(protocol, 70.0 * day).interventions.empty());
}

TEST(ImmuneStimulation, MultipliesCaptureAndEgressDuringItsSpanAlone) {
  const Scenario s = with_interventions();
  const Protocol protocol = protocol_of(s);
  const auto& during = segment_from(protocol, 100.0 * day).forcing;
  EXPECT_EQ(during.capture_factor, s.real("interventions.stimulation_capture"));
  EXPECT_EQ(during.egress_factor, 30.0);  // its own value
  const auto& after = segment_from(protocol, 212.0 * day).forcing;
  EXPECT_EQ(after.capture_factor, 1.0);
  EXPECT_EQ(after.egress_factor, 1.0);
}

TEST(Laser, BreaksPigmentIntoALognormalOfItsOwnMedian) {
  const Scenario s = with_interventions();
  const auto events = segment_from(protocol_of(s), 300.0 * day).interventions;
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].removed_share, 0.4);
  EXPECT_NEAR(std::accumulate(events[0].fragments.begin(), events[0].fragments.end(), 0.0), 1.0, 1e-12);
  const Ink ink = make_ink(s);
  EXPECT_EQ(events[0].fragments, lognormal_mass_fractions(ink.diameter, s.real("interventions.laser_fragment_diameter"),
                                                          s.real("ink.size_gsd")));
}

TEST(Interventions, AreEventsOfTheProtocol) {
  std::vector<std::string> kinds;
  for (const Event& event : protocol_of(with_interventions()).events) kinds.push_back(event.kind);
  EXPECT_EQ(kinds, (std::vector<std::string>{"treatment", "healed", "macrophage_ablation", "immune_stimulation",
                                             "immune_stimulation_end", "laser"}));
}

TEST(Visits, ChangeNothingBeforeThem) {
  const Scenario s = Scenario::preset("scalp-smp");
  const SkinProfile skin = make_skin_profile(s);
  const Ink ink = make_ink(s);
  const Protocol without = make_protocol(s, skin, ink);
  const Protocol with = make_protocol(s, skin, ink, {3.0 * year});
  for (const Segment& segment : without.segments) {
    if (segment.end > 3.0 * year) break;
    const Segment& same = segment_from(with, segment.start);
    EXPECT_EQ(same.end, segment.end);
    EXPECT_EQ(same.forcing.openness, segment.forcing.openness);
    EXPECT_EQ(same.forcing.inflammation_offset, segment.forcing.inflammation_offset);
    EXPECT_EQ(same.forcing.inflammation_slope, segment.forcing.inflammation_slope);
  }
}

TEST(Visits, PlaceTheirShareOfTheDoseAndWoundTheSkin) {
  const Scenario s = Scenario::preset("scalp-smp");
  const Protocol protocol = make_protocol(s, make_skin_profile(s), make_ink(s), {3.0 * year});
  const Segment& visit = segment_from(protocol, 3.0 * year);
  ASSERT_EQ(visit.deposits.size(), 1U);
  EXPECT_TRUE(visit.deposits[0].touch_up);
  EXPECT_DOUBLE_EQ(visit.deposits[0].local_dose, local_dose(s) * s.real("touch_up.dose_factor"));
  EXPECT_NEAR(visit.forcing.openness, 1.0, 1e-12);
}

}  // namespace
}  // namespace inkfade::skin
