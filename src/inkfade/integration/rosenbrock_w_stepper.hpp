#pragma once

#include <boost/numeric/odeint/integrate/max_step_checker.hpp>
#include <boost/numeric/odeint/stepper/controlled_step_result.hpp>
#include <boost/numeric/odeint/stepper/stepper_categories.hpp>
#include <boost/numeric/odeint/util/unwrap_reference.hpp>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "inkfade/base/errors.hpp"
#include "inkfade/integration/integrate.hpp"
#include "inkfade/integration/ode_system.hpp"
#include "inkfade/integration/rosenbrock_w.kernel.hpp"
#include "inkfade/integration/step_control.hpp"

// ROS34PW2 as steppers of Boost.Odeint, for its integrate functions and observers. Production runs use Integrator
// (integrate.hpp) on the same kernel. Names with an underscore at a type are those that Odeint's concepts ask for.
//
// A system is any OdeSystem; pass std::ref(system), since Odeint copies what it is given.
namespace inkfade::integration {

/// The method with a fixed step size (Odeint: error stepper, order 3, error estimate of order 2).
///
/// Nothing is checked here, as in every plain stepper of Odeint: a rate that is not finite ends up in the state.
class RosenbrockWStepper {
 public:
  using state_type = std::vector<double>;
  using deriv_type = state_type;
  using value_type = double;
  using time_type = double;
  using order_type = unsigned short;
  using stepper_category = boost::numeric::odeint::error_stepper_tag;

  [[nodiscard]] order_type order() const { return INKFADE_ISA::Ros34pw2::order; }
  [[nodiscard]] order_type stepper_order() const { return INKFADE_ISA::Ros34pw2::order; }
  [[nodiscard]] order_type error_order() const { return INKFADE_ISA::Ros34pw2::error_order; }

  /// Moves x from t to t + dt.
  template <class System>
  void do_step(System system, state_type& x, double t, double dt) {
    do_step(system, x, t, x, dt, error_);
  }
  /// The same. @param x_error set to the error estimate of the step
  template <class System>
  void do_step(System system, state_type& x, double t, double dt, state_type& x_error) {
    do_step(system, x, t, x, dt, x_error);
  }
  /// From x at t to x_new at t + dt; they may be the same vector.
  template <class System>
  void do_step(System system, const state_type& x, double t, state_type& x_new, double dt) {
    do_step(system, x, t, x_new, dt, error_);
  }
  template <class System>
  void do_step(System system, const state_type& x, double t, state_type& x_new, double dt, state_type& x_error) {
    typename boost::numeric::odeint::unwrap_reference<System>::type& ode = system;
    static_assert(OdeSystem<std::remove_reference_t<decltype(ode)>>);
    const std::size_t n = x.size();
    memory_.resize(8 * n);
    x_error.resize(n);
    double* u[4] = {part(0, n), part(1, n), part(2, n), part(3, n)};
    ode.rates(t, x.data(), part(4, n));
    INKFADE_ISA::rosenbrock_w_stages(ode, t, dt, x.data(), static_cast<const double*>(part(4, n)), u, part(5, n));
    INKFADE_ISA::rosenbrock_w_finish(n, x.data(), u, part(7, n), x_error.data());
    x_new.assign(part(7, n), part(7, n) + n);
  }

  /// State at `time` within the last step, which went from x_old at t_old over dt. @param x set
  void interpolate(double time, const state_type& x_old, double t_old, double dt, state_type& x) const {
    const std::size_t n = x_old.size();
    const double* u[4] = {part(0, n), part(1, n), part(2, n), part(3, n)};
    x.resize(n);
    Step{t_old, dt, n, x_old.data(), nullptr, u}.interpolate(time, x.data());
  }

 private:
  double* part(std::size_t i, std::size_t n) { return memory_.data() + i * n; }
  [[nodiscard]] const double* part(std::size_t i, std::size_t n) const { return memory_.data() + i * n; }

  std::vector<double> memory_;  ///< increments (4 n), rate (n), stage work (2 n), new state (n)
  state_type error_;
};

/// The method with error control (Odeint: controlled stepper), with the norm and the controller of Integrator.
class ControlledRosenbrockW {
 public:
  using stepper_type = RosenbrockWStepper;
  using state_type = stepper_type::state_type;
  using deriv_type = stepper_type::deriv_type;
  using value_type = double;
  using time_type = double;
  using stepper_category = boost::numeric::odeint::controlled_stepper_tag;

  /// @param atol absolute tolerance of every component @param rtol relative tolerance of a step [1]
  ControlledRosenbrockW(double atol, double rtol) : rtol_(rtol), same_atol_(atol) {}
  /// @param atol absolute tolerance per component; infinite: not in the error norm
  ControlledRosenbrockW(std::vector<double> atol, double rtol) : rtol_(rtol), atol_(std::move(atol)) {}

  /// One attempt: moves x, t on and returns success, or leaves them and returns fail; sets dt to the size to try next.
  /// @throws IntegrationError where Odeint's own steppers would go on with a NaN or a step that no longer moves t
  template <class System>
  boost::numeric::odeint::controlled_step_result try_step(System system, state_type& x, double& t, double& dt) {
    const auto result = try_step(system, x, t, x_new_, dt);
    if (result == boost::numeric::odeint::success) x = x_new_;
    return result;
  }
  template <class System>
  boost::numeric::odeint::controlled_step_result try_step(System system, const state_type& x, double& t,
                                                          state_type& x_new, double& dt) {
    if (!std::isfinite(dt) || t + dt == t) throw IntegrationError(trouble(t, dt));
    stepper_.do_step(system, x, t, x_new, dt, error_);
    if (atol_.size() != x.size()) atol_.assign(x.size(), same_atol_);
    double error = error_norm({rtol_, atol_, {}}, x.data(), x_new.data(), error_.data(), x.size());
    for (const double value : x_new) error = std::isfinite(value) ? error : 1e3;
    if (!(error <= 1.0)) {
      dt = controller_.after_rejected(dt, error);
      return boost::numeric::odeint::fail;
    }
    t += dt;
    dt = controller_.after_accepted(dt, error);
    return boost::numeric::odeint::success;
  }

  /// Forgets the past: the solution has just jumped.
  void restart() { controller_.restart(); }
  [[nodiscard]] const stepper_type& stepper() const { return stepper_; }

 private:
  static std::string trouble(double t, double dt) {
    return "step size " + std::to_string(dt) + " no longer moves t = " + std::to_string(t) +
           ": the rates may not be finite, or the tolerance below round-off";
  }

  stepper_type stepper_;
  StepController controller_;
  double rtol_;
  double same_atol_ = 0.0;
  std::vector<double> atol_;
  state_type x_new_;
  state_type error_;
};

/// The method with error control and dense output of order 3 (Odeint: dense output stepper).
class DenseRosenbrockW {
 public:
  using controlled_stepper_type = ControlledRosenbrockW;
  using stepper_type = controlled_stepper_type::stepper_type;
  using state_type = controlled_stepper_type::state_type;
  using deriv_type = controlled_stepper_type::deriv_type;
  using value_type = double;
  using time_type = double;
  using stepper_category = boost::numeric::odeint::dense_output_stepper_tag;

  explicit DenseRosenbrockW(controlled_stepper_type stepper) : stepper_(std::move(stepper)) {}

  /// Starts from x at t with a first step of dt to try.
  void initialize(const state_type& x, double t, double dt) {
    x_ = x;
    x_old_ = x;
    t_ = t;
    t_old_ = t;
    dt_ = dt;
    stepper_.restart();
  }

  /// One accepted step. @returns its start and end
  /// @throws IntegrationError, boost::numeric::odeint::step_adjustment_error where none can be accepted
  template <class System>
  std::pair<double, double> do_step(System system) {
    boost::numeric::odeint::failed_step_checker too_often;
    x_old_.swap(x_);
    double t = t_;
    while (stepper_.try_step(system, x_old_, t, x_, dt_) == boost::numeric::odeint::fail) too_often();
    t_old_ = std::exchange(t_, t);
    return {t_old_, t_};
  }

  /// @param x set to the state at `time` in [previous_time(), current_time()]
  void calc_state(double time, state_type& x) const {
    if (t_ == t_old_) {
      x = x_;
      return;
    }
    stepper_.stepper().interpolate(time, x_old_, t_old_, t_ - t_old_, x);
  }

  [[nodiscard]] const state_type& current_state() const { return x_; }
  [[nodiscard]] double current_time() const { return t_; }
  [[nodiscard]] double current_time_step() const { return dt_; }
  [[nodiscard]] const state_type& previous_state() const { return x_old_; }
  [[nodiscard]] double previous_time() const { return t_old_; }

 private:
  controlled_stepper_type stepper_;
  state_type x_;
  state_type x_old_;
  double t_ = 0.0;
  double t_old_ = 0.0;
  double dt_ = 0.0;
};

}  // namespace inkfade::integration
