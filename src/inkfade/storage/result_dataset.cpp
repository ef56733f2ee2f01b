#include "inkfade/storage/result_dataset.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <functional>
#include <limits>

#include "commit.hpp"
#include "inkfade/base/constants.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/units.hpp"
#include "inkfade/simulation/observable_rows.hpp"

namespace inkfade::storage {

namespace {

using simulation::Solution;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
// From SI to the units of the file.
constexpr double per_day = 1.0 / day;
constexpr double to_um = 1e6;
constexpr double to_nm = 1e9;
constexpr double to_mg_per_cm3 = 1.0;    // 1 kg/m3
constexpr double to_mg_per_cm2 = 100.0;  // 1 kg/m2 = 1e6 mg / 1e4 cm2
constexpr double to_ug_per_cm2 = 1e5;
constexpr double to_per_mm3 = 1e-9;

Attributes attributes(const char* units, const char* long_name) {
  return {{"units", std::string(units)}, {"long_name", std::string(long_name)}};
}

bool same_depths(const Solution& a, const Solution& b) {
  return a.z_bounds == b.z_bounds && a.layer_bounds == b.layer_bounds;
}

/// Rows of different meaning never share an axis: runs stacked along `point` have the same size classes, layers and
/// saved times (a failed run may have fewer), and the same cells where they keep fields.
void check_stackable(const Solution& reference, const Solution& s, std::size_t point) {
  if (s.layers.empty()) return;  // ended before it began: a row of NaN
  const bool fields = !s.pigment.empty() || !reference.pigment.empty();
  const bool same_grid =
      s.diameter == reference.diameter && s.layers == reference.layers && (!fields || same_depths(s, reference));
  const bool same_times = std::equal(s.time.begin(), s.time.end(), reference.time.begin(),
                                     reference.time.begin() + static_cast<std::ptrdiff_t>(s.n_times()));
  if (same_grid && same_times) return;
  throw ParameterError("point " + std::to_string(point) + " of the results has " +
                       (same_grid ? "other saved times" : "another grid, other size classes or other layers") +
                       " than the others: store such runs in files of their own");
}

/// Several runs along a leading dimension `point`, or one run without it.
class Builder {
 public:
  Builder(std::span<const Solution> solutions, bool stacked) : solutions_(solutions), stacked_(stacked) {
    // A failed run may have saved fewer times (or none): the longest gives the axes, rows beyond a run's end are NaN.
    reference_ = &solutions.front();
    for (const Solution& s : solutions) {
      if (s.n_times() > reference_->n_times()) reference_ = &s;
    }
    for (std::size_t i = 0; i < solutions.size(); ++i) {
      if (solutions[i].n_times() > 0 && solutions[i].layers.empty()) {
        throw ParameterError("point " + std::to_string(i) +
                             " of the results was run without its axes (Options::series.axes): no file can hold it");
      }
      check_stackable(*reference_, solutions[i], i);
    }
    if (stacked_) data_.dimensions.emplace_back("point", solutions.size());
  }

  /// Do the runs say anything about depth? Those of the well-mixed rung do not.
  [[nodiscard]] bool resolves_depth() const { return reference_->rung == simulation::Rung::column; }

  /// Do all runs lie on the same cells? Else no depth belongs to all of them.
  [[nodiscard]] bool shares_depths() const {
    return std::ranges::all_of(solutions_,
                               [&](const Solution& s) { return s.layers.empty() || same_depths(s, *reference_); });
  }

  /// Are all runs touched up by the same rule?
  [[nodiscard]] bool shares_rule() const {
    return std::ranges::all_of(solutions_, [&](const Solution& s) {
      return s.layers.empty() || (s.measure == reference_->measure && s.threshold == reference_->threshold &&
                                  s.contrast_floor == reference_->contrast_floor);
    });
  }

  [[nodiscard]] const Solution& reference() const { return *reference_; }
  Dataset& data() { return data_; }

  void dimension(const char* name, std::size_t size) { data_.dimensions.emplace_back(name, size); }

  /// A coordinate that all runs share.
  void shared(const char* name, std::vector<std::string> dims, std::vector<double> values, double factor,
              Attributes a) {
    for (double& v : values) v *= factor;
    data_.variables.push_back({name, std::move(dims), std::move(values), std::move(a)});
  }
  void shared(const char* name, const char* dim, std::vector<std::string> values, const char* long_name) {
    data_.variables.push_back({name, {dim}, std::move(values), {{"long_name", std::string(long_name)}}});
  }

  /// An array of each run, `row` values per saved time.
  void over_time(const char* name, std::vector<std::string> dims, const std::vector<double> Solution::*member,
                 std::size_t row, double factor, const Attributes& a) {
    std::vector<double> values;
    const std::size_t full = reference_->n_times() * row;
    for (const Solution& s : solutions_) {
      for (const double v : s.*member) values.push_back(v * factor);
      values.insert(values.end(), full - (s.*member).size(), nan);
    }
    add(name, std::move(dims), std::move(values), a);
  }

  /// A number of each run at each saved time.
  void over_time(const char* name, const std::function<double(const Solution&, std::size_t)>& value,
                 const Attributes& a) {
    std::vector<double> values;
    for (const Solution& s : solutions_) {
      for (std::size_t i = 0; i < s.n_times(); ++i) values.push_back(value(s, i));
      values.insert(values.end(), reference_->n_times() - s.n_times(), nan);
    }
    add(name, {"time"}, std::move(values), a);
  }

  /// Sessions and healing of each run; shorter lists are padded with NaN and empty text.
  void events() {
    std::size_t most = 0;
    for (const Solution& s : solutions_) most = std::max(most, s.event_time.size());
    dimension("event", most);
    std::vector<double> times;
    std::vector<std::string> kinds;
    for (const Solution& s : solutions_) {
      for (std::size_t i = 0; i < most; ++i) {
        times.push_back(i < s.event_time.size() ? s.event_time[i] * per_day : nan);
        kinds.push_back(i < s.event_kind.size() ? s.event_kind[i] : "");
      }
    }
    add("event_time", {"event"}, std::move(times), attributes("day", "time of each event"));
    add("event_kind", {"event"}, std::move(kinds), {{"long_name", std::string("kind of each event")}});
  }

  /// Touch-ups of each run; shorter lists are padded with NaN.
  void visits() {
    std::size_t most = 1;  // an axis of length 0 does not survive every reader
    for (const Solution& s : solutions_) most = std::max(most, s.visit_time.size());
    dimension("visit", most);
    const auto padded = [&](const char* name, const std::vector<double> Solution::*member, double factor,
                            const Attributes& a) {
      std::vector<double> values;
      for (const Solution& s : solutions_) {
        for (const double v : s.*member) values.push_back(v * factor);
        values.insert(values.end(), most - (s.*member).size(), nan);
      }
      add(name, {"visit"}, std::move(values), a);
    };
    padded("visit_time", &Solution::visit_time, 1.0 / year,
           attributes("year", "time of each touch-up, dated or scheduled"));
    padded("visit_measure", &Solution::visit_measure, 1.0,
           attributes("1", "the touch-up measure just before each touch-up"));
    padded("visit_deposited", &Solution::visit_deposited, to_mg_per_cm2,
           attributes("mg cm-2", "pigment placed in the skin of the dot so far, with that touch-up"));
    integer(
        "visits", [](const Solution& s) { return static_cast<std::int32_t>(s.visit_time.size()); },
        attributes("1", "number of touch-ups, dated or scheduled"));
  }

  /// L*a*b* of each run.
  void colour(const char* name, const appearance::Lab Solution::*member, const Attributes& a) {
    std::vector<double> values;
    for (const Solution& s : solutions_) {
      const appearance::Lab& lab = s.*member;
      values.insert(values.end(), {lab.l, lab.a, lab.b});
    }
    add(name, {"axis"}, std::move(values), a);
  }

  void number(const char* name, const std::function<double(const Solution&)>& value, const Attributes& a) {
    std::vector<double> values;
    for (const Solution& s : solutions_) values.push_back(value(s));
    add(name, {}, std::move(values), a);
  }
  void integer(const char* name, const std::function<std::int32_t(const Solution&)>& value, const Attributes& a) {
    std::vector<std::int32_t> values;
    for (const Solution& s : solutions_) values.push_back(value(s));
    add(name, {}, std::move(values), a);
  }
  void text(const char* name, const std::function<std::string(const Solution&)>& value, const char* long_name) {
    std::vector<std::string> values;
    for (const Solution& s : solutions_) values.push_back(value(s));
    add(name, {}, std::move(values), {{"long_name", std::string(long_name)}});
  }

 private:
  template <class Values>
  void add(const char* name, std::vector<std::string> dims, Values values, const Attributes& a) {
    if (stacked_) dims.insert(dims.begin(), "point");
    data_.variables.push_back({name, std::move(dims), std::move(values), a});
  }

  std::span<const Solution> solutions_;
  bool stacked_;
  const Solution* reference_ = nullptr;
  Dataset data_;
};

/// Cells and layers over depth.
void add_depths(Builder& b) {
  const Solution& s = b.reference();
  const auto pairs = [](const std::vector<double>& faces) {
    std::vector<double> bounds;
    for (std::size_t i = 0; i + 1 < faces.size(); ++i) bounds.insert(bounds.end(), {faces[i], faces[i + 1]});
    return bounds;
  };
  if (b.resolves_depth()) b.dimension("z", s.n_cells());
  b.dimension("bound", 2);
  if (b.resolves_depth()) {
    Attributes z = attributes("um", "depth below the skin surface");
    z.emplace_back("positive", std::string("down"));
    z.emplace_back("bounds", std::string("z_bounds"));
    b.shared("z", {"z"}, s.z, to_um, z);
    b.shared("z_bounds", {"z", "bound"}, pairs(s.z_bounds), to_um,
             attributes("um", "upper and lower face of each cell"));
  }
  b.shared("layer_bounds", {"layer", "bound"}, pairs(s.layer_bounds), to_um,
           attributes("um", "upper and lower face of each layer"));
}

void add_coordinates(Builder& b) {
  const Solution& s = b.reference();
  b.dimension("time", s.n_times());
  b.dimension("size_class", s.n_classes());
  b.dimension("pool", simulation::n_pools);
  b.dimension("layer", s.layers.size());
  b.dimension("fate", simulation::n_fates);
  b.shared("time", {"time"}, s.time, per_day, attributes("day", "time since the start of the scenario"));
  b.shared("diameter", {"size_class"}, s.diameter, to_nm, attributes("nm", "aggregate diameter of each size class"));
  b.shared("pool", "pool", {std::begin(simulation::pool_names), std::end(simulation::pool_names)},
           "where pigment in the skin is: free between cells, inside macrophages, held by stroma");
  b.shared("layer", "layer", s.layers, "skin layer, outermost first");
  b.shared("fate", "fate", {std::begin(simulation::fate_names), std::end(simulation::fate_names)},
           "where pigment that left the skin went");
  if (b.shares_depths()) add_depths(b);
}

void add_observables(Builder& b) {
  const std::size_t n_classes = b.reference().n_classes();
  b.over_time("mass", {"time", "pool"}, &Solution::mass, simulation::n_pools, to_mg_per_cm2,
              attributes("mg cm-2", "pigment in the skin of the dot, by pool"));
  b.over_time("layer_mass", {"time", "layer"}, &Solution::layer_mass, b.reference().layers.size(), to_mg_per_cm2,
              attributes("mg cm-2", "pigment in the skin of the dot, by layer"));
  b.over_time("class_mass", {"time", "size_class"}, &Solution::class_mass, n_classes, to_mg_per_cm2,
              attributes("mg cm-2", "pigment in the skin of the dot, by size class"));
  b.over_time("ledger", {"time", "fate"}, &Solution::ledger, simulation::n_fates, to_mg_per_cm2,
              attributes("mg cm-2", "pigment that has left the skin of the dot, by fate"));
  b.over_time("drained_by_class", {"time", "size_class"}, &Solution::drained_by_class, n_classes, to_mg_per_cm2,
              attributes("mg cm-2", "pigment drained by lymph and egress, by size class"));
  b.over_time("deposited", {"time"}, &Solution::deposited, 1, to_mg_per_cm2,
              attributes("mg cm-2", "pigment placed in the skin of the dot so far"));
  b.over_time("dispensed", {"time"}, &Solution::dispensed, 1, to_mg_per_cm2,
              attributes("mg cm-2", "pigment dispensed on the dot so far: deposited and wiped off"));
  b.over_time("ledger_residual", {"time"}, &Solution::ledger_residual, 1, 1.0,
              attributes("1", "deposited less what is in the skin and what left, of deposited"));
  b.over_time("retained_of_deposit", {"time"}, &Solution::retained_of_deposit, 1, 1.0,
              attributes("1", "pigment in the skin over pigment deposited"));
  b.over_time("retained_of_healed", {"time"}, &Solution::retained_of_healed, 1, 1.0,
              attributes("1", "pigment in the skin over that when healed"));
  b.over_time("patch_dose", {"time"}, &Solution::patch_dose, 1, to_ug_per_cm2,
              attributes("ug cm-2", "pigment per area of treated skin, dots and gaps together"));
  if (b.resolves_depth()) {
    b.over_time("centroid", {"time"}, &Solution::centroid, 1, to_um, attributes("um", "mean depth of pigment"));
    b.over_time("spread", {"time"}, &Solution::spread, 1, to_um,
                attributes("um", "standard deviation of pigment over depth"));
  }
  b.over_time("peak_load", {"time"}, &Solution::peak_load, 1, 1.0,
              attributes("1", "largest macrophage load of any depth, of capacity"));
}

/// What is seen of the patch.
void add_appearance(Builder& b) {
  b.dimension("axis", 3);
  b.shared("axis", "axis", {"L*", "a*", "b*"}, "lightness, red less green, yellow less blue (CIELAB)");
  b.over_time("patch_contrast", {"time"}, &Solution::patch_contrast, 1, 1.0,
              attributes("1", "contrast of the patch to bare skin, seen from afar: CIEDE2000"));
  b.over_time("patch_contrast_of_healed", {"time"}, &Solution::patch_contrast_of_healed, 1, 1.0,
              attributes("1", "patch contrast over that when healed"));
  b.over_time("patch_lab", {"time", "axis"}, &Solution::patch_lab, 3, 1.0,
              attributes("1", "colour of the patch: D65, 2 degrees, specular component excluded"));
  b.over_time("colour_drift", simulation::find_observable("colour_drift").pick,
              attributes("degree",
                         "turn of the hue of what the ink adds, since healed: from red over yellow and green to blue"));
  b.number(
      "healed_contrast", [](const Solution& s) { return s.healed_contrast; },
      attributes("1", "patch contrast when healed, CIEDE2000"));
  b.colour("healed_lab", &Solution::healed_lab, attributes("1", "colour of the patch when healed"));
  b.colour("bare_lab", &Solution::bare_lab, attributes("1", "colour of bare skin"));
}

void add_fields(Builder& b) {
  const Solution& s = b.reference();
  const std::size_t profile = s.n_cells();
  b.over_time("pigment", {"time", "pool", "size_class", "z"}, &Solution::pigment,
              simulation::n_pools * s.n_classes() * profile, to_mg_per_cm3,
              attributes("mg cm-3", "pigment concentration"));
  b.over_time("macrophages", {"time", "z"}, &Solution::macrophages, profile, to_per_mm3,
              attributes("mm-3", "dermal macrophages"));
  b.over_time("macrophage_load", {"time", "z"}, &Solution::macrophage_load, profile, 1.0,
              attributes("1", "pigment in macrophages over what they can hold"));
}

void add_outcome(Builder& b) {
  Attributes touch_up = attributes("year", "first time after healing at which the measure falls below its threshold");
  if (b.shares_rule()) {
    touch_up.emplace_back("measure", b.reference().measure);
    touch_up.emplace_back("threshold", b.reference().threshold);
    if (b.reference().contrast_floor > 0.0) touch_up.emplace_back("contrast_floor", b.reference().contrast_floor);
  }
  b.number(
      "touch_up_time", [](const Solution& s) { return s.touch_up.time / year; }, touch_up);
  b.integer(
      "touch_up_observed", [](const Solution& s) { return s.touch_up.observed ? 1 : 0; },
      attributes("1", "1: reached within the run; 0: censored at its end"));
  b.number(
      "healed_time", [](const Solution& s) { return s.healed_time / day; },
      attributes("day", "time of the healed reference"));

  std::vector<std::int32_t> values;
  std::string meanings;
  for (std::int32_t i = 0; i < status_count; ++i) {
    values.push_back(i);
    meanings += (i > 0 ? " " : "") + std::string(name(static_cast<Status>(i)));
  }
  b.integer("status", [](const Solution& s) { return static_cast<std::int32_t>(s.status); },
            {{"long_name", std::string("how the run ended")}, {"flag_values", values}, {"flag_meanings", meanings}});
  b.number(
      "status_time", [](const Solution& s) { return s.status_time / day; },
      attributes("day", "time at which the run ended"));
  b.text(
      "message", [](const Solution& s) { return s.message; }, "what went wrong and what to try; empty when ok");
  b.integer(
      "steps", [](const Solution& s) { return static_cast<std::int32_t>(s.statistics.accepted); },
      attributes("1", "accepted steps of the integrator"));
  b.number(
      "wall_time", [](const Solution& s) { return s.statistics.wall_time; },
      attributes("s", "wall-clock time of the run"));
}

/// The method and its settings that results depend on, as text.
std::string solver_of(const parameters::Scenario& scenario, simulation::Rung rung) {
  // Not printf, which writes a decimal comma where the language of the process has one.
  const auto number = [&](const char* name) {
    return parameters::format_quantity(scenario.real(name), parameters::unit("1"));
  };
  const bool mixed = rung == simulation::Rung::well_mixed;
  const std::string grid = mixed ? "well mixed" : "cells " + std::to_string(scenario.integer("numerics.cells"));
  return std::string(mixed ? "Boost.Odeint rosenbrock4" : "ROS34PW2") + "; rtol " + number("numerics.rtol") +
         "; atol_fraction " + number("numerics.atol_fraction") + "; " + grid + "; classes " +
         std::to_string(scenario.integer("numerics.classes"));
}

/// Now, as an ISO 8601 time in UTC.
std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::string host_name() {
  char text[256] = "";
  return gethostname(text, sizeof text - 1) == 0 ? text : "unknown";
}

void add_provenance(Dataset& data, const parameters::Scenario& scenario, simulation::Rung rung) {
  data.attributes = {{"Conventions", std::string("CF-1.10")},
                     {"title", std::string("inkfade: fading of pigment in skin")},
                     {"inkfade_format", std::int64_t{1}},
                     {"inkfade_physics", std::int64_t{physics_version}},
                     {"inkfade_version", std::string(INKFADE_VERSION)},
                     {"commit", std::string(INKFADE_COMMIT)},
                     {"rung", std::string(name(rung))},
                     {"solver", solver_of(scenario, rung)},
                     {"date", date_now()},
                     {"host", host_name()},
                     {"preset", scenario.preset_name()},
                     {"scenario", scenario.to_toml()},
                     {"scenario_json", scenario.to_json()},
                     {"comment", std::string("A model's prediction, not medical advice. Most rates are assumed within "
                                             "published ranges; the scenario names the grade and source of each.")}};
}

Dataset build(std::span<const parameters::Scenario> scenarios, std::span<const Solution> solutions, bool stacked) {
  Builder builder(solutions, stacked);
  add_coordinates(builder);
  const bool any_fields = std::ranges::any_of(solutions, [](const Solution& s) { return !s.pigment.empty(); });
  if (any_fields) add_fields(builder);
  add_observables(builder);
  // Also of runs that failed before their first saved time: what is there does not hang on how they went.
  if (std::ranges::any_of(solutions, [](const Solution& s) { return !std::isnan(s.bare_lab.l); })) {
    add_appearance(builder);
  }
  add_outcome(builder);
  builder.events();
  builder.visits();
  add_provenance(builder.data(), scenarios.front(), builder.reference().rung);
  return std::move(builder.data());
}

}  // namespace

Dataset to_dataset(const parameters::Scenario& scenario, const Solution& solution) {
  return build({&scenario, 1}, {&solution, 1}, false);
}

Dataset to_dataset(std::span<const parameters::Scenario> scenarios, std::span<const Solution> solutions) {
  if (scenarios.empty() || scenarios.size() != solutions.size()) {
    throw ParameterError("a result needs one solution for each scenario and at least one: got " +
                         std::to_string(scenarios.size()) + " scenarios and " + std::to_string(solutions.size()) +
                         " solutions");
  }
  return build(scenarios, solutions, true);
}

}  // namespace inkfade::storage
