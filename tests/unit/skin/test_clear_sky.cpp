#include <gtest/gtest.h>

#include <cmath>

#include "inkfade/base/constants.hpp"
#include "inkfade/skin/clear_sky.hpp"

namespace inkfade::skin {
namespace {

using Light = baseline::Daylight<double>;

/// 24-hour mean on a share of the year since January 1.
double on(const Light& light, double year_share) {
  double cosines[3];
  double sines[3];
  for (int i = 0; i < 3; ++i) {
    cosines[i] = std::cos(2.0 * pi * (i + 1) * year_share);
    sines[i] = std::sin(2.0 * pi * (i + 1) * year_share);
  }
  return baseline::daylight_at(light, cosines, sines);
}

constexpr double june = 171.0 / 365.0, december = 354.0 / 365.0, march = 79.0 / 365.0;
double degrees(double d) { return d * pi / 180.0; }

/// FAO-56 equation 21: extraterrestrial 24-hour mean on a horizontal surface [W/m2].
double extraterrestrial(double latitude, double year_share) {
  const double distance = 1.0 + 0.033 * std::cos(2.0 * pi * year_share);
  const double declination = 0.409 * std::sin(2.0 * pi * year_share - 1.39);
  const double cosine = -std::tan(latitude) * std::tan(declination);
  const double sunset = cosine <= -1.0 ? pi : (cosine >= 1.0 ? 0.0 : std::acos(cosine));
  return 1367.0 / pi * distance *
         (sunset * std::sin(latitude) * std::sin(declination) +
          std::cos(latitude) * std::cos(declination) * std::sin(sunset));
}

TEST(ClearSky, IlluminanceIsThatOfFao56) {
  // 0.75 x 110 lm/W of the extraterrestrial mean. The midpoint rule over half a day is good to 0.3 % in June; three
  // harmonics leave up to 2 % of the annual mean where days are short or long.
  for (const double latitude : {0.0, 23.0, 40.0, 48.0, 55.0}) {
    const ClearSky sky = clear_sky(degrees(latitude));
    for (const double time : {june, december, march}) {
      const double expected = 0.75 * 110.0 * extraterrestrial(degrees(latitude), time);
      EXPECT_NEAR(on(sky.visible, time), expected, 0.02 * sky.visible.mean) << latitude << " degrees, " << time;
    }
  }
}

TEST(ClearSky, AtTheEquatorIsAnEquinoxNoonOfIndexTwelveAndAHalfAveragedOverTheDay) {
  // UV index 12.5 mu^2.42 at 25 mW/m2; at an equinox mu is the cosine of the hour angle, and the mean of cos^p over 24
  // hours, night included, is Gamma((p+1)/2) / (2 sqrt(pi) Gamma(p/2+1)).
  const double mean_power = std::tgamma(1.71) / (2.0 * std::sqrt(pi) * std::tgamma(2.21));
  EXPECT_NEAR(on(clear_sky(0.0).uv, march) / (12.5 * 0.025 * mean_power), 1.0, 0.02);
}

TEST(ClearSky, At48NorthSummerOutshinesWinterAsFao56Says) {
  const ClearSky sky = clear_sky(degrees(48.0));
  const double expected = extraterrestrial(degrees(48.0), june) / extraterrestrial(degrees(48.0), december);
  EXPECT_NEAR(on(sky.visible, june) / on(sky.visible, december) / expected, 1.0, 0.1);  // of a small winter value
  EXPECT_GT(on(sky.uv, june), 8.0 * on(sky.uv, december));  // ultraviolet falls with a higher power of the sine
}

TEST(ClearSky, IsDarkInThePolarNight) {
  // Three harmonics do not end as sharply as the sun does: a hundredth of the annual mean may be left.
  const ClearSky sky = clear_sky(degrees(85.0));
  EXPECT_NEAR(on(sky.visible, december), 0.0, 0.1 * sky.visible.mean);
  EXPECT_NEAR(on(sky.uv, december), 0.0, 0.1 * sky.uv.mean);
}

TEST(ClearSky, TurnsItsSeasonsInTheSouth) {
  const ClearSky north = clear_sky(degrees(35.0));
  const ClearSky south = clear_sky(degrees(-35.0));
  EXPECT_GT(on(north.uv, june), on(north.uv, december));
  EXPECT_LT(on(south.uv, june), on(south.uv, december));
}

TEST(ClearSky, IsNeverNegative) {
  for (double latitude = -90.0; latitude <= 90.0; latitude += 7.5) {
    const ClearSky sky = clear_sky(degrees(latitude));
    for (int d = 0; d < 365; ++d) {
      EXPECT_GE(on(sky.uv, d / 365.0), 0.0);
      EXPECT_GE(on(sky.visible, d / 365.0), 0.0);
    }
  }
}

}  // namespace
}  // namespace inkfade::skin
