#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/skin/procedure.hpp"

namespace inkfade::skin {
namespace {

using parameters::Scenario;

/// Dots of 0.3 mm, 100 per cm2, holding 0.18 ug each.
Scenario dots() {
  return Scenario::preset("scalp-smp")
      .with({{"procedure.dot_diameter", std::string("0.3 mm")},
             {"procedure.dot_density", std::string("100 cm-2")},
             {"procedure.deposit_per_dot", std::string("0.18 ug")}});
}

constexpr double dot_area = pi * 0.15e-3 * 0.15e-3;  // [m2]
constexpr double filled = 1e6 * dot_area;            // N pi d^2/4

TEST(Coverage, OfRandomDotsIsOneMinusTheEmptyShare) { EXPECT_NEAR(coverage(dots()), 1.0 - std::exp(-filled), 1e-15); }

TEST(Coverage, OfALatticeIsTheAreaOfItsDots) {
  EXPECT_NEAR(coverage(dots().with({{"procedure.placement", std::string("lattice")}})), filled, 1e-15);
}

TEST(LocalDose, IsTheDepositOverTheAreaOfADot) { EXPECT_NEAR(local_dose(dots()) / (0.18e-9 / dot_area), 1.0, 1e-14); }

TEST(LocalDose, IsTheSameWhicheverWayTheDoseIsGiven) {
  const double local = local_dose(dots());
  const auto in_mg_cm2 = [](double dose) {
    char text[64];
    std::snprintf(text, sizeof text, "%.17g mg/cm2", dose * 100.0);  // 1 kg/m2 is 100 mg/cm2
    return std::string(text);
  };
  const Scenario by_local = dots().with({{"procedure.local_dose", in_mg_cm2(local)}});
  const Scenario by_patch = dots().with({{"procedure.patch_dose", in_mg_cm2(local * coverage(dots()))}});
  EXPECT_NEAR(local_dose(by_local) / local, 1.0, 1e-14);
  EXPECT_NEAR(local_dose(by_patch) / local, 1.0, 1e-14);
}

TEST(LocalDose, AtAFixedDepositPerDotDoesNotDependOnDotDensity) {
  const Scenario dense = dots().with({{"procedure.dot_density", std::string("400 cm-2")}});
  EXPECT_EQ(local_dose(dense), local_dose(dots()));
}

Scenario with_session(const std::string& more) { return Scenario::from_toml(dots().to_toml() + more); }

TEST(Deposits, OfALaterSessionAreScaledByItsOverlap) {
  const Scenario s = with_session("\n[[session]]\nkind = \"touch_up\"\nat = \"60 day\"\nprocedure.overlap = 0.25\n");
  const std::vector<Deposit> deposits = make_deposits(s, make_ink(s));
  ASSERT_EQ(deposits.size(), 2U);
  EXPECT_EQ(deposits[0].overlap, 1.0);
  EXPECT_EQ(deposits[1].overlap, 0.25);
  EXPECT_NEAR(deposits[1].local_dose / deposits[0].local_dose, 0.25, 1e-15);
  EXPECT_EQ(deposits[1].time, 60.0 * day);
}

TEST(Deposits, OfASessionMayHaveTheirOwnDepthDoseAndSizes) {
  const Scenario s = with_session(
      "\n[[session]]\nkind = \"touch_up\"\nat = \"60 day\"\nprocedure.depth = \"300 um\"\n"
      "procedure.local_dose = \"0.1 mg/cm2\"\nink.size_median = \"100 nm\"\n");
  const std::vector<Deposit> deposits = make_deposits(s, make_ink(s));
  EXPECT_EQ(deposits[1].depth, 300e-6);
  EXPECT_NEAR(deposits[1].local_dose, 1e-3 * s.real("procedure.overlap"), 1e-18);
  EXPECT_GT(deposits[1].mass_fraction.front(), deposits[0].mass_fraction.front());
}

TEST(Deposits, RefuseInkPropertiesThatTheWholeColumnShares) {
  const Scenario s =
      with_session("\n[[session]]\nkind = \"touch_up\"\nat = \"60 day\"\nink.particle_density = \"2 g/cm3\"\n");
  EXPECT_THROW(static_cast<void>(make_deposits(s, make_ink(s))), ParameterError);
}

TEST(Ink, HasLogSpacedClassesFromTheSmallestToTheLargest) {
  const Ink ink = make_ink(dots());
  EXPECT_NEAR(ink.diameter.front() / dots().real("ink.size_min"), 1.0, 1e-14);
  EXPECT_NEAR(ink.diameter.back() / dots().real("ink.size_max"), 1.0, 1e-14);
  const double ratio = ink.diameter[1] / ink.diameter[0];
  for (std::size_t k = 1; k < ink.diameter.size(); ++k) {
    EXPECT_NEAR(ink.diameter[k] / ink.diameter[k - 1] / ratio, 1.0, 1e-13);
  }
}

TEST(Ink, OfOneClassHasTheGeometricMeanSize) {
  const Ink ink = make_ink(dots().with({{"numerics.classes", std::int64_t{1}}}));
  EXPECT_NEAR(ink.diameter[0] / std::sqrt(20e-9 * 1e-6), 1.0, 1e-14);
  EXPECT_EQ(ink.mass_fraction[0], 1.0);
}

TEST(MassFractions, SumToOneAndHoldTheLognormal) {
  const std::vector<double> d{50e-9, 100e-9, 200e-9, 400e-9, 800e-9};
  const std::vector<double> share = lognormal_mass_fractions(d, 200e-9, 2.0);
  EXPECT_NEAR(std::accumulate(share.begin(), share.end(), 0.0), 1.0, 1e-15);
  // Edges lie half a doubling, which is half a standard deviation, from the median: the middle class is erf(0.5/sqrt2).
  EXPECT_NEAR(share[2], std::erf(0.5 / std::sqrt(2.0)), 1e-14);
  EXPECT_NEAR(share[1], share[3], 1e-14);
  EXPECT_NEAR(share[0], share[4], 1e-14);
}

}  // namespace
}  // namespace inkfade::skin
