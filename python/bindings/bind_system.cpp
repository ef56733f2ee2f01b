#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "bindings.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/base/float_environment.hpp"
#include "inkfade/simulation/column_case.hpp"
#include "inkfade/system/column_jacobian.hpp"
#include "inkfade/system/column_system.hpp"
#include "inkfade/system/macrophage_bounds.kernel.hpp"

namespace py = pybind11;

namespace inkfade::bindings {
namespace {

using Array = py::array_t<double, py::array::c_style>;

py::array_t<double> copied(const double* values, std::vector<py::ssize_t> shape) {
  py::array_t<double> array(std::move(shape));
  std::copy_n(values, array.size(), array.mutable_data());
  return array;
}

/// Everything that the rates read and that stays the same during a run, by the names of ColumnTables, in SI units.
py::dict coefficients_of(const INKFADE_ISA::ColumnTables<double>& tables) {
  const auto cells = static_cast<py::ssize_t>(tables.layout.n_cells);
  const auto classes = static_cast<py::ssize_t>(tables.layout.n_classes);
  const INKFADE_ISA::LocalConstants<double>& local = tables.local;
  py::dict all;
  all["inverse_capacity"] = local.inverse_capacity;
  all["inverse_crowding"] = local.inverse_crowding;
  all["release_rate"] = local.release_rate;
  all["egress_rate"] = local.egress_rate;
  all["fragmentation_rate"] = local.fragmentation_rate;
  all["recruitment_rate"] = local.recruitment_rate;
  all["departure_rate"] = local.departure_rate;
  all["inflammation_peak"] = local.inflammation_peak;
  all["binding_rate"] = local.binding_rate;
  all["unbinding_rate"] = local.unbinding_rate;
  all["macrophage_light"] = local.macrophage_light;
  all["stroma_light"] = local.stroma_light;
  all["uv_sensitivity"] = local.uv_sensitivity;
  all["visible_sensitivity"] = local.visible_sensitivity;
  all["epidermal_velocity"] = tables.epidermal_velocity;
  all["turnover_healing_factor"] = tables.turnover_healing_factor;
  all["junction_permeability"] = tables.junction_permeability;
  all["oedema_factor"] = tables.oedema_factor;
  all["hop_mobility"] = tables.hop_mobility;
  all["width"] = copied(tables.width, {cells});
  all["macrophages"] = copied(tables.macrophages, {cells});
  all["inverse_binding"] = copied(tables.inverse_binding, {cells});
  all["binds"] = copied(tables.binds, {cells});
  all["lymph"] = copied(tables.lymph, {cells});
  all["wound"] = copied(tables.wound, {cells});
  all["uv"] = copied(tables.uv, {cells});
  all["visible"] = copied(tables.visible, {cells});
  all["uptake"] = copied(tables.uptake, {classes});
  all["lymph_gate"] = copied(tables.lymph_gate, {classes});
  all["conductance"] = copied(tables.conductance, {cells + 1, classes});
  return all;
}

/// A Forcing by the names of its members; daylight as (mean, cosines, sines).
py::dict forcing_of(const INKFADE_ISA::Forcing<double>& forcing) {
  const auto daylight = [](const INKFADE_ISA::Daylight<double>& light) {
    std::vector<double> series{light.mean};
    series.insert(series.end(), std::begin(light.cosine), std::end(light.cosine));
    series.insert(series.end(), std::begin(light.sine), std::end(light.sine));
    const auto n = static_cast<py::ssize_t>(series.size());
    return to_array(std::move(series), {n});
  };
  py::dict all;
  all["start"] = forcing.start;
  all["openness"] = forcing.openness;
  all["closure_rate"] = forcing.closure_rate;
  all["wound_factor"] = forcing.wound_factor;
  all["inflammation_offset"] = forcing.inflammation_offset;
  all["inflammation_slope"] = forcing.inflammation_slope;
  all["inflammation_rate"] = forcing.inflammation_rate;
  all["lymph_factor"] = forcing.lymph_factor;
  all["turnover_factor"] = forcing.turnover_factor;
  all["capture_factor"] = forcing.capture_factor;
  all["egress_factor"] = forcing.egress_factor;
  all["recruitment_factor"] = forcing.recruitment_factor;
  all["year_phase"] = forcing.year_phase;
  all["year_rate"] = forcing.year_rate;
  all["uv"] = daylight(forcing.uv);
  all["visible"] = daylight(forcing.visible);
  return all;
}

/// The semi-discrete column of a scenario as dy/dt = f(t, y), for integrators that are not ours.
///
/// Between breakpoints f is smooth; at each one call enter(i), add jump(i) to the state and start afresh. Without the
/// ledger's components (which feed back on nothing) the Jacobian is banded.
class PeerColumn {
 public:
  PeerColumn(const parameters::Scenario& scenario, bool ledger)
      : column_(checked(scenario)),
        tables_(column_.coefficients.tables()),
        general_(tables_),
        exact_(tables_),
        full_(static_cast<std::size_t>(tables_.layout.size())),
        n_(static_cast<std::size_t>(ledger ? tables_.layout.size() : tables_.layout.shed())) {
    if (tables_.layout.n_classes == 6) unrolled_.emplace(tables_);  // as in production
    enter(0);
  }

  [[nodiscard]] std::size_t size() const { return n_; }
  [[nodiscard]] const INKFADE_ISA::ColumnLayout& layout() const { return tables_.layout; }
  [[nodiscard]] int first_dermal_cell() const { return tables_.first_dermal_cell; }
  [[nodiscard]] double horizon() const { return column_.protocol.horizon; }

  /// (below, above) the diagonal: neighbouring cells, and the macrophages of the cell below in the rates of m.
  [[nodiscard]] std::pair<int, int> bandwidths() const {
    const int stride = tables_.layout.stride();
    return {stride, stride + 2 * tables_.layout.n_classes};
  }

  [[nodiscard]] std::vector<double> breakpoints() const {
    std::vector<double> times;
    for (const skin::Segment& segment : column_.protocol.segments) times.push_back(segment.start);
    return times;
  }

  void enter(std::size_t segment) {
    const auto& forcing = at(segment).forcing;
    general_.set_forcing(forcing);
    if (unrolled_) unrolled_->set_forcing(forcing);
    exact_.set_forcing(forcing);
    forcing_ = forcing;
  }

  [[nodiscard]] py::array_t<double> jump(std::size_t segment) const {
    std::vector<double> added(full_.size(), 0.0);
    for (const skin::Deposit& deposit : at(segment).deposits) {
      system::add_deposit(deposit, column_.skin, column_.mesh, tables_.layout, added.data());
    }
    return cut(std::move(added));
  }

  [[nodiscard]] py::array_t<double> initial_state() const {
    std::vector<double> y = system::initial_state(tables_);
    for (const skin::Deposit& deposit : at(0).deposits) {
      system::add_deposit(deposit, column_.skin, column_.mesh, tables_.layout, y.data());
    }
    return cut(std::move(y));
  }

  [[nodiscard]] py::array_t<double> mass_weights() const {
    std::vector<double> weights(full_.size(), 0.0);
    for (int i = 0; i < tables_.layout.n_cells; ++i) {
      double* cell = weights.data() + tables_.layout.free(i);
      std::fill(cell, cell + 3 * tables_.layout.n_classes, tables_.width[i]);
    }
    return cut(std::move(weights));
  }

  void rates(double t, const Array& y, Array& out) {
    const double* state = values(y, "y");
    double* dydt = out.mutable_data();
    values(out, "out");
    const KernelFloatEnvironment environment;
    if (n_ == full_.size()) {
      evaluate(t, state, dydt);
    } else {
      evaluate(t, state, full_.data());
      std::copy_n(full_.data(), n_, dydt);
    }
  }

  /// Sets the band of matrix (n, n) to df/dy; entries outside stay what they are.
  void jacobian(double t, const Array& y, Array& matrix) {
    if (n_ == full_.size()) throw ParameterError("ledger = true: with the ledger no Jacobian is banded");
    if (matrix.ndim() != 2 || matrix.shape(0) != matrix.shape(1) || matrix.shape(0) != static_cast<py::ssize_t>(n_)) {
      throw ParameterError("matrix has " + std::to_string(matrix.size()) + " values: must be square, with " +
                           std::to_string(n_) + " rows");
    }
    std::vector<double> state(full_.size(), 0.0);
    std::copy_n(values(y, "y"), n_, state.data());
    const auto [below, above] = bandwidths();
    const KernelFloatEnvironment environment;
    exact_.banded_jacobian(t, state.data(), below, above, matrix.mutable_data());
  }

  [[nodiscard]] py::dict coefficients() const { return coefficients_of(tables_); }
  [[nodiscard]] py::dict forcing(std::size_t segment) const { return forcing_of(at(segment).forcing); }

  /// Prepares solve() for the W-method's matrix I - hg A.
  void factor(double t, const Array& y, double hg) {
    std::vector<double> state(full_.size(), 0.0);
    std::copy_n(values(y, "y"), n_, state.data());
    const KernelFloatEnvironment environment;
    general_.factor(t, state.data(), hg);
  }
  /// out = (I - hg A)^-1 hg r.
  void solve(const Array& r, Array& out) {
    std::vector<double> right(full_.size(), 0.0);
    std::copy_n(values(r, "r"), n_, right.data());
    values(out, "out");
    const KernelFloatEnvironment environment;
    general_.solve(right.data(), full_.data());
    std::copy_n(full_.data(), n_, out.mutable_data());
  }
  double peak_load(const Array& y) const { return INKFADE_ISA::peak_load(tables_, values(y, "y")); }
  void settle(Array& y) const {
    values(y, "y");
    INKFADE_ISA::hold_load(tables_, y.mutable_data());
  }

  /// rates() at the argument of a stage.
  void argument_rates(double t, const Array& y, Array& out) {
    std::vector<double> state(full_.size(), 0.0);
    std::copy_n(values(y, "y"), n_, state.data());
    values(out, "out");
    const KernelFloatEnvironment environment;
    general_.argument_rates(t, state.data(), full_.data());
    std::copy_n(full_.data(), n_, out.mutable_data());
  }
  /// Takes macrophages back to where (M4) lets them be at t + h, from the state before at t.
  void bound_macrophages(double t, double h, const Array& before, Array& y) const {
    const double* from = values(before, "before");
    values(y, "y");
    const auto target = [&](double inflammation) {
      return INKFADE_ISA::macrophage_target_factor(tables_.local, inflammation);
    };
    const KernelFloatEnvironment environment;
    const auto start = INKFADE_ISA::evaluate_with_slope(forcing_, t);
    const double first = target(start.now.inflammation);
    const double last = target(INKFADE_ISA::inflammation_at(forcing_, t + h));
    const INKFADE_ISA::MacrophageBounds<double> bounds{first, std::min(first, last), start.slope.inflammation};
    for (int i = tables_.first_dermal_cell; i < tables_.layout.n_cells; ++i) {
      double& n = y.mutable_data()[tables_.layout.macrophages(i)];
      n = bounds.held(tables_.macrophages[i], from[tables_.layout.macrophages(i)], n);
    }
  }

  /// Seconds per call of the kernel's three parts at (t, y), without any Python.
  py::dict profile(double t, const Array& y, double hg, int repeats) {
    if (repeats < 1) throw ParameterError("repeats = " + std::to_string(repeats) + ": must be at least 1");
    std::vector<double> state(full_.size(), 0.0);
    std::copy_n(values(y, "y"), n_, state.data());
    py::dict result;
    if (unrolled_) {
      time_parts(*unrolled_, t, state, hg, repeats, result);
    } else {
      time_parts(general_, t, state, hg, repeats, result);
    }
    return result;
  }

 private:
  static const parameters::Scenario& checked(const parameters::Scenario& scenario) {
    if (scenario.boolean("numerics.self_shading")) {
      throw ParameterError(
          "numerics.self_shading = true: every cell then depends on all above it and no Jacobian is "
          "banded; set it to false for a ColumnSystem");
    }
    return scenario;
  }

  [[nodiscard]] const skin::Segment& at(std::size_t segment) const {
    const auto& segments = column_.protocol.segments;
    if (segment >= segments.size()) {
      throw ParameterError("segment " + std::to_string(segment) + ": this scenario has " +
                           std::to_string(segments.size()) + ", counted from 0");
    }
    return segments[segment];
  }

  const double* values(const Array& array, const char* name) const {
    if (static_cast<std::size_t>(array.size()) != n_) {
      throw ParameterError(std::string(name) + " has " + std::to_string(array.size()) + " values: must have " +
                           std::to_string(n_));
    }
    return array.data();
  }

  [[nodiscard]] py::array_t<double> cut(std::vector<double>&& values) const {
    values.resize(n_);
    return to_array(std::move(values), {static_cast<py::ssize_t>(n_)});
  }

  void evaluate(double t, const double* y, double* dydt) {
    if (unrolled_) {
      unrolled_->rates(t, y, dydt);
    } else {
      general_.rates(t, y, dydt);
    }
  }

  template <class System>
  static void time_parts(System& system, double t, const std::vector<double>& y, double hg, int repeats,
                         py::dict& result) {
    std::vector<double> out(y.size());
    std::vector<double> x(y.size());
    const KernelFloatEnvironment environment;
    const auto per_call = [&](auto&& work) {
      const auto begin = std::chrono::steady_clock::now();
      for (int i = 0; i < repeats; ++i) work();
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() / repeats;
    };
    const double rates = per_call([&] { system.rates(t, y.data(), out.data()); });
    const double factor = per_call([&] { system.factor(t, y.data(), hg); });
    const double solve = per_call([&] { system.solve(out.data(), x.data()); });
    result["rates"] = rates;
    result["factor"] = factor;
    result["solve"] = solve;
  }

  simulation::ColumnCase column_;
  INKFADE_ISA::ColumnTables<double> tables_;
  system::ColumnSystem<0> general_;
  system::ColumnWithJacobian exact_;
  INKFADE_ISA::Forcing<double> forcing_{};  ///< of the segment entered
  std::optional<system::ColumnSystem<6>> unrolled_;
  std::vector<double> full_;
  std::size_t n_;
};

}  // namespace

void bind_system(py::module_& module) {
  py::class_<PeerColumn>(module, "ColumnSystem",
                         "The semi-discrete column of a scenario, dy/dt = f(t, y) in SI units, for other integrators.")
      .def(py::init<const parameters::Scenario&, bool>(), py::arg("scenario"), py::kw_only(), py::arg("ledger") = true)
      .def_property_readonly("n", &PeerColumn::size)
      .def_property_readonly("n_cells", [](const PeerColumn& c) { return c.layout().n_cells; })
      .def_property_readonly("n_classes", [](const PeerColumn& c) { return c.layout().n_classes; })
      .def_property_readonly("stride", [](const PeerColumn& c) { return c.layout().stride(); })
      .def_property_readonly("first_dermal_cell", &PeerColumn::first_dermal_cell)
      .def_property_readonly("horizon", &PeerColumn::horizon)
      .def_property_readonly("bandwidths", &PeerColumn::bandwidths)
      .def_property_readonly("breakpoints", &PeerColumn::breakpoints, "Starts of the segments [s].")
      .def("enter", &PeerColumn::enter, py::arg("segment"), "Make rates() those of this segment, at any time.")
      .def("jump", &PeerColumn::jump, py::arg("segment"), "What the start of a segment adds to the state (n).")
      .def("initial_state", &PeerColumn::initial_state, "State at time 0 with its deposits (n).")
      .def("mass_weights", &PeerColumn::mass_weights, "w with w . y = retained mass [kg/m2] (n).")
      .def("rates", &PeerColumn::rates, py::arg("t"), py::arg("y").noconvert(), py::arg("out").noconvert(),
           "Set out (n) to dy/dt; arrays are used as they are, without a copy.")
      .def("jacobian", &PeerColumn::jacobian, py::arg("t"), py::arg("y").noconvert(), py::arg("out").noconvert(),
           "Set the band of out (n, n) to the exact df/dy; entries outside the bandwidths stay what they are.")
      .def("coefficients", &PeerColumn::coefficients,
           "What rates() reads and that no event changes, by name, in SI units: numbers, and arrays (n_cells), "
           "(n_classes) or (n_cells + 1, n_classes).")
      .def("forcing", &PeerColumn::forcing, py::arg("segment"),
           "What drives the column during a segment, by name, in SI units; uv and visible as (mean, 3 cosines, 3 "
           "sines).")
      .def("factor", &PeerColumn::factor, py::arg("t"), py::arg("y").noconvert(), py::arg("hg"),
           "Prepare solve() for the W-method's matrix I - hg A at (t, y).")
      .def("solve", &PeerColumn::solve, py::arg("r").noconvert(), py::arg("out").noconvert(),
           "Set out (n) to the solution x of (I - hg A) x = hg r.")
      .def("peak_load", &PeerColumn::peak_load, py::arg("y").noconvert(), "Largest macrophage load of any cell [1].")
      .def("settle", &PeerColumn::settle, py::arg("y").noconvert(), "Take back what a step left above a load of 1.")
      .def("argument_rates", &PeerColumn::argument_rates, py::arg("t"), py::arg("y").noconvert(),
           py::arg("out").noconvert(),
           "Set out (n) to dy/dt at the argument of a stage: past a full niche or full stroma rates go on.")
      .def("bound_macrophages", &PeerColumn::bound_macrophages, py::arg("t"), py::arg("h"),
           py::arg("before").noconvert(), py::arg("y").noconvert(),
           "Take macrophages of y, at t + h, back to where their law lets them be from the state before, at t.")
      .def("profile", &PeerColumn::profile, py::arg("t"), py::arg("y").noconvert(), py::kw_only(), py::arg("hg"),
           py::arg("repeats"), "Seconds per call of rates, factor and solve, measured in the core.");
}

}  // namespace inkfade::bindings
