#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bindings.hpp"
#include "dataset_cast.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/storage/atomic_file.hpp"
#include "inkfade/storage/result_dataset.hpp"
#include "inkfade/storage/result_file.hpp"
#include "inkfade/storage/study_store.hpp"

namespace py = pybind11;

namespace inkfade::bindings {
namespace {

using parameters::Scenario;
using simulation::Solution;
using storage::Dataset;
using storage::StudyStore;
using Path = std::filesystem::path;

/// Runs `work` without the GIL: it waits for the disk and never touches Python.
template <class Work>
auto unlocked(const Work& work) {
  const py::gil_scoped_release release;
  return work();
}

/// A StudyStore that Python can close before the garbage collector does: its lock is freed on leaving `with`.
class StoreHandle {
 public:
  StoreHandle(const Path& study_file, const std::string& plan)
      : store_(unlocked([&] { return StudyStore::open(study_file, plan); })) {}

  StudyStore& get() {
    if (!store_) throw ParameterError("the study store is closed: open it again");
    return *store_;
  }
  void commit(std::size_t first, std::size_t last, const py::dict& given) {
    const Dataset dataset = to_dataset(given);
    unlocked([&] { get().commit(first, last, dataset); });
  }
  py::dict shard(std::size_t first, std::size_t last) {
    return to_python(unlocked([&] { return get().shard(first, last); }));
  }
  void remove() {
    unlocked([&] { get().remove(); });
    store_.reset();
  }
  void close() { store_.reset(); }

 private:
  std::optional<StudyStore> store_;
};

py::dict run_dataset(const Scenario& scenario, const Solution& solution) {
  return to_python(storage::to_dataset(scenario, solution));
}

py::dict points_dataset(const std::vector<Scenario>& scenarios, const py::list& solutions) {
  if (scenarios.size() != solutions.size())
    throw ParameterError(std::to_string(scenarios.size()) + " scenarios and " + std::to_string(solutions.size()) +
                         " solutions: there must be one solution for each scenario");
  // The core takes Solutions side by side, Python holds each on its own: observables are small enough to copy.
  std::vector<Solution> held;
  held.reserve(solutions.size());
  for (const py::handle solution : solutions) held.push_back(solution.cast<const Solution&>());
  return to_python(storage::to_dataset(scenarios, held));
}

void write_result(const py::dict& given, const Path& path, bool overwrite) {
  const Dataset dataset = to_dataset(given);
  unlocked([&] { storage::write_result(dataset, path, overwrite ? storage::Overwrite::yes : storage::Overwrite::no); });
}

void write_text(const std::string& text, const Path& path, bool overwrite) {
  const auto bytes = std::as_bytes(std::span(text));
  unlocked(
      [&] { storage::write_atomically(path, bytes, overwrite ? storage::Overwrite::yes : storage::Overwrite::no); });
}

py::dict read_result(const Path& path) {
  return to_python(unlocked([&] {
    storage::verify_result(path);
    return storage::read_result(path);
  }));
}

}  // namespace

void bind_storage(py::module_& module) {
  module.attr("physics_version") = storage::physics_version;
  module.def("run_dataset", &run_dataset, py::arg("scenario"), py::arg("solution"),
             "One run as labelled arrays, in the units of a result file.");
  module.def("points_dataset", &points_dataset, py::arg("scenarios"), py::arg("solutions"),
             "Several runs along a leading dimension `point`.");
  module.def("write_result", &write_result, py::arg("dataset"), py::arg("path"), py::kw_only(),
             py::arg("overwrite") = false, "Write a result file in one step, with its digest.");
  module.def("write_text", &write_text, py::arg("text"), py::arg("path"), py::kw_only(), py::arg("overwrite") = false,
             "Write a text file in one step.");
  module.def("read_result", &read_result, py::arg("path"), "Read a result file and check its digest.");
  module.def(
      "digest", [](const py::dict& dataset) { return storage::digest(to_dataset(dataset)); }, py::arg("dataset"),
      "SHA-256 of the results, inputs and settings in a dataset.");

  py::class_<StoreHandle>(module, "StudyStore", "Finished points of a sweep, safe on disk; ranges are [first, last).")
      .def(py::init<const Path&, const std::string&>(), py::arg("study_file"), py::arg("plan"))
      .def("done", [](StoreHandle& s) { return s.get().done(); })
      .def_property_readonly("notes", [](StoreHandle& s) { return s.get().notes(); })
      .def_property_readonly("folder", [](StoreHandle& s) { return s.get().folder(); })
      .def("commit", &StoreHandle::commit, py::arg("first"), py::arg("last"), py::arg("dataset"))
      .def("shard", &StoreHandle::shard, py::arg("first"), py::arg("last"))
      .def("remove", &StoreHandle::remove, "Remove the folder, once the study's file is written.")
      .def("close", &StoreHandle::close)
      .def("__enter__", [](py::object self) { return self; })
      .def("__exit__", [](StoreHandle& s, const py::args&) { s.close(); });
}

}  // namespace inkfade::bindings
