#include "inkfade/storage/shard_file.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/atomic_file.hpp"
#include "inkfade/storage/hdf5_image.hpp"
#include "inkfade/storage/sha256.hpp"

namespace inkfade::storage {
namespace {

constexpr std::size_t hash_digits = 16;
constexpr std::size_t index_digits = 9;
constexpr std::uint64_t max_shard_bytes = std::uint64_t{4} << 30U;
constexpr const char* plan_attribute = "plan_digest";

std::string index_text(std::size_t index) {
  std::string digits = std::to_string(index);
  if (digits.size() < index_digits) digits.insert(0, index_digits - digits.size(), '0');
  return digits;
}

std::string shard_name(PointRange range, const std::string& hash) {
  return index_text(range.first) + "-" + index_text(range.second) + "." + hash + ".h5";
}

}  // namespace

std::optional<ShardName> parse_shard_name(const std::string& file_name) {
  const char* const end = file_name.data() + file_name.size();
  ShardName name;
  const auto first = std::from_chars(file_name.data(), end, name.range.first);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') return std::nullopt;
  const auto last = std::from_chars(first.ptr + 1, end, name.range.second);
  if (last.ec != std::errc() || name.range.first >= name.range.second) return std::nullopt;
  const std::string rest(last.ptr, end);
  if (rest.size() != 1 + hash_digits + 3 || rest.front() != '.') return std::nullopt;
  name.hash = rest.substr(1, hash_digits);
  // Spelling it anew refuses every other spelling of the same numbers.
  if (shard_name(name.range, name.hash) != file_name) return std::nullopt;
  return name;
}

std::string write_shard(const std::filesystem::path& folder, PointRange range, Dataset dataset,
                        const std::string& plan_digest) {
  std::erase_if(dataset.attributes, [](const auto& attribute) { return attribute.first == plan_attribute; });
  dataset.attributes.emplace_back(plan_attribute, plan_digest);
  const auto image = to_image(dataset);
  std::string name = shard_name(range, sha256_hex(image).substr(0, hash_digits));
  write_atomically(folder / name, image, Overwrite::no);
  return name;
}

Dataset read_shard(const std::filesystem::path& path, const std::string& plan_digest) {
  const std::string where = "shard '" + path.string() + "': ";
  const auto name = parse_shard_name(path.filename().string());
  if (!name) throw FormatError(where + "the file name is not that of a shard");
  const auto image = read_file(path, max_shard_bytes);
  const std::string found = sha256_hex(image).substr(0, hash_digits);
  if (found != name->hash)
    throw FormatError(where + "the file has changed since it was written: expected SHA-256 " + name->hash +
                      "..., found " + found + "...");
  Dataset dataset = [&] {
    try {
      return from_image(image);
    } catch (const FormatError& error) {
      throw FormatError(where + error.what());
    }
  }();
  const auto plan = std::find_if(dataset.attributes.begin(), dataset.attributes.end(),
                                 [](const auto& attribute) { return attribute.first == plan_attribute; });
  if (plan == dataset.attributes.end() || plan->second != AttributeValue(plan_digest))
    throw FormatError(where + "it belongs to a study with another plan");
  dataset.attributes.erase(plan);
  return dataset;
}

}  // namespace inkfade::storage
