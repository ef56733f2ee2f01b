#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/simulation/simulate.hpp"

// Values and times at their edges.
namespace inkfade::simulation {
namespace {

using parameters::Scenario;
using testing::HasSubstr;

Scenario from(const std::string& more) { return Scenario::from_toml("format = 1\npreset = \"scalp-smp\"\n" + more); }

Solution run(const Scenario& scenario) {
  Options options;
  options.fields = false;
  return simulate(scenario, options);
}

std::string session(const std::string& kind, const std::string& at) {
  return "[[session]]\nkind = \"" + kind + "\"\nat = \"" + at + "\"\n";
}

TEST(Healed, DoesNotCountATouchUpAtTheSameTime) {
  // The reference is what was there before: a touch-up adds to it, so just after it more than all is retained.
  const auto exactly =
      run(from("[run]\nhorizon = \"1 year\"\n" + session("treatment", "0 day") + session("touch_up", "42 day")));
  const auto without = run(from("[run]\nhorizon = \"1 year\"\n"));
  EXPECT_DOUBLE_EQ(exactly.healed_mass, without.healed_mass);
  EXPECT_GT(exactly.retained_of_healed.back(), 1.5);
}

TEST(Healed, CannotFollowATouchUp) {
  try {
    (void)from(session("treatment", "0 day") + session("touch_up", "30 day"));
    FAIL() << "accepted";
  } catch (const ParameterError& error) {
    EXPECT_THAT(error.what(), HasSubstr("must not come before healing, at 42 day"));
  }
}

TEST(Aftercare, BeginsWithItsSpanWhateverTheTimeOfItsSession) {
  // A span's start is a sum of two times that may round either way; shifting the whole case must not lose the span.
  const auto shed = [](double at_years) {
    const std::string at = std::to_string(at_years) + " year";
    const auto s = run(from("[run]\nhorizon = \"3 year\"\n" + session("treatment", at) +
                            "[[aftercare]]\nfrom = \"0 day\"\nto = \"3 day\"\ndressing = \"dry\"\n"
                            "[[aftercare]]\nfrom = \"3 day\"\nto = \"14 day\"\ndressing = \"dry\"\n"
                            "scab_disturbance = 1.0\nwashing = 1.0\n"));
    return s.ledger[4 * (s.n_times() - 1)] / s.deposited.back();
  };
  const double reference = shed(0.0);
  for (const double at : {0.001, 0.006, 0.009, 0.012, 0.029, 0.1, 0.2}) {
    EXPECT_NEAR(shed(at), reference, 2e-3) << at;  // rtol 1e-3 of each run; a lost span changes it by 9e-3
  }
}

TEST(BarrenLayer, RunsToTheEnd) {
  const auto s = run(from("").with({{"skin.papillary_dermis.macrophage_density", std::string("0 mm-3")}}));
  EXPECT_EQ(s.status, Status::ok) << s.message;
}

// Round-off of much free pigment fills few macrophages many times over: no step may fail for it.
TEST(BarrenLayer, TakesNoMoreStepsThanOneWithMacrophages) {
  struct Case {
    const char* dose;
    double rtol;
    double atol_fraction;
    const char* elsewhere;  // density in the other layers; nullptr: the preset's
  };
  const Case cases[] = {{"0.05 mg/cm2", 1e-3, 1e-3, nullptr},     {"2.5 mg/cm2", 1e-3, 1e-3, nullptr},
                        {"10 mg/cm2", 1e-3, 1e-3, nullptr},       {"2.5 mg/cm2", 1e-2, 1e-3, nullptr},
                        {"2.5 mg/cm2", 1e-5, 1e-3, nullptr},      {"2.5 mg/cm2", 1e-3, 1e-10, nullptr},
                        {"2.5 mg/cm2", 1e-3, 1e-3, "0 mm-3"},     {"2.5 mg/cm2", 1e-3, 1e-3, "1e-3 mm-3"},
                        {"0.05 mg/cm2", 1e-4, 1e-3, "1e-3 mm-3"}, {"2.5 mg/cm2", 1e-4, 1e-3, "1e-2 mm-3"},
                        {"2.5 mg/cm2", 1e-6, 1e-3, "1 mm-3"}};
  const std::string layers[] = {"papillary_dermis", "upper_reticular_dermis", "lower_reticular_dermis"};
  for (const Case& c : cases) {
    for (const std::string& barren : layers) {
      Scenario scenario = from("").with({{"procedure.local_dose", std::string(c.dose)},
                                         {"run.horizon", std::string("1 year")},
                                         {"numerics.rtol", c.rtol},
                                         {"numerics.atol_fraction", c.atol_fraction}});
      for (const std::string& layer : layers) {
        if (c.elsewhere == nullptr) continue;
        scenario = scenario.with({{"skin." + layer + ".macrophage_density", std::string(c.elsewhere)}});
      }
      const auto with_density = [&](const char* density) {
        return run(scenario.with({{"skin." + barren + ".macrophage_density", std::string(density)},
                                  {"numerics.max_steps", std::int64_t{20000}}}));
      };
      const auto few = with_density("100 mm-3");
      const auto none = with_density("0 mm-3");
      const std::string where = barren + ", " + c.dose + ", rtol " + std::to_string(c.rtol) + ", elsewhere " +
                                (c.elsewhere != nullptr ? c.elsewhere : "as preset");
      EXPECT_EQ(few.status, Status::ok) << where << ": " << few.message;
      EXPECT_EQ(none.status, Status::ok) << where << ": " << none.message;
      EXPECT_LT(none.statistics.accepted + none.statistics.rejected,
                1.5 * static_cast<double>(few.statistics.accepted + few.statistics.rejected))
          << where;
    }
  }
}

TEST(MacrophageLoad, IsAtMostOneAtEverySavedTimeHoweverLooseTheTolerance) {
  for (const double rtol : {1e-3, 1e-2, 1e-1}) {
    const auto s = run(from("").with({{"numerics.rtol", rtol},
                                      {"procedure.local_dose", std::string("2.5 mg/cm2")},
                                      {"macrophages.half_life", std::string("20 year")}}));
    ASSERT_EQ(s.status, Status::ok) << s.message;
    EXPECT_LE(std::ranges::max(s.peak_load), 1.0 + 1e-12) << rtol;  // round-off of a quotient
  }
}

TEST(TouchUpDraws, SayWhenARunFailed) {
  const auto stuck = from("").with({{"numerics.max_steps", std::int64_t{20}}});
  for (const TouchUp& draw : touch_up_draws(stuck, 0.7, 3, 1, 1, {})) {
    EXPECT_EQ(draw.status, Status::too_many_steps);
    EXPECT_FALSE(draw.observed);
  }
}

TEST(Dispensed, IsTheDepositOverTheShareThatIsKept) {
  const auto s = run(from("").with({{"procedure.kept_share", 0.25}}));
  EXPECT_DOUBLE_EQ(s.dispensed.back(), 4.0 * s.deposited.back());
}

TEST(Session, CannotHaveDotsOfItsOwn) {
  const auto other = from(session("treatment", "0 day") + "dot_density = \"200 cm-2\"\n");
  EXPECT_THROW((void)run(other), ParameterError);
}

}  // namespace
}  // namespace inkfade::simulation
