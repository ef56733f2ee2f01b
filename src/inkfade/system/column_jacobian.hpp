#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "inkfade/base/dual.kernel.hpp"
#include "inkfade/system/column_system.hpp"

namespace inkfade::system {

/// A column with its exact Jacobian, dense: for methods that want one, on small systems.
///
/// The Jacobian comes from the kernel of the rates itself, evaluated on dual numbers: no term is written a second time,
/// and where the rates conserve pigment, so does the Jacobian, to round-off.
class ColumnWithJacobian : public ColumnSystem<0> {
 public:
  explicit ColumnWithJacobian(const INKFADE_ISA::ColumnTables<double>& tables);

  void set_forcing(const INKFADE_ISA::Forcing<double>& forcing);
  /// @param matrix set to df/dy (n, n), row by row @param dfdt set to df/dt (n)
  void jacobian(double t, const double* y, double* matrix, double* dfdt);

  /// Unit in which component q is a number of ordinary size (integration/ode_system.hpp): macrophages are counted in
  /// 2^43 = 8.8e12 1/m3, about their density in papillary dermis.
  [[nodiscard]] double unit(std::size_t q) const {
    const INKFADE_ISA::ColumnLayout& at = layout();
    const auto stride = static_cast<std::size_t>(at.stride());
    return q < static_cast<std::size_t>(at.shed()) && q % stride + 1 == stride ? 8796093022208.0 : 1.0;
  }

 private:
  static constexpr int width = 8;  ///< directions in one pass
  using Number = INKFADE_ISA::Dual<width>;
  using Rates = INKFADE_ISA::ColumnRates<Number, 0>;

  /// One pass: directions first .. first + width - 1 of (y, t).
  void pass(double t, std::size_t first);

  std::vector<Number> constants_;  ///< the arrays behind the tables
  std::vector<Number> state_;
  std::vector<Number> rates_;
  Rates kernel_;
};

}  // namespace inkfade::system
