#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "inkfade/appearance/fresnel.hpp"
#include "inkfade/appearance/packaging.hpp"
#include "inkfade/appearance/quadrature.hpp"
#include "inkfade/appearance/streams.hpp"

namespace inkfade::appearance {
namespace {

TEST(Fresnel, HasThePublishedReflectionsOfSkinsIndices) {
  // n, normal, diffuse from inside, diffuse from outside; to the five digits of the table
  const double table[][4] = {{1.33, 0.02006, 0.47195, 0.06593},
                             {1.37, 0.02437, 0.50567, 0.07220},
                             {1.40, 0.02778, 0.52899, 0.07681},
                             {1.45, 0.03374, 0.56450, 0.08437},
                             {1.50, 0.04000, 0.59635, 0.09178}};
  for (const auto& [n, normal, inside, outside] : table) {
    EXPECT_NEAR(fresnel(n, 1.0, 1.0), normal, 1e-5) << n;
    EXPECT_NEAR(diffuse_fresnel(n, 1.0), inside, 1e-5) << n;
    EXPECT_NEAR(diffuse_fresnel(1.0, n), outside, 1e-5) << n;
  }
}

TEST(Fresnel, ReflectsAllBeyondTheCriticalAngle) {
  const double critical = std::sqrt(1.0 - 1.0 / (1.4 * 1.4));
  EXPECT_EQ(fresnel(1.4, 1.0, 0.999 * critical), 1.0);
  EXPECT_LT(fresnel(1.4, 1.0, 1.001 * critical), 1.0);
}

TEST(Quadrature, IntegratesPolynomialsUpToItsDegree) {
  const auto integral = [](const Quadrature& rule, int power) {
    double sum = 0.0;
    for (std::size_t i = 0; i < rule.node.size(); ++i) sum += rule.weight[i] * std::pow(rule.node[i], power);
    return sum;
  };
  for (const std::size_t n : {2U, 3U, 8U, 32U}) {
    for (int power = 0; power <= 2 * static_cast<int>(n) - 2; ++power) {
      EXPECT_NEAR(integral(gauss_legendre(n, 0.0, 1.0), power), 1.0 / (power + 1), 1e-14) << n << ", " << power;
      EXPECT_NEAR(integral(radau_right(n, 0.0, 1.0), power), 1.0 / (power + 1), 1e-14) << n << ", " << power;
    }
    EXPECT_EQ(radau_right(n, 0.0, 1.0).node.back(), 1.0);
  }
}

TEST(Streams, AreThoseOfTheTable) {
  const Streams streams({6, 1.4, 1.4, 1.0});
  const double mu[] = {0.0788747, 0.3499271, 0.6209795, 0.7463921, 0.8934329, 1.0};
  const double w[] = {0.1944040, 0.3110463, 0.1944040, 0.1129758, 0.1538205, 0.0333495};
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(streams.cosine()[i], mu[i], 6e-8);
    EXPECT_NEAR(streams.weight()[i], w[i], 6e-8);
  }
}

TEST(Packaging, IsDuysensFactor) {
  // Clumps of carbon black, 13.5 1/um of solid pigment: share of it inside, diameter [um], factor to its digits.
  const double table[][3] = {{0.05, 1, 0.79},  {0.05, 5, 0.38}, {0.05, 10, 0.21}, {0.2, 1, 0.44},  {0.2, 5, 0.11},
                             {0.2, 10, 0.055}, {0.5, 1, 0.21},  {0.5, 5, 0.044},  {0.5, 10, 0.022}};
  for (const auto& [fraction, diameter, factor] : table) {
    EXPECT_NEAR(packaging_factor(13.5 * fraction * diameter), factor, factor < 0.1 ? 6e-4 : 6e-3);
  }
  EXPECT_EQ(packaging_factor(0.0), 1.0);
}

TEST(Packaging, HasNoStepWhereItsSeriesEnds) {
  const double left = packaging_factor(0.125 * (1 - 1e-12));
  const double right = packaging_factor(0.125);
  EXPECT_NEAR(left, right, 1e-12);  // the closed form loses 1/rho^3 of its digits there
}

TEST(Packaging, AgreesWithTheSphereChordByChord) {
  // 1 - e^(-mu chord) over chords of a sphere of diameter 1, chord = sqrt(1 - u), u uniform; the midpoint rule.
  for (const double rho : {0.05, 0.3, 2.0, 20.0}) {
    double absorbed = 0.0;
    constexpr int n = 20000;
    for (int i = 0; i < n; ++i) absorbed += 1.0 - std::exp(-rho * std::sqrt(1.0 - (i + 0.5) / n));
    EXPECT_NEAR(packaging_factor(rho), absorbed / n / (rho * 2.0 / 3.0), 1e-5) << rho;
  }
}

}  // namespace
}  // namespace inkfade::appearance
