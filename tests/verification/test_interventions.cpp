#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <string>

#include "inkfade/base/constants.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "support/random_scenarios.hpp"

// Equation (M16) in whole runs, against what it says in closed form.
namespace inkfade::test {
namespace {

using parameters::Scenario;
using simulation::Solution;

Solution run(const Scenario& scenario, std::vector<double> times) {
  simulation::Options options;
  options.times = std::move(times);
  return simulation::simulate(scenario, options);
}

/// Little pigment, so that none waits for room, of coarse particles in macrophages that hardly die, with no other sink
/// than their egress.
Scenario held_pigment() {
  return Scenario::preset("scalp-smp")
      .with({{"macrophages.half_life", text("100 year")},
             {"macrophages.fragmentation_rate", text("0 1/day")},
             {"macrophages.egress_rate", text("1e-5 1/day")},
             {"stroma.binding_rate", text("0 1/day")},
             {"skin.lymph.rate", text("0 1/day")},
             {"procedure.local_dose", text("0.001 mg cm-2")},
             {"ink.size_median", text("600 nm")},
             {"ink.size_gsd", 1.1},
             {"numerics.rtol", 1e-6}});
}

TEST(ImmuneStimulation, LetsHeldPigmentLeaveAtItsMultipleOfTheEgressRate) {
  const Scenario scenario = held_pigment().with({}, R"(format = 1
[[intervention]]
kind = "immune_stimulation"
from = "200 day"
to = "400 day"
stimulation_capture = 1
stimulation_egress = 700
)");
  const Solution s = run(scenario, {200.0 * day, 300.0 * day, 400.0 * day, 500.0 * day});
  ASSERT_EQ(s.status, Status::ok) << s.message;
  const double whole = s.mass[1];
  // Pigment that is not held does not leave: 100 days of deaths, ln 2/100 year, free 2e-3 of it, recaptured in days.
  EXPECT_NEAR(s.mass[3 + 1] / whole, std::exp(-1e-5 * 700.0 * 100.0), 2e-3);
  EXPECT_NEAR(s.mass[6 + 1] / whole, std::exp(-1e-5 * 700.0 * 200.0), 2e-3);
  EXPECT_NEAR(s.mass[9 + 1] / s.mass[6 + 1], std::exp(-1e-5 * 100.0), 2e-3);  // after the span as before it
}

TEST(ImmuneStimulation, MultipliesTheRateOfCapture) {
  // Free pigment that only capture can change falls at c and at 3 c: the logarithms of what is left are as 1 to 3.
  double fallen[2];
  for (const int i : {0, 1}) {
    const std::string factor = i == 0 ? "1" : "3";
    const Scenario scenario = held_pigment().with({{"procedure.epidermal_fraction", 0.0},
                                                   {"skin.wound.loss_rate", text("0 1/day")},
                                                   {"skin.wound.junction_permeability", text("0 um/day")},
                                                   {"macrophages.inflammation_peak", 1.0},
                                                   {"skin.diffusivity_100nm", text("0 um2/s")}},
                                                  "format = 1\n[[intervention]]\nkind = \"immune_stimulation\"\n"
                                                  "from = \"0 day\"\nto = \"10 day\"\nstimulation_egress = 1\n"
                                                  "stimulation_capture = " +
                                                      factor + "\n");
    const Solution s = run(scenario, {0.0, 0.05 * day});
    ASSERT_EQ(s.status, Status::ok) << s.message;
    fallen[i] = -std::log(s.mass[3] / s.mass[0]);
  }
  // n differs between two layers: a mixture of two exponentials bends by less than 1 % over so short a time.
  EXPECT_NEAR(fallen[1] / fallen[0], 3.0, 0.03);
}

TEST(Ablation, LeavesTheMacrophagesAsFewForItsDelayAndThenLetsThemReturn) {
  const Scenario scenario = Scenario::preset("scalp-smp").with({}, R"(format = 1
[[intervention]]
kind = "macrophage_ablation"
at = "365 day"
ablation_share = 0.5
ablation_delay = "20 day"
)");
  const Solution s = run(scenario, {364.0 * day, 365.0 * day, 385.0 * day, 440.0 * day});
  ASSERT_EQ(s.status, Status::ok) << s.message;
  const std::size_t n = s.n_cells();
  for (std::size_t i = 0; i < n; ++i) {
    if (s.macrophages[i] == 0.0) continue;  // epidermis
    EXPECT_NEAR(s.macrophages[2 * n + i], s.macrophages[n + i], 1e-9 * s.macrophages[n + i]);
    EXPECT_NEAR(s.macrophages[n + i], 0.5 * s.macrophages[i], 1e-3 * s.macrophages[i]);  // a day of fading before it
    EXPECT_GT(s.macrophages[3 * n + i], 0.95 * s.macrophages[i]);
  }
}

}  // namespace
}  // namespace inkfade::test
