#include "inkfade/storage/dataset_check.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>
#include <type_traits>

#include "inkfade/base/errors.hpp"

namespace inkfade::storage {
namespace {

constexpr std::size_t max_rank = 32;                    // HDF5's own limit
constexpr std::size_t max_attribute_bytes = 60 * 1024;  // an object header message ends at 64 KiB
constexpr std::size_t max_name = 255;

using Sizes = std::map<std::string, std::size_t, std::less<>>;

void check_name(const std::string& name, const std::string& kind) {
  const bool control = std::any_of(
      name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/'; });
  const bool edge = !name.empty() && (name.front() == ' ' || name.back() == ' ' || name.front() == '.');
  if (name.empty() || name.size() > max_name || control || edge || !is_utf8_text(name))
    throw ParameterError(kind + " name '" + name +
                         "': must be 1 to 255 bytes of UTF-8 without '/', control characters, a leading '.' or "
                         "spaces at its ends");
}

void check_text(const std::string& text, const std::string& where) {
  if (!is_utf8_text(text)) throw ParameterError(where + ": the text must be UTF-8 without NUL characters");
}

template <class Value>
std::size_t stored_bytes(const Value& value) {
  if constexpr (std::is_same_v<Value, std::vector<std::string>>) {
    return value.size() * 16;  // a reference to the text, which lies elsewhere
  } else if constexpr (std::is_same_v<Value, std::vector<double>> || std::is_same_v<Value, std::vector<std::int32_t>>) {
    return value.size() * sizeof(value[0]);
  } else {
    return 16;
  }
}

void check_attribute(const AttributeValue& value, const std::string& where) {
  if (const auto* text = std::get_if<std::string>(&value)) check_text(*text, where);
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value))
    for (const std::string& text : *texts) check_text(text, where);
  const std::size_t bytes = std::visit([](const auto& held) { return stored_bytes(held); }, value);
  if (bytes > max_attribute_bytes)
    throw ParameterError(where + " takes " + std::to_string(bytes) + " bytes: an attribute may take at most " +
                         std::to_string(max_attribute_bytes) + "; store it as a variable");
}

void check_attributes(const Attributes& attributes, const std::string& owner) {
  std::set<std::string, std::less<>> seen;
  for (const auto& [name, value] : attributes) {
    check_name(name, owner + ": attribute");
    const std::string where = owner + ": attribute '" + name + "'";
    if (is_reserved_attribute(name)) throw ParameterError(where + ": the name is reserved by the netCDF-4 conventions");
    if (!seen.insert(name).second) throw ParameterError(where + " is there twice");
    check_attribute(value, where);
  }
}

std::size_t product_of(const Variable& variable, const Sizes& sizes, const std::string& where) {
  std::size_t product = 1;
  for (const std::string& dim : variable.dims) {
    const auto found = sizes.find(dim);
    if (found == sizes.end())
      throw ParameterError(where + ": dimension '" + dim + "' is not in the dataset; add it to Dataset::dimensions");
    if (found->second != 0 && product > std::numeric_limits<std::size_t>::max() / 16 / found->second)
      throw ParameterError(where + ": the product of its dimensions is beyond what a computer can address");
    product *= found->second;
  }
  return product;
}

void check_variable(const Variable& variable, const Sizes& sizes) {
  check_name(variable.name, "variable");
  const std::string where = "variable '" + variable.name + "'";
  if (variable.dims.size() > max_rank)
    throw ParameterError(where + " has " + std::to_string(variable.dims.size()) +
                         " dimensions: at most 32 are allowed");
  const std::size_t expected = product_of(variable, sizes, where);
  if (size_of(variable) != expected)
    throw ParameterError(where + " holds " + std::to_string(size_of(variable)) + " values: its dimensions ask for " +
                         std::to_string(expected));
  if (sizes.contains(variable.name) && !is_coordinate(variable))
    throw ParameterError(where + " is named like a dimension: it must have exactly that one dimension");
  if (const auto* texts = std::get_if<std::vector<std::string>>(&variable.data))
    for (std::size_t i = 0; i < texts->size(); ++i) check_text((*texts)[i], where + ", value " + std::to_string(i));
  check_attributes(variable.attributes, where);
}

}  // namespace

void check_dataset(const Dataset& dataset) {
  Sizes sizes;
  for (const auto& [name, size] : dataset.dimensions) {
    check_name(name, "dimension");
    if (!sizes.emplace(name, size).second) throw ParameterError("dimension '" + name + "' is there twice");
  }
  std::set<std::string, std::less<>> names;
  for (const Variable& variable : dataset.variables) {
    if (!names.insert(variable.name).second) throw ParameterError("variable '" + variable.name + "' is there twice");
    check_variable(variable, sizes);
  }
  check_attributes(dataset.attributes, "dataset");
}

bool is_reserved_attribute(std::string_view name) {
  constexpr std::array<std::string_view, 10> reserved{
      "CLASS",         "NAME",       "REFERENCE_LIST", "DIMENSION_LIST",  "_Netcdf4Dimid", "_Netcdf4Coordinates",
      "_NCProperties", "_FillValue", "_nc3_strict",    "DIMENSION_LABELS"};
  return std::find(reserved.begin(), reserved.end(), name) != reserved.end();
}

bool is_utf8_text(std::string_view text) {
  constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >> 5U == 6 ? 2 : lead >> 4U == 14 ? 3 : lead >> 3U == 30 ? 4 : 0;
    if (lead == 0 || length == 0 || i + length > text.size()) return false;
    std::uint32_t code = length == 1 ? lead : lead & (0xffU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if (next >> 6U != 2) return false;
      code = code << 6U | (next & 0x3fU);
    }
    if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
    i += length;
  }
  return true;
}

bool is_coordinate(const Variable& variable) { return variable.dims.size() == 1 && variable.dims[0] == variable.name; }

std::size_t size_of(const Variable& variable) {
  return std::visit([](const auto& values) { return values.size(); }, variable.data);
}

}  // namespace inkfade::storage
