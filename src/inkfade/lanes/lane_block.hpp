#pragma once

#include <compare>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "inkfade/lanes/instruction_set.hpp"
#include "inkfade/mesh/column_mesh.hpp"
#include "inkfade/system/column_tables.kernel.hpp"

namespace inkfade::lanes {

/// What columns must have in common to share a block: their loops have the same ends.
struct Shape {
  int n_cells = 0;
  int n_classes = 0;
  int first_dermal_cell = 0;
  int n_layers = 0;
  bool self_shading = false;
  friend auto operator<=>(const Shape&, const Shape&) = default;
};

/// How a lane's last attempt went.
struct Attempt {
  double error = 0.0;               ///< root mean square of the error over its tolerance; 1 is just accepted [1]
  double lowest_pigment = 0.0;      ///< [kg/m3]
  double lowest_macrophages = 0.0;  ///< [1/m3]
  double peak_load = 0.0;           ///< of the step, as it is judged (StepOutcome) [1]
  double mass = 0.0;                ///< pigment in skin after the step [kg/m2]
};

/// A column in a weighted sum, owned elsewhere.
struct WeightedColumn {
  const INKFADE_ISA::ColumnTables<double>* tables = nullptr;
  const mesh::ColumnMesh* mesh = nullptr;
  double weight = 0.0;
};

/// Columns side by side, each with its own parameters, time and step size, that are stepped together.
///
/// A lane's numbers depend on what that lane was loaded with alone: not on the other lanes, their number, or the
/// instruction set. Floating-point state: the caller holds a KernelFloatEnvironment.
///
/// With slopes, each number of a lane carries its derivative in one direction: what is loaded has a slope of 0 until
/// one is set, and the values are those of a block without slopes, bit by bit.
class LaneBlock {
 public:
  /// @param only_masses observe masses of pools and the ledger and nothing else
  explicit LaneBlock(const Shape& shape, InstructionSet set = best_instruction_set(), Numbers numbers = Numbers::plain,
                     bool only_masses = false);

  [[nodiscard]] int width() const { return kernels_.width; }
  [[nodiscard]] const Shape& shape() const { return shape_; }
  [[nodiscard]] bool only_masses() const { return arrays_.only_masses; }
  /// Memory, but for that of observed times.
  [[nodiscard]] std::size_t bytes() const { return doubles_ * sizeof(double); }
  /// Components of a state.
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Loads a column. Precondition: tables have the block's shape. @param mesh the column's
  void set_column(int lane, const INKFADE_ISA::ColumnTables<double>& tables, const mesh::ColumnMesh& mesh);
  void set_forcing(int lane, const INKFADE_ISA::Forcing<double>& forcing);
  /// @param y (size())
  void set_state(int lane, const double* y);
  /// @param rtol [1] @param pigment [kg/m3] @param macrophages [1/m3]
  void set_tolerances(int lane, double rtol, double pigment, double macrophages);
  void set_step(int lane, double t, double h);

  // The same for the derivatives of a block with slopes, per unit of the lane's direction.
  /// @param columns whose differences to the lane's column, each times its weight, add up to its derivative
  void set_column_slope(int lane, std::span<const WeightedColumn> columns);
  void set_forcing_slope(int lane, const INKFADE_ISA::Forcing<double>& slope);
  /// @param slope (size())
  void set_state_slope(int lane, const double* slope);
  void set_step_slope(int lane, double t, double h);

  /// Tries a step in every lane; lanes that hold no column do no harm.
  void attempt() { kernels_.attempt(arrays_); }
  [[nodiscard]] Attempt attempted(int lane) const;

  // Between attempt() and accept(): the step in between.
  /// @param out (size())
  void state(int lane, double* out) const { read(lane, arrays_.state, size_, out); }
  void state_new(int lane, double* out) const { read(lane, arrays_.state_new, size_, out); }
  void increment(int lane, int stage, double* out) const { read(lane, arrays_.increments[stage], size_, out); }
  /// Sums what observed() needs, in all lanes, and attempt() has not summed. Precondition: attempt() on this state.
  void sum() { kernels_.sum(arrays_); }
  /// Functional q of the state at the start (j = 0) or of increment j - 1. Precondition: sum().
  [[nodiscard]] double functional(int lane, int j, int q) const { return at(lane, arrays_.functionals[j], q); }
  [[nodiscard]] double functional_slope(int lane, int j, int q) const {
    return slope_at(lane, arrays_.functionals[j], q);
  }
  /// How many times of its step each lane is observed at.
  void set_rounds(std::size_t n);
  /// The times. @param theta [0, 1]
  void set_theta(int lane, std::size_t round, double theta) { write(lane, of_round(arrays_.theta, round), 1, &theta); }
  void set_theta_slope(int lane, std::size_t round, double theta) {
    slope_at(lane, of_round(arrays_.theta, round), 0) = theta;
  }
  void observe() { kernels_.observe(arrays_); }
  /// Functionals at theta, then the largest macrophage load (of masses only: 0). @param out (n_observed())
  void observed(int lane, std::size_t round, double* out) const;
  void observed_slope(int lane, std::size_t round, double* out) const;
  [[nodiscard]] std::size_t n_observed() const { return n_functionals_ + 1; }
  /// Derivatives of state(). @param out (size())
  void state_slope(int lane, double* out) const { read(lane + width(), arrays_.state, size_, out); }
  void increment_slope(int lane, int stage, double* out) const {
    read(lane + width(), arrays_.increments[stage], size_, out);
  }

  /// Ends the attempt: lanes that are accepted go on from their new state. @param accepted (width())
  void accept(const std::vector<bool>& accepted);

 private:
  struct Free {
    void operator()(double* memory) const;
  };
  [[nodiscard]] double& at(int lane, double* array, int q) const {
    return array[static_cast<std::ptrdiff_t>(q) * stride_ + lane];
  }
  [[nodiscard]] double& slope_at(int lane, double* array, int q) const { return at(lane + width(), array, q); }
  /// Calls use(array, n, values) for every array that a column fills.
  template <class Use>
  void each_table(const INKFADE_ISA::ColumnTables<double>& tables, const mesh::ColumnMesh& mesh, Use&& use) const;
  /// Writes a lane's values; their slopes, where there are any, become 0.
  void write(int lane, double* array, std::size_t n, const double* values) const;
  void write_slope(int lane, double* array, std::size_t n, const double* slopes) const;
  void read(int lane, const double* array, std::size_t n, double* values) const;
  /// Item `round` of an array with `items` a round.
  [[nodiscard]] double* of_round(double* array, std::size_t round, std::size_t items = 1) const {
    return array + round * items * static_cast<std::size_t>(stride_);
  }
  /// Deals the memory out. @returns doubles needed @param memory null: only counts
  std::size_t lay_out(double* memory);

  Shape shape_;
  const LaneKernels& kernels_;
  int stride_;  ///< doubles of an item: of all lanes, and of their slopes
  std::size_t size_;
  std::size_t n_functionals_;
  std::size_t doubles_ = 0;  ///< in memory_
  std::unique_ptr<double, Free> memory_;
  std::unique_ptr<double, Free> rounds_;  ///< of theta, observed and observed_load
  std::size_t most_rounds_ = 0;
  LaneArrays arrays_;
};

}  // namespace inkfade::lanes
