#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "inkfade/parameters/draw.hpp"
#include "inkfade/parameters/scenario.hpp"
#include "inkfade/parameters/validation.hpp"

namespace inkfade::parameters {
namespace {

const Scenario& smp() {
  static const Scenario scenario = Scenario::preset("scalp-smp");
  return scenario;
}

TEST(Draw, DependsOnSeedIndexAndNameAlone) {
  EXPECT_TRUE(smp().draw(7, 3) == smp().draw(7, 3));
  EXPECT_NE(smp().draw(7, 3).real("depth"), smp().draw(7, 4).real("depth"));
  EXPECT_NE(smp().draw(7, 3).real("depth"), smp().draw(8, 3).real("depth"));
  // Another parameter's value changes nothing about this one's.
  const Scenario other = smp().with({{"dot_density", std::string("50 cm-2")}});
  EXPECT_EQ(smp().draw(7, 3).real("depth"), other.draw(7, 3).real("depth"));
}

TEST(Draw, GivesTheSameBitsOnEveryMachine) {
  // Stored once: a change of the generator changes every published cohort, and belongs in the changelog.
  const std::uint64_t depth = name_hash("procedure.depth");
  EXPECT_EQ(normal_deviate(0, 0, depth), 0x1.4b161b22ed815p-1);
  EXPECT_EQ(normal_deviate(7, 3, depth), 0x1.1b1e4ee920056p+1);
  EXPECT_EQ(normal_deviate(42, 1'000'000, depth), 0x1.84df6ef8bd314p+0);
  EXPECT_EQ(name_hash(""), 0xCBF29CE484222325ULL);
  EXPECT_EQ(name_hash("a"), 0xAF63DC4C8601EC8CULL);  // published FNV-1a test value
}

TEST(Draw, LeavesWhatDoesNotVary) {
  const Scenario person = smp().draw(1, 1);
  for (const std::string& name : smp().names()) {
    if (smp().entry(name).gsd == 1.0) {
      EXPECT_TRUE(person.entry(name).value == smp().entry(name).value) << name;
    }
  }
}

TEST(Draw, HasTheMedianAndSpreadOfThePreset) {
  constexpr int people = 20'000;
  std::vector<double> logs;
  double sum = 0.0;
  double squares = 0.0;
  for (int i = 0; i < people; ++i) {
    const double value = smp().draw(42, static_cast<std::uint64_t>(i)).real("macrophages.half_life");
    logs.push_back(std::log(value / smp().real("macrophages.half_life")));
    sum += logs.back();
    squares += logs.back() * logs.back();
  }
  const double sigma = std::log(1.5);
  const double mean = sum / people;
  // Four standard errors: sigma/sqrt(n) of the mean, sigma/sqrt(2n) of the spread, 1.25 sigma/sqrt(n) of the median.
  EXPECT_NEAR(mean, 0.0, 4.0 * sigma / std::sqrt(people));
  EXPECT_NEAR(std::sqrt(squares / people - mean * mean), sigma, 4.0 * sigma / std::sqrt(2.0 * people));
  std::nth_element(logs.begin(), logs.begin() + people / 2, logs.end());
  EXPECT_NEAR(logs[people / 2], 0.0, 5.0 * sigma / std::sqrt(people));
}

TEST(Draw, OfDifferentParametersIsUncorrelated) {
  constexpr int people = 20'000;
  double products = 0.0;
  for (std::uint64_t i = 0; i < people; ++i) {
    products +=
        normal_deviate(5, i, name_hash("procedure.depth")) * normal_deviate(5, i, name_hash("procedure.depth_sd"));
  }
  EXPECT_NEAR(products / people, 0.0, 4.0 / std::sqrt(people));
}

TEST(NormalDeviate, HasTheQuantilesOfTheNormalDistribution) {
  constexpr int count = 100'000;
  int below_minus_two = 0;
  int below_one = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const double z = normal_deviate(9, i, 1);
    below_minus_two += z < -2.0 ? 1 : 0;
    below_one += z < 1.0 ? 1 : 0;
  }
  // Four standard errors of a binomial share.
  EXPECT_NEAR(below_minus_two / 1e5, 0.02275, 4.0 * std::sqrt(0.02275 * 0.97725 / count));
  EXPECT_NEAR(below_one / 1e5, 0.84134, 4.0 * std::sqrt(0.84134 * 0.15866 / count));
}

TEST(Draw, StaysValidWhereSpreadsAreHuge) {
  const Scenario wild = Scenario::from_toml(R"(
format = 1
preset = "scalp-smp"
[procedure]
depth = { value = "400 um", gsd = 10 }
epidermal_fraction = { value = 0.35, gsd = 10 }
dot_diameter = { value = "0.3 mm", gsd = 3 }
placement = "lattice"
[ink]
size_median = { value = "200 nm", gsd = 10 }
size_min = { value = "20 nm", gsd = 10 }
size_max = { value = "1 um", gsd = 10 }
[[skin.layer]]
name = "upper_reticular_dermis"
thickness = { value = "500 um", gsd = 10 }
[[session]]
at = "0 day"
[[session]]
at = "30 day"
depth = "300 um"
)");
  bool at_bound = false;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const Scenario person = wild.draw(3, i);
    EXPECT_NO_THROW(validate(ScenarioBuilder::content(person))) << "index " << i;
    at_bound = at_bound || person.real("procedure.epidermal_fraction") == 1.0;
    EXPECT_LE(person.real("procedure.epidermal_fraction"), 1.0);
  }
  EXPECT_TRUE(at_bound);
}

TEST(Draw, MovesASessionsOwnValueByTheSameFactor) {
  const Scenario two = Scenario::from_toml(R"(
format = 1
preset = "scalp-smp"
[[session]]
at = "0 day"
[[session]]
at = "30 day"
depth = "300 um"
)");
  const Scenario person = two.draw(4, 2);
  const double factor = person.real("depth") / two.real("depth");
  const double own = std::get<double>(person.sessions()[1].overrides.at("procedure.depth"));
  EXPECT_DOUBLE_EQ(own, 300e-6 * factor);
}

}  // namespace
}  // namespace inkfade::parameters
