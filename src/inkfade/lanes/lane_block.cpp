#include "inkfade/lanes/lane_block.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <new>
#include <utility>

namespace inkfade::lanes {

using INKFADE_ISA::ColumnConstants;
using INKFADE_ISA::ColumnLayout;
using INKFADE_ISA::ColumnTables;
using INKFADE_ISA::Forcing;

namespace {

constexpr std::size_t alignment = 64;  // of the widest pack, and a line of the cache
constexpr std::size_t n_constants = sizeof(ColumnConstants<double>) / sizeof(double);
constexpr std::size_t n_forcing = sizeof(Forcing<double>) / sizeof(double);

/// @param n a multiple of 8
double* zeros(std::size_t n) {
  auto* memory = static_cast<double*>(std::aligned_alloc(alignment, n * sizeof(double)));
  if (memory == nullptr) throw std::bad_alloc();
  std::fill_n(memory, n, 0.0);
  return memory;
}

}  // namespace

void LaneBlock::Free::operator()(double* memory) const { std::free(memory); }

LaneBlock::LaneBlock(const Shape& shape, InstructionSet set, Numbers numbers, bool only_masses)
    : shape_(shape),
      kernels_(kernels(set, numbers)),
      stride_(kernels_.width * (numbers == Numbers::plain ? 1 : 2)),
      size_(static_cast<std::size_t>(ColumnLayout{shape.n_cells, shape.n_classes}.size())),
      n_functionals_(static_cast<std::size_t>(n_functionals(shape.n_classes, shape.n_layers, only_masses))) {
  arrays_.n_cells = shape.n_cells;
  arrays_.n_classes = shape.n_classes;
  arrays_.first_dermal_cell = shape.first_dermal_cell;
  arrays_.n_layers = shape.n_layers;
  arrays_.self_shading = shape.self_shading;
  arrays_.only_masses = only_masses;
  doubles_ = lay_out(nullptr);
  memory_.reset(zeros(doubles_));
  lay_out(memory_.get());
  for (int lane = 0; lane < width(); ++lane) {  // a lane that holds nothing: divisions by 1, not by 0
    set_tolerances(lane, 1.0, 1.0, 1.0);
    set_step(lane, 0.0, 1.0);
    for (int i = 0; i < shape.n_cells; ++i) at(lane, arrays_.cell_tables[0], i) = 1.0;
  }
}

std::size_t LaneBlock::lay_out(double* memory) {
  std::size_t used = 0;
  const auto take = [&](double*& array, std::size_t items) {
    array = memory == nullptr ? nullptr : memory + used;
    const std::size_t doubles = items * static_cast<std::size_t>(stride_);
    used += (doubles + 7) / 8 * 8;
  };
  const auto cells = static_cast<std::size_t>(shape_.n_cells);
  const auto classes = static_cast<std::size_t>(shape_.n_classes);
  take(arrays_.constants, n_constants);
  take(arrays_.forcing, n_forcing);
  for (double*& array : arrays_.cell_tables) take(array, cells);
  for (double*& array : arrays_.class_tables) take(array, classes);
  take(arrays_.conductance, (cells + 1) * classes);
  take(arrays_.layer_width, static_cast<std::size_t>(shape_.n_layers) * cells);
  for (double** array : {&arrays_.depth, &arrays_.depth_square}) take(*array, cells);
  for (double** array :
       {&arrays_.rtol, &arrays_.pigment_atol, &arrays_.macrophage_atol, &arrays_.time, &arrays_.step, &arrays_.error,
        &arrays_.lowest_pigment, &arrays_.lowest_macrophages, &arrays_.peak_load, &arrays_.mass, &arrays_.spill}) {
    take(*array, 1);
  }
  take(arrays_.state, size_);
  for (double*& array : arrays_.increments) take(array, size_);
  take(arrays_.state_new, size_);
  for (double*& array : arrays_.functionals) take(array, n_functionals_);
  for (double*& array : arrays_.held) take(array, cells);
  const std::size_t scratch = kernels_.scratch_size(shape_.n_cells, shape_.n_classes);
  arrays_.scratch = memory == nullptr ? nullptr : memory + used;
  return used + (scratch + 7) / 8 * 8;
}

void LaneBlock::write(int lane, double* array, std::size_t n, const double* values) const {
  const auto stride = static_cast<std::size_t>(stride_);
  double* out = array + lane;
  for (std::size_t q = 0; q < n; ++q) out[q * stride] = values[q];
  if (stride_ == kernels_.width) return;
  for (std::size_t q = 0; q < n; ++q) out[q * stride + static_cast<std::size_t>(kernels_.width)] = 0.0;
}

void LaneBlock::write_slope(int lane, double* array, std::size_t n, const double* slopes) const {
  double* out = array + kernels_.width + lane;
  for (std::size_t q = 0; q < n; ++q) out[q * static_cast<std::size_t>(stride_)] = slopes[q];
}

void LaneBlock::read(int lane, const double* array, std::size_t n, double* values) const {
  const auto stride = static_cast<std::size_t>(stride_);
  const double* in = array + lane;
  for (std::size_t q = 0; q < n; ++q) values[q] = in[q * stride];
}

template <class Use>
void LaneBlock::each_table(const ColumnTables<double>& tables, const mesh::ColumnMesh& mesh, Use&& use) const {
  const ColumnConstants<double>& constants = tables;
  use(arrays_.constants, n_constants, reinterpret_cast<const double*>(&constants));
  const double* cells[] = {tables.width, tables.macrophages, tables.inverse_binding, tables.binds, tables.lymph,
                           tables.wound, tables.uv,          tables.visible};
  const auto n = static_cast<std::size_t>(shape_.n_cells);
  const auto n_classes = static_cast<std::size_t>(shape_.n_classes);
  for (std::size_t i = 0; i < std::size(cells); ++i) use(arrays_.cell_tables[i], n, cells[i]);
  use(arrays_.class_tables[0], n_classes, tables.uptake);
  use(arrays_.class_tables[1], n_classes, tables.lymph_gate);
  use(arrays_.conductance, (n + 1) * n_classes, tables.conductance);
  use(arrays_.depth, n, mesh.centre.data());
  for (std::size_t c = 0; c < n; ++c) {
    const double square = mesh.centre[c] * mesh.centre[c] + mesh.width[c] * mesh.width[c] / 12.0;
    use(arrays_.depth_square + static_cast<std::ptrdiff_t>(c) * stride_, 1, &square);
    for (int l = 0; l < shape_.n_layers; ++l) {
      const double inside = mesh.layer[c] == static_cast<std::size_t>(l) ? mesh.width[c] : 0.0;
      use(arrays_.layer_width + (l * shape_.n_cells + static_cast<std::ptrdiff_t>(c)) * stride_, 1, &inside);
    }
  }
}

void LaneBlock::set_column(int lane, const ColumnTables<double>& tables, const mesh::ColumnMesh& mesh) {
  each_table(tables, mesh, [&](double* array, std::size_t n, const double* values) { write(lane, array, n, values); });
}

void LaneBlock::set_column_slope(int lane, std::span<const WeightedColumn> columns) {
  for (const WeightedColumn& column : columns) {
    const bool first = &column == columns.data();
    each_table(*column.tables, *column.mesh, [&](double* array, std::size_t n, const double* values) {
      for (std::size_t q = 0; q < n; ++q) {
        const double value = at(lane, array, static_cast<int>(q));
        double& slope = slope_at(lane, array, static_cast<int>(q));
        slope = (first ? 0.0 : slope) + column.weight * (values[q] - value);
      }
    });
  }
}

void LaneBlock::set_forcing(int lane, const Forcing<double>& forcing) {
  write(lane, arrays_.forcing, n_forcing, reinterpret_cast<const double*>(&forcing));
}

void LaneBlock::set_forcing_slope(int lane, const Forcing<double>& slope) {
  write_slope(lane, arrays_.forcing, n_forcing, reinterpret_cast<const double*>(&slope));
}

void LaneBlock::set_state(int lane, const double* y) { write(lane, arrays_.state, size_, y); }

void LaneBlock::set_state_slope(int lane, const double* slope) { write_slope(lane, arrays_.state, size_, slope); }

void LaneBlock::set_tolerances(int lane, double rtol, double pigment, double macrophages) {
  arrays_.rtol[lane] = rtol;
  arrays_.pigment_atol[lane] = pigment;
  arrays_.macrophage_atol[lane] = macrophages;
}

void LaneBlock::set_step(int lane, double t, double h) {
  write(lane, arrays_.time, 1, &t);
  write(lane, arrays_.step, 1, &h);
}

void LaneBlock::set_step_slope(int lane, double t, double h) {
  slope_at(lane, arrays_.time, 0) = t;
  slope_at(lane, arrays_.step, 0) = h;
}

Attempt LaneBlock::attempted(int lane) const {
  return {std::sqrt(arrays_.error[lane]), arrays_.lowest_pigment[lane], arrays_.lowest_macrophages[lane],
          arrays_.peak_load[lane], arrays_.mass[lane]};
}

void LaneBlock::set_rounds(std::size_t n) {
  if (n > most_rounds_) {
    const std::size_t most = (std::max(n, 2 * most_rounds_) + 7) / 8 * 8;
    const std::size_t of_one = most * static_cast<std::size_t>(stride_);
    rounds_.reset(zeros((n_functionals_ + 2) * of_one));
    most_rounds_ = most;
    arrays_.theta = rounds_.get();
    arrays_.observed_load = arrays_.theta + of_one;
    arrays_.observed = arrays_.observed_load + of_one;
  }
  arrays_.n_rounds = static_cast<int>(n);
}

void LaneBlock::observed(int lane, std::size_t round, double* out) const {
  read(lane, of_round(arrays_.observed, round, n_functionals_), n_functionals_, out);
  out[n_functionals_] = at(lane, of_round(arrays_.observed_load, round), 0);
}

void LaneBlock::observed_slope(int lane, std::size_t round, double* out) const {
  read(lane + width(), of_round(arrays_.observed, round, n_functionals_), n_functionals_, out);
  out[n_functionals_] = slope_at(lane, of_round(arrays_.observed_load, round), 0);
}

void LaneBlock::accept(const std::vector<bool>& accepted) {
  const bool any = std::ranges::find(accepted, true) != accepted.end();
  if (!any) return;
  const auto width = static_cast<std::size_t>(kernels_.width);
  const auto stride = static_cast<std::size_t>(stride_);
  for (std::size_t lane = 0; lane < accepted.size(); ++lane) {
    if (accepted[lane]) continue;
    for (std::size_t part = lane; part < stride; part += width) {  // values, then slopes
      for (std::size_t q = 0; q < size_; ++q) arrays_.state_new[q * stride + part] = arrays_.state[q * stride + part];
    }
  }
  std::swap(arrays_.state, arrays_.state_new);
}

}  // namespace inkfade::lanes
