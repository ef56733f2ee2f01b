#include "inkfade/storage/hdf5_attributes.hpp"

#include <cmath>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/dataset_check.hpp"

namespace inkfade::storage::hdf5 {
namespace {

constexpr hssize_t max_attribute_values = 64 * 1024;
constexpr std::size_t max_ascii = 256;

/// One opened attribute with its type and space.
struct Opened {
  explicit Opened(Attribute opened)
      : attribute(std::move(opened)),
        type(H5Aget_type(attribute.id()), "reading the type of an attribute"),
        space(H5Aget_space(attribute.id()), "reading the shape of an attribute"),
        shape(H5Sget_simple_extent_type(space.id())),
        size(check(H5Sget_simple_extent_npoints(space.id()), "reading the shape of an attribute")) {}

  void read(hid_t memory_type, void* values) const {
    check(H5Aread(attribute.id(), memory_type, values), "reading an attribute");
  }
  [[nodiscard]] bool scalar() const { return shape == H5S_SCALAR; }

  Attribute attribute;
  Type type;
  Space space;
  H5S_class_t shape;
  hssize_t size;
};

std::optional<Opened> open_reserved(hid_t object, const char* name) {
  if (check(H5Aexists(object, name), "looking for an attribute") == 0) return std::nullopt;
  return Opened(Attribute(H5Aopen(object, name, H5P_DEFAULT), "opening an attribute"));
}

std::string name_of(const Attribute& attribute) {
  const ssize_t length = check(H5Aget_name(attribute.id(), 0, nullptr), "reading the name of an attribute");
  std::string name(static_cast<std::size_t>(length), '\0');
  check(H5Aget_name(attribute.id(), name.size() + 1, name.data()), "reading the name of an attribute");
  return name;
}

std::vector<std::string> texts_of(const Opened& opened) {
  const Type type = utf8_type();
  return copy_texts(static_cast<std::size_t>(opened.size), type, opened.space,
                    [&](char** pointers) { opened.read(type.id(), pointers); });
}

template <class Value>
std::vector<Value> numbers_of(const Opened& opened, hid_t memory_type) {
  std::vector<Value> values(static_cast<std::size_t>(opened.size));
  if (!values.empty()) opened.read(memory_type, values.data());
  return values;
}

AttributeValue value_of(const Opened& opened, const std::string& where) {
  const int rank = H5Sget_simple_extent_ndims(opened.space.id());
  if (rank > 1 || opened.size > max_attribute_values) throw FormatError(where + ": must be one value or a short list");
  const bool one = opened.scalar();
  switch (element_type(opened.type.id())) {
    case ElementType::utf8: {
      auto texts = opened.size == 0 ? std::vector<std::string>{} : texts_of(opened);
      if (one) return std::move(texts.at(0));
      return texts;
    }
    case ElementType::float64: {
      auto values = numbers_of<double>(opened, H5T_NATIVE_DOUBLE);
      if (one) return values.at(0);
      return values;
    }
    case ElementType::int32:
      if (!one) return numbers_of<std::int32_t>(opened, H5T_NATIVE_INT32);
      [[fallthrough]];
    case ElementType::int64:
      if (one) return numbers_of<std::int64_t>(opened, H5T_NATIVE_INT64).at(0);
      break;
    case ElementType::other:
      break;
  }
  throw FormatError(where + ": its type is not one that a result file holds (UTF-8 text, float64, int32, int64)");
}

}  // namespace

ElementType element_type(hid_t type) {
  if (H5Tcommitted(type) > 0) return ElementType::other;
  if (H5Tequal(type, H5T_IEEE_F64LE) > 0) return ElementType::float64;
  if (H5Tequal(type, H5T_STD_I32LE) > 0) return ElementType::int32;
  if (H5Tequal(type, H5T_STD_I64LE) > 0) return ElementType::int64;
  if (H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0 && H5Tget_cset(type) == H5T_CSET_UTF8)
    return ElementType::utf8;
  return ElementType::other;
}

Attributes read_attributes(hid_t object, const std::string& owner) {
  H5O_info_t info;
  check(H5Oget_info2(object, &info, H5O_INFO_NUM_ATTRS), "counting attributes");
  if (info.num_attrs > 10'000) throw FormatError(owner + " has " + std::to_string(info.num_attrs) + " attributes");
  Attributes attributes;
  for (hsize_t i = 0; i < info.num_attrs; ++i) {
    hid_t id = H5Aopen_by_idx(object, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT);
    if (id < 0) id = H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT);
    Attribute attribute(id, "opening an attribute");
    std::string name = name_of(attribute);
    if (is_reserved_attribute(name)) continue;
    const std::string where = owner + ": attribute '" + name + "'";
    attributes.emplace_back(std::move(name), value_of(Opened(std::move(attribute)), where));
  }
  return attributes;
}

std::optional<std::string> read_ascii(hid_t object, const char* name, const std::string& owner) {
  const auto opened = open_reserved(object, name);
  if (!opened) return std::nullopt;
  const bool fixed = H5Tget_class(opened->type.id()) == H5T_STRING && H5Tis_variable_str(opened->type.id()) == 0;
  const std::size_t size = H5Tget_size(opened->type.id());
  if (!fixed || !opened->scalar() || size == 0 || size > max_ascii)
    throw FormatError(owner + ": attribute '" + name + "' is not a short fixed-length string");
  std::string text(size, '\0');
  opened->read(ascii_type(size).id(), text.data());
  text.resize(text.find('\0') == std::string::npos ? size : text.find('\0'));
  return text;
}

std::int32_t read_dimension_id(hid_t object, const std::string& owner) {
  const auto opened = open_reserved(object, "_Netcdf4Dimid");
  if (!opened || opened->size != 1 || element_type(opened->type.id()) != ElementType::int32)
    throw FormatError(owner + ": its dimension number (_Netcdf4Dimid) is missing or not one int32");
  return numbers_of<std::int32_t>(*opened, H5T_NATIVE_INT32).at(0);
}

void check_fill_value(hid_t object, const std::string& owner) {
  const auto opened = open_reserved(object, "_FillValue");
  if (!opened) return;
  const bool one = opened->size == 1 && element_type(opened->type.id()) == ElementType::float64;
  if (!one || !std::isnan(numbers_of<double>(*opened, H5T_NATIVE_DOUBLE).at(0)))
    throw FormatError(owner + ": _FillValue must be NaN; another would hide values");
}

std::vector<hobj_ref_t> read_dimension_list(hid_t object, const std::string& owner) {
  const auto opened = open_reserved(object, "DIMENSION_LIST");
  if (!opened) return {};
  const Type wanted(H5Tvlen_create(H5T_STD_REF_OBJ), "creating a reference type");
  if (opened->size < 1 || opened->size > H5S_MAX_RANK || H5Tequal(opened->type.id(), wanted.id()) <= 0)
    throw FormatError(owner + ": its list of dimensions (DIMENSION_LIST) is damaged");
  std::vector<hvl_t> lists(static_cast<std::size_t>(opened->size), hvl_t{0, nullptr});
  opened->read(wanted.id(), lists.data());
  std::vector<hobj_ref_t> scales;
  bool one_each = true;
  for (const hvl_t& list : lists) {
    one_each = one_each && list.len == 1;
    scales.push_back(list.len == 1 ? *static_cast<const hobj_ref_t*>(list.p) : 0);
  }
  check(H5Dvlen_reclaim(wanted.id(), opened->space.id(), H5P_DEFAULT, lists.data()), "giving references back");
  if (!one_each) throw FormatError(owner + ": an axis has no dimension, or more than one");
  return scales;
}

}  // namespace inkfade::storage::hdf5
