#pragma once
// Internal to storage/: the only header that shows HDF5.

#include <hdf5.h>

#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

namespace inkfade::storage::hdf5 {

/// A call into HDF5 failed; the text holds the library's own innermost reasons. Never leaves storage/.
class LibraryFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws LibraryFailure: `what` and the reasons on HDF5's error stack.
[[noreturn]] void fail(const std::string& what);

/// Passes a status (or count) through; a negative one throws LibraryFailure.
template <class Status>
Status check(Status status, const char* what) {
  if (status < 0) fail(what);
  return status;
}

/// Owns one HDF5 identifier and closes it with `close`. Move-only.
template <herr_t (*close)(hid_t)>
class Handle {
 public:
  /// Takes the identifier that a call gave; throws LibraryFailure where the call failed.
  Handle(hid_t id, const char* what) : id_(check(id, what)) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (id_ >= 0) close(id_);
  }

  /// The identifier, still owned by this handle.
  [[nodiscard]] hid_t id() const { return id_; }

 private:
  hid_t id_;
};

using File = Handle<H5Fclose>;
using Object = Handle<H5Oclose>;
using DatasetHandle = Handle<H5Dclose>;
using Attribute = Handle<H5Aclose>;
using Type = Handle<H5Tclose>;
using Space = Handle<H5Sclose>;
using Properties = Handle<H5Pclose>;

/// One visit to the library: holds its mutex (not every build is thread-safe) and keeps HDF5 from printing.
class Session {
 public:
  Session();
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

 private:
  std::unique_lock<std::mutex> lock_;
  H5E_auto2_t printer_ = nullptr;
  void* printer_data_ = nullptr;
};

/// The type of every string in a file: variable length, UTF-8.
[[nodiscard]] Type utf8_type();

/// The type of the small fixed ASCII strings that the netCDF-4 conventions ask for; `size` counts the final NUL.
[[nodiscard]] Type ascii_type(std::size_t size);

}  // namespace inkfade::storage::hdf5
