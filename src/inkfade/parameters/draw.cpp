#include "inkfade/parameters/draw.hpp"

#include <algorithm>
#include <cmath>

#include "inkfade/base/math.kernel.hpp"
#include "inkfade/parameters/validation.hpp"

namespace inkfade::parameters {
namespace {

// The output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a bijection that mixes all bits.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

template <std::size_t N>
double polynomial(const double (&coefficients)[N], double x) {
  double sum = coefficients[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) sum = sum * x + coefficients[i];
  return sum;
}

// Quantile of the standard normal distribution, p in (0, 1). Wichura, algorithm AS 241, Appl. Stat. 1988;37:477-484.
double normal_quantile(double p) {
  static constexpr double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                 1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                 3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr double b[] = {1.0,
                                 4.2313330701600911252e+1,
                                 6.8718700749205790830e+2,
                                 5.3941960214247511077e+3,
                                 2.1213794301586595867e+4,
                                 3.9307895800092710610e+4,
                                 2.8729085735721942674e+4,
                                 5.2264952788528545610e+3};
  static constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                 3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                 2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr double d[] = {1.0,
                                 2.05319162663775882187e0,
                                 1.67638483018380384940e0,
                                 6.89767334985100004550e-1,
                                 1.48103976427480074590e-1,
                                 1.51986665636164571966e-2,
                                 5.47593808499534494600e-4,
                                 1.05075007164441684324e-9};
  static constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                 2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double f[] = {1.0,
                                 5.99832206555887937690e-1,
                                 1.36929880922735805310e-1,
                                 1.48753612908506148525e-2,
                                 7.86869131145613259100e-4,
                                 1.84631831751005468180e-5,
                                 1.42151175831644588870e-7,
                                 2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  const double r = std::sqrt(-baseline::log_(q < 0.0 ? p : 1.0 - p));
  const double tail =
      r <= 5.0 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6) : polynomial(e, r - 5.0) / polynomial(f, r - 5.0);
  return q < 0.0 ? -tail : tail;
}

void scale_override(std::map<std::string, Value>& overrides, const ParameterInfo& info, double factor) {
  const auto found = overrides.find(info.name);
  if (found == overrides.end()) return;
  found->second = std::clamp(std::get<double>(found->second) * factor, info.lower_si, info.upper_si);
}

void scale_overrides(ScenarioData& data, const ParameterInfo& info, double factor) {
  for (Session& session : data.sessions) scale_override(session.overrides, info, factor);
  for (ExposureSpan& span : data.exposure) scale_override(span.overrides, info, factor);
  for (Intervention& intervention : data.interventions) scale_override(intervention.overrides, info, factor);
}

double* value_of(ScenarioData& data, Session* session, const std::string& name) {
  if (session != nullptr) {
    const auto found = session->overrides.find(name);
    if (found != session->overrides.end()) return &std::get<double>(found->second);
  }
  return &std::get<double>(data.entries[data.layout->position.find(name)->second].value);
}

const std::string& placement_of(const ScenarioData& data, const Session* session) {
  static const std::string name = "procedure.placement";
  if (session != nullptr) {
    const auto found = session->overrides.find(name);
    if (found != session->overrides.end()) return std::get<std::string>(found->second);
  }
  return data.text(name);
}

// A draw must be a valid scenario: the limits that values set each other, as validate() knows them.
void bring_inside(ScenarioData& data, Session* session) {
  static const std::string depth_name = "procedure.depth";
  static const std::string min_name = "ink.size_min";
  static const std::string max_name = "ink.size_max";
  static const std::string median_name = "ink.size_median";
  static const std::string diameter_name = "procedure.dot_diameter";
  static const std::string density_name = "procedure.dot_density";
  const DepthRange range = deposit_depths(data);
  double& depth = *value_of(data, session, depth_name);
  depth = std::clamp(depth, range.lower, range.upper);
  const double smallest = *value_of(data, session, min_name);
  double& largest = *value_of(data, session, max_name);
  largest = std::max(largest, smallest * 1.01);
  double& median = *value_of(data, session, median_name);
  median = std::clamp(median, smallest, largest);
  const double diameter = *value_of(data, session, diameter_name);
  double& density = *value_of(data, session, density_name);
  if (placement_of(data, session) == "lattice") density = std::min(density, 1.0 / (diameter * diameter));
}

}  // namespace

std::uint64_t name_hash(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash;
}

double normal_deviate(std::uint64_t seed, std::uint64_t index, std::uint64_t name) {
  const std::uint64_t bits = mix(mix(mix(seed) ^ index) ^ name);
  const double uniform = (static_cast<double>(bits >> 11U) + 0.5) * 0x1p-53;
  return normal_quantile(uniform);
}

void draw_person(ScenarioData& data, std::uint64_t seed, std::uint64_t index) {
  const Layout& layout = *data.layout;
  for (std::size_t i = 0; i < data.entries.size(); ++i) {
    Entry& entry = data.entries[i];
    auto* value = std::get_if<double>(&entry.value);
    if (value == nullptr || entry.gsd <= 1.0 || *value == 0.0) continue;
    const ParameterInfo& info = *layout.infos[i];
    const double deviate = normal_deviate(seed, index, layout.hashes[i]);
    const double factor = baseline::exp_(deviate * baseline::log_(entry.gsd));
    scale_overrides(data, info, factor);
    *value = std::clamp(*value * factor, info.lower_si, info.upper_si);
  }
  bring_inside(data, nullptr);
  for (Session& session : data.sessions) bring_inside(data, &session);
}

}  // namespace inkfade::parameters
