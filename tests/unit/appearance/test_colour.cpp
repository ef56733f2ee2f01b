#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "inkfade/appearance/colour.hpp"

namespace inkfade::appearance {
namespace {

struct SharmaPair {
  Lab first;
  Lab second;
  double difference;
};

// Sharma, Wu and Dalal 2005, table 1.
constexpr SharmaPair sharma[] = {
    {{50, 2.6772, -79.7751}, {50, 0, -82.7485}, 2.0425},                   // 1
    {{50, 3.1571, -77.2803}, {50, 0, -82.7485}, 2.8615},                   // 2
    {{50, 2.8361, -74.0200}, {50, 0, -82.7485}, 3.4412},                   // 3
    {{50, -1.3802, -84.2814}, {50, 0, -82.7485}, 1.0000},                  // 4
    {{50, -1.1848, -84.8006}, {50, 0, -82.7485}, 1.0000},                  // 5
    {{50, -0.9009, -85.5211}, {50, 0, -82.7485}, 1.0000},                  // 6
    {{50, 0, 0}, {50, -1, 2}, 2.3669},                                     // 7
    {{50, -1, 2}, {50, 0, 0}, 2.3669},                                     // 8
    {{50, 2.49, -0.001}, {50, -2.49, 0.0009}, 7.1792},                     // 9
    {{50, 2.49, -0.001}, {50, -2.49, 0.0010}, 7.1792},                     // 10
    {{50, 2.49, -0.001}, {50, -2.49, 0.0011}, 7.2195},                     // 11
    {{50, 2.49, -0.001}, {50, -2.49, 0.0012}, 7.2195},                     // 12
    {{50, -0.001, 2.49}, {50, 0.0009, -2.49}, 4.8045},                     // 13
    {{50, -0.001, 2.49}, {50, 0.0010, -2.49}, 4.8045},                     // 14
    {{50, -0.001, 2.49}, {50, 0.0011, -2.49}, 4.7461},                     // 15
    {{50, 2.5, 0}, {50, 0, -2.5}, 4.3065},                                 // 16
    {{50, 2.5, 0}, {73, 25, -18}, 27.1492},                                // 17
    {{50, 2.5, 0}, {61, -5, 29}, 22.8977},                                 // 18
    {{50, 2.5, 0}, {56, -27, -3}, 31.9030},                                // 19
    {{50, 2.5, 0}, {58, 24, 15}, 19.4535},                                 // 20
    {{50, 2.5, 0}, {50, 3.1736, 0.5854}, 1.0000},                          // 21
    {{50, 2.5, 0}, {50, 3.2972, 0}, 1.0000},                               // 22
    {{50, 2.5, 0}, {50, 1.8634, 0.5757}, 1.0000},                          // 23
    {{50, 2.5, 0}, {50, 3.2592, 0.3350}, 1.0000},                          // 24
    {{60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644},  // 25
    {{63.0109, -31.0961, -5.8663}, {62.8187, -29.7946, -4.0864}, 1.2630},  // 26
    {{61.2901, 3.7196, -5.3901}, {61.4292, 2.2480, -4.9620}, 1.8731},      // 27
    {{35.0831, -44.1164, 3.7933}, {35.0232, -40.0716, 1.5901}, 1.8645},    // 28
    {{22.7233, 20.0904, -46.6940}, {23.0331, 14.9730, -42.5619}, 2.0373},  // 29
    {{36.4612, 47.8580, 18.3852}, {36.2715, 50.5065, 21.2231}, 1.4146},    // 30
    {{90.8027, -2.0831, 1.4410}, {91.1528, -1.6435, 0.0447}, 1.4441},      // 31
    {{90.9257, -0.5406, -0.9208}, {88.6381, -0.8985, -0.7239}, 1.5381},    // 32
    {{6.7747, -0.2908, -2.4247}, {5.8714, -0.0985, -2.2286}, 0.6377},      // 33
    {{2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}, 0.9082},       // 34
};

TEST(DeltaE2000, IsThatOfAllPairsOfSharma) {
  int pair = 0;
  for (const auto& [first, second, difference] : sharma) {
    ++pair;  // the table has four digits; in pair 14 the hues are opposite, and rounding must not choose the branch
    EXPECT_NEAR(delta_e_2000(first, second), difference, 1e-4) << "pair " << pair;
    EXPECT_NEAR(delta_e_2000(second, first), difference, 1e-4) << "pair " << pair << " turned round";
  }
  EXPECT_EQ(pair, 34);
}

TEST(DeltaE2000, IsExactly0ForEqualColours) {
  for (const Lab& lab : {Lab{50, 12, 17}, Lab{0, 0, 0}, Lab{77.7, -3.3, 1e-9}}) EXPECT_EQ(delta_e_2000(lab, lab), 0.0);
}

TEST(Colour, OfAPerfectWhiteIsThatOfD65) {
  const Xyz white = white_point();
  EXPECT_NEAR(white.x, 95.047, 1e-2);  // CIE 15; 31 weights of four digits
  EXPECT_NEAR(white.y, 100.0, 1e-2);
  EXPECT_NEAR(white.z, 108.883, 1e-2);
}

TEST(Colour, OfAnEvenSpectrumIsGrey) {
  Spectrum half{};
  half.fill(0.5);
  const Lab grey = lab_of(half);
  EXPECT_NEAR(grey.l, 116.0 * std::cbrt(0.5) - 16.0, 1e-12);
  EXPECT_NEAR(grey.a, 0.0, 1e-11);
  EXPECT_NEAR(grey.b, 0.0, 1e-11);
}

TEST(Colour, ComesBackFromLab) {
  for (const Lab& lab : {Lab{60.3, 11.3, 14.1}, Lab{5.0, 1.0, -2.0}, Lab{98.0, -3.0, 4.0}}) {
    const Lab again = lab_of(xyz_of(lab));
    EXPECT_NEAR(again.l, lab.l, 1e-12);
    EXPECT_NEAR(again.a, lab.a, 1e-12);
    EXPECT_NEAR(again.b, lab.b, 1e-12);
  }
}

TEST(Colour, OnAScreenIsWhiteForWhiteAndCutBeyond) {
  const Srgb white = srgb_of(white_point());
  for (const double channel : {white.red, white.green, white.blue}) EXPECT_NEAR(channel, 1.0, 1e-3);
  const Srgb black = srgb_of({0.0, 0.0, 0.0});
  EXPECT_EQ(black.red, 0.0);
  EXPECT_EQ(srgb_of({0.0, 50.0, 0.0}).red, 0.0);
}

TEST(Colour, TypologyAngleIsThatOfItsFormula) {
  EXPECT_NEAR(individual_typology_angle({65.0, 7.1, 13.3}), std::atan(15.0 / 13.3) * 180.0 / 3.14159265358979, 1e-12);
  EXPECT_LT(individual_typology_angle({38.0, 12.0, 15.0}), -30.0);
}

}  // namespace
}  // namespace inkfade::appearance
