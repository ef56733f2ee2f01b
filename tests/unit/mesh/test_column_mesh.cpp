#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "inkfade/base/errors.hpp"
#include "inkfade/mesh/column_mesh.hpp"

namespace inkfade::mesh {
namespace {

using parameters::Scenario;

skin::SkinProfile preset_skin(const std::string& name = "scalp-smp") {
  return skin::make_skin_profile(Scenario::preset(name));
}

TEST(ColumnMesh, HasAFaceOnEveryLayerInterface) {
  for (const std::string& name : Scenario::preset_names()) {
    const skin::SkinProfile skin = preset_skin(name);
    for (const std::size_t n : {8U, 13U, 64U, 257U}) {
      const ColumnMesh mesh = make_column_mesh(skin, n);
      for (const skin::Layer& layer : skin.layers) {
        EXPECT_TRUE(std::ranges::find(mesh.face, layer.bottom()) != mesh.face.end()) << name << ", " << layer.name;
      }
    }
  }
}

TEST(ColumnMesh, HasExactlyTheCellsThatWereAskedFor) {
  const skin::SkinProfile skin = preset_skin();
  for (std::size_t n = skin.layers.size(); n < 200; ++n) {
    const ColumnMesh mesh = make_column_mesh(skin, n);
    EXPECT_EQ(mesh.n_cells(), n);
    EXPECT_EQ(mesh.face.size(), n + 1);
    EXPECT_EQ(mesh.layer.size(), n);
    EXPECT_EQ(mesh.centre.size(), n);
  }
}

TEST(ColumnMesh, HasRisingFacesFromTheSurfaceToTheBase) {
  const skin::SkinProfile skin = preset_skin();
  const ColumnMesh mesh = make_column_mesh(skin, 64);
  EXPECT_EQ(mesh.face.front(), 0.0);
  EXPECT_EQ(mesh.face.back(), skin.depth);
  EXPECT_TRUE(std::ranges::is_sorted(mesh.face));
  EXPECT_GT(std::ranges::min(mesh.width), 0.0);
}

TEST(ColumnMesh, PutsEveryCellIntoItsLayer) {
  const skin::SkinProfile skin = preset_skin();
  const ColumnMesh mesh = make_column_mesh(skin, 64);
  for (std::size_t i = 0; i < mesh.n_cells(); ++i) {
    const skin::Layer& layer = skin.layers[mesh.layer[i]];
    EXPECT_GT(mesh.centre[i], layer.top);
    EXPECT_LT(mesh.centre[i], layer.bottom());
  }
}

TEST(ColumnMesh, StartsTheDermisAtTheJunction) {
  const skin::SkinProfile skin = preset_skin();
  const ColumnMesh mesh = make_column_mesh(skin, 64);
  EXPECT_EQ(mesh.face[mesh.first_dermal_cell], skin.junction_depth);
}

TEST(ColumnMesh, WidensWithDepthInEveryDermalLayer) {
  const skin::SkinProfile skin = preset_skin();
  const ColumnMesh mesh = make_column_mesh(skin, 96);
  for (std::size_t i = mesh.first_dermal_cell + 1; i < mesh.n_cells(); ++i) {
    if (mesh.layer[i] != mesh.layer[i - 1]) continue;
    EXPECT_GT(mesh.width[i], mesh.width[i - 1]) << "cell " << i;
  }
}

TEST(ColumnMesh, RefinesEveryCellByAboutTheFactorOfItsCells) {
  const skin::SkinProfile skin = preset_skin();
  const ColumnMesh coarse = make_column_mesh(skin, 64);
  const ColumnMesh fine = make_column_mesh(skin, 256);
  std::size_t j = 0;
  for (std::size_t i = 0; i < coarse.n_cells(); ++i) {
    while (fine.face[j + 1] <= coarse.centre[i]) ++j;
    // Whole cells are dealt to layers: with at least 4 cells a layer, the ratio of 4 moves by one part in four.
    EXPECT_NEAR(coarse.width[i] / fine.width[j], 4.0, 1.5) << "cell " << i;
  }
}

TEST(ColumnMesh, RefusesFewerCellsThanLayers) {
  try {
    static_cast<void>(make_column_mesh(preset_skin(), 4));
    FAIL() << "no error";
  } catch (const ParameterError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("numerics.cells = 4"));
    EXPECT_THAT(error.what(), testing::HasSubstr("at least the number of layers, 5"));
  }
}

}  // namespace
}  // namespace inkfade::mesh
