#include <pybind11/functional.h>
#include <pybind11/stl.h>

#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "arrays.hpp"
#include "bindings.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/lanes/instruction_set.hpp"
#include "inkfade/simulation/ensemble.hpp"
#include "inkfade/simulation/sensitivity.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "watched_run.hpp"

namespace py = pybind11;

namespace inkfade::bindings {
namespace {

using namespace inkfade::simulation;
using parameters::Scenario;
using Times = py::array_t<double, py::array::c_style | py::array::forcecast>;

/// Watches a computation from the calling thread: Python signals and the progress callable, with the GIL held.
/// An exception is kept until all threads have ended, so that none of it passes through the core.
class Watch {
 public:
  Watch(StopToken stop, py::object callable) : stop_(std::move(stop)), callable_(std::move(callable)) {}

  Progress progress() {
    return [this](std::size_t done) {
      if (raised_) return;
      const py::gil_scoped_acquire gil;
      try {
        if (PyErr_CheckSignals() != 0) throw py::error_already_set();
        if (!callable_.is_none()) callable_(done);
      } catch (...) {
        raised_ = std::current_exception();
        stop_.request_stop();
      }
    };
  }

  /// With the GIL: true after Ctrl-C; any other exception is raised.
  bool interrupted() {
    if (!raised_ && PyErr_CheckSignals() != 0) {
      try {
        throw py::error_already_set();
      } catch (...) {
        raised_ = std::current_exception();
      }
    }
    if (!raised_) return false;
    try {
      std::rethrow_exception(std::exchange(raised_, nullptr));
    } catch (const py::error_already_set& e) {
      if (!e.matches(PyExc_KeyboardInterrupt)) throw;
    }
    return true;
  }

 private:
  StopToken stop_;
  py::object callable_;
  std::exception_ptr raised_;
};

/// A rung of the model ladder by its name.
Rung to_rung(const std::string& given) {
  for (const Rung rung : {Rung::column, Rung::well_mixed}) {
    if (name(rung) == given) return rung;
  }
  throw ParameterError("rung = '" + given + "': must be 'column' or 'well_mixed'");
}

Options options_of(const std::optional<Times>& times, bool fields, double wall_limit, const std::string& rung,
                   bool contrast = false) {
  Options options;
  options.rung = to_rung(rung);
  if (times) options.times.assign(times->data(), times->data() + times->size());
  options.fields = fields;
  options.series.contrast = contrast;
  options.wall_limit = wall_limit;
  return options;
}

py::tuple run_many(const std::vector<Scenario>& scenarios, const std::optional<Times>& times, bool fields,
                   double wall_limit, int threads, py::object progress, const std::string& rung, bool contrast) {
  const Options options = options_of(times, fields, wall_limit, rung, contrast);
  Watch watch(options.stop, std::move(progress));
  std::vector<Solution> solutions;
  {
    const py::gil_scoped_release unlocked;  // the core never touches Python; Watch takes the GIL back when it calls
    solutions = simulate_many(scenarios, options, threads, watch.progress());
  }
  const bool interrupted = watch.interrupted();
  py::list result;
  for (Solution& solution : solutions) result.append(py::cast(std::move(solution)));
  return py::make_tuple(std::move(result), interrupted);
}

py::tuple run_draws(const Scenario& scenario, double threshold, int n, std::uint64_t seed, int threads,
                    py::object progress, const std::string& rung) {
  const Rung asked = to_rung(rung);
  const StopToken stop;
  Watch watch(stop, std::move(progress));
  std::vector<TouchUp> touch_ups;
  {
    const py::gil_scoped_release unlocked;
    touch_ups = touch_up_draws(scenario, threshold, n, seed, threads, stop, watch.progress(), asked);
  }
  const bool interrupted = watch.interrupted();
  std::vector<double> time;
  std::vector<std::int32_t> observed;
  std::vector<std::int32_t> status;
  for (const TouchUp& t : touch_ups) {
    time.push_back(t.time);
    observed.push_back(t.observed ? 1 : 0);
    status.push_back(static_cast<std::int32_t>(t.status));
  }
  const auto count = static_cast<py::ssize_t>(time.size());
  return py::make_tuple(to_array(std::move(time), {count}), to_array(std::move(observed), {count}),
                        to_array(std::move(status), {count}), interrupted);
}

py::tuple run_an_ensemble(const Scenario& scenario, const std::vector<std::string>& parameters, const Times& values,
                          std::size_t n, std::uint64_t seed, const std::vector<std::string>& observables,
                          const std::optional<Times>& times, int threads, double wall_limit, py::object progress) {
  const Options options = options_of(times, false, wall_limit, "column");
  EnsembleRequest request{scenario, n, parameters, {}, seed, observables};
  request.values.assign(values.data(), values.data() + values.size());
  Watch watch(options.stop, std::move(progress));
  EnsembleResult result;
  {
    const py::gil_scoped_release unlocked;
    result = run_ensemble(request, options, threads, watch.progress());
  }
  const bool interrupted = watch.interrupted();
  const auto count = static_cast<py::ssize_t>(n);
  const auto kept = static_cast<py::ssize_t>(observables.size());
  const py::ssize_t n_times = kept == 0 ? 0 : static_cast<py::ssize_t>(result.values.size()) / (kept * count);
  return py::make_tuple(
      to_array(std::move(result.values), {kept, count, n_times}), to_array(std::move(result.touch_up_time), {count}),
      to_array(std::move(result.touch_up_observed), {count}), to_array(std::move(result.status), {count}),
      to_array(std::move(result.steps), {count}), interrupted);
}

py::tuple run_sensitivities(const Scenario& scenario, const std::vector<std::string>& parameters,
                            const std::vector<std::string>& observables, const std::optional<Times>& times, int threads,
                            double wall_limit, py::object progress) {
  const Options options = options_of(times, false, wall_limit, "column");
  Watch watch(options.stop, std::move(progress));
  SensitivityResult result;
  {
    const py::gil_scoped_release unlocked;
    result = sensitivities({scenario, parameters, observables}, options, threads, watch.progress());
  }
  const bool interrupted = watch.interrupted();
  const auto kept = static_cast<py::ssize_t>(observables.size());
  const auto n_parameters = static_cast<py::ssize_t>(parameters.size());
  const auto n_times = static_cast<py::ssize_t>(result.time.size());
  py::dict run;
  run["touch_up_time"] = result.touch_up.time;
  run["touch_up_observed"] = result.touch_up.observed;
  run["status"] = static_cast<int>(result.status);
  run["message"] = result.message;
  run["steps"] = result.steps;
  return py::make_tuple(to_array(std::move(result.time), {n_times}),
                        to_array(std::move(result.values), {kept, n_times}),
                        to_array(std::move(result.slopes), {kept, n_parameters, n_times}),
                        to_array(std::move(result.touch_up_slopes), {n_parameters}), run, interrupted);
}

/// A read-only view of one of a Solution's vectors; the Solution stays alive with it.
template <std::vector<double> Solution::*member>
py::array_t<double> view(const py::object& self) {
  const auto& values = self.cast<const Solution&>().*member;
  py::array_t<double> array({static_cast<py::ssize_t>(values.size())}, values.data(), self);
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

py::dict statistics(const Solution& solution) {
  const Statistics& s = solution.statistics;
  py::dict result;
  result["accepted"] = s.accepted;
  result["rejected"] = s.rejected;
  result["rate_evaluations"] = s.rate_evaluations;
  result["factorisations"] = s.factorisations;
  result["wall_time"] = s.wall_time;
  return result;
}

}  // namespace

void bind_simulation(py::module_& module) {
  py::class_<Solution>(module, "Solution", "The result of one run, SI units.")
      .def_property_readonly("rung", [](const Solution& s) { return std::string(name(s.rung)); })
      .def_property_readonly("status", [](const Solution& s) { return std::string(name(s.status)); })
      .def_property_readonly("status_code", [](const Solution& s) { return static_cast<int>(s.status); })
      .def_readonly("status_time", &Solution::status_time)
      .def_readonly("status_depth", &Solution::status_depth)
      .def_readonly("message", &Solution::message)
      .def_property_readonly("statistics", &statistics)
      .def_property_readonly("time", &view<&Solution::time>)
      .def_property_readonly("retained_of_deposit", &view<&Solution::retained_of_deposit>)
      .def_property_readonly("retained_of_healed", &view<&Solution::retained_of_healed>)
      .def_property_readonly("patch_dose", &view<&Solution::patch_dose>)
      .def_property_readonly("patch_contrast", &view<&Solution::patch_contrast>)
      .def_property_readonly("patch_contrast_of_healed", &view<&Solution::patch_contrast_of_healed>)
      .def_property_readonly("centroid", &view<&Solution::centroid>)
      .def_property_readonly("ledger_residual", &view<&Solution::ledger_residual>)
      .def_property_readonly("deposited", &view<&Solution::deposited>)
      .def_property_readonly("visit_time", &view<&Solution::visit_time>)
      .def_property_readonly("visit_measure", &view<&Solution::visit_measure>)
      .def_property_readonly("visit_deposited", &view<&Solution::visit_deposited>)
      .def_readonly("healed_time", &Solution::healed_time)
      .def_readonly("measure", &Solution::measure)
      .def_readonly("threshold", &Solution::threshold)
      .def_property_readonly("touch_up_time", [](const Solution& s) { return s.touch_up.time; })
      .def_property_readonly("touch_up_observed", [](const Solution& s) { return s.touch_up.observed; });

  module.def(
      "default_times",
      [](double horizon) {
        std::vector<double> times = default_times(horizon);
        const auto count = static_cast<py::ssize_t>(times.size());
        return to_array(std::move(times), {count});
      },
      py::arg("horizon"), "Saved times that resolve healing and the years after [s].");
  module.def("simulate_many", &run_many, py::arg("scenarios"), py::kw_only(), py::arg("times") = py::none(),
             py::arg("fields") = true, py::arg("wall_limit") = 0.0, py::arg("threads") = 0,
             py::arg("progress") = py::none(), py::arg("rung") = "column", py::arg("contrast") = false,
             "Solutions of many scenarios, and whether Ctrl-C ended them early (what was not finished: cancelled).");
  module.def(
      "simulate_watched",
      [](const Scenario& scenario, const py::object& callback, const std::optional<Times>& times, bool fields,
         double wall_limit, const std::string& rung, bool contrast) {
        return simulate_watched(scenario, options_of(times, fields, wall_limit, rung, contrast), callback);
      },
      py::arg("scenario"), py::arg("callback"), py::kw_only(), py::arg("times") = py::none(), py::arg("fields") = true,
      py::arg("wall_limit") = 0.0, py::arg("rung") = "column", py::arg("contrast") = false,
      "One run; callback(newest saved time as a dict of SI values) -> True ends it with status cancelled.");
  module.def("touch_up_draws", &run_draws, py::arg("scenario"), py::arg("threshold"), py::kw_only(), py::arg("n"),
             py::arg("seed"), py::arg("threads") = 0, py::arg("progress") = py::none(), py::arg("rung") = "column",
             "Touch-up times [s] of drawn people, whether each was observed, how each run ended (status code), and "
             "whether Ctrl-C ended them early.");
  module.def("run_ensemble", &run_an_ensemble, py::arg("scenario"), py::kw_only(), py::arg("parameters"),
             py::arg("values"), py::arg("n"), py::arg("seed"), py::arg("observables"), py::arg("times"),
             py::arg("threads") = 0, py::arg("wall_limit") = 0.0, py::arg("progress") = py::none(),
             "Observables (n_observables, n, n_times), touch-up times [s], whether observed, status codes and steps of "
             "many runs, and whether Ctrl-C ended them early. values: (n, n_parameters), SI.");
  module.def("sensitivities", &run_sensitivities, py::arg("scenario"), py::kw_only(), py::arg("parameters"),
             py::arg("observables"), py::arg("times"), py::arg("threads") = 0, py::arg("wall_limit") = 0.0,
             py::arg("progress") = py::none(),
             "Saved times [s], observables (n_observables, n_times), their derivatives (n_observables, n_parameters, "
             "n_times) and those of the touch-up time (n_parameters), how the run went, and whether Ctrl-C ended it "
             "early. Derivatives are per SI unit.");
  module.def(
      "observable_names",
      [] {
        std::vector<std::pair<std::string, std::string>> names;
        for (const ObservableName& o : observable_names()) names.emplace_back(o.name, o.unit);
        return names;
      },
      "Names and SI units of what an ensemble can keep.");
  module.def(
      "instruction_sets",
      [] {
        std::vector<std::string> names;
        for (const lanes::InstructionSet set : lanes::instruction_sets()) names.emplace_back(lanes::name(set));
        return names;
      },
      "Instruction sets that this build and this processor have, narrowest first.");
  module.def(
      "status_advice",
      [] {
        py::dict result;
        for (std::int32_t code = 0; code < status_count; ++code) {
          const auto status = static_cast<Status>(code);
          result[py::str(std::string(name(status)))] = std::string(advice(status));
        }
        return result;
      },
      "What every status means and what to try.");
}

}  // namespace inkfade::bindings
