#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "inkfade/system/column.kernel.hpp"
#include "inkfade/system/column_coefficients.hpp"

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
  void factor(double t, const double* y, double hg) { kernel_.factor(t, y, hg); }
  void solve(const double* r, double* x) { kernel_.solve(r, x); }
  /// Largest macrophage load that a step may end with [1]: the equations keep it at most 1, step errors would add up.
  void set_load_limit(double limit) { load_limit_ = limit; }
  /// May a step end in this state? (integration/ode_system.hpp)
  [[nodiscard]] bool acceptable(const double* y) const { return kernel_.peak_load(y) <= load_limit_; }
  [[nodiscard]] double mass(const double* y) const { return kernel_.mass(y); }

 private:
  std::vector<double> scratch_;
  double load_limit_ = std::numeric_limits<double>::infinity();
  INKFADE_ISA::ColumnKernel<double, K> kernel_;
};

}  // namespace inkfade::system
