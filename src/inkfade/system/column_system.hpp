#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "inkfade/system/column.kernel.hpp"
#include "inkfade/system/column_coefficients.hpp"
#include "inkfade/system/functionals.kernel.hpp"

namespace inkfade::system {

/// A column kernel for doubles together with its scratch memory: the system that the steppers integrate.
///
/// @tparam K number of size classes known when compiled, 0 for any.
template <int K>
class ColumnSystem {
 public:
  explicit ColumnSystem(const INKFADE_ISA::ColumnTables<double>& tables)
      : scratch_(INKFADE_ISA::ColumnKernel<double, K>::scratch_size(tables.layout)), kernel_(tables, scratch_.data()) {}
  ColumnSystem(const ColumnSystem&) = delete;
  ColumnSystem& operator=(const ColumnSystem&) = delete;

  void set_forcing(const INKFADE_ISA::Forcing<double>& forcing) { kernel_.set_forcing(forcing); }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(kernel_.size()); }
  [[nodiscard]] const INKFADE_ISA::ColumnLayout& layout() const { return kernel_.layout(); }
  void rates(double t, const double* y, double* dydt) { kernel_.rates(t, y, dydt); }
  /// Rates at the argument of a stage: past a full niche or full stroma they go on.
  void argument_rates(double t, const double* y, double* dydt) {
    kernel_.rates(t, y, dydt, INKFADE_ISA::PastFull::go_on);
  }
  void factor(double t, const double* y, double hg) { kernel_.factor(t, y, hg); }
  void solve(const double* r, double* x) { kernel_.solve(r, x); }
  /// Pigment in skin [kg/m2].
  [[nodiscard]] double mass(const double* y) const { return INKFADE_ISA::pigment_mass(kernel_.tables(), y); }
  /// Largest macrophage load that a step may end with before it is tried again [1].
  void set_load_limit(double limit) { load_limit_ = limit; }
  /// May a step end in this state? (integration/ode_system.hpp)
  [[nodiscard]] bool acceptable(const double* y) const {
    return INKFADE_ISA::peak_load(kernel_.tables(), y) <= load_limit_;
  }
  /// Takes back what the error of an accepted step left above a load of 1.
  void settle(double* y) const { INKFADE_ISA::hold_load(kernel_.tables(), y); }

 private:
  std::vector<double> scratch_;
  double load_limit_ = std::numeric_limits<double>::infinity();
  INKFADE_ISA::ColumnKernel<double, K> kernel_;
};

}  // namespace inkfade::system
