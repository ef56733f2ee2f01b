#include "inkfade/system/column_jacobian.hpp"

#include "inkfade/system/column_conversion.hpp"

namespace inkfade::system {

using INKFADE_ISA::ColumnTables;
using INKFADE_ISA::Forcing;

ColumnWithJacobian::ColumnWithJacobian(const ColumnTables<double>& tables)
    : ColumnSystem<0>(tables), state_(size()), rates_(size()), kernel_(on_scalar(tables, constants_)) {}

void ColumnWithJacobian::set_forcing(const Forcing<double>& forcing) {
  ColumnSystem<0>::set_forcing(forcing);
  kernel_.set_forcing(on_scalar<Number>(forcing));
}

void ColumnWithJacobian::jacobian(double t, const double* y, double* matrix, double* dfdt) {
  const std::size_t n = size();
  for (std::size_t q = 0; q < n; ++q) state_[q] = Number(y[q]);
  for (std::size_t first = 0; first <= n; first += width) {
    pass(t, first);
    const std::size_t count = std::min<std::size_t>(width, n + 1 - first);
    for (std::size_t j = 0; j < count; ++j) {
      const std::size_t column = first + j;
      for (std::size_t q = 0; q < n; ++q) {
        (column < n ? matrix[q * n + column] : dfdt[q]) = rates_[q].slope[j];
      }
    }
  }
}

void ColumnWithJacobian::pass(double t, std::size_t first) {
  const std::size_t n = size();
  Number time(t);
  for (std::size_t j = 0; j < width; ++j) {
    if (first + j < n) state_[first + j].slope[j] = 1.0;
    if (first + j == n) time.slope[j] = 1.0;
  }
  kernel_.rates(time, state_.data(), rates_.data());
  for (std::size_t j = 0; j < width && first + j < n; ++j) state_[first + j].slope[j] = 0.0;
}

void ColumnWithJacobian::banded_jacobian(double t, const double* y, int below, int above, double* matrix) {
  for (std::size_t q = 0; q < size(); ++q) state_[q] = Number(y[q]);
  const int colours = below + above + 1;
  for (int first = 0; first < colours; first += width) {
    banded_pass(t, first, std::min(width, colours - first), below, above, matrix);
  }
}

void ColumnWithJacobian::banded_pass(double t, int first, int count, int below, int above, double* matrix) {
  const int n = layout().shed();
  const int colours = below + above + 1;
  const auto at = [](int q) { return static_cast<std::size_t>(q); };
  const auto set_slopes = [&](double slope) {
    for (int j = 0; j < count; ++j) {
      for (int q = first + j; q < n; q += colours) state_[at(q)].slope[j] = slope;
    }
  };
  set_slopes(1.0);
  kernel_.rates(Number(t), state_.data(), rates_.data());
  set_slopes(0.0);
  for (int j = 0; j < count; ++j) {
    for (int column = first + j; column < n; column += colours) {
      const int last = std::min(n - 1, column + below);
      for (int row = std::max(0, column - above); row <= last; ++row) {
        matrix[at(row) * at(n) + at(column)] = rates_[at(row)].slope[j];
      }
    }
  }
}

}  // namespace inkfade::system
