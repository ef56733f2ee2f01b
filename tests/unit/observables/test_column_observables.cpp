#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "inkfade/observables/column_observables.hpp"

namespace inkfade::observables {
namespace {

std::size_t at(int q) { return static_cast<std::size_t>(q); }

/// Four cells in two layers (one epidermal cell), two size classes.
struct Profile {
  Profile() {
    mesh.face = {0.0, 1.0, 2.0, 4.0, 8.0};
    mesh.layer = {0, 1, 1, 1};
    mesh.first_dermal_cell = 1;
    for (std::size_t i = 0; i < 4; ++i) {
      mesh.width.push_back(mesh.face[i + 1] - mesh.face[i]);
      mesh.centre.push_back(0.5 * (mesh.face[i] + mesh.face[i + 1]));
    }
    y.assign(at(layout.size()), 0.0);
    for (int i = 1; i < 4; ++i) y[at(layout.macrophages(i))] = 10.0;
  }
  [[nodiscard]] ColumnObservables seen() const { return observe(layout, mesh, 2, 0.5, y); }

  baseline::ColumnLayout layout{4, 2};
  mesh::ColumnMesh mesh;
  std::vector<double> y;
};

TEST(ColumnObservables, SortMassByPoolLayerAndClass) {
  Profile p;
  p.y[at(p.layout.free(0))] = 3.0;      // class 0, width 1
  p.y[at(p.layout.held(2)) + 1] = 5.0;  // class 1, width 2
  p.y[at(p.layout.bound(3))] = 7.0;     // class 0, width 4
  const ColumnObservables seen = p.seen();
  EXPECT_EQ(seen.pool_mass[0], 3.0);
  EXPECT_EQ(seen.pool_mass[1], 10.0);
  EXPECT_EQ(seen.pool_mass[2], 28.0);
  EXPECT_EQ(seen.layer_mass, (std::vector<double>{3.0, 38.0}));
  EXPECT_EQ(seen.class_mass, (std::vector<double>{31.0, 10.0}));
  EXPECT_EQ(seen.mass(), 41.0);
}

TEST(ColumnObservables, OfAnEvenProfileHaveTheMomentsOfAUniformDistribution) {
  Profile p;
  for (int i = 0; i < 4; ++i) p.y[at(p.layout.free(i))] = 0.3;
  EXPECT_DOUBLE_EQ(p.seen().centroid, 4.0);
  EXPECT_DOUBLE_EQ(p.seen().spread, 8.0 / std::sqrt(12.0));
}

TEST(ColumnObservables, OfTwoCellsHaveTheirCommonMoments) {
  Profile p;
  p.y[at(p.layout.free(0))] = 2.0;  // mass 2 on [0, 1]
  p.y[at(p.layout.free(2))] = 1.0;  // mass 2 on [2, 4]
  // centres 0.5 and 3; variance is that of the centres, 1.25^2, plus the mean of 1/12 and 4/12
  EXPECT_DOUBLE_EQ(p.seen().centroid, 1.75);
  EXPECT_DOUBLE_EQ(p.seen().spread, std::sqrt(1.25 * 1.25 + 2.5 / 12.0));
}

TEST(ColumnObservables, WithoutPigmentHaveNoCentroid) {
  const Profile p;
  EXPECT_TRUE(std::isnan(p.seen().centroid));
  EXPECT_TRUE(std::isnan(p.seen().spread));
  EXPECT_EQ(p.seen().peak_load, 0.0);
}

TEST(MacrophageLoad, IsHeldPigmentOverWhatTheCellsCanHold) {
  Profile p;
  p.y[at(p.layout.held(1))] = 3.0;
  p.y[at(p.layout.held(1)) + 1] = 5.0;
  const std::vector<double> load = macrophage_load(p.layout, 0.5, p.y);
  EXPECT_EQ(load, (std::vector<double>{0.0, 0.4, 0.0, 0.0}));  // 8 x 0.5 / 10
  EXPECT_EQ(p.seen().peak_load, 0.4);
}

}  // namespace
}  // namespace inkfade::observables
