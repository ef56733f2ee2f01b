#pragma once
// Internal to storage/: reading the attributes of an object, strictly.

#include <optional>
#include <string>
#include <vector>

#include "inkfade/storage/dataset.hpp"
#include "inkfade/storage/handle.hpp"

namespace inkfade::storage::hdf5 {

/// Texts of a string dataset or attribute: `read` fills `size` C strings that HDF5 owns until they are copied here.
template <class Read>
[[nodiscard]] std::vector<std::string> copy_texts(std::size_t size, const Type& type, const Space& space, Read read) {
  std::vector<char*> pointers(size, nullptr);
  read(pointers.data());
  std::vector<std::string> texts;
  texts.reserve(size);
  for (const char* pointer : pointers) texts.emplace_back(pointer == nullptr ? "" : pointer);
  check(H5Dvlen_reclaim(type.id(), space.id(), H5P_DEFAULT, pointers.data()), "giving strings back");
  return texts;
}

/// What a stored type is, where it is one that a result file may hold.
enum class ElementType { float64, int32, int64, utf8, other };
[[nodiscard]] ElementType element_type(hid_t type);

/// Every attribute that is not reserved by netCDF-4, in the order of creation; `owner` names the object in messages.
/// @throws FormatError on a type or shape that a result file does not hold.
[[nodiscard]] Attributes read_attributes(hid_t object, const std::string& owner);

/// A reserved fixed-length ASCII attribute, such as CLASS; nothing where it is absent.
[[nodiscard]] std::optional<std::string> read_ascii(hid_t object, const char* name, const std::string& owner);

/// The reserved attribute _Netcdf4Dimid. @throws FormatError where it is absent or not one int32.
[[nodiscard]] std::int32_t read_dimension_id(hid_t object, const std::string& owner);

/// Refuses a `_FillValue` other than one float64 NaN: readers would blank real values.
void check_fill_value(hid_t object, const std::string& owner);

/// References of DIMENSION_LIST, one per axis; empty where it is absent.
[[nodiscard]] std::vector<hobj_ref_t> read_dimension_list(hid_t object, const std::string& owner);

}  // namespace inkfade::storage::hdf5
