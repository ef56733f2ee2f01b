#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <unsupported/Eigen/MatrixFunctions>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/observables/column_observables.hpp"
#include "inkfade/simulation/column_case.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "inkfade/skin/protocol.hpp"
#include "inkfade/system/column_system.hpp"
#include "inkfade/system/interventions.hpp"
#include "support/random_scenarios.hpp"
#include "support/time_stepping.hpp"

// The well-mixed rung, integrated by Boost.Odeint's rosenbrock4, against a closed form and against the column.
namespace inkfade::test {
namespace {

using parameters::Scenario;
using simulation::Options;
using simulation::Rung;
using simulation::Solution;

const std::vector<std::string> dermal_layers{"papillary_dermis", "upper_reticular_dermis", "lower_reticular_dermis"};

Solution run(const Scenario& scenario, Rung rung, std::vector<double> times) {
  Options options;
  options.times = std::move(times);
  options.rung = rung;
  options.fields = false;
  return simulation::simulate(scenario, options);
}

/// Largest difference of masses by pool, tissue and class and of the ledger, of the deposit. @param coarse the rung's
double largest_difference(const Solution& fine, const Solution& coarse) {
  double worst = 0.0;
  const auto compare = [&](const std::vector<double>& a, const std::vector<double>& b) {
    EXPECT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]) / coarse.deposited.back());
  };
  compare(fine.mass, coarse.mass);
  compare(fine.class_mass, coarse.class_mass);
  compare(fine.ledger, coarse.ledger);
  compare(fine.drained_by_class, coarse.drained_by_class);
  return worst;
}

// ---- the linear limit ---------------------------------------------------------------------------------------------

constexpr double tiny_dose = 1e-8;  // [kg/m2]: a load of 1e-8

/// Steady skin and light, capacities out of reach: the rates are constants, their profiles those of the preset.
Scenario linear_scenario(double rtol) {
  return Scenario::preset("scalp-smp")
      .with({{"procedure.local_dose", in_si("procedure.local_dose", tiny_dose)},
             {"macrophages.capacity_volume", text("30000 um3")},
             {"macrophages.crowding_concentration", text("10000 mg/cm3")},
             {"macrophages.inflammation_peak", 1.0},
             {"macrophages.fragmentation_rate", text("0.003 1/day")},
             {"macrophages.egress_rate", text("0.001 1/day")},
             {"skin.lymph.oedema_factor", 1.0},
             {"skin.turnover_healing_factor", 1.0},
             {"skin.wound.loss_rate", text("0 1/day")},
             {"skin.wound.junction_permeability", text("0 um/day")},
             {"aftercare.exfoliant_turnover", 0.0},
             {"aftercare.massage_lymph", 0.0},
             {"ink.uv_sensitivity", text("1e-7 m2/J")},
             {"numerics.classes", std::int64_t{3}},
             {"numerics.rtol", rtol},
             {"run.horizon", text("3 year")}});
}

/// Mean of a quantity over the deposit, equation (W2), by a rule of its own: 40000 midpoints per layer.
double over_deposit(const Scenario& s, const skin::SkinProfile& skin,
                    const std::function<double(const skin::Layer&, double)>& quantity) {
  double sum = 0.0;
  double weight = 0.0;
  for (const skin::Layer& layer : skin.layers) {
    if (layer.tissue != skin::Tissue::dermis) continue;
    const int n = 40000;
    for (int i = 0; i < n; ++i) {
      const double z = layer.top + layer.thickness * (i + 0.5) / n;
      const double u = (z - s.real("procedure.depth")) / s.real("procedure.depth_sd");
      const double p = std::exp(-0.5 * u * u) * layer.thickness / n;
      sum += p * quantity(layer, z);
      weight += p;
    }
  }
  return sum / weight;
}

/// Optical depth above z for ultraviolet light [1].
double optical_depth(const skin::SkinProfile& skin, double z) {
  double tau = 0.0;
  for (const skin::Layer& layer : skin.layers) {
    tau += layer.uv_attenuation * std::clamp(z - layer.top, 0.0, layer.thickness);
  }
  return tau;
}

/// Equations (M1)-(M3), (M11) and (W1)-(W4) spelled out on masses [1/s]:
/// f of the epidermis, then f, m, b of the dermis by class, then shed, degraded and drained by class.
class LinearRung {
 public:
  explicit LinearRung(const Scenario& s)
      : skin_(skin::make_skin_profile(s)), ink_(skin::make_ink(s)), n_(static_cast<int>(ink_.diameter.size())) {
    const double n0 = over_deposit(s, skin_, [](const skin::Layer& l, double) { return l.macrophage_density; });
    const double lymph = over_deposit(s, skin_, [&](const skin::Layer& l, double z) {
      return skin_.lymph_rate * l.lymph_factor * l.macrophage_density / s.real("macrophages.reference_density") *
             std::exp(-(z - skin_.lymph_reference_depth) / skin_.lymph_decay_length);
    });
    const double daylight = ink_.uv_sensitivity * skin::make_protocol(s, skin_, ink_).segments[0].forcing.uv.mean;
    const double light = daylight * over_deposit(s, skin_, [&](const skin::Layer&, double z) {
                           return std::exp(-optical_depth(skin_, z));
                         });
    double epidermal_light = 0.0;
    for (int i = 0; i < 10000; ++i) {
      epidermal_light += daylight * std::exp(-optical_depth(skin_, skin_.junction_depth * (i + 0.5) / 10000)) / 10000;
    }
    const double release = std::log(2.0) / s.real("macrophages.half_life");
    rate_ = Eigen::MatrixXd::Zero(size(), size());
    for (int k = 0; k < n_; ++k) {
      const double d = ink_.diameter[static_cast<std::size_t>(k)];
      const double efficiency = 1.0 / (1.0 + std::pow(s.real("macrophages.uptake_diameter") / d, 2));
      const double gate = 1.0 / (1.0 + std::pow(d / skin_.lymph_gate_diameter, skin_.lymph_gate_exponent));
      flow(k, shed(), 1.0 / skin_.turnover_time);
      flow(k, shed() + 1, epidermal_light);
      flow(f(k), m(k), s.real("macrophages.capture_rate") * efficiency * n0 / s.real("macrophages.reference_density"));
      flow(m(k), f(k), release);
      flow(f(k), b(k), s.real("stroma.binding_rate"));
      flow(b(k), f(k), s.real("stroma.release_rate"));
      flow(f(k), drained(k), lymph * gate);
      flow(m(k), drained(k), s.real("macrophages.egress_rate"));
      flow(f(k), shed() + 1, light);
      flow(m(k), shed() + 1, s.real("macrophages.light_exposure") * light);
      flow(b(k), shed() + 1, s.real("stroma.light_exposure") * light);
      if (k > 0) flow(m(k), m(k - 1), s.real("macrophages.fragmentation_rate"));
    }
    start_ = Eigen::VectorXd::Zero(size());
    for (int k = 0; k < n_; ++k) {
      const double share = ink_.mass_fraction[static_cast<std::size_t>(k)];
      start_(k) = s.real("procedure.epidermal_fraction") * share;
      start_(f(k)) = (1.0 - s.real("procedure.epidermal_fraction")) * share;
    }
  }

  [[nodiscard]] Eigen::VectorXd at(double t) const {
    const Eigen::MatrixXd propagator = (t * rate_).exp();
    return propagator * start_;
  }
  [[nodiscard]] int f(int k) const { return n_ + k; }
  [[nodiscard]] int m(int k) const { return 2 * n_ + k; }
  [[nodiscard]] int b(int k) const { return 3 * n_ + k; }
  [[nodiscard]] int shed() const { return 4 * n_; }
  [[nodiscard]] int drained(int k) const { return 4 * n_ + 2 + k; }

  /// Largest error of a solution's masses and ledger at its saved times, of the deposit.
  [[nodiscard]] double error(const Solution& s) const {
    double worst = 0.0;
    const auto compare = [&](double computed, double exact) {
      worst = std::max(worst, std::abs(computed / s.deposited[0] - exact));
    };
    const auto n = static_cast<std::size_t>(n_);
    for (std::size_t i = 0; i < s.n_times(); ++i) {
      const Eigen::VectorXd x = at(s.time[i]);
      compare(s.layer_mass[2 * i], x.head(n_).sum());
      compare(s.layer_mass[2 * i + 1], x.segment(n_, 3 * n_).sum());
      compare(s.mass[3 * i], x.head(2 * n_).sum());
      compare(s.mass[3 * i + 1], x.segment(m(0), n_).sum());
      compare(s.mass[3 * i + 2], x.segment(b(0), n_).sum());
      compare(s.ledger[4 * i], x(shed()));
      compare(s.ledger[4 * i + 2], x(shed() + 1));
      for (int k = 0; k < n_; ++k) compare(s.drained_by_class[n * i + static_cast<std::size_t>(k)], x(drained(k)));
    }
    return worst;
  }

 private:
  [[nodiscard]] int size() const { return 5 * n_ + 2; }
  void flow(int from, int to, double rate) {
    rate_(from, from) -= rate;
    rate_(to, from) += rate;
  }

  skin::SkinProfile skin_;
  skin::Ink ink_;
  int n_;
  Eigen::MatrixXd rate_;
  Eigen::VectorXd start_;
};

TEST(WellMixed, InTheLinearLimitIsAMatrixExponential) {
  const std::vector<double> times{0.0, 1.0 * day, 20.0 * day, 200.0 * day, 1.0 * year, 3.0 * year};
  // The promise, error <= 10 rtol of the deposit. The averages add about 1e-7: they are sums over 512 cells.
  for (const double rtol : {1e-3, 1e-4, 1e-5, 1e-6}) {
    const Scenario scenario = linear_scenario(rtol);
    const Solution solution = run(scenario, Rung::well_mixed, times);
    ASSERT_EQ(solution.status, Status::ok) << solution.message;
    EXPECT_LE(LinearRung(scenario).error(solution), 10.0 * rtol) << "rtol " << rtol;
  }
}

// ---- the column ---------------------------------------------------------------------------------------------------

/// Skin in which depth plays no part: the dermis the same throughout, pigment spread evenly, free pigment fast.
Scenario mixed_scenario(double diffusivity_um2_per_s, double rtol) {
  Settings settings{{"procedure.depth_sd", text("5 mm")},
                    {"procedure.local_dose", text("20 mg/cm2")},
                    {"skin.lymph.decay_length", text("100 mm")},
                    {"skin.wound.loss_depth", text("10 mm")},
                    {"skin.diffusivity_100nm", text(std::to_string(diffusivity_um2_per_s) + " um2/s")},
                    {"skin.hindrance_diameter", text("10 um")},
                    {"numerics.classes", std::int64_t{3}},
                    {"numerics.rtol", rtol},
                    {"run.horizon", text("2 year")}};
  for (const std::string& layer : Scenario::preset("scalp-smp").layers()) {
    settings.emplace_back("skin." + layer + ".hindrance", 1.0);
  }
  for (const std::string& layer : dermal_layers) {
    settings.emplace_back("skin." + layer + ".macrophage_density", text("5000 mm-3"));
    settings.emplace_back("skin." + layer + ".binding_capacity", text("5 mg/cm3"));
    settings.emplace_back("skin." + layer + ".lymph_factor", 1.0);
  }
  return Scenario::preset("scalp-smp").with(settings);
}

/// Difference between the rung and the column of 64 cells, of the deposit. @param diffusivity of 100 nm [um2/s]
double difference_at(double diffusivity) {
  const std::vector<double> times{1.0 * day, 7.0 * day, 42.0 * day, 1.0 * year, 2.0 * year};
  const Scenario scenario = mixed_scenario(diffusivity, 1e-6);
  const Solution column = run(scenario, Rung::column, times);
  const Solution rung = run(scenario, Rung::well_mixed, times);
  EXPECT_EQ(column.status, Status::ok) << column.message;
  EXPECT_EQ(rung.status, Status::ok) << rung.message;
  EXPECT_GT(std::ranges::max(rung.peak_load), 0.5);  // far from the linear limit, so that widths matter
  return largest_difference(column, rung);
}

TEST(WellMixed, IsWhatAColumnOfEvenSkinBecomesWhenFreePigmentMixesFast) {
  const double slow = difference_at(10.0);
  const double faster = difference_at(100.0);
  const double fast = difference_at(1000.0);
  RecordProperty("differences", std::to_string(slow * 1e6) + "e-6, " + std::to_string(faster * 1e6) + "e-6, " +
                                    std::to_string(fast * 1e6) + "e-6");
  EXPECT_LT(faster, slow);
  EXPECT_LT(fast, faster);
  // Lymph still varies by 2 % over the dermis. At 1000 um2/s free pigment crosses it in (2 mm)^2/(pi^2 D) = 400 s,
  // 5e-3 of the time in which lymph (about 1/day) takes it: 0.02 x 5e-3 = 1e-4. The solvers add 10 rtol each.
  EXPECT_LE(fast, 1e-4);
}

/// The rung by the W-method: its mass, class by class, and its ledger at the end, as shares of the deposit.
std::vector<double> by_w_method(const Scenario& scenario) {
  const simulation::ColumnCase column(scenario, Rung::well_mixed);
  const auto tables = column.coefficients.tables();
  system::ColumnSystem<0> system(tables);
  std::vector<double> y = system::initial_state(tables);
  double deposited = 0.0;
  double peak = 0.0;
  for (const skin::Segment& segment : column.protocol.segments) {
    for (const skin::Intervention& each : segment.interventions) system::apply_intervention(each, tables, y.data());
    for (const skin::Deposit& deposit : segment.deposits) {
      deposited += system::add_deposit(deposit, column.skin, column.mesh, tables.layout, y.data());
      peak += deposited / column.mesh.width[1];
    }
    system.set_forcing(segment.forcing);
    const auto atol = column_atol(tables.layout, column.rtol * 1e-3 * peak, column.rtol * 1e9, 1);
    EXPECT_EQ(integrate_to(system, segment.start, segment.end, y, column.rtol, atol), Status::ok);
  }
  const auto seen = observables::observe(tables.layout, column.mesh, 2, tables.local.inverse_capacity, y);
  std::vector<double> shares(seen.class_mass);
  shares.insert(shares.end(), seen.layer_mass.begin(), seen.layer_mass.end());
  shares.push_back(y[static_cast<std::size_t>(tables.layout.shed())]);
  shares.push_back(y[static_cast<std::size_t>(tables.layout.degraded())]);
  shares.push_back(y[static_cast<std::size_t>(tables.layout.removed())]);
  for (double& share : shares) share /= deposited;
  return shares;
}

TEST(WellMixed, IsTheSameByTheWMethodWithAllTermsOn) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    constexpr double rtol = 1e-6;
    const Scenario scenario =
        ScenarioMaker(seed).make(3.0, true).with({{"numerics.rtol", rtol}, {"touch_up.schedule", std::string("none")}});
    const Solution rung = run(scenario, Rung::well_mixed, {scenario.real("run.horizon")});
    ASSERT_EQ(rung.status, Status::ok) << rung.message;
    std::vector<double> shares(rung.class_mass);
    shares.insert(shares.end(), rung.layer_mass.begin(), rung.layer_mass.end());
    shares.push_back(rung.ledger[0]);
    shares.push_back(rung.ledger[2]);
    shares.push_back(rung.ledger[3]);
    const std::vector<double> expected = by_w_method(scenario);
    ASSERT_EQ(shares.size(), expected.size());
    for (std::size_t i = 0; i < shares.size(); ++i) {
      EXPECT_NEAR(shares[i] / rung.deposited.back(), expected[i], 20.0 * rtol);  // 10 rtol of each method
    }
  }
}

// ---- laws on random scenarios -------------------------------------------------------------------------------------

/// What is seen depends on depth, which the rung does not have: visits go by what is left.
Scenario random_scenario(unsigned seed) {
  return ScenarioMaker(seed)
      .make(10.0, true)
      .with({{"touch_up.measure", std::string("retained_of_healed")}, {"touch_up.threshold", 0.7}});
}

TEST(WellMixed, ClosesTheLedgerOnRandomScenarios) {
  double worst = 0.0;
  for (unsigned seed = 0; seed < 120; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Solution s = run(random_scenario(seed), Rung::well_mixed, {});
    ASSERT_EQ(s.status, Status::ok) << s.message;
    ASSERT_FALSE(s.ledger_residual.empty());
    const double residual = std::ranges::max(s.ledger_residual);
    EXPECT_LE(residual, 1e-12);  // the promise
    EXPECT_TRUE(std::ranges::all_of(s.mass, [](double v) { return std::isfinite(v); }));
    worst = std::max(worst, residual);
  }
  RecordProperty("worst", std::to_string(worst * 1e15) + "e-15");
}

TEST(WellMixed, KeepsTheMacrophageLoadAtMostOne) {
  for (unsigned seed = 0; seed < 120; seed += 3) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Solution s = run(random_scenario(seed), Rung::well_mixed, {});
    EXPECT_LE(std::ranges::max(s.peak_load), 1.0 + 1e-9);  // an excess is taken back at every saved time
  }
}

}  // namespace
}  // namespace inkfade::test
