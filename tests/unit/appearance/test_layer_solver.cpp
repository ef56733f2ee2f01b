#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "inkfade/appearance/adding_doubling.kernel.hpp"
#include "inkfade/base/dual.kernel.hpp"
#include "inkfade/base/errors.hpp"
#include "layers_of.hpp"

namespace inkfade::test {
namespace {

using appearance::Layers;
using appearance::LayerSolver;
using appearance::Method;
using appearance::Reflectance;
using appearance::Stack;
using appearance::StreamOptions;

// van de Hulst 1980; MCML manual 2.3.
TEST(AddingDoubling, SolvesVanDeHulstsSlab) {
  const std::vector<Slab> slab = {{10.0, 90.0, 0.75, 0.02}};
  for (const int streams : {16, 32}) {
    const Reflectance r = solved(slab, streams, 1.0);
    EXPECT_NEAR(r.sce[0], 0.097395, 2e-5) << streams;  // published to 1e-5, 0.09739 and 0.66096
    EXPECT_NEAR(r.transmittance[0], 0.660958, 2e-5) << streams;
  }
  const Reflectance coarse = solved(slab, 8, 1.0);
  EXPECT_NEAR(coarse.sce[0], 0.097395, 1.1e-4);
  EXPECT_NEAR(coarse.transmittance[0], 0.660958, 1e-4);
}

// Giovanelli 1955: 0.2600, which includes what the surface reflects (0.04).
TEST(AddingDoubling, SolvesGiovanellisHalfSpace) {
  const std::vector<Slab> half_space = {{10.0, 90.0, 0.0, endless}};
  EXPECT_NEAR(solved(half_space, 32, 1.5).sci[0], 0.2599, 1e-4);
  EXPECT_NEAR(solved(half_space, 16, 1.5).sci[0], 0.2599, 2e-4);
  EXPECT_NEAR(solved(half_space, 8, 1.5).sci[0], 0.2599, 1.2e-3);
  EXPECT_NEAR(solved(half_space, 6, 1.5).sci[0], 0.2599, 2.5e-3);
}

// Gardner 1992 0.2381, 0.0974; MCML 0.2375 to 0.2379, 0.0962 to 0.0965, without what the surface reflects.
TEST(AddingDoubling, SolvesTheThreeLayersOfMcml) {
  const std::vector<Slab> slabs = {{1, 100, 0.9, 0.1}, {1, 10, 0.0, 0.1}, {2, 10, 0.7, 0.2}};
  const Reflectance fine = solved(slabs, 32, 1.37, 1.0);
  EXPECT_NEAR(fine.sce[0], 0.23786, 1e-4);
  EXPECT_NEAR(fine.transmittance[0], 0.09605, 1e-4);
  const Reflectance usual = solved(slabs, 6, 1.37, 1.0);
  EXPECT_NEAR(usual.sce[0], 0.23786, 1e-3);
  EXPECT_NEAR(usual.transmittance[0], 0.09605, 1e-3);
}

TEST(AddingDoubling, SolvesPublishedSlabsOfAlbedo80) {
  const Reflectance half_space = solved({{0.2, 0.8, 0.0, endless}}, 8, 1.0);
  EXPECT_NEAR(half_space.sci[0], 0.28525, 1e-5);
  EXPECT_NEAR(half_space.diffuse[0], 0.34187, 1e-5);
  const Reflectance isotropic = solved({{0.2, 0.8, 0.0, 1.0}}, 16, 1.0);
  EXPECT_NEAR(isotropic.sci[0], 0.21085, 2e-5);
  EXPECT_NEAR(isotropic.transmittance[0], 0.54140, 2e-5);
  EXPECT_NEAR(isotropic.diffuse[0], 0.28015, 2e-5);
  EXPECT_NEAR(isotropic.diffuse_transmittance[0], 0.41624, 2e-5);
  const Reflectance forward = solved({{0.2, 0.8, 0.8, 1.0}}, 16, 1.0);
  EXPECT_NEAR(forward.sci[0], 0.03041, 2e-5);
  EXPECT_NEAR(forward.transmittance[0], 0.76388, 2e-5);
  EXPECT_NEAR(forward.diffuse[0], 0.08416, 2e-5);
  EXPECT_NEAR(forward.diffuse_transmittance[0], 0.61111, 2e-5);
}

TEST(AddingDoubling, SolvesPublishedHalfSpacesUnderASurface) {
  const Reflectance white = solved({{0.01, 0.99, 0.9, endless}}, 32, 1.4);
  EXPECT_NEAR(white.sci[0], 0.27868, 1e-4);
  EXPECT_NEAR(white.diffuse[0], 0.32954, 1e-4);
  const Reflectance black = solved({{1.0, 0.0, 0.0, endless}}, 32, 1.4);
  EXPECT_NEAR(black.sci[0], 0.02778, 1e-5);      // Fresnel's, at normal incidence
  EXPECT_NEAR(black.diffuse[0], 0.07681, 1e-3);  // and from all sides, by a rule of 16 nodes
}

TEST(AddingDoubling, KeepsAllLightWhereNothingAbsorbs) {
  for (const int streams : {4, 6, 8, 32}) {
    const Reflectance r = solved({{0.0, 1.0, 0.9, 2.0}}, streams, 1.4, 1.0);
    // Round-off of some hundred products of matrices, doubled at each doubling.
    EXPECT_NEAR(r.sci[0] + r.transmittance[0], 1.0, 1e-9) << streams;
    EXPECT_NEAR(r.diffuse[0] + r.diffuse_transmittance[0], 1.0, 1e-9) << streams;
  }
  const Reflectance fine = solved({{0.0, 1.0, 0.9, 2.0}}, 32, 1.4, 1.0);
  EXPECT_NEAR(fine.sci[0], 0.14762, 2e-4);
  EXPECT_NEAR(fine.transmittance[0], 0.85238, 2e-4);
}

TEST(AddingDoubling, SolvesTheReferenceCasesOfSkin) {
  for (const SkinCase& skin : skin_cases()) {
    EXPECT_NEAR(solved(skin.slabs, 64, 1.4).sce[0], skin.reflectance, 3e-5) << skin.name;
    EXPECT_NEAR(solved(skin.slabs, 6, 1.4).sce[0], skin.reflectance, 2.2e-3) << skin.name;
  }
}

TEST(DeltaEddington, IsCloseInTheReferenceCasesOfSkin) {
  for (const SkinCase& skin : skin_cases()) {
    EXPECT_NEAR(solved(skin.slabs, 6, 1.4, 0.0, Method::delta_eddington).sce[0], skin.reflectance, 0.008) << skin.name;
  }
}

TEST(DeltaEddington, KeepsAllLightWhereNothingAbsorbs) {
  const Reflectance r = solved({{0.0, 1.0, 0.9, 2.0}}, 6, 1.4, 1.0, Method::delta_eddington);
  EXPECT_NEAR(r.sci[0] + r.transmittance[0], 1.0, 1e-6);  // 1e-10 of absorption is added, over k = 1e-5
  EXPECT_NEAR(r.diffuse[0] + r.diffuse_transmittance[0], 1.0, 1e-6);
}

TEST(AddingDoubling, DoesNotSeeWhereALayerIsSplit) {
  const std::vector<Slab> whole = {{0.3, 17.0, 0.78, 1.0}, {0.05, 7.0, 0.8, endless}};
  const std::vector<Slab> split = {{0.3, 17.0, 0.78, 0.37}, {0.3, 17.0, 0.78, 0.63}, {0.05, 7.0, 0.8, endless}};
  // The start of doubling is of second order in its thickness: 1e-4 becomes 1e-4 start^2, but for its constant.
  EXPECT_NEAR(solved(split, 6, 1.4).sce[0], solved(whole, 6, 1.4).sce[0], 1e-4);
  EXPECT_NEAR(solved(split, 6, 1.4, 0.0, Method::adding_doubling, 1e-3).sce[0],
              solved(whole, 6, 1.4, 0.0, Method::adding_doubling, 1e-3).sce[0], 1e-10);
}

TEST(DeltaEddington, DoesNotSeeWhereALayerIsSplit) {
  const std::vector<Slab> whole = {{0.3, 17.0, 0.78, 1.0}, {0.05, 7.0, 0.8, endless}};
  const std::vector<Slab> split = {{0.3, 17.0, 0.78, 0.37}, {0.3, 17.0, 0.78, 0.63}, {0.05, 7.0, 0.8, endless}};
  EXPECT_NEAR(solved(split, 6, 1.4, 0.0, Method::delta_eddington).sce[0],
              solved(whole, 6, 1.4, 0.0, Method::delta_eddington).sce[0], 1e-12);
}

/// Layers over many wavelengths, at random.
Layers random_layers(unsigned seed, std::size_t n_wavelengths) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  Layers layers(n_wavelengths);
  for (int l = 0; l < 4; ++l) {
    const std::size_t i = layers.append(l == 3 ? endless : 0.02 + unit(random));
    for (std::size_t w = 0; w < n_wavelengths; ++w) {
      layers.mu_a(i)[w] = std::pow(10.0, 3.0 * unit(random) - 2.0);
      layers.mu_s(i)[w] = 40.0 * unit(random);
      layers.g(i)[w] = 0.9 * unit(random);
    }
    layers.pad(i);
  }
  return layers;
}

TEST(AddingDoubling, StaysBetween0And1AndFallsWithAbsorption) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  Layers layers = random_layers(seed, 31);
  const Reflectance before = layered_reflectance(layers);
  for (std::size_t w = 0; w < 31; ++w) {
    EXPECT_GT(before.sce[w], 0.0);
    EXPECT_LT(before.diffuse[w], 1.0);
    layers.mu_a(1)[w] *= 1.1;
  }
  const Reflectance after = layered_reflectance(layers);
  for (std::size_t w = 0; w < 31; ++w) EXPECT_LE(after.sce[w], before.sce[w] + 1e-15);
}

TEST(LayerSolver, HasTheSameBitsWithEveryInstructionSet) {
  const Layers layers = random_layers(7, 31);
  for (const Method method : {Method::adding_doubling, Method::delta_eddington}) {
    for (const int streams : {4, 6, 8}) {
      std::vector<double> narrow;
      for (const InstructionSet set : instruction_sets()) {
        const LayerSolver solver({streams, 1.4, 1.0, 1.0}, 31, method, set);
        LayerSolver::Work work;
        Stack stack = solver.bottom();
        solver.add(layers, 0, layers.size(), stack, work);
        const Reflectance r = solver.reflectance(stack, work);
        std::vector<double> all = r.sce;
        for (const auto* more : {&r.diffuse, &r.transmittance}) all.insert(all.end(), more->begin(), more->end());
        if (set == InstructionSet::narrow) narrow = all;
        EXPECT_EQ(all, narrow) << name(set) << ", " << streams;
      }
    }
  }
}

TEST(LayerSolver, GoesOnFromACopyOfAStack) {
  const Layers layers = random_layers(11, 31);
  const LayerSolver solver({}, 31);
  LayerSolver::Work work;
  Stack all = solver.bottom();
  solver.add(layers, 0, 4, all, work);
  Stack lower = solver.bottom();
  solver.add(layers, 2, 4, lower, work);
  Stack upper = lower;
  solver.add(layers, 0, 2, upper, work);
  EXPECT_EQ(all.values, upper.values);
}

TEST(AddingDoubling, GivesExactSlopesOnDualNumbers) {
  using Number = INKFADE_ISA::Dual<1>;
  const appearance::Streams streams({6, 1.4, 1.4, 1.0});
  const auto reflectance = [&](auto mu_a) {
    using S = decltype(mu_a);
    std::vector<S> stack(42);
    std::vector<S> scratch(INKFADE_ISA::AddingDoubling<6, S, appearance::StreamTables>::scratch_size(6));
    INKFADE_ISA::AddingDoubling<6, S, appearance::StreamTables> solver(streams.tables(), scratch.data());
    solver.start(stack.data());
    solver.add({S(0.05), S(7.0), S(0.8), 1e5, 22}, stack.data());
    solver.add({mu_a, S(17.0), S(0.78), 0.2, 5}, stack.data());
    return solver.look(stack.data()).reflectance[0];
  };
  Number mu_a(0.5);
  mu_a.slope[0] = 1.0;
  const double h = 1e-4;
  const double central = (reflectance(0.5 + h) - reflectance(0.5 - h)) / (2 * h);
  EXPECT_NEAR(reflectance(mu_a).slope[0], central, 1e-8);  // h^2 of the third derivative; round-off over h is 1e-12
  EXPECT_LT(central, 0.0);
}

TEST(LayerSolver, RefusesWhatCannotBe) {
  const auto says = [](const std::vector<Slab>& slabs, StreamOptions options) -> std::string {
    try {
      static_cast<void>(layered_reflectance(layers_of(slabs), options));
    } catch (const ParameterError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(says({{1, 1, 0, 1}}, {5, 1.4, 1.4, 1.0}), "streams = 5: must be an even number from 4 to 64");
  EXPECT_EQ(says({{1, 1, 0, 1}}, {6, 0.9, 1.4, 1.0}), "n = 0.9: must be between 1 and 2");
  EXPECT_EQ(says({{-1, 1, 0, 1}}, {}), "mu_a[0, 0] = -1 1/m: must be between 0 1/m and 1e+09 1/m");
  EXPECT_EQ(says({{1, 1, 1, 1}}, {}), "g[0, 0] = 1: must be between -0.99 and 0.99");
  EXPECT_EQ(says({{1, 1, 0, endless}, {1, 1, 0, 1}}, {}),
            "thickness[0] = inf m: only the last layer may be infinitely thick");
  EXPECT_EQ(says({{1, 1, 0, -1}}, {}), "thickness[0] = -1 m: must be 0 m or more");
}

}  // namespace
}  // namespace inkfade::test
