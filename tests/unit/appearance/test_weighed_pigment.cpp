#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "inkfade/appearance/appearance_model.hpp"

namespace inkfade::appearance {
namespace {

constexpr std::size_t n_cells = 50;

std::vector<double> faces() {
  std::vector<double> z;
  for (std::size_t i = 0; i <= n_cells; ++i) z.push_back(30e-6 * static_cast<double>(i));
  return z;
}

/// A cloud of pigment in each pool, as the state of a column has it.
std::vector<double> clouds(const double (&mass)[3], const double (&depth)[3], const double (&width)[3]) {
  std::vector<double> pigment(3 * n_cells, 0.0);
  for (std::size_t pool = 0; pool < 3; ++pool) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n_cells; ++i) {
      const double z = (30e-6 * (static_cast<double>(i) + 0.5) - depth[pool]) / width[pool];
      pigment[3 * i + pool] = std::exp(-0.5 * z * z);
      sum += pigment[3 * i + pool] * 30e-6;
    }
    for (std::size_t i = 0; i < n_cells; ++i) pigment[3 * i + pool] *= mass[pool] / sum;
  }
  return pigment;
}

/// Pigment that is lost, moves between pools and through the skin, as much as in any run and more.
TEST(WeighedPigment, IsOnlySureOfAContrastThatIsKept) {
  std::mt19937 random(7);
  const auto between = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  const std::vector<std::string> skins{"light", "medium", "dark"};
  const std::vector<std::string> pigments{"carbon_black", "azo_red", "azo_yellow", "phthalocyanine_blue",
                                          "phthalocyanine_green"};
  int sure = 0;
  double least = 10.0;
  for (int i = 0; i < 400; ++i) {
    const Clumps clumps{{between(0.0, 0.4), 1e-6}, {between(0.05, 0.4), 7e-6}, {between(0.0, 0.4), 1e-6}};
    const DotPatch dots{between(0.02, 1.0), between(50e-6, 300e-6), 0.0};
    const AppearanceModel model(SkinOptics::preset(skins[static_cast<std::size_t>(i) % 3]),
                                InkOptics::pigment(pigments[static_cast<std::size_t>(i) % 5]), faces(), {}, clumps,
                                dots);
    AppearanceModel::Work work(model);
    const double dose = std::pow(10.0, between(-4.5, -1.7));  // [kg/m2] in the dots
    double mass[3];
    double depth[3];
    double width[3];
    double left[3];
    double deeper[3];
    double wider[3];
    const double kept = between(0.2, 1.0);
    for (std::size_t pool = 0; pool < 3; ++pool) {
      mass[pool] = dose * between(0.0, 1.0);
      left[pool] = kept * mass[pool] * between(0.5, 1.0);
      depth[pool] = between(100e-6, 800e-6);
      width[pool] = between(40e-6, 200e-6);
      deeper[pool] = std::max(60e-6, depth[pool] + between(-100e-6, 150e-6));
      wider[pool] = width[pool] * between(0.7, 2.0);
    }
    const std::size_t from = static_cast<std::size_t>(i) % 3;
    const double moved = left[from] * between(0.0, 1.0);
    left[from] -= moved;
    left[(from + 1) % 3] += moved;
    const std::vector<double> before = clouds(mass, depth, width);
    const std::vector<double> after = clouds(left, deeper, wider);
    const AppearanceModel::Weighed then = model.weigh({before, 3, 1}, work);
    const AppearanceModel::Weighed now = model.weigh({after, 3, 1}, work);
    const double ratio = model.look({after, 3, 1}, work).contrast / model.look({before, 3, 1}, work).contrast;
    for (const double share : {0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2}) {
      if (!model.surely_kept(share, now, then)) continue;
      ++sure;
      least = std::min(least, ratio / share);
      EXPECT_GE(ratio, share) << "case " << i;
    }
  }
  RecordProperty("least", std::to_string(least));
  EXPECT_GT(least, 1.02);  // some of the margin is left
  EXPECT_GT(sure, 100);    // where pigment saturates what is seen, it often is not
}

TEST(WeighedPigment, IsSureWherePigmentLeavesEvenly) {
  const AppearanceModel model(SkinOptics::preset("light"), InkOptics::pigment("carbon_black"), faces());
  AppearanceModel::Work work(model);
  std::vector<double> pigment = clouds({1e-3, 1e-3, 1e-3}, {4e-4, 4e-4, 4e-4}, {1e-4, 1e-4, 1e-4});
  const AppearanceModel::Weighed before = model.weigh({pigment, 3, 1}, work);
  for (double& value : pigment) value *= 0.7;
  const AppearanceModel::Weighed after = model.weigh({pigment, 3, 1}, work);
  EXPECT_TRUE(model.surely_kept(0.5, after, before));
  EXPECT_FALSE(model.surely_kept(0.7, after, before));
}

TEST(WeighedPigment, IsNeverSureOfPigmentThatScatters) {
  const AppearanceModel model(SkinOptics::preset("light"), InkOptics::pigment("titanium_dioxide"), faces());
  AppearanceModel::Work work(model);
  const std::vector<double> pigment = clouds({1e-3, 1e-3, 1e-3}, {4e-4, 4e-4, 4e-4}, {1e-4, 1e-4, 1e-4});
  const AppearanceModel::Weighed weighed = model.weigh({pigment, 3, 1}, work);
  EXPECT_FALSE(model.surely_kept(0.1, weighed, weighed));
}

TEST(WeighedPigment, AddsUpWithDose) {
  const AppearanceModel model(SkinOptics::preset("light"), InkOptics::pigment("carbon_black"), faces());
  AppearanceModel::Work work(model);
  std::vector<double> pigment = clouds({1e-3, 2e-3, 3e-3}, {4e-4, 3e-4, 2e-4}, {1e-4, 1e-4, 1e-4});
  const AppearanceModel::Weighed once = model.weigh({pigment, 3, 1}, work);
  for (double& value : pigment) value *= 2.0;
  const AppearanceModel::Weighed twice = model.weigh({pigment, 3, 1}, work);
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_NEAR(twice[i], 2.0 * once[i], 1e-12 * twice[i]);
  EXPECT_LT(once[2], once[0]);  // of what lies deep, less counts
}

}  // namespace
}  // namespace inkfade::appearance
