#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/simulation/column_case.hpp"
#include "inkfade/system/column_system.hpp"

// Item 5, the column's part: the matrix behind factor() and solve(), (I - hg A0)(I - hg R)(I - hg B).
namespace inkfade::test {
namespace {

using parameters::Scenario;
using Settings = std::vector<std::pair<std::string, parameters::Setting>>;
using Eigen::MatrixXd;
using Eigen::VectorXd;

std::string text(const char* value) { return value; }

/// A small column of the preset with everything on. Particles of 100 nm and more: then diffusion does not dwarf the
/// kinetics, and relative tolerances mean something.
Scenario small_column(const Settings& more = {}) {
  const Scenario base = Scenario::preset("scalp-smp")
                            .with({{"numerics.cells", std::int64_t{9}},
                                   {"numerics.classes", std::int64_t{3}},
                                   {"ink.size_min", text("100 nm")},
                                   {"ink.uv_sensitivity", text("1e-5 m2/J")},
                                   {"macrophages.egress_rate", text("0.01 1/day")},
                                   {"macrophages.fragmentation_rate", text("0.03 1/day")},
                                   {"macrophages.hop_factor", 20.0}});
  return base.with(more);
}

/// A column in a random state two days after the session.
class RandomColumn {
 public:
  static constexpr double capture_factor = 1.7;
  RandomColumn(const Scenario& scenario, unsigned seed, double lowest_n, double highest_n)
      : case_(scenario), tables_(case_.coefficients.tables()), system_(tables_), random_(seed) {
    baseline::Forcing<double> forcing = case_.protocol.segments.front().forcing;
    forcing.capture_factor = capture_factor;  // as under an immune stimulation, and after an ablation
    forcing.egress_factor = 3.0;
    forcing.recruitment_factor = 0.4;
    system_.set_forcing(forcing);
    const auto& at = tables_.layout;
    y_ = system::initial_state(tables_);
    scale_ = VectorXd::Constant(at.size(), 1e-4);
    for (int i = 0; i < at.n_cells; ++i) {
      const bool dermal = i >= tables_.first_dermal_cell;
      for (int j = 0; j < 3 * at.n_classes; ++j) {
        const double share = j / at.n_classes == 1 ? 0.1 : 0.3;  // load and binding stay below their capacity
        y_[index(at.free(i) + j)] = dermal || j < at.n_classes ? share * uniform(0.1, 1.0) : 0.0;
        scale_(at.free(i) + j) = 1.0;
      }
      y_[index(at.macrophages(i))] *= uniform(lowest_n, highest_n);
      scale_(at.macrophages(i)) = 1e12;
    }
  }

  [[nodiscard]] const baseline::ColumnTables<double>& tables() const { return tables_; }
  [[nodiscard]] const std::vector<double>& y() const { return y_; }
  [[nodiscard]] int size() const { return tables_.layout.size(); }
  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  /// Is this component part of the state here? Held and bound pigment and macrophages are not in the epidermis.
  [[nodiscard]] bool lives(int q) const {
    const auto& at = tables_.layout;
    const int cell = q / at.stride();
    return cell >= tables_.first_dermal_cell || q - at.free(cell) < at.n_classes;
  }

  std::vector<double> solve(double hg, const std::vector<double>& r) {
    std::vector<double> x(r.size());
    system_.factor(time, y_.data(), hg);
    system_.solve(r.data(), x.data());
    return x;
  }

  /// The same with a call of rates() a season later, at a state without pigment, between factor() and solve().
  std::vector<double> solve_after_other_rates(double hg, const std::vector<double>& r) {
    const std::vector<double> clean = system::initial_state(tables_);
    std::vector<double> x(r.size());
    system_.factor(time, y_.data(), hg);
    system_.rates(time + 90.0 * day, clean.data(), x.data());
    system_.solve(r.data(), x.data());
    return x;
  }

  /// A0 + R + B in units of scale(). ((I - hg A0)(I - hg R)(I - hg B) - I)/hg is that but for powers of hg, since R
  /// depends on hg, too: four values of hg take the first three powers out.
  MatrixXd matrix() {
    const double hg = 60.0;
    return (64.0 * shifted(hg) - 56.0 * shifted(2.0 * hg) + 14.0 * shifted(4.0 * hg) - shifted(8.0 * hg)) / 21.0;
  }

  /// Central differences of the rates, in units of scale(). Most rates are quadratic: exact but for round-off.
  MatrixXd jacobian() {
    MatrixXd j(size(), size());
    std::vector<double> y = y_;
    std::vector<double> up(y.size()), down(y.size());
    for (int q = 0; q < size(); ++q) {
      const double delta = 1e-5 * scale_(q);
      y[index(q)] = y_[index(q)] + delta;
      system_.rates(time, y.data(), up.data());
      y[index(q)] = y_[index(q)] - delta;
      system_.rates(time, y.data(), down.data());
      y[index(q)] = y_[index(q)];
      for (int p = 0; p < size(); ++p) j(p, q) = (up[index(p)] - down[index(p)]) / (2e-5 * scale_(p));
    }
    return j;
  }

  /// Weights of the pigment balance: widths for pigment, 1 for the ledger, 0 for macrophages.
  [[nodiscard]] VectorXd weights() const {
    const auto& at = tables_.layout;
    VectorXd w = VectorXd::Ones(size());
    for (int i = 0; i < at.n_cells; ++i) {
      for (int j = 0; j < 3 * at.n_classes; ++j) w(at.free(i) + j) = tables_.width[i];
      w(at.macrophages(i)) = 0.0;
    }
    return w;
  }

  static std::size_t index(int q) { return static_cast<std::size_t>(q); }
  static constexpr double time = 2.0 * day;

 private:
  MatrixXd shifted(double hg) {
    MatrixXd inverse(size(), size());
    std::vector<double> r(y_.size(), 0.0);
    for (int q = 0; q < size(); ++q) {
      if (!lives(q)) {
        inverse.col(q) = VectorXd::Unit(size(), q);
        continue;
      }
      r[index(q)] = scale_(q) / hg;
      const std::vector<double> x = solve(hg, r);
      r[index(q)] = 0.0;
      for (int p = 0; p < size(); ++p) inverse(p, q) = x[index(p)] / scale_(p);
    }
    return (MatrixXd::Identity(size(), size()) - inverse.inverse()) / hg;
  }

  simulation::ColumnCase case_;
  baseline::ColumnTables<double> tables_;
  system::ColumnSystem<0> system_;
  std::mt19937 random_;
  std::vector<double> y_;
  VectorXd scale_;
};

TEST(ColumnMatrix, ConservesPigmentForAnyStateStepAndRightHandSide) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomColumn column(small_column(), seed, 0.5, 3.0);
    const VectorXd w = column.weights();
    std::vector<double> r(column.y().size());
    for (int q = 0; q < column.size(); ++q)
      r[RandomColumn::index(q)] = column.lives(q) ? column.uniform(-1.0, 1.0) : 0.0;
    for (int i = 0; i < column.tables().layout.n_cells; ++i) {
      r[RandomColumn::index(column.tables().layout.macrophages(i))] *= 1e12;
    }
    const double hg = std::exp(column.uniform(std::log(1.0), std::log(1e9)));
    const std::vector<double> x = column.solve(hg, r);
    double sum_x = 0.0, sum_r = 0.0, size = 0.0;
    for (int q = 0; q < column.size(); ++q) {
      sum_x += w(q) * x[RandomColumn::index(q)];
      sum_r += w(q) * r[RandomColumn::index(q)];
      size += w(q) * (std::abs(x[RandomColumn::index(q)]) + hg * std::abs(r[RandomColumn::index(q)]));
    }
    // Elimination and sums over some hundred terms: about a hundred units in the last place of the largest of them.
    EXPECT_LE(std::abs(sum_x - hg * sum_r), 2e-14 * size);
  }
}

TEST(ColumnMatrix, IsTheJacobianWhereNoDroppedTermActs) {
  // Without crowding and hops nothing is left out: recruitment or departure, fragmentation, load and binding are in.
  const Scenario scenario =
      small_column({{"macrophages.crowding_concentration", text("100000 mg/cm3")}, {"macrophages.hop_factor", 1e-6}});
  for (unsigned seed = 0; seed < 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomColumn column(scenario, seed, seed % 2 == 0 ? 0.6 : 1.5, seed % 2 == 0 ? 0.9 : 3.0);
    const MatrixXd a = column.matrix();
    const MatrixXd j = column.jacobian();
    for (int p = 0; p < column.size(); ++p) {
      if (!column.lives(p)) continue;
      // Crowding still bends capture by F/K_f, 1e-5 at most; differences are good to 1e-9 of the largest entry.
      const double allowed = 2e-5 * j.row(p).cwiseAbs().maxCoeff();
      for (int q = 0; q < column.size(); ++q) {
        if (column.lives(q)) {
          EXPECT_NEAR(a(p, q), j(p, q), allowed) << "row " << p << ", column " << q;
        }
      }
    }
  }
}

TEST(ColumnMatrix, DiffersFromTheJacobianByCrowdingAlone) {
  // Hops too small to see: what remains of J - A in the pigment columns is dc/dF, as documented.
  const Scenario scenario =
      small_column({{"macrophages.crowding_concentration", text("2 mg/cm3")}, {"macrophages.hop_factor", 1e-6}});
  RandomColumn column(scenario, 7, 0.6, 0.9);
  const auto& at = column.tables().layout;
  const auto& c = column.tables().local;
  const std::vector<double>& y = column.y();
  const MatrixXd a = column.matrix();
  const MatrixXd dropped = column.jacobian() - a;
  MatrixXd expected = MatrixXd::Zero(column.size(), column.size());
  for (int i = column.tables().first_dermal_cell; i < at.n_cells; ++i) {
    double free = 0.0, held = 0.0;
    for (int k = 0; k < at.n_classes; ++k) {
      free += y[RandomColumn::index(at.free(i) + k)];
      held += y[RandomColumn::index(at.held(i) + k)];
    }
    const double room = y[RandomColumn::index(at.macrophages(i))] - held * c.inverse_capacity;
    const double crowding = 1.0 / (1.0 + free * c.inverse_crowding);
    for (int k = 0; k < at.n_classes; ++k) {
      const double slope = RandomColumn::capture_factor * column.tables().uptake[k] * room * crowding * crowding *
                           c.inverse_crowding * y[RandomColumn::index(at.free(i) + k)];
      for (int j = 0; j < at.n_classes; ++j) {
        expected(at.free(i) + k, at.free(i) + j) += slope;
        expected(at.held(i) + k, at.free(i) + j) -= slope;
      }
    }
  }
  for (int p = 0; p < column.size(); ++p) {
    // 1e-7: central differences of 1/(1 + F/K_f) with a step of 1e-5, and its round-off
    const double allowed = 1e-7 * a.row(p).cwiseAbs().maxCoeff();
    for (int q = 0; q < column.size(); ++q) {
      if (column.lives(p) && column.lives(q)) {
        EXPECT_NEAR(dropped(p, q), expected(p, q), allowed) << p << ", " << q;
      }
    }
  }
}

TEST(ColumnMatrix, HopsEnterForHeldPigmentAndNotForMacrophages) {
  // Columns of m hold the hops exactly; the dependence of hops on n is left out.
  RandomColumn column(small_column({{"macrophages.fragmentation_rate", text("0 1/day")}}), 3, 0.6, 0.9);
  const auto& at = column.tables().layout;
  const MatrixXd a = column.matrix();
  const MatrixXd j = column.jacobian();
  for (int i = column.tables().first_dermal_cell; i < at.n_cells; ++i) {
    for (int k = 0; k < at.n_classes; ++k) {
      for (int q = 0; q < at.size(); ++q) {
        const bool of_held = q < at.shed() && q % at.stride() / at.n_classes == 1;
        const bool of_other_n = q < at.shed() && q % at.stride() == 3 * at.n_classes && q / at.stride() != i;
        const int p = at.held(i) + k;
        const double allowed = 1e-7 * j.row(p).cwiseAbs().maxCoeff();
        if (of_held && column.lives(q)) {
          EXPECT_NEAR(a(p, q), j(p, q), allowed) << p << ", " << q;
        }
        if (of_other_n) {
          EXPECT_NEAR(a(p, q), 0.0, 1e-3 * allowed) << p << ", " << q;
        }
      }
    }
  }
}

TEST(ColumnMatrix, ConservesPigmentWhenRatesWereEvaluatedSinceItWasMade) {
  // Stages evaluate rates at other times and states between factor() and solve(): light and shade have moved on.
  for (unsigned seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomColumn column(
        small_column({{"start", text("2027-03-14")}, {"exposure.ambient_share", 0.5}, {"numerics.self_shading", true}}),
        seed, 0.5, 3.0);
    const VectorXd w = column.weights();
    std::vector<double> r(column.y().size(), 0.0);
    for (int i = 0; i < column.tables().layout.n_cells; ++i)
      r[RandomColumn::index(column.tables().layout.free(i))] = 1.0;
    const std::vector<double> x = column.solve_after_other_rates(1e6, r);
    double sum_x = 0.0, sum_r = 0.0;
    for (int q = 0; q < column.size(); ++q) {
      sum_x += w(q) * x[RandomColumn::index(q)];
      sum_r += w(q) * r[RandomColumn::index(q)];
    }
    EXPECT_NEAR(sum_x / (1e6 * sum_r), 1.0, 1e-13);  // all terms positive: round-off of the sum
  }
}

}  // namespace
}  // namespace inkfade::test
