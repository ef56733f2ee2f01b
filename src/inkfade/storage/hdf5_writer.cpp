#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/dataset_check.hpp"
#include "inkfade/storage/handle.hpp"
#include "inkfade/storage/hdf5_image.hpp"
#include "inkfade/storage/netcdf_names.hpp"

namespace inkfade::storage {
namespace {

using namespace hdf5;

constexpr std::size_t chunk_above = 64 * 1024;  // smaller arrays stay contiguous
constexpr std::size_t chunk_bytes = 1024 * 1024;
constexpr unsigned deflate_level = 4;

/// Where one variable uses a dimension: the element of REFERENCE_LIST, laid out as HDF5's dimension scales do.
struct ScaleUse {
  hobj_ref_t dataset = 0;
  std::int32_t axis = 0;
  std::int32_t padding = 0;
};

void write_attribute(hid_t object, const char* name, hid_t file_type, hid_t memory_type, const Space& space,
                     const void* value) {
  const Attribute attribute(H5Acreate2(object, name, file_type, space.id(), H5P_DEFAULT, H5P_DEFAULT),
                            "creating an attribute");
  if (value != nullptr) check(H5Awrite(attribute.id(), memory_type, value), "writing an attribute");
}

Space scalar_space() { return {H5Screate(H5S_SCALAR), "creating a scalar space"}; }

Space list_space(std::size_t size) {
  if (size == 0) return {H5Screate(H5S_NULL), "creating an empty space"};
  const hsize_t extent = size;
  return {H5Screate_simple(1, &extent, nullptr), "creating a space"};
}

void write_ascii(hid_t object, const char* name, const std::string& text) {
  const Type type = ascii_type(text.size() + 1);
  write_attribute(object, name, type.id(), type.id(), scalar_space(), text.c_str());
}

std::vector<const char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<const char*> pointers;
  pointers.reserve(texts.size());
  for (const std::string& text : texts) pointers.push_back(text.c_str());
  return pointers;
}

/// One overload per alternative of AttributeValue.
struct AttributeWriter {
  hid_t object;
  const char* name;

  void operator()(const std::string& text) const {
    const Type type = utf8_type();
    const char* pointer = text.c_str();
    write_attribute(object, name, type.id(), type.id(), scalar_space(), &pointer);
  }
  void operator()(double value) const {
    write_attribute(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, scalar_space(), &value);
  }
  void operator()(std::int64_t value) const {
    write_attribute(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, scalar_space(), &value);
  }
  void operator()(const std::vector<double>& values) const {
    write_attribute(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, list_space(values.size()), values.data());
  }
  void operator()(const std::vector<std::int32_t>& values) const {
    write_attribute(object, name, H5T_STD_I32LE, H5T_NATIVE_INT32, list_space(values.size()), values.data());
  }
  void operator()(const std::vector<std::string>& texts) const {
    const Type type = utf8_type();
    const auto pointers = pointers_to(texts);
    write_attribute(object, name, type.id(), type.id(), list_space(texts.size()), pointers.data());
  }
};

void write_attributes(hid_t object, const Attributes& attributes) {
  for (const auto& [name, value] : attributes) std::visit(AttributeWriter{object, name.c_str()}, value);
}

/// Properties of a new object: attributes keep their order, as netCDF-4 asks, and no time stamp makes bytes differ.
Properties creation_properties(hid_t kind) {
  Properties properties(H5Pcreate(kind), "creating a property list");
  check(H5Pset_obj_track_times(properties.id(), false), "switching time stamps off");
  check(H5Pset_attr_creation_order(properties.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "tracking the order of attributes");
  return properties;
}

File create_in_memory() {
  const Properties access(H5Pcreate(H5P_FILE_ACCESS), "creating a property list");
  check(H5Pset_fapl_core(access.id(), chunk_bytes, false), "asking for a file in memory");
  // Images with `latest` bounds cannot be opened again (HDF5 1.10.8).
  check(H5Pset_libver_bounds(access.id(), H5F_LIBVER_EARLIEST, H5F_LIBVER_V18), "setting the format bounds");
  const Properties creation = creation_properties(H5P_FILE_CREATE);
  check(H5Pset_link_creation_order(creation.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "tracking the order of variables");
  return {H5Fcreate("inkfade-image.h5", H5F_ACC_TRUNC, creation.id(), access.id()), "creating a file in memory"};
}

/// The largest chunk of at most 1 MiB that keeps the trailing dimensions whole where it can.
std::vector<hsize_t> chunk_shape(std::vector<hsize_t> shape, std::size_t element_bytes) {
  const auto bytes = [&] {
    std::size_t product = element_bytes;
    for (const hsize_t extent : shape) product *= extent;
    return product;
  };
  for (hsize_t& extent : shape)
    while (extent > 1 && bytes() > chunk_bytes) extent = (extent + 1) / 2;
  return shape;
}

Properties variable_properties(const std::vector<hsize_t>& shape, std::size_t n_values, std::size_t element_bytes) {
  Properties properties = creation_properties(H5P_DATASET_CREATE);
  if (shape.empty() || n_values * element_bytes <= chunk_above) return properties;
  const auto chunk = chunk_shape(shape, element_bytes);
  check(H5Pset_chunk(properties.id(), static_cast<int>(chunk.size()), chunk.data()), "setting the chunk shape");
  check(H5Pset_shuffle(properties.id()), "setting the shuffle filter");
  check(H5Pset_deflate(properties.id(), deflate_level), "setting the deflate filter");
  return properties;
}

/// Writes the datasets, then links them to their dimension scales.
class ImageWriter {
 public:
  ImageWriter(const File& file, const Dataset& dataset) : file_(file), dataset_(dataset) {
    for (std::size_t i = 0; i < dataset.dimensions.size(); ++i) dimension_ids_[dataset.dimensions[i].first] = i;
  }

  void write() {
    for (const auto& [name, size] : dataset_.dimensions) {
      const auto named = [&name = name](const Variable& variable) { return variable.name == name; };
      if (std::none_of(dataset_.variables.begin(), dataset_.variables.end(), named)) write_bare_dimension(name, size);
    }
    for (const Variable& variable : dataset_.variables) write_variable(variable);
    for (const Variable& variable : dataset_.variables)
      if (!is_coordinate(variable)) write_dimension_list(variable);
    for (const auto& [name, uses] : uses_) write_reference_list(name, uses);
    const Object root(H5Oopen(file_.id(), "/", H5P_DEFAULT), "opening the root group");
    write_ascii(root.id(), "_NCProperties", netcdf::nc_properties);
    write_attributes(root.id(), dataset_.attributes);
  }

 private:
  void write_scale_attributes(hid_t dataset, const std::string& dimension, const std::string& scale_name) {
    write_ascii(dataset, "CLASS", netcdf::scale_class);
    write_ascii(dataset, "NAME", scale_name);
    const auto id = static_cast<std::int32_t>(dimension_ids_.at(dimension));
    write_attribute(dataset, "_Netcdf4Dimid", H5T_STD_I32LE, H5T_NATIVE_INT32, scalar_space(), &id);
  }

  /// A dimension without values is an empty scale with a name that netCDF-4 knows.
  void write_bare_dimension(const std::string& name, std::size_t size) {
    const hsize_t extent = size;
    const Space space(H5Screate_simple(1, &extent, nullptr), "creating a space");
    const Properties properties = creation_properties(H5P_DATASET_CREATE);
    const DatasetHandle scale(
        H5Dcreate2(file_.id(), name.c_str(), H5T_IEEE_F32BE, space.id(), H5P_DEFAULT, properties.id(), H5P_DEFAULT),
        "creating a dimension");
    std::string digits = std::to_string(size);
    digits.insert(0, digits.size() < 10 ? 10 - digits.size() : 0, ' ');
    write_scale_attributes(scale.id(), name, netcdf::bare_dimension + digits);
  }

  void write_variable(const Variable& variable) {
    std::vector<hsize_t> shape;
    for (const std::string& dim : variable.dims) shape.push_back(dataset_.dimensions[dimension_ids_.at(dim)].second);
    const Space space = shape.empty() ? scalar_space()
                                      : Space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
                                              "creating a space");
    const DatasetHandle created = std::visit(
        [&](const auto& values) { return write_values(variable.name, shape, space, values); }, variable.data);
    if (is_coordinate(variable)) {
      write_scale_attributes(created.id(), variable.name, variable.name);
    } else if (std::holds_alternative<std::vector<double>>(variable.data)) {
      AttributeWriter{created.id(), "_FillValue"}(std::numeric_limits<double>::quiet_NaN());
    }
    write_attributes(created.id(), variable.attributes);
  }

  DatasetHandle create(const std::string& name, hid_t type, const Space& space, const Properties& properties) {
    return {H5Dcreate2(file_.id(), name.c_str(), type, space.id(), H5P_DEFAULT, properties.id(), H5P_DEFAULT),
            "creating a variable"};
  }

  static void fill(const DatasetHandle& dataset, hid_t memory_type, std::size_t size, const void* values) {
    if (size > 0)
      check(H5Dwrite(dataset.id(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), "writing a variable");
  }

  DatasetHandle write_values(const std::string& name, const std::vector<hsize_t>& shape, const Space& space,
                             const std::vector<double>& values) {
    const Properties properties = variable_properties(shape, values.size(), sizeof(double));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    check(H5Pset_fill_value(properties.id(), H5T_NATIVE_DOUBLE, &nan), "setting the fill value");
    DatasetHandle created = create(name, H5T_IEEE_F64LE, space, properties);
    fill(created, H5T_NATIVE_DOUBLE, values.size(), values.data());
    return created;
  }

  DatasetHandle write_values(const std::string& name, const std::vector<hsize_t>& shape, const Space& space,
                             const std::vector<std::int32_t>& values) {
    const Properties properties = variable_properties(shape, values.size(), sizeof(std::int32_t));
    DatasetHandle created = create(name, H5T_STD_I32LE, space, properties);
    fill(created, H5T_NATIVE_INT32, values.size(), values.data());
    return created;
  }

  DatasetHandle write_values(const std::string& name, const std::vector<hsize_t>& shape, const Space& space,
                             const std::vector<std::string>& texts) {
    const Properties properties = variable_properties(shape, texts.size(), 16);
    const Type type = utf8_type();
    DatasetHandle created = create(name, type.id(), space, properties);
    const auto pointers = pointers_to(texts);
    fill(created, type.id(), texts.size(), pointers.data());
    return created;
  }

  [[nodiscard]] hobj_ref_t reference_to(const std::string& name) const {
    hobj_ref_t reference = 0;
    check(H5Rcreate(&reference, file_.id(), name.c_str(), H5R_OBJECT, -1), "referring to a dimension");
    return reference;
  }

  /// DIMENSION_LIST: for each axis of a variable, the scale of its dimension.
  void write_dimension_list(const Variable& variable) {
    if (variable.dims.empty()) return;
    std::vector<hobj_ref_t> scales;
    for (const std::string& dim : variable.dims) scales.push_back(reference_to(dim));
    std::vector<hvl_t> lists;
    for (hobj_ref_t& scale : scales) lists.push_back({1, &scale});
    const Type type(H5Tvlen_create(H5T_STD_REF_OBJ), "creating a reference type");
    const Object dataset(H5Oopen(file_.id(), variable.name.c_str(), H5P_DEFAULT), "opening a variable");
    write_attribute(dataset.id(), "DIMENSION_LIST", type.id(), type.id(), list_space(lists.size()), lists.data());
    for (std::size_t axis = 0; axis < variable.dims.size(); ++axis)
      uses_[variable.dims[axis]].push_back({reference_to(variable.name), static_cast<std::int32_t>(axis), 0});
  }

  /// REFERENCE_LIST: for a dimension, every variable and axis that uses it.
  void write_reference_list(const std::string& dimension, const std::vector<ScaleUse>& uses) const {
    const Type type(H5Tcreate(H5T_COMPOUND, sizeof(ScaleUse)), "creating a reference type");
    check(H5Tinsert(type.id(), "dataset", offsetof(ScaleUse, dataset), H5T_STD_REF_OBJ), "creating a reference type");
    check(H5Tinsert(type.id(), "dimension", offsetof(ScaleUse, axis), H5T_NATIVE_INT32), "creating a reference type");
    const Object scale(H5Oopen(file_.id(), dimension.c_str(), H5P_DEFAULT), "opening a dimension");
    write_attribute(scale.id(), "REFERENCE_LIST", type.id(), type.id(), list_space(uses.size()), uses.data());
  }

  const File& file_;
  const Dataset& dataset_;
  std::map<std::string, std::size_t> dimension_ids_;
  std::map<std::string, std::vector<ScaleUse>> uses_;
};

std::vector<std::byte> image_of(const File& file) {
  check(H5Fflush(file.id(), H5F_SCOPE_GLOBAL), "completing the image");
  const ssize_t size = check(H5Fget_file_image(file.id(), nullptr, 0), "asking for the size of the image");
  std::vector<std::byte> image(static_cast<std::size_t>(size));
  check(H5Fget_file_image(file.id(), image.data(), image.size()), "copying the image");
  return image;
}

}  // namespace

std::vector<std::byte> to_image(const Dataset& dataset) {
  check_dataset(dataset);
  const Session session;
  try {
    const File file = create_in_memory();
    ImageWriter(file, dataset).write();
    return image_of(file);
  } catch (const LibraryFailure& failure) {
    throw FileError(std::string("the result file could not be built in memory: ") + failure.what() +
                    "; nothing was written");
  }
}

}  // namespace inkfade::storage
