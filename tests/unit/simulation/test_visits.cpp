#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "inkfade/simulation/visit_schedule.hpp"
#include "support/solution_bits.hpp"

namespace inkfade::simulation {
namespace {

using parameters::Scenario;
using Settings = std::vector<std::pair<std::string, parameters::Setting>>;

parameters::Setting text(std::string value) { return value; }

/// By what is left of the pigment: at 70 % where nothing else is said.
Scenario scheduled(const std::string& rule, Settings more = {}, const std::string& protocol = {}) {
  const auto names = [](const auto& setting) { return setting.first == "touch_up.threshold"; };
  if (std::ranges::none_of(more, names)) more.emplace_back("touch_up.threshold", 0.7);
  more.emplace_back("touch_up.measure", text("retained_of_healed"));
  more.emplace_back("touch_up.schedule", rule);
  more.emplace_back("run.horizon", text("20 year"));
  return Scenario::preset("scalp-smp").with(more, protocol);
}

TEST(VisitsWhenDue, TakePlaceWhereTheMeasureFallsToItsThreshold) {
  const Solution s = simulate(scheduled("when_due"));
  ASSERT_EQ(s.status, Status::ok) << s.message;
  ASSERT_GE(s.visit_time.size(), 2U);
  EXPECT_EQ(s.visit_time.front(), s.touch_up.time);
  // The fall is found on the dense output and then stepped to anew: two errors of the tolerance, 1e-3, at most.
  for (const double measure : s.visit_measure) EXPECT_NEAR(measure, s.threshold, 2e-3);
}

TEST(VisitsWhenDue, KeepTheirDistanceFromTheSessionBefore) {
  const Solution s = simulate(scheduled(
      "when_due",
      {{"touch_up.threshold", 0.95}, {"touch_up.minimum_spacing", text("2 year")}, {"touch_up.dose_factor", 0.02}}));
  ASSERT_GE(s.visit_time.size(), 5U);
  double before = 0.0;
  for (const double t : s.visit_time) {
    EXPECT_GE(t - before, 2.0 * year * (1.0 - 1e-12));
    before = t;
  }
  EXPECT_LT(s.visit_measure.back(), 0.95);  // so small a dose does not bring it back: the spacing rules
}

TEST(VisitsWhenDue, ChangeNoBitBeforeTheFirst) {
  const Solution with = simulate(scheduled("when_due"));
  const Solution without = simulate(scheduled("none"));
  ASSERT_FALSE(with.visit_time.empty());
  std::size_t same = 0;
  // The step in which the measure falls is made anew up to there; it begins in the last third of the time before.
  for (std::size_t i = 0; i < without.n_times() && without.time[i] < 0.65 * with.visit_time.front(); ++i) {
    EXPECT_EQ(with.retained_of_deposit[i], without.retained_of_deposit[i]);
    ++same;
  }
  EXPECT_GT(same, 40U);
}

TEST(VisitsWhenDue, StartCountingAnewAtADatedSession) {
  const std::string dated =
      "format = 1\n[[session]]\nkind = \"treatment\"\nat = \"0 day\"\n"
      "[[session]]\nkind = \"touch_up\"\nat = \"3 year\"\ndeposit_per_dot = \"0.02 ug\"\n";
  const Solution s = simulate(scheduled("when_due", {}, dated));
  ASSERT_GE(s.visit_time.size(), 2U);
  EXPECT_EQ(s.visit_time.front(), 3.0 * year);
  EXPECT_GT(s.visit_time[1], simulate(scheduled("when_due")).visit_time.front());
}

// A step in which the measure falls is made anew up to there, and a run may fail on the way.
TEST(VisitsWhenDue, AreNotReportedByARunThatFailedBefore) {
  int failed = 0;
  for (std::int64_t most = 20; most < 90; ++most) {
    const Solution s = simulate(scheduled("when_due", {{"numerics.max_steps", most}}));
    if (s.status == Status::ok) continue;
    ++failed;
    EXPECT_TRUE(!s.touch_up.observed || s.touch_up.time <= s.status_time) << most;
  }
  EXPECT_GT(failed, 50);
}

TEST(FixedVisits, ComeAtTheirIntervalUpToTheHorizon) {
  const Solution s = simulate(scheduled("fixed", {{"touch_up.interval", text("4 year")}}));
  ASSERT_EQ(s.visit_time.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_DOUBLE_EQ(s.visit_time[i], 4.0 * year * static_cast<double>(i + 1));
}

TEST(FixedVisits, AreTheSameAsDatedTouchUpsOfThatDose) {
  const Solution fixed =
      simulate(scheduled("fixed", {{"touch_up.interval", text("8 year")}, {"touch_up.dose_factor", 0.5}}));
  std::string dated = "format = 1\n[[session]]\nkind = \"treatment\"\nat = \"0 day\"\n";
  for (const char* at : {"8 year", "16 year"}) {
    dated += std::string("[[session]]\nkind = \"touch_up\"\nat = \"") + at + "\"\ndeposit_per_dot = \"0.09 ug\"\n";
  }
  const Solution same = simulate(scheduled("none", {}, dated));
  ASSERT_EQ(fixed.n_times(), same.n_times());
  for (std::size_t i = 0; i < same.n_times(); ++i) {
    EXPECT_NEAR(fixed.retained_of_deposit[i], same.retained_of_deposit[i], 1e-12);  // 0.5 x 0.18 rounds
  }
}

TEST(FixedVisits, SkipTheTimeOfADatedSession) {
  const std::string dated =
      "format = 1\n[[session]]\nkind = \"treatment\"\nat = \"0 day\"\n"
      "[[session]]\nkind = \"touch_up\"\nat = \"4 year\"\n";
  const Solution s = simulate(scheduled("fixed", {{"touch_up.interval", text("4 year")}}, dated));
  EXPECT_EQ(s.status, Status::ok) << s.message;
  ASSERT_EQ(s.visit_time.size(), 4U);
  EXPECT_EQ(s.visit_time[0], 4.0 * year);
  EXPECT_DOUBLE_EQ(s.visit_time[1], 8.0 * year);
}

TEST(FixedVisits, AreNotDoubledByADatedSessionARoundOffAway) {
  const std::string dated =
      "format = 1\n[[session]]\nkind = \"treatment\"\nat = \"0 day\"\n"
      "[[session]]\nkind = \"touch_up\"\nat = \"4.15 year\"\n";
  for (const char* rule : {"fixed", "when_due"}) {
    const Solution s = simulate(scheduled(rule, {{"touch_up.interval", text("0.83 year")}}, dated));
    ASSERT_EQ(s.status, Status::ok) << s.message;
    for (std::size_t i = 1; i < s.visit_time.size(); ++i) EXPECT_GT(s.visit_time[i] - s.visit_time[i - 1], day) << rule;
  }
}

TEST(FixedVisits, KeepTheMinimumSpacingAfterADatedSession) {
  const std::string dated =
      "format = 1\n[[session]]\nkind = \"treatment\"\nat = \"0 day\"\n"
      "[[session]]\nkind = \"touch_up\"\nat = \"1400 day\"\n";
  const Solution s = simulate(scheduled("fixed", {{"touch_up.interval", text("4 year")}}, dated));
  ASSERT_GE(s.visit_time.size(), 2U);
  EXPECT_EQ(s.visit_time[0], 1400.0 * day);
  EXPECT_DOUBLE_EQ(s.visit_time[1], 8.0 * year);  // that of 4 years would be 61 days after it
}

TEST(FixedVisits, AreTheSameAsDatedOnesOnTheWellMixedRung) {
  Options options;
  options.rung = Rung::well_mixed;
  const std::string first = "format = 1\n[[session]]\nkind = \"treatment\"\nat = \"0 day\"\ndepth = \"250 um\"\n";
  std::string dated = first;
  for (const char* at : {"8 year", "16 year"}) {
    dated += std::string("[[session]]\nkind = \"touch_up\"\nat = \"") + at + "\"\n";
  }
  const Settings settings{{"touch_up.interval", text("8 year")}, {"touch_up.dose_factor", 1.0}};
  const Solution fixed = simulate(scheduled("fixed", settings, first), options);
  const Solution same = simulate(scheduled("none", settings, dated), options);
  EXPECT_NEAR(fixed.retained_of_deposit.back(), same.retained_of_deposit.back(), 1e-12);
}

TEST(Visits, KeepTheLedgerAndTheHealedReference) {
  for (const char* rule : {"when_due", "fixed"}) {
    const Solution s = simulate(scheduled(rule));
    EXPECT_LE(std::ranges::max(s.ledger_residual), 1e-12) << rule;
    EXPECT_EQ(s.healed_mass, simulate(scheduled("none")).healed_mass) << rule;
  }
}

TEST(Visits, AddUpToTheLifetimeLoad) {
  const Scenario scenario = scheduled("fixed");
  const Solution s = simulate(scenario);
  ASSERT_FALSE(s.visit_time.empty());
  const double first = s.deposited.front();
  const double each = first * scenario.real("touch_up.dose_factor");
  for (std::size_t i = 0; i < s.visit_time.size(); ++i) {
    EXPECT_NEAR(s.visit_deposited[i], first + each * static_cast<double>(i + 1), 1e-12 * first * 10.0);
  }
  EXPECT_EQ(s.deposited.back(), s.visit_deposited.back());
}

TEST(Visits, AreTheSameBitsOnAnyNumberOfThreads) {
  const std::vector<Scenario> scenarios{scheduled("when_due"), scheduled("fixed"), scheduled("none")};
  const auto one = simulate_many(scenarios, {}, 1);
  const auto two = simulate_many(scenarios, {}, 2);
  for (std::size_t i = 0; i < scenarios.size(); ++i) EXPECT_TRUE(test::same_bits(one[i], two[i])) << i;
}

TEST(VisitSchedule, WaitsOnlyWhereTheMeasureDecides) {
  EXPECT_FALSE(VisitSchedule(scheduled("none")).waits_for_measure());
  EXPECT_FALSE(VisitSchedule(scheduled("fixed")).waits_for_measure());
  EXPECT_TRUE(VisitSchedule(scheduled("when_due")).waits_for_measure());
}

TEST(VisitSchedule, CountsAFixedIntervalFromTheEndOfTheFirstCourse) {
  const std::string course =
      "format = 1\n[[session]]\nkind = \"treatment\"\nat = \"0 day\"\nrepeat = 3\nevery = \"14 day\"\n";
  const VisitSchedule schedule(scheduled("fixed", {{"touch_up.interval", text("2 year")}}, course));
  EXPECT_DOUBLE_EQ(schedule.next(), 28.0 * day + 2.0 * year);
}

}  // namespace
}  // namespace inkfade::simulation
