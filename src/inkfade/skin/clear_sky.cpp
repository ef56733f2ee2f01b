#include "inkfade/skin/clear_sky.hpp"

#include "inkfade/base/constants.hpp"
#include "inkfade/base/math.kernel.hpp"

namespace inkfade::skin {

using INKFADE_ISA::cos_turns;
using INKFADE_ISA::pow_;
using INKFADE_ISA::sin_turns;

namespace {

struct DayMean {
  double uv;       ///< [W/m2 erythemal]
  double visible;  ///< [lx]
};

/// 24-hour averages on the day `year_share` of the year, by the midpoint rule over half a day (noon to midnight).
DayMean day_mean(double latitude, double year_share) {
  constexpr double solar_constant = 1367.0;  // [W/m2]
  constexpr double clear_transmission = 0.75;
  constexpr double luminous_efficacy = 110.0;  // [lm/W]
  constexpr double uv_index_scale = 12.5;
  constexpr double uv_index_power = 2.42;
  constexpr double watt_per_index = 0.025;
  constexpr int n_samples = 24;
  const double distance = 1.0 + 0.033 * cos_turns(year_share);
  const double declination = 0.409 * sin_turns(year_share - 1.39 / (2.0 * pi));
  const double lat = latitude / (2.0 * pi);
  const double dec = declination / (2.0 * pi);
  const double sines = sin_turns(lat) * sin_turns(dec);
  const double cosines = cos_turns(lat) * cos_turns(dec);
  DayMean mean{0.0, 0.0};
  for (int i = 0; i < n_samples; ++i) {
    const double hour_angle = (i + 0.5) / (2.0 * n_samples);
    const double mu = sines + cosines * cos_turns(hour_angle);
    if (mu <= 0.0) continue;
    mean.uv += uv_index_scale * pow_(mu, uv_index_power) * watt_per_index / n_samples;
    mean.visible += solar_constant * distance * clear_transmission * luminous_efficacy * mu / n_samples;
  }
  return mean;
}

}  // namespace

ClearSky clear_sky(double latitude) {
  constexpr int n_days = 24;
  ClearSky sky;
  for (int d = 0; d < n_days; ++d) {
    const double year_share = static_cast<double>(d) / n_days;
    const DayMean mean = day_mean(latitude, year_share);
    sky.uv.mean += mean.uv / n_days;
    sky.visible.mean += mean.visible / n_days;
    for (int i = 0; i < INKFADE_ISA::Daylight<double>::n_harmonics; ++i) {
      const double turns = (i + 1) * year_share;
      sky.uv.cosine[i] += 2.0 * mean.uv * cos_turns(turns) / n_days;
      sky.uv.sine[i] += 2.0 * mean.uv * sin_turns(turns) / n_days;
      sky.visible.cosine[i] += 2.0 * mean.visible * cos_turns(turns) / n_days;
      sky.visible.sine[i] += 2.0 * mean.visible * sin_turns(turns) / n_days;
    }
  }
  return sky;
}

}  // namespace inkfade::skin
