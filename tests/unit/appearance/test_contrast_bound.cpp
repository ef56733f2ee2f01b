#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "inkfade/appearance/contrast_bound.hpp"

namespace inkfade::appearance {
namespace {

constexpr std::size_t n_cells = 50;
constexpr double cell = 30e-6;  // [m]

std::vector<double> faces() {
  std::vector<double> z;
  for (std::size_t i = 0; i <= n_cells; ++i) z.push_back(cell * static_cast<double>(i));
  return z;
}

/// Pigment of three pools as the state of a column has it.
class Profile {
 public:
  /// A cloud in one pool. @param mass [kg/m2] @param depth, width [m]
  Profile& add(std::size_t pool, double mass, double depth, double width) {
    std::vector<double> shape(n_cells);
    double sum = 0.0;
    for (std::size_t i = 0; i < n_cells; ++i) {
      const double z = (cell * (static_cast<double>(i) + 0.5) - depth) / width;
      shape[i] = std::exp(-0.5 * z * z);
      sum += shape[i] * cell;
    }
    for (std::size_t i = 0; i < n_cells; ++i) values[3 * i + pool] += shape[i] * mass / sum;
    return *this;
  }
  [[nodiscard]] PigmentView view() const { return {values, 3, 1}; }

  std::vector<double> values = std::vector<double>(3 * n_cells, 0.0);
};

/// An ink that only absorbs; those of the tables but carbon black scatter as well.
InkOptics without_scattering(const std::string& name) {
  InkOptics ink = InkOptics::pigment(name);
  ink.scattering.fill(0.0);
  return ink;
}

/// A share of the contrast that the bound is sure of, and the contrast that there is.
struct Verdict {
  double sure = 0.0;
  double ratio = 0.0;
};

Verdict judge(const AppearanceModel& model, const Profile& before, const Profile& after) {
  AppearanceModel::Work work(model);
  ContrastBound bound(model);
  bound.refer(before.view(), work);
  Verdict verdict;
  for (double share = 0.02; share < 1.0 && bound.surely_kept(share, after.view(), work); share += 0.02) {
    verdict.sure = share;
  }
  verdict.ratio = model.look(after.view(), work).contrast / model.look(before.view(), work).contrast;
  return verdict;
}

AppearanceModel carbon_black(const std::string& skin = "light", const DotPatch& dots = {}) {
  return {SkinOptics::preset(skin), InkOptics::pigment("carbon_black"), faces(), {}, {}, dots};
}

/// Pigment that is lost, moves between pools and through the skin, and is placed anew, at any depth and in any amount.
TEST(ContrastBound, IsOnlySureOfAContrastThatIsKept) {
  std::mt19937 random(7);
  const auto between = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  const std::vector<std::string> skins{"light", "medium", "dark"};
  const std::vector<std::string> inks{"carbon_black", "azo_red", "azo_yellow", "phthalocyanine_blue",
                                      "phthalocyanine_green"};
  int sure = 0;
  double least = 10.0;
  for (std::size_t i = 0; i < 1500; ++i) {
    const Clumps clumps{{between(0.0, 0.4), 1e-6}, {between(0.05, 0.4), 7e-6}, {between(0.0, 0.4), 1e-6}};
    const bool even = i % 4 == 0;
    const DotPatch dots{even ? 1.0 : between(0.02, 1.0), even ? 0.0 : between(50e-6, 400e-6), 0.0};
    const AppearanceModel model(SkinOptics::preset(skins[i % 3]), without_scattering(inks[i % 5]), faces(), {}, clumps,
                                dots);
    const double dose = std::pow(10.0, between(-4.5, -1.5));  // [kg/m2] in the dots
    Profile before;
    Profile after;
    for (std::size_t pool = 0; pool < 3; ++pool) {
      const double mass = dose * between(0.0, 1.0);
      const double depth = between(60e-6, 800e-6);
      const double width = between(30e-6, 200e-6);
      const double kept = mass * between(0.05, 1.0);
      const double moved = kept * (i % 2 == 0 ? between(0.0, 1.0) : 0.0);
      const double deeper = i % 7 == 0 ? 0.0 : between(-60e-6, 150e-6);
      before.add(pool, mass, depth, width);
      after.add(pool, kept - moved, std::max(40e-6, depth + deeper), width * between(0.9, 1.6));
      after.add((pool + 1) % 3, moved, std::max(40e-6, depth + deeper), width * between(0.9, 1.6));
    }
    if (i % 3 == 0) after.add(0, dose * between(0.0, 12.0), between(200e-6, 1200e-6), between(40e-6, 150e-6));
    const Verdict verdict = judge(model, before, after);
    if (verdict.sure == 0.0) continue;
    ++sure;
    least = std::min(least, verdict.ratio / verdict.sure);
    EXPECT_GE(verdict.ratio, verdict.sure) << "case " << i;
  }
  RecordProperty("sure", sure);
  RecordProperty("least", std::to_string(least));
  EXPECT_GT(sure, 500);
  EXPECT_GT(least, 1.02);  // some of the margin is left
}

// What is placed deep under what was lost is not seen in its place.
TEST(ContrastBound, DoesNotCountDeepPigmentForWhatWasLostAboveIt) {
  const AppearanceModel model = carbon_black();
  const Profile before = Profile().add(0, 1e-3, 250e-6, 30e-6);
  const Profile after = Profile().add(0, 0.05e-3, 250e-6, 30e-6).add(0, 4e-3, 650e-6, 30e-6);
  const Verdict verdict = judge(model, before, after);
  EXPECT_LT(verdict.ratio, 0.7);
  EXPECT_LT(verdict.sure, 0.1);
}

// Nor is what lay deep, in the way of nobody's eye, once what hid it is gone.
TEST(ContrastBound, KnowsThatPigmentHidesWhatLiesBelow) {
  const AppearanceModel model = carbon_black();
  const Profile before = Profile().add(0, 1e-3, 120e-6, 30e-6).add(0, 20e-3, 800e-6, 60e-6);
  const Profile after = Profile().add(0, 20e-3, 800e-6, 60e-6);
  const Verdict verdict = judge(model, before, after);
  EXPECT_LT(verdict.ratio, 0.5);
  EXPECT_LT(verdict.sure, 0.1);
}

TEST(ContrastBound, KnowsThatATallerDotIsPackedMore) {
  const AppearanceModel model = carbon_black("light", {0.1, 200e-6, 0.0});
  const Profile before = Profile().add(0, 5e-3, 200e-6, 15e-6);
  Profile after = Profile().add(0, 5e-3, 200e-6, 15e-6).add(0, 50e-3, 900e-6, 200e-6);
  const Verdict verdict = judge(model, before, after);
  EXPECT_LE(verdict.sure, verdict.ratio);
}

TEST(ContrastBound, IsSureWherePigmentLeavesEvenly) {
  const AppearanceModel model = carbon_black("dark", {0.1, 200e-6, 0.0});
  const Profile before = Profile().add(0, 1e-3, 4e-4, 1e-4).add(1, 1e-3, 4e-4, 1e-4);
  Profile after = before;
  for (double& value : after.values) value *= 0.7;
  const Verdict verdict = judge(model, before, after);
  EXPECT_NEAR(verdict.sure, 0.7 / 1.2, 0.02);
}

TEST(ContrastBound, IsNeverSureOfPigmentThatScatters) {
  const AppearanceModel model(SkinOptics::preset("light"), InkOptics::pigment("titanium_dioxide"), faces());
  const Profile profile = Profile().add(0, 1e-3, 4e-4, 1e-4);
  EXPECT_EQ(judge(model, profile, profile).sure, 0.0);
}

TEST(LookAlike, HasNoJumpsWhereLooksMergeOtherwise) {
  AppearanceOptions options;
  options.fidelity = Fidelity::fast;
  const AppearanceModel model(SkinOptics::preset("light"), InkOptics::pigment("carbon_black"), faces(), {}, {}, {},
                              options);
  AppearanceModel::Work work(model);
  const auto at = [](double depth) { return Profile().add(0, 1e-3, depth, 1e-4); };
  const Profile middle = at(400e-6);
  const double own = model.look(middle.view(), work).contrast;
  const AppearanceModel::Layout layout = AppearanceModel::layout(work);
  EXPECT_EQ(model.look_alike(middle.view(), work, layout).contrast, own);
  double jump_of_looks = 0.0;
  double bend_of_alike = 0.0;
  double looked[3]{};
  double alike[3]{};
  for (int i = 0; i < 200; ++i) {
    const Profile profile = at(400e-6 + 0.2e-6 * (i - 100));
    std::rotate(looked, looked + 1, looked + 3);
    std::rotate(alike, alike + 1, alike + 3);
    looked[2] = model.look(profile.view(), work).contrast;
    alike[2] = model.look_alike(profile.view(), work, layout).contrast;
    if (i < 2) continue;
    jump_of_looks = std::max(jump_of_looks, std::abs(looked[2] - 2.0 * looked[1] + looked[0]));
    bend_of_alike = std::max(bend_of_alike, std::abs(alike[2] - 2.0 * alike[1] + alike[0]));
  }
  EXPECT_LT(bend_of_alike, 5e-5);  // what a step of 0.2 um bends the curve itself
  EXPECT_GT(jump_of_looks, 20.0 * bend_of_alike);
}

}  // namespace
}  // namespace inkfade::appearance
