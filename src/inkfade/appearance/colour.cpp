#include "inkfade/appearance/colour.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "inkfade/base/constants.hpp"

namespace inkfade::appearance {

namespace {

// D65 times the CIE 1931 observer, integrated at 1 nm for reflectances that are linear between the 31 wavelengths;
// light beyond 400 nm and 700 nm goes to the ends. From the CIE's tables. Grade: measured (a standard).
constexpr ColourWeights weights = {
    {0.1568, 0.4161, 1.2271, 2.3787, 3.3645, 3.6384, 3.1821, 2.1435, 1.0722, 0.3661, 0.0758,
     0.1367, 0.6737, 1.6855, 2.8939, 4.2531, 5.6242, 6.9694, 8.1707, 8.6947, 8.9557, 8.4201,
     7.0166, 5.1386, 3.5417, 2.1991, 1.2804, 0.6979, 0.3538, 0.1619, 0.1581},
    {0.0044, 0.0116, 0.0387, 0.1033, 0.2314, 0.4223, 0.6721, 1.0104, 1.5193, 2.2031, 3.3958,
     5.1429, 7.0475, 8.6491, 9.4252, 9.7073, 9.3880, 8.6971, 7.7792, 6.4500, 5.3557, 4.2608,
     3.1542, 2.1323, 1.3905, 0.8329, 0.4747, 0.2558, 0.1287, 0.0586, 0.0571},
    {0.7432, 1.9863, 5.9107, 11.6422, 16.9295, 19.2329, 18.2690, 14.0502, 8.9481, 4.9949, 2.8790,
     1.6396, 0.8238, 0.4352, 0.2106,  0.0912,  0.0393,  0.0203,  0.0146,  0.0099, 0.0068, 0.0033,
     0.0015, 0.0005, 0.0002, 0.0,     0.0,     0.0,     0.0,     0.0,     0.0}};

constexpr double degree = pi / 180.0;
constexpr double knee = 6.0 / 29.0;

double compress(double t) { return t > knee * knee * knee ? std::cbrt(t) : t / (3.0 * knee * knee) + 4.0 / 29.0; }
double expand(double f) { return f > knee ? f * f * f : 3.0 * knee * knee * (f - 4.0 / 29.0); }

double gamma_encoded(double linear) {
  const double v = std::clamp(linear, 0.0, 1.0);
  return v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1.0 / 2.4) - 0.055;
}

/// Angle in [0, 360) degrees; 0 for a grey.
double hue_of(double a, double b) {
  if (a == 0.0 && b == 0.0) return 0.0;
  const double angle = std::atan2(b, a) / degree;
  return angle < 0.0 ? angle + 360.0 : angle;
}

double seventh_power_share(double chroma) {
  const double seventh = std::pow(chroma, 7.0);
  return std::sqrt(seventh / (seventh + std::pow(25.0, 7.0)));
}

struct HuePair {
  double difference;  ///< [degree]
  double mean;        ///< [degree]
};

HuePair hues(double c1, double h1, double c2, double h2) {
  if (c1 * c2 == 0.0) return {0.0, h1 + h2};
  // Opposite hues differ by 180 degrees but for rounding, which must not choose the branch (pair 14 of Sharma's table).
  constexpr double half_turn = 180.0 + 1e-9;
  const double apart = h2 - h1;
  if (std::abs(apart) <= half_turn) return {apart, 0.5 * (h1 + h2)};
  const double sum = h1 + h2;
  return {apart > 0.0 ? apart - 360.0 : apart + 360.0, 0.5 * (sum < 360.0 ? sum + 360.0 : sum - 360.0)};
}

}  // namespace

const ColourWeights& colour_weights() { return weights; }

Xyz white_point() {
  Spectrum one{};
  one.fill(1.0);
  static const Xyz white = xyz_of(one);
  return white;
}

Xyz xyz_of(const Spectrum& reflectance) {
  Xyz xyz;
  for (std::size_t i = 0; i < n_visible; ++i) {
    xyz.x += weights.x[i] * reflectance[i];
    xyz.y += weights.y[i] * reflectance[i];
    xyz.z += weights.z[i] * reflectance[i];
  }
  return xyz;
}

Lab lab_of(const Xyz& xyz) {
  const Xyz white = white_point();
  const double fx = compress(xyz.x / white.x);
  const double fy = compress(xyz.y / white.y);
  const double fz = compress(xyz.z / white.z);
  return {116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)};
}

Lab lab_of(const Spectrum& reflectance) { return lab_of(xyz_of(reflectance)); }

Xyz xyz_of(const Lab& lab) {
  const Xyz white = white_point();
  const double fy = (lab.l + 16.0) / 116.0;
  return {white.x * expand(fy + lab.a / 500.0), white.y * expand(fy), white.z * expand(fy - lab.b / 200.0)};
}

Srgb srgb_of(const Xyz& xyz) {
  const double x = xyz.x / 100.0;
  const double y = xyz.y / 100.0;
  const double z = xyz.z / 100.0;
  return {gamma_encoded(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
          gamma_encoded(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
          gamma_encoded(0.0556434 * x - 0.2040259 * y + 1.0572252 * z)};
}

double individual_typology_angle(const Lab& lab) { return std::atan2(lab.l - 50.0, lab.b) / degree; }

double delta_e_2000(const Lab& first, const Lab& second) {
  const double mean_chroma = 0.5 * (std::hypot(first.a, first.b) + std::hypot(second.a, second.b));
  const double stretch = 1.0 + 0.5 * (1.0 - seventh_power_share(mean_chroma));
  const double a1 = stretch * first.a;
  const double a2 = stretch * second.a;
  const double c1 = std::hypot(a1, first.b);
  const double c2 = std::hypot(a2, second.b);
  const HuePair hue = hues(c1, hue_of(a1, first.b), c2, hue_of(a2, second.b));
  const double c = 0.5 * (c1 + c2);
  const double h = hue.mean * degree;
  const double t = 1.0 - 0.17 * std::cos(h - 30.0 * degree) + 0.24 * std::cos(2.0 * h) +
                   0.32 * std::cos(3.0 * h + 6.0 * degree) - 0.20 * std::cos(4.0 * h - 63.0 * degree);
  const double away = 0.5 * (first.l + second.l) - 50.0;
  const double lightness = (second.l - first.l) / (1.0 + 0.015 * away * away / std::sqrt(20.0 + away * away));
  const double chroma = (c2 - c1) / (1.0 + 0.045 * c);
  const double hue_part = 2.0 * std::sqrt(c1 * c2) * std::sin(0.5 * hue.difference * degree) / (1.0 + 0.015 * c * t);
  const double blue = (hue.mean - 275.0) / 25.0;
  const double turn = std::sin(60.0 * degree * std::exp(-blue * blue)) * -2.0 * seventh_power_share(c);
  // Equal colours differ by 0, not by what rounding left.
  return std::sqrt(
      std::max(0.0, lightness * lightness + chroma * chroma + hue_part * hue_part + turn * chroma * hue_part));
}

double hue_turn(const Lab& before, const Lab& after, const Lab& bare) {
  const double a = before.a - bare.a;
  const double b = before.b - bare.b;
  const double a_after = after.a - bare.a;
  const double b_after = after.b - bare.b;
  if (!(std::hypot(a, b) > 0.0 && std::hypot(a_after, b_after) > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  return std::atan2(a * b_after - b * a_after, a * a_after + b * b_after) * (180.0 / std::numbers::pi);
}

}  // namespace inkfade::appearance
