#include "inkfade/simulation/well_mixed_run.hpp"

#include <chrono>

#include "inkfade/integration/integrate.hpp"
#include "inkfade/integration/odeint_rosenbrock4.hpp"
#include "inkfade/observables/column_observables.hpp"
#include "inkfade/system/column_jacobian.hpp"
#include "inkfade/system/functionals.kernel.hpp"

namespace inkfade::simulation {

namespace {

using System = system::ColumnWithJacobian;
using Tables = INKFADE_ISA::ColumnTables<double>;

class ScalarStep final : public StepView {
 public:
  /// @param floor of each component; must outlive this
  ScalarStep(const integration::Step& step, const ColumnRun& run, const std::vector<double>& floor)
      : step_(step), run_(run), floor_(floor), state_(step.n) {
    for (std::size_t i = 0; i < 4; ++i) on_increment_[i] = mass(step.increments[i]);
  }

  [[nodiscard]] double start() const override { return step_.t; }
  [[nodiscard]] double end() const override { return step_.t + step_.h; }
  [[nodiscard]] double mass_at_end() const override { return mass(step_.y_new); }
  [[nodiscard]] double mass_at(double time) override {
    double c[4];
    step_.coefficients(time, c);
    return mass(step_.y) +
           (((c[0] * on_increment_[0] + c[1] * on_increment_[1]) + c[2] * on_increment_[2]) + c[3] * on_increment_[3]);
  }
  [[nodiscard]] Seen seen_at(double time) override {
    const Tables& tables = run_.tables();
    const auto& at = tables.layout;
    step_.interpolate_above(floor_.data(), time, state_.data());
    INKFADE_ISA::hold_load(tables, state_.data());
    seen_ = observables::observe(at, run_.column().mesh, run_.column().skin.layers.size(),
                                 tables.local.inverse_capacity, state_);
    return to_seen(seen_, at, state_.data());
  }
  [[nodiscard]] const double* state_at(double) override { return state_.data(); }
  void start_state(std::vector<double>& y) const override { y.assign(step_.y, step_.y + step_.n); }
  void end_state(std::vector<double>& y) const override { y.assign(step_.y_new, step_.y_new + step_.n); }

 private:
  [[nodiscard]] double mass(const double* y) const { return INKFADE_ISA::pigment_mass(run_.tables(), y); }

  const integration::Step& step_;
  const ColumnRun& run_;
  const std::vector<double>& floor_;
  std::vector<double> state_;
  observables::ColumnObservables seen_;
  double on_increment_[4]{};
};

}  // namespace

Solution run_well_mixed(ColumnRun& run, const Options& options) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  integration::Limits limits;
  limits.max_steps = run.column().max_steps;
  limits.stop = options.stop;
  if (options.wall_limit > 0.0) {
    limits.deadline =
        begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options.wall_limit));
  }
  System system(run.tables());
  system.set_load_limit(run.load_limit());
  std::vector<double> atol(run.state().size());
  std::vector<double> floor(run.state().size());
  const integration::Tolerances tolerances{run.column().rtol, atol, floor};
  integration::Integrator<System, integration::OdeintRosenbrock4<System>> integrator(system, tolerances, limits);
  while (run.next_leg()) {
    system.set_forcing(run.forcing());
    run.scales().set_atol(run.tables(), atol.data());
    run.scales().set_floor(run.tables(), floor.data());
    double t = run.leg().from;
    const Status status = integrator.advance(t, run.leg().to, run.state().data(), [&](const integration::Step& step) {
      ScalarStep view(step, run, floor);
      return run.observe(view);
    });
    run.leg_done(t, status, integrator.ended_by_observer());
  }
  const integration::Counters& counters = integrator.counters();
  const double wall_time = std::chrono::duration<double>(Clock::now() - begin).count();
  std::optional<std::size_t> culprit;
  if (integrator.culprit() < run.state().size()) culprit = integrator.culprit();
  return run.finish(
      {counters.accepted, counters.rejected, counters.rate_evaluations, counters.factorisations, wall_time}, culprit);
}

}  // namespace inkfade::simulation
