#include <gtest/gtest.h>

#include <string>

#include "inkfade/skin/skin_profile.hpp"

namespace inkfade::skin {
namespace {

using parameters::Scenario;

TEST(SkinProfile, StacksItsLayersWithoutGaps) {
  for (const std::string& name : Scenario::preset_names()) {
    const SkinProfile skin = make_skin_profile(Scenario::preset(name));
    double depth = 0.0;
    for (const Layer& layer : skin.layers) {
      EXPECT_EQ(layer.top, depth) << name;
      depth = layer.bottom();
    }
    EXPECT_EQ(skin.depth, depth) << name;
  }
}

TEST(SkinProfile, PutsTheJunctionUnderTheLastEpidermalLayer) {
  const SkinProfile skin = make_skin_profile(Scenario::preset("scalp-smp"));
  for (const Layer& layer : skin.layers) {
    EXPECT_EQ(layer.tissue == Tissue::epidermis, layer.bottom() <= skin.junction_depth) << layer.name;
  }
}

TEST(SkinProfile, DarkensTheEpidermisWithThePhototypeAndNotTheDermis) {
  const auto of_type = [](std::int64_t type) {
    return make_skin_profile(Scenario::preset("scalp-smp").with({{"skin.phototype", type}}));
  };
  const SkinProfile fair = of_type(2);
  const SkinProfile dark = of_type(6);
  EXPECT_EQ(dark.layers[0].uv_attenuation, 3.0 * fair.layers[0].uv_attenuation);
  EXPECT_EQ(dark.layers[1].visible_attenuation, 3.0 * fair.layers[1].visible_attenuation);
  EXPECT_EQ(dark.layers[2].uv_attenuation, fair.layers[2].uv_attenuation);
}

TEST(Melanin, GrowsWithThePhototypeFromTypeTwoOn) {
  EXPECT_EQ(melanin_factor(1), 1.0);
  EXPECT_EQ(melanin_factor(2), 1.0);
  for (int type = 3; type <= 6; ++type) EXPECT_GT(melanin_factor(type), melanin_factor(type - 1));
}

}  // namespace
}  // namespace inkfade::skin
