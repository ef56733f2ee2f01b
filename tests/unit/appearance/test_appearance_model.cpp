#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "inkfade/appearance/appearance_model.hpp"
#include "inkfade/base/errors.hpp"

namespace inkfade::appearance {
namespace {

constexpr double millimetre = 1e-3;
constexpr double junction = 80e-6;  // of the presets

Clumps dispersed() { return {{0.0, 0.0}, {0.0, 0.0}, {0.0, 0.0}}; }

std::vector<double> even_faces(double depth, int n) {
  std::vector<double> faces;
  for (int i = 0; i <= n; ++i) faces.push_back(depth * i / n);
  return faces;
}

/// A sheet of 0.1 mm, its top z [m] below the junction, of carbon black in the free pool.
struct Sheet {
  std::vector<double> faces = even_faces(1.58 * millimetre, 158);
  AppearanceModel model;
  AppearanceModel::Work work;

  explicit Sheet(const std::string& skin, const AppearanceOptions& options = {}, const DotPatch& dots = {})
      : model(SkinOptics::preset(skin), InkOptics::pigment("carbon_black"), faces, {}, dispersed(), dots, options),
        work(model) {}

  /// @param dose [kg/m2] inside of the dots
  Appearance look(double z, double dose) {
    std::vector<double> pigment(3 * model.n_cells(), 0.0);
    for (std::size_t i = 0; i < model.n_cells(); ++i) {
      const double centre = 0.5 * (faces[i] + faces[i + 1]) - junction;
      if (centre > z && centre < z + 0.1 * millimetre) pigment[3 * i] = dose / (0.1 * millimetre);
    }
    return model.look({pigment, 3, 1}, work);
  }
};

struct Row {
  const char* skin;
  double z;                      ///< [mm]
  std::vector<double> contrast;  ///< at 1, 3, 10, 30, 100, 300 and 1000 mg/m2
};
const std::vector<double> doses = {1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3};
// Computed independently, with 5 streams: two or three digits.
const std::vector<Row> table = {
    {"light", .05, {.64, 1.9, 5.6, 13.6, 26.2, 31.8, 32.6}},  {"light", .20, {.55, 1.6, 4.7, 10.6, 18.6, 22.2, 22.6}},
    {"light", .50, {.44, 1.2, 3.5, 7.3, 11.5, 12.9, 13.1}},   {"light", .80, {.35, .98, 2.7, 5.2, 7.7, 8.4, 8.5}},
    {"medium", .05, {.59, 1.7, 5.2, 12.2, 22.3, 27.4, 28.2}}, {"medium", .50, {.38, 1.1, 3.1, 6.4, 10.2, 11.4, 11.6}},
    {"dark", .05, {.41, 1.2, 3.6, 8.5, 16.8, 21.7, 22.4}},    {"dark", .20, {.36, 1.1, 3.1, 7.1, 12.9, 15.4, 15.8}},
    {"dark", .50, {.28, .80, 2.3, 4.8, 7.6, 8.6, 8.7}}};

TEST(AppearanceModel, HasTheContrastsOfTheTableOfDosesAndDepths) {
  for (const Row& row : table) {
    Sheet sheet(row.skin);
    for (std::size_t i = 0; i < doses.size(); ++i) {
      // Half a digit of the table, and what 5 streams differ from 6.
      EXPECT_NEAR(sheet.look(row.z * millimetre, doses[i]).contrast, row.contrast[i], 0.06 + 0.005 * row.contrast[i])
          << row.skin << ", z " << row.z << " mm, dose " << doses[i];
    }
  }
}

TEST(AppearanceModel, PreviewsContrastWithin7PerCent) {
  AppearanceOptions options;
  options.fidelity = Fidelity::preview;
  AppearanceOptions many;
  many.streams = 16;
  for (const std::string skin : {"light", "medium", "dark"}) {
    Sheet reference(skin, many);
    Sheet preview(skin, options);
    for (const double z : {.05, .2, .5}) {
      for (const double dose : {1e-5, 1e-4, 1e-3}) {  // 27 cases
        const double truth = reference.look(z * millimetre, dose).contrast;
        EXPECT_NEAR(preview.look(z * millimetre, dose).contrast, truth, 0.07 * truth)
            << skin << ", " << z << ", " << dose;
      }
    }
  }
}

TEST(AppearanceModel, IsFainterWithDepthAndWithMelanin) {
  for (const std::string skin : {"light", "medium", "dark"}) {
    Sheet sheet(skin);
    for (const double dose : {1e-6, 1e-5, 1e-4, 1e-3}) {
      double before = 1e9;
      for (const double z : {.05, .1, .2, .3, .5, .8, 1.2}) {
        const double contrast = sheet.look(z * millimetre, dose).contrast;
        EXPECT_LT(contrast, before) << skin << ", " << z;
        before = contrast;
      }
    }
  }
  Sheet light("light");
  Sheet medium("medium");
  Sheet dark("dark");
  for (const double z : {.05, .2, .5}) {
    const double in_medium = medium.look(z * millimetre, 1e-5).contrast;
    EXPECT_GT(light.look(z * millimetre, 1e-5).contrast, in_medium);
    EXPECT_GT(in_medium, dark.look(z * millimetre, 1e-5).contrast);
  }
}

TEST(AppearanceModel, DeeperIsRelativelyBluer) {
  Sheet sheet("light");
  double a_over_l = 0.0;
  double b_over_l = 0.0;
  for (const double z : {.05, .2, .5, .8}) {
    const Lab lab = sheet.look(z * millimetre, 1e-6).lab;
    const Lab bare = sheet.model.bare().lab;
    const double a = std::abs((lab.a - bare.a) / (lab.l - bare.l));
    const double b = std::abs((lab.b - bare.b) / (lab.l - bare.l));
    EXPECT_GT(a, a_over_l);
    EXPECT_GT(b, b_over_l);
    a_over_l = a;
    b_over_l = b;
  }
  EXPECT_NEAR(a_over_l, 2.9, 0.1);
  EXPECT_NEAR(b_over_l, 1.5, 0.1);
}

TEST(AppearanceModel, IsBluestWhereOpaqueInkIsShallow) {
  Sheet sheet("light");
  double before = -1e9;
  for (const double z : {.05, .2, .5, .8}) {
    const double b = sheet.look(z * millimetre, 1e-3).lab.b;
    EXPECT_GT(b, before);
    before = b;
  }
  EXPECT_LT(sheet.look(.05 * millimetre, 1e-3).lab.b, -5.0);
}

TEST(AppearanceModel, IsLinearForFaintInkAndSaturatesForMuch) {
  for (const std::string skin : {"light", "dark"}) {
    Sheet sheet(skin);
    for (const double z : {.05, .2, .5}) {
      const double faint = sheet.look(z * millimetre, 1e-6).contrast / 1e-6;
      EXPECT_NEAR(sheet.look(z * millimetre, 3e-6).contrast / 3e-6, faint, 0.07 * faint);
      double slope = 1e300;
      double before = 0.0;
      double dose_before = 0.0;
      for (const double dose : {1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3}) {
        const double contrast = sheet.look(z * millimetre, dose).contrast;
        const double next = (contrast - before) / (dose - dose_before);
        EXPECT_LT(next, 1.01 * slope) << "concave, but for 1 %: dE00 is no smooth metric near skin";
        slope = next;
        before = contrast;
        dose_before = dose;
      }
      EXPECT_NEAR(sheet.look(z * millimetre, 3e-4).contrast, before, 0.04 * before);
    }
  }
}

TEST(AppearanceModel, WithoutPigmentIsBareSkinExactly) {
  for (const Fidelity fidelity : {Fidelity::full, Fidelity::fast, Fidelity::preview}) {
    AppearanceOptions options;
    options.fidelity = fidelity;
    Sheet sheet("medium", options);
    const Appearance none = sheet.look(0.2 * millimetre, 0.0);
    EXPECT_EQ(none.contrast, 0.0);
    EXPECT_EQ(none.lab, sheet.model.bare().lab);
  }
}

TEST(AppearanceModel, FadesAfterADelayWhenInkDecaysFromSaturation) {
  Sheet sheet("light");
  const double start = sheet.look(.2 * millimetre, 3e-3).contrast;
  // dose exp(-k t): after one, three and seven times 1/k of mass loss.
  EXPECT_GT(sheet.look(.2 * millimetre, 3e-3 * std::exp(-1.0)).contrast, 0.97 * start);
  EXPECT_GT(sheet.look(.2 * millimetre, 3e-3 * std::exp(-3.0)).contrast, 0.75 * start);
  EXPECT_LT(sheet.look(.2 * millimetre, 3e-3 * std::exp(-7.0)).contrast, 0.15 * start);
}

TEST(AppearanceModel, PackedPigmentIsSeenLessAtTheSameMass) {
  const std::vector<double> faces = even_faces(1.6 * millimetre, 64);
  const AppearanceModel model(SkinOptics::preset("light"), InkOptics::pigment("carbon_black"), faces);
  AppearanceModel::Work work(model);
  const auto in_pool = [&](std::size_t pool) {
    std::vector<double> pigment(3 * 64, 0.0);
    for (std::size_t i = 12; i < 16; ++i) pigment[3 * i + pool] = 1.0;
    return model.look({pigment, 3, 1}, work).contrast;
  };
  EXPECT_LT(in_pool(1), 0.9 * in_pool(0));
  EXPECT_EQ(in_pool(2), in_pool(0));
}

// Monte Carlo of a lattice of cylinders (pitch 1 mm, radius 0.2 mm, 0.13 to 0.33 mm deep, 15 1/mm) in skin with the
// layers below, at 550 nm: 0.2245 +- 0.0003; evenly smeared ink gives 0.1477, Murray-Davies 0.2796.
TEST(AppearanceModel, PacksDotsAsMonteCarloHasThem) {
  const double share = 3.14159265358979 * 0.2 * 0.2;
  const double chord = 1.5 * mean_chord(0.2, 0.2);
  const double ink = 15.0 * share * packaging_factor(15.0 * chord);
  Layers layers(1);
  const auto add = [&](double mu_a, double mu_s, double g, double thickness) {
    const std::size_t i = layers.append(thickness);
    layers.mu_a(i)[0] = mu_a;
    layers.mu_s(i)[0] = mu_s;
    layers.g(i)[0] = g;
    layers.pad(i);
  };
  add(1.0339, 26.10, .7795, .08);
  add(0.1230, 16.595, .7795, .05);
  add(0.1230 + ink, 16.595, .7795, .2);
  add(0.1230, 16.595, .7795, 1.25);
  add(0.0464, 7.217, .8, std::numeric_limits<double>::infinity());
  EXPECT_NEAR(layered_reflectance(layers).sce[0], 0.2245, 0.012);
}

TEST(AppearanceModel, SpreadingOpaqueDotsDarkensThePatchAndFaintOnesDoNot) {
  const auto patch = [](double radius, double dose) {  // of the same mass per dot, pitch 1 mm
    const double coverage = 3.14159265358979 * radius * radius / 1e-6;
    Sheet sheet("light", {}, {coverage, radius, 0.1 * millimetre});
    return sheet.look(.2 * millimetre, dose / coverage).contrast;
  };
  EXPECT_GT(patch(0.25e-3, 3e-4), 1.1 * patch(0.15e-3, 3e-4));
  EXPECT_NEAR(patch(0.25e-3, 1e-7), patch(0.15e-3, 1e-7), 0.02 * patch(0.15e-3, 1e-7));
}

/// Gaussians of many depths, widths and doses [kg/m3], with and without a share in the epidermis.
template <class F>
void for_profiles(const std::vector<double>& faces, F&& f) {
  const double width = faces[1];
  for (const double depth : {.15, .25, .4, .6, .9}) {
    for (const double sd : {.05, .12, .2}) {
      for (const double dose : {3e-6, 3e-5, 3e-4, 3e-3, 1e-2}) {
        for (const double epidermal : {0.0, 0.1}) {
          std::vector<double> shape;
          double total = 0.0;
          for (std::size_t i = 0; i + 1 < faces.size(); ++i) {
            const double z = 0.5 * (faces[i] + faces[i + 1]) / millimetre;
            shape.push_back(z > .08 ? std::exp(-0.5 * std::pow((z - depth) / sd, 2)) : 0.0);
            total += shape.back() * width;
          }
          std::vector<double> pigment(3 * shape.size(), 0.0);
          for (std::size_t i = 0; i < shape.size(); ++i) {
            const bool above = faces[i + 1] <= junction * (1 + 1e-9);
            pigment[3 * i] = dose * (above ? epidermal / junction : (1.0 - epidermal) * shape[i] / total);
          }
          f(pigment);
        }
      }
    }
  }
}

struct Differences {
  double largest = 0.0;
  double mean = 0.0;
  double beyond = 0.0;  ///< largest of |difference| less a share of the contrast
};

/// Differences of contrast between two ways to look.
Differences differences(const AppearanceOptions& one, const AppearanceOptions& other, double share = 0.04) {
  const std::vector<double> faces = even_faces(1.6 * millimetre, 80);
  Differences all;
  int n = 0;
  for (const std::string skin : {"light", "dark"}) {
    const AppearanceModel a(SkinOptics::preset(skin), InkOptics::pigment("carbon_black"), faces, {}, {}, {}, one);
    const AppearanceModel b(SkinOptics::preset(skin), InkOptics::pigment("carbon_black"), faces, {}, {}, {}, other);
    AppearanceModel::Work work_a(a);
    AppearanceModel::Work work_b(b);
    for_profiles(faces, [&](const std::vector<double>& pigment) {
      const double truth = b.look({pigment, 3, 1}, work_b).contrast;
      const double difference = std::abs(a.look({pigment, 3, 1}, work_a).contrast - truth);
      all.largest = std::max(all.largest, difference);
      all.beyond = std::max(all.beyond, difference - share * truth);
      all.mean += difference;
      ++n;
    });
  }
  all.mean /= n;
  return all;
}

TEST(AppearanceModel, MergesCellsWithoutAVisibleError) {
  AppearanceOptions all;
  all.most_cells = 1000;
  all.merge_below = 0.0;
  EXPECT_LT(differences({}, all).largest, 0.03);  // a twentieth of what the best eye sees
}

TEST(AppearanceModel, FastLookIsWithinItsStatedError) {
  AppearanceOptions fast;
  fast.fidelity = Fidelity::fast;
  const Differences found = differences(fast, {});
  EXPECT_LT(found.largest, 1.0);
  EXPECT_LT(found.mean, 0.15);
  EXPECT_LT(found.beyond, 0.1);
}

TEST(AppearanceModel, SteadyLookIsWithinItsStatedError) {
  AppearanceOptions steady;
  steady.fidelity = Fidelity::steady;
  const Differences found = differences(steady, {}, 0.01);
  EXPECT_LT(found.largest, 0.5);
  EXPECT_LT(found.mean, 0.12);
  EXPECT_LT(found.beyond, 0.1);
}

TEST(AppearanceModel, ReadsTheStateOfAColumnAsItLies) {
  // Pools by size class with the macrophages' number after them; large aggregates absorb as the clumps that they are.
  const std::vector<double> faces = even_faces(1.6 * millimetre, 40);
  const std::vector<double> diameters = {50e-9, 5e-6};
  const SkinOptics skin = SkinOptics::preset("light");
  const InkOptics ink = InkOptics::pigment("carbon_black");
  const AppearanceModel by_class(skin, ink, faces, diameters);
  const AppearanceModel by_pool(skin, ink, faces);
  AppearanceModel::Work work(by_class);
  AppearanceModel::Work pool_work(by_pool);
  std::vector<double> small(40 * 7, 0.0);
  std::vector<double> large(40 * 7, 0.0);
  std::vector<double> pool(40 * 3, 0.0);
  for (std::size_t i = 8; i < 12; ++i) {
    small[7 * i] = large[7 * i + 1] = pool[3 * i] = 1.0;
    small[7 * i + 6] = large[7 * i + 6] = 1e13;  // 1/m3
  }
  const double of_small = by_class.look({small, 7, 2}, work).contrast;
  EXPECT_NEAR(of_small, by_pool.look({pool, 3, 1}, pool_work).contrast, 1e-12);
  EXPECT_LT(by_class.look({large, 7, 2}, work).contrast, 0.9 * of_small);
}

TEST(AppearanceModel, WhitePigmentLightensDarkSkin) {
  const std::vector<double> faces = even_faces(1.6 * millimetre, 40);
  const AppearanceModel model(SkinOptics::preset("dark"), InkOptics::pigment("titanium_dioxide"), faces);
  AppearanceModel::Work work(model);
  std::vector<double> pigment(40 * 3, 0.0);
  for (std::size_t i = 4; i < 8; ++i) pigment[3 * i] = 20.0;
  EXPECT_GT(model.look({pigment, 3, 1}, work).lab.l, model.bare().lab.l + 1.0);
}

TEST(AppearanceModel, SolvesOnlyWhatLiesAboveTheDeepestPigment) {
  Sheet sheet("light");
  sheet.look(.05 * millimetre, 1e-4);
  EXPECT_LE(AppearanceModel::layers_solved(sheet.work), 12U);  // epidermis, dermis above, ten cells of ink
}

TEST(AppearanceModel, CutsCellsWhereTheSkinChanges) {
  // One cell across the junction has its pigment in both layers.
  const std::vector<double> coarse = {0.0, 0.06e-3, 0.2e-3, 1.6e-3};
  const std::vector<double> fine = {0.0, 0.06e-3, 0.08e-3, 0.2e-3, 1.6e-3};
  const SkinOptics skin = SkinOptics::preset("light");
  const InkOptics ink = InkOptics::pigment("carbon_black");
  const AppearanceModel a(skin, ink, coarse);
  const AppearanceModel b(skin, ink, fine);
  AppearanceModel::Work work_a(a);
  AppearanceModel::Work work_b(b);
  const std::vector<double> in_a = {0, 0, 0, 1, 0, 0, 0, 0, 0};
  const std::vector<double> in_b = {0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0};
  EXPECT_NEAR(a.look({in_a, 3, 1}, work_a).contrast, b.look({in_b, 3, 1}, work_b).contrast, 1e-9);
}

TEST(AppearanceModel, RefusesFacesAndProfilesThatDoNotFit) {
  const SkinOptics skin;
  const InkOptics ink = InkOptics::pigment("carbon_black");
  EXPECT_THROW(AppearanceModel(skin, ink, std::vector<double>{0.0}), ParameterError);
  EXPECT_THROW(AppearanceModel(skin, ink, std::vector<double>{0.1e-3, 1e-3}), ParameterError);
  EXPECT_THROW(AppearanceModel(skin, ink, std::vector<double>{0.0, 1e-3, 0.5e-3}), ParameterError);
  const AppearanceModel model(skin, ink, std::vector<double>{0.0, 1e-3});
  AppearanceModel::Work work(model);
  const std::vector<double> two(2, 1.0);
  EXPECT_THROW(static_cast<void>(model.look({two, 3, 1}, work)), ParameterError);
}

}  // namespace
}  // namespace inkfade::appearance
