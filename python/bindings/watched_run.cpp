#include "watched_run.hpp"

#include <pybind11/stl.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "arrays.hpp"

namespace py = pybind11;

namespace inkfade::bindings {
namespace {

using simulation::Solution;

constexpr std::chrono::milliseconds signal_interval{50};

/// The newest row of an array of a Solution, as a read-only array of its own.
py::array_t<double> last_row(const std::vector<double>& values, std::vector<py::ssize_t> shape) {
  py::ssize_t n = 1;
  for (const py::ssize_t size : shape) n *= size;
  auto array = to_array(std::vector<double>(values.end() - n, values.end()), std::move(shape));
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

/// The newest row by label.
template <class Names>
py::dict last_row_by_name(const std::vector<double>& values, const Names& names) {
  py::dict row;
  auto value = values.end() - static_cast<std::ptrdiff_t>(std::size(names));
  for (const auto& name : names) row[py::str(name)] = *value++;
  return row;
}

py::dict newest(const Solution& s) {
  const auto n = [](std::size_t size) { return static_cast<py::ssize_t>(size); };
  py::dict row;
  for (const auto& [name, values] :
       {std::pair{"time", &s.time}, std::pair{"retained_of_deposit", &s.retained_of_deposit},
        std::pair{"retained_of_healed", &s.retained_of_healed}, std::pair{"patch_dose", &s.patch_dose},
        std::pair{"centroid", &s.centroid}, std::pair{"spread", &s.spread}, std::pair{"peak_load", &s.peak_load},
        std::pair{"deposited", &s.deposited}, std::pair{"dispensed", &s.dispensed},
        std::pair{"ledger_residual", &s.ledger_residual}, std::pair{"patch_contrast", &s.patch_contrast}}) {
    // The rung has no depth, or nobody looked.
    row[name] = values->empty() ? std::numeric_limits<double>::quiet_NaN() : values->back();
  }
  row["mass"] = last_row_by_name(s.mass, simulation::pool_names);
  row["ledger"] = last_row_by_name(s.ledger, simulation::fate_names);
  row["layer_mass"] = last_row_by_name(s.layer_mass, s.layers);
  row["class_mass"] = last_row(s.class_mass, {n(s.n_classes())});
  row["z"] = last_row(s.z, {n(s.n_cells())});
  row["faces"] = last_row(s.z_bounds, {n(s.z_bounds.size())});
  if (!s.pigment.empty()) {
    row["pigment"] = last_row(s.pigment, {n(simulation::n_pools), n(s.n_classes()), n(s.n_cells())});
    row["macrophages"] = last_row(s.macrophages, {n(s.n_cells())});
    row["macrophage_load"] = last_row(s.macrophage_load, {n(s.n_cells())});
  }
  return row;
}

/// Hands saved times from the run's thread to the one that called, and its answer back.
class Rendezvous {
 public:
  /// On the run's thread: waits for the answer.
  bool ask(const Solution& so_far) {
    std::unique_lock lock(mutex_);
    asked_ = &so_far;
    changed_.notify_all();
    changed_.wait(lock, [&] { return asked_ == nullptr; });
    return go_on_;
  }
  /// On the run's thread, at its end.
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  /// On the calling thread: answers until the run has ended. @param answer asked with what is saved so far
  /// @param idle called when nothing happened for a while
  template <class Answer, class Idle>
  void serve(const Answer& answer, const Idle& idle) {
    std::unique_lock lock(mutex_);
    while (!ended_) {
      const bool woken = changed_.wait_for(lock, signal_interval, [&] { return ended_ || asked_ != nullptr; });
      const Solution* so_far = asked_;
      lock.unlock();  // the run's thread waits for the answer, so what it has saved holds still
      const bool go_on = so_far == nullptr || answer(*so_far);
      if (!woken) idle();
      lock.lock();
      if (so_far == nullptr) continue;
      go_on_ = go_on;
      asked_ = nullptr;
      changed_.notify_all();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  const Solution* asked_ = nullptr;
  bool go_on_ = true;
  bool ended_ = false;
};

}  // namespace

Solution simulate_watched(const parameters::Scenario& scenario, simulation::Options options,
                          const py::object& callback) {
  std::exception_ptr raised;
  const StopToken stop = options.stop;
  const auto with_python = [&](const auto& work) {
    const py::gil_scoped_acquire gil;
    try {
      return work();
    } catch (...) {
      raised = std::current_exception();  // no exception of Python passes through the core
      stop.request_stop();
      return false;
    }
  };
  const auto answer = [&](const Solution& so_far) {
    return with_python([&] {
      if (raised) return false;
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      return !callback(newest(so_far)).cast<bool>();
    });
  };
  const auto idle = [&] {
    if (raised) return;
    with_python([&] {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      return true;
    });
  };
  Solution solution;
  std::exception_ptr failed;
  {
    const py::gil_scoped_release unlocked;
    Rendezvous rendezvous;
    options.on_saved = [&](const Solution& so_far) { return rendezvous.ask(so_far); };
    std::jthread runner([&] {
      try {
        solution = simulation::simulate(scenario, options);
      } catch (...) {
        failed = std::current_exception();
      }
      rendezvous.end();
    });
    rendezvous.serve(answer, idle);
  }
  if (raised) std::rethrow_exception(raised);
  if (failed) std::rethrow_exception(failed);
  return solution;
}

}  // namespace inkfade::bindings
