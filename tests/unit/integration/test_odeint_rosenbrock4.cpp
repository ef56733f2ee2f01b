#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "inkfade/integration/integrate.hpp"
#include "inkfade/integration/odeint_rosenbrock4.hpp"
#include "support/dense_system.hpp"
#include "support/expect_orders.hpp"

// Boost.Odeint's rosenbrock4 in our own loop.
namespace inkfade::test {
namespace {

using integration::Integrator;
using integration::Limits;
using integration::OdeintRosenbrock4;
using integration::Step;
using integration::Tolerances;

/// A problem with its Jacobian and, by central differences that are exact to 1e-10, its change in time.
class System {
 public:
  explicit System(const Problem& problem, double unit = 1.0) : problem_(problem), unit_(unit) {}
  [[nodiscard]] std::size_t size() const { return problem_.y0.size(); }
  void rates(double t, const double* y, double* dydt) { problem_.rates(t, y, dydt); }
  void jacobian(double t, const double* y, double* matrix, double* dfdt) {
    std::fill_n(matrix, size() * size(), 0.0);
    problem_.jacobian(t, y, matrix);
    const double step = 1e-5;
    std::vector<double> below(size());
    rates(t + step, y, dfdt);
    rates(t - step, y, below.data());
    for (std::size_t q = 0; q < size(); ++q) dfdt[q] = (dfdt[q] - below[q]) / (2.0 * step);
  }
  [[nodiscard]] double unit(std::size_t q) const { return q == 0 ? unit_ : 1.0; }

 private:
  const Problem& problem_;
  double unit_;
};

using Rosenbrock4 = OdeintRosenbrock4<System>;

struct Outcome {
  Status status = Status::ok;
  double worst = 0.0;  ///< largest error at the ends of steps and inside them, relative
  std::vector<double> y;
  integration::Counters counters;
};

Outcome run(const Problem& problem, double rtol, Limits limits = {}, double unit = 1.0) {
  System system(problem, unit);
  const std::vector<double> atol(problem.y0.size(), rtol * 1e-3);
  const Tolerances tolerances{rtol, atol, {}};
  Integrator<System, Rosenbrock4> integrator(system, tolerances, std::move(limits));
  Outcome result;
  result.y = problem.y0;
  double t = 0.0;
  std::vector<double> inside(problem.y0.size());
  result.status = integrator.advance(t, problem.t_end, result.y.data(), [&](const Step& step) {
    for (const double share : {0.3, 0.5, 0.8, 1.0}) {
      const double time = step.t + share * step.h;
      step.interpolate(time, inside.data());
      result.worst = std::max(result.worst, relative_error(inside, problem.exact(time)));
    }
    return true;
  });
  result.counters = integrator.counters();
  return result;
}

TEST(Rosenbrock4, CoefficientsOfTheTimeDerivativeFollowFromThoseOfTheStages) {
  // c = I/gamma - Gamma^-1, and d holds the sums of the rows of Gamma: (I/gamma - c) d = 1, digits of the publication.
  const integration::Rosenbrock4Coefficients w;
  EXPECT_NEAR(w.d1 / w.gamma, 1.0, 1e-14);
  EXPECT_NEAR(w.d2 / w.gamma - w.c21 * w.d1, 1.0, 1e-13);
  EXPECT_NEAR(w.d3 / w.gamma - w.c31 * w.d1 - w.c32 * w.d2, 1.0, 1e-13);
  EXPECT_NEAR(w.d4 / w.gamma - w.c41 * w.d1 - w.c42 * w.d2 - w.c43 * w.d3, 1.0, 1e-13);
}

TEST(Rosenbrock4, HasOrderFourWhereRatesDependOnTime) {
  const Problem problem = kaps(2.0, 1.0);
  std::vector<double> errors;
  for (int steps = 64; steps <= 512; steps *= 2) {  // from 1e-7 to 1e-11: below the bend, above round-off
    System system(problem);
    Rosenbrock4 method(2);
    std::vector<double> y = problem.y0;
    std::vector<double> y_new(2);
    std::vector<double> error(2);
    for (int i = 0; i < steps; ++i) {
      const double h = problem.t_end / steps;
      method.attempt(system, i * h, h, y.data(), nullptr, y_new.data(), error.data());
      y = y_new;
    }
    errors.push_back(relative_error(y, problem.exact(problem.t_end)));
  }
  expect_orders(errors, 4.0);
}

TEST(Rosenbrock4, KeepsTheToleranceAtAndBetweenTheEndsOfSteps) {
  // Without Prothero and Robinson's problem, on which every Rosenbrock method loses order, and its estimate with it.
  for (const double rtol : {1e-3, 1e-4, 1e-5, 1e-6, 1e-7}) {
    for (const Problem& problem :
         {kaps(100.0, 2.0), stiff_linear(1e4, 3.0), logistic(3.0, 4.0), decay_chain(50.0, 4.0)}) {
      const Outcome result = run(problem, rtol);
      EXPECT_EQ(result.status, Status::ok);
      EXPECT_LE(result.worst, 10.0 * rtol) << problem.name << ", rtol " << rtol;  // the promise
    }
  }
}

TEST(Rosenbrock4, ConservesMassToRoundOff) {
  const Outcome result = run(decay_chain(50.0, 4.0), 1e-4);
  EXPECT_NEAR(result.y[0] + result.y[1] + result.y[2], 1.0, 1e-14);  // some tens of steps of 1e-16
}

TEST(Rosenbrock4, GivesTheSameResultInOtherUnits) {
  const Outcome plain = run(stiff_linear(1e3, 3.0), 1e-6);
  const Outcome scaled = run(stiff_linear(1e3, 3.0), 1e-6, {}, 1.0 / 1024.0);
  // Pivots may change with the unit, and the last bits with them.
  EXPECT_LT(relative_error(scaled.y, plain.y), 1e-12);
  EXPECT_EQ(scaled.counters.accepted, plain.counters.accepted);
}

TEST(Rosenbrock4, DenseOutputJoinsTheEndsOfTheStep) {
  const Problem problem = kaps(100.0, 2.0);
  System system(problem);
  const std::vector<double> atol(2, 1e-7);
  const Tolerances tolerances{1e-4, atol, {}};
  Integrator<System, Rosenbrock4> integrator(system, tolerances, {});
  std::vector<double> y = problem.y0;
  std::vector<double> at_start(2);
  std::vector<double> at_end(2);
  double t = 0.0;
  EXPECT_EQ(integrator.advance(t, 2.0, y.data(),
                               [&](const Step& step) {
                                 step.interpolate(step.t, at_start.data());
                                 step.interpolate(step.t + step.h, at_end.data());
                                 for (std::size_t q = 0; q < 2; ++q) {
                                   EXPECT_EQ(at_start[q], step.y[q]);
                                   EXPECT_NEAR(at_end[q], step.y_new[q], 1e-15);  // y + (y_new - y), values below 1
                                 }
                                 return true;
                               }),
            Status::ok);
}

TEST(Rosenbrock4, EndsWithAStatusWhereRatesAreNotFinite) {
  Problem problem = decay_chain(2.0, 4.0);
  const Rates rates = problem.rates;
  problem.rates = [=](double t, const double* y, double* dydt) {
    rates(t, y, dydt);
    if (t > 1.0) dydt[1] = std::numeric_limits<double>::quiet_NaN();
  };
  const Outcome result = run(problem, 1e-6);
  EXPECT_NE(result.status, Status::ok);
  EXPECT_TRUE(std::isfinite(result.y[1]));
}

TEST(Rosenbrock4, EndsWithAStatusWhereTheJacobianIsNotFinite) {
  Problem problem = decay_chain(2.0, 4.0);
  const Jacobian jacobian = problem.jacobian;
  problem.jacobian = [=](double t, const double* y, double* matrix) {
    jacobian(t, y, matrix);
    if (t > 1.0) matrix[0] = std::numeric_limits<double>::infinity();
  };
  EXPECT_NE(run(problem, 1e-6).status, Status::ok);
}

TEST(Rosenbrock4, EndsWithAStatusAtABlowUp) {
  const Problem blow_up{"blow-up",
                        {1.0},
                        2.0,
                        [](double, const double* y, double* dydt) { dydt[0] = y[0] * y[0]; },
                        [](double, const double* y, double* matrix) { matrix[0] = 2.0 * y[0]; },
                        [](double t) { return std::vector<double>{1.0 / (1.0 - t)}; }};
  EXPECT_NE(run(blow_up, 1e-6).status, Status::ok);
}

TEST(Rosenbrock4, StopsAtItsCaps) {
  const Problem problem = kaps(100.0, 2.0);
  Limits few;
  few.max_steps = 3;
  EXPECT_EQ(run(problem, 1e-8, few).status, Status::too_many_steps);
  Limits late;
  late.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_EQ(run(problem, 1e-8, late).status, Status::deadline);
  Limits stopped;
  stopped.stop.request_stop();
  EXPECT_EQ(run(problem, 1e-8, stopped).status, Status::cancelled);
}

}  // namespace
}  // namespace inkfade::test
