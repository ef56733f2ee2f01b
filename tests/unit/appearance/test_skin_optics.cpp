#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "inkfade/appearance/ink_optics.hpp"
#include "inkfade/appearance/skin_optics.hpp"
#include "inkfade/base/errors.hpp"
#include "layers_of.hpp"

namespace inkfade::appearance {
namespace {

constexpr std::size_t blue = 5;    // 450 nm
constexpr std::size_t green = 15;  // 550 nm
constexpr std::size_t red = 25;    // 650 nm

TEST(SkinOptics, HasTheOpticsOfTheReferenceCases) {
  const std::vector<test::SkinCase> cases = test::skin_cases();
  const Layers light = skin_layers(SkinOptics::preset("light"));
  const Layers dark = skin_layers(SkinOptics::preset("dark"));
  const auto expect = [](const Layers& layers, std::size_t wavelength, const test::SkinCase& skin) {
    for (std::size_t l = 0; l < 3; ++l) {
      const test::Slab& slab = skin.slabs[l];  // in 1/mm, four digits
      EXPECT_NEAR(1e-3 * layers.mu_a(l)[wavelength], slab.mu_a, 1e-3 * slab.mu_a) << skin.name << ", layer " << l;
      EXPECT_NEAR(1e-3 * layers.mu_s(l)[wavelength], slab.mu_s, 4e-3 * slab.mu_s) << skin.name << ", layer " << l;
      EXPECT_NEAR(layers.g(l)[wavelength], slab.g, 1e-12) << skin.name << ", layer " << l;
    }
  };
  expect(light, blue, cases[0]);
  expect(light, green, cases[1]);
  expect(dark, green, cases[2]);
}

TEST(SkinOptics, PresetsHaveTheirColours) {
  const std::vector<std::pair<std::string, Lab>> colours = {
      {"light", {60.3, 11.3, 14.1}}, {"medium", {53.9, 11.7, 18.1}}, {"dark", {42.8, 14.3, 20.4}}};
  for (const auto& [name, lab] : colours) {
    EXPECT_LT(delta_e_2000(lab_of(bare_reflectance(SkinOptics::preset(name))), lab), 0.15) << name;
  }
}

TEST(SkinOptics, DarkensWithMelanosomesAndReddensWithBlood) {
  SkinOptics skin;
  double ita = 90.0;
  for (const double melanosomes : {0.01, 0.02, 0.04, 0.08, 0.16}) {
    skin.melanosomes = melanosomes;
    const double next = individual_typology_angle(lab_of(bare_reflectance(skin)));
    EXPECT_LT(next, ita);
    ita = next;
  }
  skin = SkinOptics::preset("light");
  const double a = lab_of(bare_reflectance(skin)).a;
  skin.blood *= 2.0;
  EXPECT_GT(lab_of(bare_reflectance(skin)).a, a);
}

// Means of groups as published (Alaluf 2002; Xiao 2017), for the observer of 10 degrees. With it the darkest group is
// fitted to 2.24; this room has the observer of 2 degrees, which leaves 2.9 there.
TEST(SkinOptics, FitsPublishedColoursOfEightGroups) {
  const std::vector<Lab> groups = {{65.0, 7.1, 13.3},     {62.1, 8.4, 16.3},     {53.7, 10.3, 17.9},
                                   {53.94, 12.57, 19.23}, {43.71, 12.89, 17.15}, {38.14, 12.66, 15.04},
                                   {59.2, 11.6, 15.1},    {56.4, 11.7, 16.3}};
  std::vector<double> differences;
  for (const Lab& lab : groups) {
    differences.push_back(delta_e_2000(lab_of(bare_reflectance(SkinOptics::from_lab(lab))), lab));
  }
  std::ranges::sort(differences);
  EXPECT_LT(differences.back(), 3.0);
  EXPECT_LT(0.5 * (differences[3] + differences[4]), 0.9);
}

TEST(SkinOptics, IsFoundAgainFromItsColour) {
  for (const std::string& name : SkinOptics::preset_names()) {
    const SkinOptics skin = SkinOptics::preset(name);
    const SkinOptics fitted = SkinOptics::from_lab(lab_of(bare_reflectance(skin)));
    EXPECT_NEAR(fitted.melanosomes, skin.melanosomes, 1e-3 * skin.melanosomes) << name;  // the simplex ends at 1e-4
    EXPECT_NEAR(fitted.blood, skin.blood, 1e-3 * skin.blood) << name;
  }
}

TEST(SkinOptics, HasTheTypologyAngleThatWasAskedFor) {
  for (const double ita : {55.0, 36.0, 12.0, -19.0, -40.0}) {
    const SkinOptics skin = SkinOptics::from_ita(ita);
    EXPECT_NEAR(individual_typology_angle(lab_of(bare_reflectance(skin))), ita, 1e-6) << ita;
  }
}

TEST(SkinOptics, RefusesWhatIsNoSkin) {
  EXPECT_THROW(static_cast<void>(SkinOptics::preset("pale")), ParameterError);
  EXPECT_THROW(static_cast<void>(SkinOptics::from_ita(89.0)), ParameterError);
  EXPECT_THROW(static_cast<void>(SkinOptics::from_lab({50.0, -40.0, 0.0})), ParameterError);
  SkinOptics skin;
  skin.blood = 2.0;
  EXPECT_THROW(static_cast<void>(skin_layers(skin)), ParameterError);
}

TEST(InkOptics, CarbonBlackAbsorbsAsMeasured) {
  const InkOptics carbon = InkOptics::pigment("carbon_black");
  EXPECT_NEAR(carbon.absorption[green], 7500.0, 1e-9);  // Bond and Bergstrom 2006, 7.5 m2/g
  EXPECT_NEAR(carbon.absorption[blue], 7500.0 * 550.0 / 450.0, 1e-9);
  EXPECT_EQ(carbon.scattering[green], 0.0);
}

TEST(InkOptics, TabulatedPigmentsRunThroughTheirTables) {
  const InkOptics hematite = InkOptics::pigment("iron_oxide_red");
  EXPECT_NEAR(hematite.absorption[blue], 2400.0, 1e-9);
  EXPECT_NEAR(hematite.absorption[green], 2200.0, 1e-9);
  EXPECT_NEAR(hematite.absorption[red], 700.0, 1e-9);
  const InkOptics rutile = InkOptics::pigment("titanium_dioxide");
  EXPECT_NEAR(rutile.scattering[green], 2400.0, 1e-9);
  EXPECT_EQ(rutile.absorption[green], 0.0);
}

TEST(InkOptics, OfAMixtureIsTheMeanByMass) {
  const InkOptics black = InkOptics::pigment("carbon_black");
  const InkOptics white = InkOptics::pigment("titanium_dioxide");
  const InkOptics grey = InkOptics::mixture({{black, 1.0}, {white, 3.0}});
  EXPECT_NEAR(grey.absorption[green], 0.25 * black.absorption[green], 1e-9);
  EXPECT_NEAR(grey.scattering[green], 0.75 * white.scattering[green], 1e-9);
  EXPECT_NEAR(1.0 / grey.density, 0.25 / black.density + 0.75 / white.density, 1e-15);
  EXPECT_THROW(static_cast<void>(InkOptics::mixture({{black, 0.0}})), ParameterError);
}

TEST(InkOptics, EveryPigmentIsAllowedAndSaysWhatItRestsOn) {
  for (const PigmentFacts& facts : pigments()) {
    EXPECT_NO_THROW(InkOptics::pigment(facts.name).check()) << facts.name;
    EXPECT_FALSE(facts.source.empty()) << facts.name;
  }
  EXPECT_THROW(static_cast<void>(InkOptics::pigment("henna")), ParameterError);
}

}  // namespace
}  // namespace inkfade::appearance
