#include "inkfade/storage/digest.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

#include "inkfade/storage/sha256.hpp"

namespace inkfade::storage {
namespace {

/// Feeds values to the hash in one form: counts before contents, numbers as little-endian bytes.
class CanonicalBytes {
 public:
  void add(std::uint64_t value) {
    std::array<std::byte, 8> bytes{};
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::byte>(value >> (8 * i) & 0xffU);
    hash_.update(bytes);
  }
  void add(std::int64_t value) { add(static_cast<std::uint64_t>(value)); }
  void add(std::int32_t value) { add(static_cast<std::uint64_t>(static_cast<std::int64_t>(value))); }
  void add(double value) {
    add(std::bit_cast<std::uint64_t>(std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value));
  }
  void add(const std::string& text) {
    add(static_cast<std::uint64_t>(text.size()));
    hash_.update(std::as_bytes(std::span(text)));
  }
  template <class Value>
  void add(const std::vector<Value>& values) {
    add(static_cast<std::uint64_t>(values.size()));
    for (const Value& value : values) add(value);
  }
  /// A variant: the number of its alternative keeps 1 and 1.0 apart.
  template <class... Alternatives>
  void add(const std::variant<Alternatives...>& value) {
    add(static_cast<std::uint64_t>(value.index()));
    std::visit([this](const auto& held) { this->add(held); }, value);
  }

  std::string finish() { return hash_.finish(); }

 private:
  Sha256 hash_;
};

/// Pointers to the entries in the order of their names, which a rewritten file may not keep.
template <class List, class Name, class Keep>
std::vector<const typename List::value_type*> sorted(const List& list, Name name, Keep keep) {
  std::vector<const typename List::value_type*> entries;
  for (const auto& entry : list)
    if (keep(name(entry))) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(), [&](const auto* a, const auto* b) { return name(*a) < name(*b); });
  return entries;
}

const auto first_of = [](const auto& entry) -> const std::string& { return entry.first; };
const auto keep_all = [](const std::string&) { return true; };

template <class Keep>
void add_attributes(CanonicalBytes& bytes, const Attributes& attributes, Keep keep) {
  const auto entries = sorted(attributes, first_of, keep);
  bytes.add(static_cast<std::uint64_t>(entries.size()));
  for (const auto* entry : entries) {
    bytes.add(entry->first);
    bytes.add(entry->second);
  }
}

}  // namespace

std::string digest(const Dataset& dataset) {
  CanonicalBytes bytes;
  bytes.add(std::string("inkfade dataset, digest 1"));
  const auto dimensions = sorted(dataset.dimensions, first_of, keep_all);
  bytes.add(static_cast<std::uint64_t>(dimensions.size()));
  for (const auto* dimension : dimensions) {
    bytes.add(dimension->first);
    bytes.add(static_cast<std::uint64_t>(dimension->second));
  }
  const auto variables = sorted(
      dataset.variables, [](const Variable& variable) -> const std::string& { return variable.name; },
      [](const std::string& name) { return !is_volatile_variable(name); });
  bytes.add(static_cast<std::uint64_t>(variables.size()));
  for (const Variable* variable : variables) {
    bytes.add(variable->name);
    bytes.add(variable->dims);
    bytes.add(variable->data);
    add_attributes(bytes, variable->attributes, keep_all);
  }
  add_attributes(bytes, dataset.attributes, [](const std::string& name) { return !is_volatile_attribute(name); });
  return bytes.finish();
}

bool is_volatile_attribute(std::string_view name) {
  return name == "digest" || name == "file_checksum" || name == "date" || name == "host" || name == "wall_time_s";
}

bool is_volatile_variable(std::string_view name) { return name == "wall_time"; }

}  // namespace inkfade::storage
