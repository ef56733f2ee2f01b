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
  /// The band of df/dy without the ledger, for solvers that keep to it: columns so far apart that they share no row are
  /// differentiated together, so the cost goes with the width of the band. No self-shading.
  /// @param below, above the diagonal, wide enough for the whole Jacobian @param matrix its band is set, row by row
  /// (shed(), shed()); entries outside stay what they are
  void banded_jacobian(double t, const double* y, int below, int above, double* matrix);

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
  /// One pass of banded_jacobian(): directions first .. first + count - 1 of the `colours` sets of columns.
  void banded_pass(double t, int first, int count, int below, int above, double* matrix);

  std::vector<Number> constants_;  ///< the arrays behind the tables
  std::vector<Number> state_;
  std::vector<Number> rates_;
  Rates kernel_;
};

}  // namespace inkfade::system
