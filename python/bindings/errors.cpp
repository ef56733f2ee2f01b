#include "inkfade/base/errors.hpp"

#include <exception>
#include <new>

#include "bindings.hpp"

namespace py = pybind11;

namespace inkfade::bindings {
namespace {

/// The Python classes live as long as the process: exceptions may be in flight while modules are torn down.
struct ErrorClasses {
  PyObject* error = nullptr;
  PyObject* parameter = nullptr;
  PyObject* integration = nullptr;
  PyObject* file = nullptr;
  PyObject* format = nullptr;
  PyObject* limit = nullptr;
  PyObject* cancelled = nullptr;
};
ErrorClasses classes;

/// Makes the exception class inkfade.<name>, derived from `bases`, and adds it to the module.
PyObject* make_class(py::module_& module, const char* name, const char* doc, const py::tuple& bases) {
  const std::string full = std::string("inkfade.") + name;
  PyObject* made = PyErr_NewExceptionWithDoc(full.c_str(), doc, bases.ptr(), nullptr);
  if (made == nullptr) throw py::error_already_set();
  module.attr(name) = py::handle(made);
  return made;
}

void translate(std::exception_ptr pointer) {
  try {
    if (pointer) std::rethrow_exception(pointer);
  } catch (const ParameterError& e) {
    PyErr_SetString(classes.parameter, e.what());
  } catch (const IntegrationError& e) {
    PyErr_SetString(classes.integration, e.what());
  } catch (const FileError& e) {
    PyErr_SetString(classes.file, e.what());
  } catch (const FormatError& e) {
    PyErr_SetString(classes.format, e.what());
  } catch (const LimitError& e) {
    PyErr_SetString(classes.limit, e.what());
  } catch (const Cancelled& e) {
    PyErr_SetString(classes.cancelled, e.what());
  } catch (const Error& e) {
    PyErr_SetString(classes.error, e.what());
  } catch (const std::bad_alloc&) {
    PyErr_SetString(classes.limit,
                    "the computer has no memory left for this: use fewer saved times, cells, classes, "
                    "points or threads");
  }
}

}  // namespace

void bind_errors(py::module_& module) {
  const auto base = [](PyObject* type) { return py::handle(type); };
  classes.error =
      make_class(module, "Error", "Base of every error that inkfade raises.", py::make_tuple(base(PyExc_Exception)));
  const auto derived = [&](const char* name, const char* doc, PyObject* builtin) {
    return make_class(module, name, doc, py::make_tuple(base(classes.error), base(builtin)));
  };
  classes.parameter = derived("ParameterError", "A parameter or option that is not allowed.", PyExc_ValueError);
  classes.integration = derived("IntegrationError", "A run failed where success was asked for.", PyExc_RuntimeError);
  classes.file = derived("FileError", "A file that cannot be opened, read or written.", PyExc_OSError);
  classes.format = derived("FormatError", "A readable file that is not what it should be.", PyExc_ValueError);
  classes.limit = derived("LimitError", "A request that needs more memory than allowed.", PyExc_MemoryError);
  classes.cancelled = make_class(module, "Cancelled", "The caller asked to stop.", py::make_tuple(base(classes.error)));
  py::register_local_exception_translator(&translate);
}

}  // namespace inkfade::bindings
