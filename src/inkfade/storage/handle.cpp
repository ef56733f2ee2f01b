#include "inkfade/storage/handle.hpp"

#include <vector>

namespace inkfade::storage::hdf5 {
namespace {

std::mutex& library_mutex() {
  static std::mutex mutex;
  return mutex;
}

extern "C" herr_t collect_reason(unsigned /*depth*/, const H5E_error2_t* entry, void* reasons) {
  if (entry->desc != nullptr) static_cast<std::vector<std::string>*>(reasons)->emplace_back(entry->desc);
  return 0;
}

}  // namespace

void fail(const std::string& what) {
  std::vector<std::string> reasons;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect_reason, &reasons);
  std::string text = what;
  // The first reasons are the innermost; the outer ones only name the calls that passed them on.
  for (std::size_t i = 0; i < reasons.size() && i < 2; ++i) text += (i == 0 ? " (HDF5: " : "; ") + reasons[i];
  if (!reasons.empty()) text += ")";
  throw LibraryFailure(text);
}

Session::Session() : lock_(library_mutex()) {
  H5Eget_auto2(H5E_DEFAULT, &printer_, &printer_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Session::~Session() { H5Eset_auto2(H5E_DEFAULT, printer_, printer_data_); }

Type utf8_type() {
  Type type(H5Tcopy(H5T_C_S1), "copying the string type");
  check(H5Tset_size(type.id(), H5T_VARIABLE), "setting a string type");
  check(H5Tset_cset(type.id(), H5T_CSET_UTF8), "setting a string type");
  return type;
}

Type ascii_type(std::size_t size) {
  Type type(H5Tcopy(H5T_C_S1), "copying the string type");
  check(H5Tset_size(type.id(), size), "setting a string type");
  check(H5Tset_strpad(type.id(), H5T_STR_NULLTERM), "setting a string type");
  return type;
}

}  // namespace inkfade::storage::hdf5
