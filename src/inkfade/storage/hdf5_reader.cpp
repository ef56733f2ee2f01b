#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/dataset_check.hpp"
#include "inkfade/storage/hdf5_attributes.hpp"
#include "inkfade/storage/hdf5_image.hpp"
#include "inkfade/storage/hdf5_open.hpp"
#include "inkfade/storage/netcdf_names.hpp"

namespace inkfade::storage {
namespace {

using namespace hdf5;

constexpr std::size_t max_objects = 100'000;
constexpr std::uint64_t max_declared_bytes = std::uint64_t{4} << 30U;
constexpr std::uint64_t max_packing_ratio = 1100;  // deflate itself cannot pack tighter

struct Link {
  std::string name;
  H5L_type_t type;
};

extern "C" herr_t collect_link(hid_t /*group*/, const char* name, const H5L_info_t* info, void* links) {
  auto& list = *static_cast<std::vector<Link>*>(links);
  if (list.size() >= max_objects) return 1;
  list.push_back({name, info->type});
  return 0;
}

/// Every link of the root group in the order of creation (of names where the file did not keep it).
std::vector<Link> root_links(const File& file) {
  std::vector<Link> links;
  hsize_t next = 0;
  if (H5Literate(file.id(), H5_INDEX_CRT_ORDER, H5_ITER_INC, &next, collect_link, &links) < 0) {
    links.clear();
    next = 0;
    check(H5Literate(file.id(), H5_INDEX_NAME, H5_ITER_INC, &next, collect_link, &links), "listing the file");
  }
  if (links.size() >= max_objects) throw FormatError("the file holds more than 100000 objects");
  return links;
}

/// A dataset under the root with what has to be known before any value is read.
struct Found {
  std::string name;
  std::string where;
  DatasetHandle handle;
  haddr_t address;
  std::vector<std::size_t> shape;
  bool scale = false;
  bool bare = false;
};

void check_storage(const Found& found) {
  const Properties properties(H5Dget_create_plist(found.handle.id()), "reading storage properties");
  const H5D_layout_t layout = H5Pget_layout(properties.id());
  if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED)
    throw FormatError(found.where + " is a virtual dataset: values must lie in the file itself");
  if (layout == H5D_CONTIGUOUS && H5Pget_external_count(properties.id()) != 0)
    throw FormatError(found.where + " keeps its values in another file: they must lie in the file itself");
  const int n_filters = check(H5Pget_nfilters(properties.id()), "reading filters");
  for (unsigned i = 0; i < static_cast<unsigned>(n_filters); ++i) {
    unsigned flags = 0;
    std::size_t n_values = 0;
    const H5Z_filter_t filter = H5Pget_filter2(properties.id(), i, &flags, &n_values, nullptr, 0, nullptr, nullptr);
    if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
      throw FormatError(found.where + " uses filter number " + std::to_string(filter) +
                        ": only deflate, shuffle and fletcher32 are allowed");
  }
}

std::vector<std::size_t> shape_of(const DatasetHandle& handle, const std::string& where) {
  const Space space(H5Dget_space(handle.id()), "reading a shape");
  if (H5Sget_simple_extent_type(space.id()) == H5S_NULL) throw FormatError(where + " has no values and no shape");
  const int rank = check(H5Sget_simple_extent_ndims(space.id()), "reading a shape");
  std::vector<hsize_t> extents(static_cast<std::size_t>(rank));
  check(H5Sget_simple_extent_dims(space.id(), extents.data(), nullptr), "reading a shape");
  return {extents.begin(), extents.end()};
}

Found inspect(const File& file, const Link& link) {
  const std::string where = "variable '" + link.name + "'";
  if (link.type != H5L_TYPE_HARD)
    throw FormatError(where + " is a soft or external link: only datasets that lie in the file are allowed");
  H5O_info_t info;
  check(H5Oget_info_by_name2(file.id(), link.name.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT), "reading an object");
  if (info.type != H5O_TYPE_DATASET)
    throw FormatError("'" + link.name + "' is a group or a named type: only datasets under the root are allowed");
  DatasetHandle handle(H5Dopen2(file.id(), link.name.c_str(), H5P_DEFAULT), "opening a variable");
  auto shape = shape_of(handle, where);
  Found found{link.name, where, std::move(handle), info.addr, std::move(shape)};
  check_storage(found);
  if (const auto kind = read_ascii(found.handle.id(), "CLASS", where)) {
    const std::string name = read_ascii(found.handle.id(), "NAME", where).value_or("");
    found.scale = true;
    found.bare = name.starts_with(netcdf::bare_dimension);
    if (*kind != netcdf::scale_class || found.shape.size() != 1 || (!found.bare && name != found.name))
      throw FormatError(where + ": its description as a dimension is damaged");
  }
  return found;
}

class ImageReader {
 public:
  explicit ImageReader(const File& file) : file_(file) {
    for (const Link& link : root_links(file)) found_.push_back(inspect(file, link));
  }

  Dataset read() {
    read_dimensions();
    check_sizes();
    for (const Found& found : found_)
      if (!found.bare) dataset_.variables.push_back(read_variable(found));
    const Object root(H5Oopen(file_.id(), "/", H5P_DEFAULT), "opening the root group");
    dataset_.attributes = read_attributes(root.id(), "the file");
    return std::move(dataset_);
  }

 private:
  void read_dimensions() {
    std::map<std::int32_t, const Found*> by_id;
    std::set<haddr_t> addresses;
    for (const Found& found : found_) {
      if (!addresses.insert(found.address).second) throw FormatError(found.where + " is linked under two names");
      if (!found.scale) continue;
      if (!by_id.emplace(read_dimension_id(found.handle.id(), found.where), &found).second)
        throw FormatError(found.where + ": two dimensions have the same number (_Netcdf4Dimid)");
      names_[found.address] = found.name;
    }
    for (const auto& [id, found] : by_id) dataset_.dimensions.emplace_back(found->name, found->shape[0]);
  }

  /// Adds up what the file says it holds, before anything is allocated.
  void check_sizes() const {
    std::uint64_t total = 0;
    for (const Found& found : found_) {
      if (found.bare) continue;
      const Type type(H5Dget_type(found.handle.id()), "reading the type of a variable");
      std::uint64_t bytes = std::max<std::uint64_t>(H5Tget_size(type.id()), 1);
      for (const std::size_t extent : found.shape) {
        if (extent != 0 && bytes > max_declared_bytes / extent)
          throw FormatError(found.where + " declares more than 4 GiB: a result file may hold at most that");
        bytes *= extent;
      }
      total += bytes;
      if (total > max_declared_bytes)
        throw FormatError("the file declares more than 4 GiB of values: at most that is read");
      const std::uint64_t stored = H5Dget_storage_size(found.handle.id());
      if (bytes / max_packing_ratio > stored)
        throw FormatError(found.where + " declares " + std::to_string(bytes) + " bytes of values but stores " +
                          std::to_string(stored) + ": the file is damaged or made to deceive");
    }
  }

  std::vector<std::string> dimensions_of(const Found& found) const {
    if (found.scale) return {found.name};
    std::vector<std::string> dims;
    for (const hobj_ref_t reference : read_dimension_list(found.handle.id(), found.where)) {
      const Object target(H5Rdereference2(file_.id(), H5P_DEFAULT, H5R_OBJECT, &reference), "following a dimension");
      H5O_info_t info;
      check(H5Oget_info2(target.id(), &info, H5O_INFO_BASIC), "following a dimension");
      const auto name = names_.find(info.addr);
      if (name == names_.end()) throw FormatError(found.where + ": an axis points at something that is no dimension");
      dims.push_back(name->second);
    }
    if (dims.size() != found.shape.size())
      throw FormatError(found.where + " has " + std::to_string(found.shape.size()) + " axes but names " +
                        std::to_string(dims.size()) + " dimensions");
    return dims;
  }

  /// Every axis must be as long as the dimension that it names: equal products are not enough.
  void check_shape(const Found& found, const std::vector<std::string>& dims) const {
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
      const auto dimension = std::find_if(dataset_.dimensions.begin(), dataset_.dimensions.end(),
                                          [&](const auto& entry) { return entry.first == dims[axis]; });
      if (dimension->second != found.shape[axis])
        throw FormatError(found.where + ": axis " + std::to_string(axis) + " has " + std::to_string(found.shape[axis]) +
                          " values but dimension '" + dims[axis] + "' has " + std::to_string(dimension->second));
    }
  }

  Variable read_variable(const Found& found) const {
    Variable variable{found.name, dimensions_of(found), {}, {}};
    check_shape(found, variable.dims);
    std::size_t size = 1;
    for (const std::size_t extent : found.shape) size *= extent;
    const Type type(H5Dget_type(found.handle.id()), "reading the type of a variable");
    const ElementType element = element_type(type.id());
    if (element == ElementType::float64) {
      variable.data = read_numbers<double>(found, size, H5T_NATIVE_DOUBLE);
    } else if (element == ElementType::int32) {
      variable.data = read_numbers<std::int32_t>(found, size, H5T_NATIVE_INT32);
    } else if (element == ElementType::utf8) {
      variable.data = read_texts(found, size);
    } else {
      throw FormatError(found.where + ": its type is not float64, int32 or variable-length UTF-8");
    }
    check_fill_value(found.handle.id(), found.where);
    variable.attributes = read_attributes(found.handle.id(), found.where);
    return variable;
  }

  static void read_values(const Found& found, hid_t memory_type, void* values) {
    check(H5Dread(found.handle.id(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values),
          ("reading " + found.where).c_str());
  }

  template <class Value>
  static std::vector<Value> read_numbers(const Found& found, std::size_t size, hid_t memory_type) {
    std::vector<Value> values(size);
    if (size > 0) read_values(found, memory_type, values.data());
    return values;
  }

  static std::vector<std::string> read_texts(const Found& found, std::size_t size) {
    if (size == 0) return {};
    const Type type = utf8_type();
    const Space space(H5Dget_space(found.handle.id()), "reading a shape");
    return copy_texts(size, type, space, [&](char** pointers) { read_values(found, type.id(), pointers); });
  }

  const File& file_;
  std::vector<Found> found_;
  std::map<haddr_t, std::string> names_;
  Dataset dataset_;
};

}  // namespace

void check_signature(std::span<const std::byte> image) {
  constexpr std::array<unsigned char, 8> signature{0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  if (image.empty()) throw FormatError("the file is empty (0 bytes); it is not a result file");
  if (image.size() < signature.size() || std::memcmp(image.data(), signature.data(), signature.size()) != 0)
    throw FormatError("the file does not start with the HDF5 signature; it is not a result file");
}

Dataset from_image(std::span<const std::byte> image) {
  check_signature(image);
  const Session session;
  try {
    const File file = open_image(image);
    Dataset dataset = ImageReader(file).read();
    check_dataset(dataset);
    return dataset;
  } catch (const LibraryFailure& failure) {
    throw FormatError(std::string("the file cannot be read: ") + failure.what());
  } catch (const ParameterError& inconsistent) {
    throw FormatError(std::string("the file is not consistent: ") + inconsistent.what());
  }
}

}  // namespace inkfade::storage
