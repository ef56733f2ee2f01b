#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/skin/protocol.hpp"

namespace inkfade::skin {
namespace {

using parameters::Scenario;

Scenario with_text(const std::string& more) {
  return Scenario::from_toml(Scenario::preset("scalp-smp").to_toml() + more);
}

/// A touch-up on day 30, inside the aftercare of the first session.
Scenario overlapping() {
  return with_text("\n[[session]]\nkind = \"treatment\"\nat = \"30 day\"\nprocedure.overlap = 0.4\n");
}

Protocol protocol_of(const Scenario& s) { return make_protocol(s, make_skin_profile(s), make_ink(s)); }

const Segment& segment_at(const Protocol& protocol, double t) {
  for (const Segment& segment : protocol.segments) {
    if (segment.start <= t && t < segment.end) return segment;
  }
  return protocol.segments.back();
}

TEST(Protocol, IsAChainOfSegmentsFromZeroToTheHorizon) {
  const Protocol protocol = protocol_of(overlapping());
  EXPECT_EQ(protocol.segments.front().start, 0.0);
  EXPECT_EQ(protocol.segments.back().end, protocol.horizon);
  for (std::size_t i = 1; i < protocol.segments.size(); ++i) {
    EXPECT_EQ(protocol.segments[i].start, protocol.segments[i - 1].end);
    EXPECT_LT(protocol.segments[i].start, protocol.segments[i].end);
  }
}

TEST(Protocol, BreaksAtEverySessionAndAftercareSpanOfEverySession) {
  const Protocol protocol = protocol_of(overlapping());
  std::set<double> starts;
  for (const Segment& segment : protocol.segments) starts.insert(segment.start);
  for (const double t : {0.0, 4.0, 14.0, 30.0, 34.0, 42.0, 44.0, 72.0}) EXPECT_TRUE(starts.contains(t * day)) << t;
}

TEST(Protocol, PlacesEachDepositAtTheStartOfItsSegment) {
  const Protocol protocol = protocol_of(overlapping());
  EXPECT_EQ(protocol.segments.front().deposits.size(), 1U);
  EXPECT_EQ(segment_at(protocol, 30.0 * day).deposits.size(), 1U);
  EXPECT_TRUE(segment_at(protocol, 35.0 * day).deposits.empty());
}

TEST(Protocol, LetsTheClockOfTheLatestSessionRuleTheAftercare) {
  const Scenario s = overlapping();
  const Protocol protocol = protocol_of(s);
  const AftercareFactors fresh = aftercare_factors(s, s.aftercare().front());
  const AftercareFactors late = aftercare_factors(s, s.aftercare().back());
  EXPECT_EQ(segment_at(protocol, 29.0 * day).forcing.wound_factor, late.wound_loss);
  EXPECT_EQ(segment_at(protocol, 31.0 * day).forcing.wound_factor, fresh.wound_loss);
  EXPECT_EQ(segment_at(protocol, 80.0 * day).forcing.wound_factor, 1.0);  // 50 days after the touch-up: nothing more
}

TEST(Protocol, KeepsWoundAndInflammationContinuousExceptForTheJumpOfASession) {
  const Protocol protocol = protocol_of(overlapping());
  for (std::size_t i = 1; i < protocol.segments.size(); ++i) {
    const Segment& before = protocol.segments[i - 1];
    const Segment& after = protocol.segments[i];
    const auto left = evaluate(before.forcing, before.end);
    const auto right = evaluate(after.forcing, after.start);
    double jump = 0.0;
    for (const Deposit& deposit : after.deposits) jump += deposit.overlap;
    EXPECT_NEAR(right.openness, std::min(left.openness + jump, 1.0), 1e-14);
    EXPECT_NEAR(right.inflammation, left.inflammation, 1e-14);  // a session's inflammation starts from 0
  }
}

TEST(Protocol, ClosesTheWoundWithTheClosureTimeOfTheDressing) {
  const Scenario s = Scenario::preset("scalp-smp").with({{"aftercare", std::string("careful")}});
  const Protocol protocol = protocol_of(s);
  const double moist = s.real("skin.wound.closure_time") * s.real("aftercare.dressing_moist_closure");
  EXPECT_NEAR(evaluate(protocol.segments[0].forcing, 2.0 * day).openness, std::exp(-2.0 * day / moist), 1e-14);
}

TEST(Protocol, GivesTheInflammationOfEquationM13) {
  const Scenario s = Scenario::preset("scalp-smp");
  const Protocol protocol = protocol_of(s);
  const double peak = s.real("macrophages.inflammation_time");
  for (const double t : {0.5, 3.0, 6.0, 20.0, 60.0}) {
    const double x = t * day / peak;
    EXPECT_NEAR(evaluate(segment_at(protocol, t * day).forcing, t * day).inflammation, x * std::exp(1.0 - x), 1e-14);
  }
}

TEST(Protocol, AddsTheInflammationOfSessionsUpToOne) {
  const Protocol protocol =
      protocol_of(with_text("\n[[session]]\nkind = \"treatment\"\nat = \"1 day\"\n"
                            "\n[[session]]\nkind = \"treatment\"\nat = \"2 day\"\n"));
  const double peak = 3.0;
  const auto alone = [&](double since) { return since / peak * std::exp(1.0 - since / peak); };
  EXPECT_NEAR(evaluate(segment_at(protocol, 1.2 * day).forcing, 1.2 * day).inflammation, alone(1.2) + alone(0.2),
              1e-14);
  EXPECT_EQ(evaluate(segment_at(protocol, 4.0 * day).forcing, 4.0 * day).inflammation, 1.0);
}

TEST(Protocol, CountsHealingFromTheLastTreatmentBeforeTheFirstTouchUp) {
  const Protocol protocol =
      protocol_of(with_text("\n[[session]]\nkind = \"treatment\"\nat = \"20 day\"\n"
                            "\n[[session]]\nkind = \"touch_up\"\nat = \"400 day\"\n"));
  EXPECT_EQ(protocol.healed_time, 62.0 * day);
  ASSERT_EQ(protocol.events.size(), 4U);
  EXPECT_EQ(protocol.events[2].kind, "healed");
  EXPECT_EQ(protocol.events[3].kind, "touch_up");
}

TEST(AftercareFactors, ActAsTheTableOfTheModelSays) {
  const Scenario s = Scenario::preset("scalp-smp");
  parameters::AftercareSpan span;
  span.dressing = "occlusive";
  span.scab_disturbance = 0.5;
  span.washing = 0.25;
  span.moisturiser = 0.4;
  span.exfoliant = 0.8;
  span.massage = 0.01;
  const AftercareFactors factors = aftercare_factors(s, span);
  EXPECT_EQ(factors.closure_time, s.real("aftercare.dressing_occlusive_closure"));
  EXPECT_NEAR(factors.wound_loss,
              (1.0 + s.real("aftercare.scab_loss") * 0.5 + s.real("aftercare.washing_loss") * 0.25) *
                  (1.0 - s.real("aftercare.moisturiser_protection") * 0.4),
              1e-15);
  EXPECT_NEAR(factors.turnover, 1.0 - s.real("aftercare.exfoliant_turnover") * 0.8, 1e-15);
  EXPECT_NEAR(factors.lymph, 1.0 + s.real("aftercare.massage_lymph") * 0.01, 1e-15);
}

/// An ink that light bleaches; sunscreen of SPF 30 half of the time, hat a quarter, and a holiday from day 10 to 20.
Scenario in_the_sun() {
  return Scenario::from_toml(Scenario::preset("mouse-skh1")
                                 .with({{"exposure.ambient_share", 0.1},
                                        {"exposure.site_factor", 1.5},
                                        {"exposure.hat", 0.25},
                                        {"exposure.spf", 30.0},
                                        {"exposure.adherence", 0.5},
                                        {"exposure.spf_effectiveness", 0.4}})
                                 .to_toml() +
                             "\n[[exposure]]\nfrom = \"10 day\"\nto = \"20 day\"\nambient_share = 0.5\nhat = 0.0\n");
}

TEST(Light, HasTheSharesOfEquationM15) {
  const Protocol protocol = protocol_of(in_the_sun());
  const auto& forcing = protocol.segments.front().forcing;
  const Protocol plain = protocol_of(in_the_sun().with({{"exposure.ambient_share", 1.0},
                                                        {"exposure.site_factor", 1.0},
                                                        {"exposure.hat", 0.0},
                                                        {"exposure.adherence", 0.0}}));
  const auto& ambient = plain.segments.front().forcing;
  EXPECT_NEAR(forcing.visible.mean / ambient.visible.mean, 0.1 * 1.5 * 0.75, 1e-15);
  const double effective = 1.0 + 0.4 * 29.0;
  EXPECT_NEAR(forcing.uv.mean / ambient.uv.mean, 0.1 * 1.5 * 0.75 * (1.0 - 0.5 * (1.0 - 1.0 / effective)), 1e-15);
}

TEST(Light, ChangesForTheTimeOfAnExposureSpan) {
  const Protocol protocol = protocol_of(in_the_sun());
  const double before = segment_at(protocol, 9.0 * day).forcing.visible.mean;
  EXPECT_NEAR(segment_at(protocol, 15.0 * day).forcing.visible.mean / before, 0.5 / (0.1 * 0.75), 1e-14);
  EXPECT_EQ(segment_at(protocol, 21.0 * day).forcing.visible.mean, before);
}

TEST(Light, WithoutAStartDateIsTheAnnualMean) {
  const auto forcing = protocol_of(in_the_sun()).segments.front().forcing;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(forcing.uv.cosine[i], 0.0);
  EXPECT_GT(forcing.uv.mean, 0.0);
}

TEST(Light, FollowsTheCalendarFromTheStartDate) {
  const auto uv = [](const char* start, double t) {
    const Protocol protocol = protocol_of(in_the_sun().with({{"start", std::string(start)}}));
    return evaluate(segment_at(protocol, t).forcing, t).uv;
  };
  // 182 days after a December start the sun stands as on a June start, to the drift of a day.
  EXPECT_NEAR(uv("2026-12-21", 182.0 * day) / uv("2027-06-21", 0.0), 1.0, 1e-3);
  EXPECT_GT(uv("2027-06-21", 0.0), uv("2026-12-21", 0.0));
}

}  // namespace
}  // namespace inkfade::skin
