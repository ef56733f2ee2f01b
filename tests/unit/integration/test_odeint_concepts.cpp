#include <gtest/gtest.h>

#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/integrate/integrate_const.hpp>
#include <boost/numeric/odeint/integrate/integrate_n_steps.hpp>
#include <boost/numeric/odeint/integrate/integrate_times.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "inkfade/integration/rosenbrock_w_stepper.hpp"
#include "support/dense_system.hpp"

namespace {

namespace odeint = boost::numeric::odeint;
using namespace inkfade::test;
using inkfade::IntegrationError;
using inkfade::integration::ControlledRosenbrockW;
using inkfade::integration::DenseRosenbrockW;
using inkfade::integration::OdeSystem;
using inkfade::integration::RosenbrockWStepper;

static_assert(OdeSystem<DenseSystem>);

constexpr double tight = 1e-8;
/// Error allowed to a run at `tight`: the promise of ten times the tolerance.
constexpr double kept = 10.0 * tight;

using State = std::vector<double>;

/// Keeps times and the worst error of what an integrate function shows its observer.
struct Watch {
  const Problem* problem;
  std::vector<double>* times;
  double* worst;
  void operator()(const State& y, double t) const {
    times->push_back(t);
    *worst = std::max(*worst, relative_error(y, problem->exact(t)));
  }
};

class OdeintRuns : public ::testing::Test {
 protected:
  Watch watch() { return {&problem, &times, &worst}; }
  Problem problem = kaps(100.0, 2.0);
  DenseSystem system = problem.system();
  State y = problem.y0;
  std::vector<double> times;
  double worst = 0.0;
};

TEST_F(OdeintRuns, FixedStepsUnderIntegrateConst) {
  const std::size_t steps =
      odeint::integrate_const(RosenbrockWStepper(), std::ref(system), y, 0.0, 2.0, 1.0 / 1024.0, watch());
  EXPECT_EQ(steps, 2048U);
  EXPECT_EQ(times.size(), 2049U);
  EXPECT_LT(worst, 1e-6);  // measured 1e-8
}

TEST_F(OdeintRuns, FixedStepsUnderIntegrateNSteps) {
  EXPECT_DOUBLE_EQ(odeint::integrate_n_steps(RosenbrockWStepper(), std::ref(system), y, 0.0, 1.0 / 512.0, 1024), 2.0);
  EXPECT_LT(relative_error(y, problem.exact(2.0)), 1e-6);
}

TEST_F(OdeintRuns, ControlledStepsUnderIntegrateAdaptive) {
  odeint::integrate_adaptive(ControlledRosenbrockW(tight, tight), std::ref(system), y, 0.0, 2.0, 0.01, watch());
  EXPECT_LT(worst, kept);
  EXPECT_DOUBLE_EQ(times.back(), 2.0);
}

TEST_F(OdeintRuns, ControlledStepsUnderIntegrateTimes) {
  const std::vector<double> asked{0.0, 0.1, 0.7, 2.0};
  odeint::integrate_times(ControlledRosenbrockW(tight, tight), std::ref(system), y, asked, 0.01, watch());
  EXPECT_EQ(times, asked);
  EXPECT_LT(worst, kept);
}

TEST_F(OdeintRuns, DenseOutputUnderIntegrateAdaptive) {
  const DenseRosenbrockW stepper{ControlledRosenbrockW(tight, tight)};
  odeint::integrate_adaptive(stepper, std::ref(system), y, 0.0, 2.0, 0.01, watch());
  EXPECT_LT(worst, kept);
  EXPECT_DOUBLE_EQ(times.back(), 2.0);
}

TEST_F(OdeintRuns, DenseOutputUnderIntegrateConst) {
  const DenseRosenbrockW stepper{ControlledRosenbrockW(tight, tight)};
  odeint::integrate_const(stepper, std::ref(system), y, 0.0, 2.0, 0.125, watch());
  EXPECT_EQ(times.size(), 17U);
  EXPECT_LT(worst, kept);
}

TEST_F(OdeintRuns, DenseOutputUnderIntegrateTimes) {
  const std::vector<double> asked{0.0, 0.1, 0.7, 1.9, 2.0};
  const DenseRosenbrockW stepper{ControlledRosenbrockW(tight, tight)};
  odeint::integrate_times(stepper, std::ref(system), y, asked, 0.01, watch());
  EXPECT_EQ(times, asked);
  EXPECT_LT(worst, kept);
}

TEST_F(OdeintRuns, BackwardsInTimeTheyReturnToTheStart) {
  const Problem easy = logistic(2.0, 1.0);
  DenseSystem forth = easy.system();
  State x = easy.exact(1.0);
  odeint::integrate_adaptive(ControlledRosenbrockW(tight, tight), std::ref(forth), x, 1.0, 0.0, -0.01);
  EXPECT_LT(relative_error(x, easy.y0), 100.0 * kept);  // backwards, the logistic magnifies errors exp(2)-fold or more
}

TEST_F(OdeintRuns, AStepperCanBeCopiedMidway) {
  DenseRosenbrockW stepper{ControlledRosenbrockW(tight, tight)};
  stepper.initialize(y, 0.0, 0.01);
  for (int i = 0; i < 10; ++i) stepper.do_step(std::ref(system));
  DenseRosenbrockW copy = stepper;
  for (int i = 0; i < 10; ++i) {
    stepper.do_step(std::ref(system));
    copy.do_step(std::ref(system));
  }
  EXPECT_EQ(stepper.current_state(), copy.current_state());
  EXPECT_EQ(stepper.current_time(), copy.current_time());
}

TEST_F(OdeintRuns, DenseOutputJoinsTheEndsOfTheStep) {
  DenseRosenbrockW stepper{ControlledRosenbrockW(1e-4, 1e-4)};
  stepper.initialize(y, 0.0, 0.01);
  for (int i = 0; i < 5; ++i) stepper.do_step(std::ref(system));
  State at_start;
  State at_end;
  stepper.calc_state(stepper.previous_time(), at_start);
  stepper.calc_state(stepper.current_time(), at_end);
  for (std::size_t q = 0; q < y.size(); ++q) {
    EXPECT_EQ(at_start[q], stepper.previous_state()[q]);
    EXPECT_NEAR(at_end[q], stepper.current_state()[q], 1e-14);  // a sum of four terms below 1
  }
}

TEST_F(OdeintRuns, AnInfiniteToleranceLeavesAComponentOutOfTheErrorNorm) {
  const double infinite = std::numeric_limits<double>::infinity();
  std::size_t with = 0;
  std::size_t without = 0;
  State x = problem.y0;
  with = odeint::integrate_adaptive(ControlledRosenbrockW({1e-6, 1e-6}, 1e-6), std::ref(system), x, 0.0, 2.0, 0.01);
  x = problem.y0;
  without = odeint::integrate_adaptive(ControlledRosenbrockW({infinite, infinite}, 1e-6), std::ref(system), x, 0.0, 2.0,
                                       0.01);
  EXPECT_LT(without, with);
}

TEST(OdeintFailure, ANaNInTheRatesThrowsInsteadOfPassingAsSuccess) {
  DenseSystem broken(
      1, [](double t, const double* x, double* dxdt) { dxdt[0] = t > 0.5 ? std::nan("") : -x[0]; },
      [](double, const double*, double* matrix) { matrix[0] = -1.0; });
  State x{1.0};
  EXPECT_THROW(odeint::integrate_adaptive(ControlledRosenbrockW(1e-6, 1e-6), std::ref(broken), x, 0.0, 1.0, 0.01),
               IntegrationError);
}

TEST(OdeintFailure, ABlowUpThrowsInsteadOfRunningForEver) {
  DenseSystem blow_up(
      1, [](double, const double* x, double* dxdt) { dxdt[0] = x[0] * x[0]; },
      [](double, const double* x, double* matrix) { matrix[0] = 2.0 * x[0]; });
  State x{1.0};
  const DenseRosenbrockW stepper{ControlledRosenbrockW(1e-6, 1e-6)};
  EXPECT_ANY_THROW(odeint::integrate_adaptive(stepper, std::ref(blow_up), x, 0.0, 2.0, 0.01));
}

TEST(OdeintFailure, AZeroStepThrows) {
  Problem problem = logistic(1.0, 1.0);
  DenseSystem system = problem.system();
  State x = problem.y0;
  double t = 1.0;
  double dt = 0.0;
  ControlledRosenbrockW stepper(1e-6, 1e-6);
  EXPECT_THROW(stepper.try_step(std::ref(system), x, t, dt), IntegrationError);
}

}  // namespace
