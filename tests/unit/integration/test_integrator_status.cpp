// Every way a run can end has its status, and no NaN is ever a success.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <random>
#include <vector>

#include "inkfade/integration/integrate.hpp"
#include "support/dense_system.hpp"

namespace {

using namespace inkfade::test;
using inkfade::Status;
using inkfade::integration::Integrator;
using inkfade::integration::Limits;
using inkfade::integration::Step;
using inkfade::integration::Tolerances;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

struct Outcome {
  Status status = Status::ok;
  double t = 0.0;
  std::vector<double> y;
  std::int64_t steps = 0;
  std::size_t culprit = 0;
  double unit_shown = 0.0;  ///< largest end of a step that the observer saw
};

struct Setting {
  double rtol = 1e-6;
  double atol = 1e-9;
  std::vector<double> floor;
  Limits limits;
};

Outcome integrate(DenseSystem system, const std::vector<double>& y0, double t_end, const Setting& setting = {}) {
  const std::vector<double> atol(y0.size(), setting.atol);
  const Tolerances tolerances{setting.rtol, atol, setting.floor};
  Integrator<DenseSystem> integrator(system, tolerances, setting.limits);
  Outcome outcome;
  outcome.y = y0;
  outcome.status = integrator.advance(outcome.t, t_end, outcome.y.data(), [&](const Step& step) {
    outcome.unit_shown = step.t + step.h;
    return true;
  });
  outcome.steps = integrator.counters().accepted + integrator.counters().rejected;
  outcome.culprit = integrator.culprit();
  return outcome;
}

DenseSystem blow_up() {
  return {1, [](double, const double* y, double* dydt) { dydt[0] = y[0] * y[0]; },
          [](double, const double* y, double* matrix) { matrix[0] = 2.0 * y[0]; }};
}

DenseSystem steady_fall() {
  return {1, [](double, const double*, double* dydt) { dydt[0] = -1.0; }, [](double, const double*, double*) {}};
}

/// The problem's rates with `value` put in component q of the calls from `first` on, `n` times.
DenseSystem injected(const Problem& problem, int first, int n, std::size_t q, double value) {
  return {problem.y0.size(),
          [=, inner = problem.rates, call = 0](double t, const double* y, double* dydt) mutable {
            inner(t, y, dydt);
            if (call >= first && call < first + n) dydt[q] = value;
            ++call;
          },
          problem.jacobian};
}

TEST(IntegratorStatus, OkLeavesTimeAtTheEndExactly) {
  const Problem problem = kaps(10.0, 2.0);
  const Outcome outcome = integrate(problem.system(), problem.y0, 2.0);
  EXPECT_EQ(outcome.status, Status::ok);
  EXPECT_EQ(outcome.t, 2.0);
}

TEST(IntegratorStatus, OkAtAnyStiffness) {
  for (const double stiffness : {1e3, 1e6, 1e9, 1e12}) {
    const Problem problem = prothero_robinson(stiffness, 1.0);
    const Outcome outcome = integrate(problem.system(), problem.y0, 1.0);
    EXPECT_EQ(outcome.status, Status::ok) << stiffness;
    EXPECT_LT(relative_error(outcome.y, problem.exact(1.0)), 1e-5) << stiffness;
  }
}

TEST(IntegratorStatus, NonfiniteStateWhereTheStartIsNotFinite) {
  const Problem problem = kaps(10.0, 2.0);
  const Outcome outcome = integrate(problem.system(), {1.0, nan}, 2.0);
  EXPECT_EQ(outcome.status, Status::nonfinite_state);
  EXPECT_EQ(outcome.culprit, 1U);
}

/// A system whose matrix has a zero on its diagonal, whatever the step: elimination divides by it.
class SingularSystem {
 public:
  [[nodiscard]] static std::size_t size() { return 2; }
  static void rates(double /*t*/, const double* y, double* dydt) {
    dydt[0] = -y[0];
    dydt[1] = -y[1];
  }
  void factor(double /*t*/, const double* /*y*/, double hg) { hg_ = hg; }
  void solve(const double* r, double* x) const {
    const double pivot[] = {1.0, 0.0};
    for (int i = 0; i < 2; ++i) x[i] = hg_ * r[i] / pivot[i];
  }

 private:
  double hg_ = 0.0;
};

TEST(IntegratorStatus, SingularMatrixWhereTheSystemOfAStepHasNoSolution) {
  SingularSystem system;
  const std::vector<double> atol(2, 1e-9);
  const Tolerances tolerances{1e-6, atol, {}};
  Integrator<SingularSystem> integrator(system, tolerances, {});
  std::vector<double> y{1.0, 1.0};
  double t = 0.0;
  const Status status = integrator.advance(t, 2.0, y.data(), [](const Step&) { return true; });
  EXPECT_EQ(status, Status::singular_matrix);
  EXPECT_EQ(integrator.culprit(), 1U);
  EXPECT_EQ(t, 0.0);
}

TEST(IntegratorStatus, NonfiniteRateWhereTheFirstRateIsNotFinite) {
  const Problem problem = kaps(10.0, 2.0);
  const Outcome outcome = integrate(injected(problem, 0, 1, 1, nan), problem.y0, 2.0);
  EXPECT_EQ(outcome.status, Status::nonfinite_rate);
  EXPECT_EQ(outcome.culprit, 1U);
}

TEST(IntegratorStatus, NonfiniteWhereTheRatesTurnToNaNForGood) {
  const Problem problem = kaps(10.0, 2.0);
  for (int first = 1; first < 12; ++first) {
    const Outcome outcome = integrate(injected(problem, first, 1 << 30, 0, nan), problem.y0, 2.0);
    EXPECT_TRUE(outcome.status == Status::nonfinite_state || outcome.status == Status::nonfinite_rate) << first;
  }
}

TEST(IntegratorStatus, NonfiniteRateWhereTheRateIsInfinite) {
  const Problem problem = kaps(10.0, 2.0);
  EXPECT_EQ(integrate(injected(problem, 4, 1 << 30, 0, infinity), problem.y0, 2.0).status, Status::nonfinite_rate);
}

TEST(IntegratorStatus, StepUnderflowBeforeASingularity) {
  const Outcome outcome = integrate(blow_up(), {1.0}, 2.0);
  EXPECT_EQ(outcome.status, Status::step_underflow);
  EXPECT_NEAR(outcome.t, 1.0, 1e-4);  // y = 1/(1 - t); the pole moves by the error of the steps before it
}

TEST(IntegratorStatus, ErrorTestFailuresWithoutTolerance) {
  Setting setting;
  setting.rtol = 0.0;
  setting.atol = 0.0;
  const Problem problem = kaps(10.0, 2.0);
  EXPECT_EQ(integrate(problem.system(), problem.y0, 2.0, setting).status, Status::error_test_failures);
}

TEST(IntegratorStatus, AToleranceThatIsNoNumberIsNotASuccess) {
  Setting setting;
  setting.atol = nan;
  const Problem problem = kaps(10.0, 2.0);
  EXPECT_EQ(integrate(problem.system(), problem.y0, 2.0, setting).status, Status::error_test_failures);
}

TEST(IntegratorStatus, NegativeStateWhereTheFloorCannotBeKept) {
  Setting setting;
  setting.floor = {-1e-9};
  const Outcome outcome = integrate(steady_fall(), {1.0}, 2.0, setting);
  EXPECT_EQ(outcome.status, Status::negative_state);
  EXPECT_EQ(outcome.culprit, 0U);
  EXPECT_GE(outcome.y[0], -1e-9);
}

TEST(IntegratorStatus, TooManyStepsCountsTheWholeRun) {
  const Problem problem = kaps(10.0, 2.0);
  DenseSystem system = problem.system();
  const std::vector<double> atol(2, 1e-9);
  const Tolerances tolerances{1e-6, atol, {}};
  Limits limits;
  limits.max_steps = 25;
  Integrator<DenseSystem> integrator(system, tolerances, limits);
  std::vector<double> y = problem.y0;
  double t = 0.0;
  Status status = Status::ok;
  for (int segment = 1; segment <= 10 && status == Status::ok; ++segment) {
    status = integrator.advance(t, 0.2 * segment, y.data(), [](const Step&) { return true; });
  }
  EXPECT_EQ(status, Status::too_many_steps);
  EXPECT_EQ(integrator.counters().accepted + integrator.counters().rejected, 25);
}

TEST(IntegratorStatus, DeadlineInThePast) {
  Setting setting;
  setting.limits.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  const Problem problem = kaps(10.0, 2.0);
  EXPECT_EQ(integrate(problem.system(), problem.y0, 2.0, setting).status, Status::deadline);
}

TEST(IntegratorStatus, CancelledWithinAStepOfTheRequest) {
  const Problem problem = kaps(10.0, 2.0);
  DenseSystem system = problem.system();
  const std::vector<double> atol(2, 1e-9);
  const Tolerances tolerances{1e-6, atol, {}};
  const Limits limits;
  Integrator<DenseSystem> integrator(system, tolerances, limits);
  std::vector<double> y = problem.y0;
  double t = 0.0;
  int shown = 0;
  const Status status = integrator.advance(t, 2.0, y.data(), [&](const Step&) {
    if (++shown == 3) limits.stop.request_stop();
    return true;
  });
  EXPECT_EQ(status, Status::cancelled);
  EXPECT_EQ(shown, 3);
}

TEST(IntegratorStatus, OkWhereTheObserverHasSeenEnough) {
  const Problem problem = kaps(10.0, 2.0);
  DenseSystem system = problem.system();
  const std::vector<double> atol(2, 1e-9);
  const Tolerances tolerances{1e-6, atol, {}};
  Integrator<DenseSystem> integrator(system, tolerances, {});
  std::vector<double> y = problem.y0;
  double t = 0.0;
  const Status status = integrator.advance(t, 2.0, y.data(), [&](const Step& step) { return step.t + step.h < 0.5; });
  EXPECT_EQ(status, Status::ok);
  EXPECT_TRUE(integrator.ended_by_observer());
  EXPECT_LT(t, 2.0);
}

TEST(IntegratorStatus, AnEndThatIsNoNumberIsNotASuccess) {
  const Problem problem = kaps(10.0, 2.0);
  EXPECT_NE(integrate(problem.system(), problem.y0, nan).status, Status::ok);
  EXPECT_NE(integrate(problem.system(), problem.y0, infinity).status, Status::ok);
}

TEST(IntegratorStatus, APassingNaNIsSteppedAround) {
  // One call of a stage goes wrong: the attempt is repeated with a smaller step and the answer is kept.
  const Problem problem = kaps(10.0, 2.0);
  const Outcome outcome = integrate(injected(problem, 6, 1, 0, nan), problem.y0, 2.0);
  EXPECT_EQ(outcome.status, Status::ok);
  EXPECT_LT(relative_error(outcome.y, problem.exact(2.0)), 1e-5);
}

TEST(IntegratorFaults, NoNaNIsEverASuccess) {
  constexpr int cases = 500;
  constexpr unsigned seed = 20271;
  std::printf("  seed %u, %d cases\n", seed, cases);
  std::mt19937_64 random(seed);
  const auto draw = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const Problem problems[] = {kaps(1.0, 2.0), kaps(1e4, 2.0), logistic(5.0, 3.0), prothero_robinson(1e5, 2.0),
                              decay_chain(300.0, 4.0)};
  const double values[] = {nan, infinity, -infinity, 1e308, -1e308};
  int ok = 0;
  for (int i = 0; i < cases; ++i) {
    const Problem& problem = problems[draw(5)];
    const int first = draw(400);
    const bool for_good = draw(2) == 1;
    const auto q = static_cast<std::size_t>(draw(static_cast<int>(problem.y0.size())));
    const double value = values[draw(5)];
    const Outcome outcome =
        integrate(injected(problem, first, for_good ? 1 << 30 : 1, q, value), problem.y0, problem.t_end);
    if (outcome.status != Status::ok) continue;
    ++ok;
    for (const double component : outcome.y) {
      ASSERT_TRUE(std::isfinite(component)) << problem.name << ", value " << value << " at call " << first;
    }
    // A fault that lasts ends the run unless it came after the last call; one that passes leaves the answer intact.
    // An injected 1e308 in a component that relaxes at rate lambda can pass as a (wrong) rate only once: bounded too.
    ASSERT_LT(relative_error(outcome.y, problem.exact(problem.t_end)), 1e-4)
        << problem.name << ", value " << value << " at call " << first;
  }
  EXPECT_GT(ok, 50);
  EXPECT_LT(ok, cases - 50);
}

}  // namespace
