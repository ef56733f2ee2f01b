#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "inkfade/base/errors.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "support/atol_bound.hpp"
#include "support/random_scenarios.hpp"
#include "support/solution_bits.hpp"

// Every parameter anywhere within its bounds in the registry, far outside what skin is like: a run gives finite numbers
// that balance, or says by a status why it does not go on. INKFADE_RANDOM_SCENARIOS sets how many (default 200).
namespace inkfade::test {
namespace {

using parameters::Kind;
using parameters::ParameterInfo;
using parameters::Scenario;

unsigned scenario_count() {
  const char* asked = std::getenv("INKFADE_RANDOM_SCENARIOS");
  return asked == nullptr ? 200U : static_cast<unsigned>(std::strtoul(asked, nullptr, 10));
}

/// Values anywhere within the bounds; half of a scenario's parameters keep those of a preset.
class AnywhereMaker {
 public:
  explicit AnywhereMaker(unsigned seed) : random_(seed) {}

  /// A valid scenario: what contradicts itself is drawn again.
  Scenario make() {
    for (;;) {
      if (const auto scenario = attempt()) return *scenario;
    }
  }

 private:
  std::optional<Scenario> attempt() {
    const std::vector<std::string> presets = Scenario::preset_names();
    const Scenario base = Scenario::preset(presets[at(random_.integer(0, static_cast<int>(presets.size()) - 1))]);
    Settings settings;
    for (const std::string& name : base.names()) draw(base, name, settings);
    settings.emplace_back("numerics.cells", std::int64_t{random_.integer(8, 96)});
    settings.emplace_back("numerics.classes", std::int64_t{random_.integer(1, random_.integer(0, 9) == 0 ? 32 : 8)});
    settings.emplace_back("numerics.rtol", random_.log_uniform(1e-6, 0.05));
    settings.emplace_back("numerics.max_steps", std::int64_t{1500});
    try {
      return base.with(settings, random_.integer(0, 1) == 0 ? "" : interventions(settings));
    } catch (const ParameterError&) {
      return std::nullopt;
    }
  }

  static std::size_t at(int i) { return static_cast<std::size_t>(i); }

  void draw(const Scenario& base, const std::string& name, Settings& settings) {
    const ParameterInfo& info = parameters::parameter(name);
    if (name.starts_with("numerics.") && name != "numerics.self_shading" && name != "numerics.atol_fraction") return;
    if (name.ends_with(".tissue") || random_.integer(0, 1) == 0) return;
    switch (info.kind) {
      case Kind::choice:
        settings.emplace_back(name, info.choices[at(random_.integer(0, static_cast<int>(info.choices.size()) - 1))]);
        return;
      case Kind::boolean:
        settings.emplace_back(name, random_.integer(0, 1) == 1);
        return;
      case Kind::integer:
        settings.emplace_back(
            name, std::int64_t{random_.integer(static_cast<int>(info.lower_si), static_cast<int>(info.upper_si))});
        return;
      case Kind::real:
        if (base.real(name) == 0.0 && name.starts_with("skin.")) return;  // the epidermis holds no cells
        settings.emplace_back(name, in_si(name, anywhere(name, info)));
        return;
    }
  }

  double anywhere(const std::string& name, const ParameterInfo& info) {
    // A centre of the deposit below all skin, or skin so thick that every deposit is in its epidermis, is refused: the
    // draws would all be thrown away.
    if (name == "procedure.depth") return random_.log_uniform(5e-5, 5e-3);
    if (info.lower_si < 0.0) return random_.uniform(info.lower_si, info.upper_si);
    if (info.lower_si > 0.0) return random_.log_uniform(info.lower_si, info.upper_si);
    return random_.integer(0, 9) == 0 ? 0.0 : random_.log_uniform(1e-8 * info.upper_si, info.upper_si);
  }

  std::string interventions(const Settings&) {
    std::string text = "format = 1\n";
    double day = random_.log_uniform(1e-3, 300.0);
    for (int i = random_.integer(1, 3); i > 0; --i) {
      const auto& kind = parameters::intervention_kinds[at(random_.integer(0, 2))];
      text += std::string("[[intervention]]\nkind = \"") + kind.name + "\"\n";
      text += (kind.is_span ? "from = \"" : "at = \"") + std::to_string(day) + " day\"\n";
      day += random_.log_uniform(0.1, 300.0);
      if (kind.is_span) text += "to = \"" + std::to_string(day) + " day\"\n";
    }
    return text;
  }

  ScenarioMaker random_;
};

bool finite(const simulation::Solution& s) {
  for (const auto* values : {&s.pigment, &s.macrophages, &s.mass, &s.ledger, &s.deposited, &s.patch_dose, &s.peak_load,
                             &s.drained_by_class, &s.ledger_residual, &s.visit_time, &s.visit_deposited}) {
    if (!std::ranges::all_of(*values, [](double v) { return std::isfinite(v); })) return false;
  }
  return true;
}

TEST(AllBounds, EveryRunIsFiniteBalancedAndReproducibleOrSaysWhyItEnded) {
  std::map<std::string, int> ended;
  double worst_residual = 0.0;
  double lowest = 0.0;
  int unbalanced = 0;
  for (unsigned seed = 0; seed < scenario_count(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Scenario scenario = AnywhereMaker(seed).make();
    const simulation::Solution s = simulation::simulate(scenario);
    ++ended[std::string(name(s.status))];
    EXPECT_EQ(s.status == Status::ok, s.message.empty());
    EXPECT_NE(s.status, Status::ledger_broken);
    EXPECT_TRUE(finite(s));
    // Round-off of up to 1500 steps on sums of up to 10^4 terms, each way at random: 1e-12. What macrophages take in
    // and release many thousand times within a step, at rates far beyond any evidence, cancels to eps times that
    // number.
    const double residual = s.ledger_residual.empty() ? 0.0 : std::ranges::max(s.ledger_residual);
    const double cycles = scenario.real("macrophages.capture_rate") * s.status_time /
                          static_cast<double>(std::max<std::int64_t>(s.statistics.accepted, 1));
    EXPECT_LE(residual, std::max(1e-12, std::numeric_limits<double>::epsilon() * cycles));
    worst_residual = std::max(worst_residual, residual);
    if (residual > 1e-12) ++unbalanced;
    // The documented floor, -10 atol, atol being at least 1e-30; drawing towards the chord rounds by some eps of the
    // peak.
    const double atol = std::max(atol_bound(scenario, s), 1e-30);
    const double peak = atol / (scenario.real("numerics.rtol") * scenario.real("numerics.atol_fraction"));
    const double low = s.pigment.empty() ? 0.0 : std::ranges::min(s.pigment) / atol;
    EXPECT_GE(low, -10.0 - 1e-15 * peak / atol) << s.message;
    lowest = std::min(lowest, low);
    EXPECT_TRUE(same_bits(s, simulation::simulate(scenario)));
  }
  EXPECT_LE(unbalanced, static_cast<int>(scenario_count() / 100));
  std::cout << scenario_count() << " scenarios:";
  for (const auto& [status, count] : ended) std::cout << " " << count << " " << status;
  std::cout << "; largest ledger residual " << worst_residual << " (" << unbalanced << " above 1e-12)"
            << ", lowest pigment " << lowest << " atol\n";
}

}  // namespace
}  // namespace inkfade::test
