#include "inkfade/storage/result_file.hpp"

#include <algorithm>
#include <cstdint>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/file_checksum.hpp"
#include "inkfade/storage/hdf5_image.hpp"
#include "inkfade/storage/posix_file.hpp"

namespace inkfade::storage {
namespace {

constexpr std::uint64_t max_file_bytes = std::uint64_t{4} << 30U;

std::string prefix(const std::filesystem::path& path) { return posix::quoted(path) + ": "; }

const AttributeValue* find_attribute(const Dataset& dataset, const std::string& name) {
  const auto found = std::find_if(dataset.attributes.begin(), dataset.attributes.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == dataset.attributes.end() ? nullptr : &found->second;
}

void check_format(const Dataset& dataset) {
  const AttributeValue* attribute = find_attribute(dataset, "inkfade_format");
  if (attribute == nullptr) return;
  const auto* format = std::get_if<std::int64_t>(attribute);
  if (format == nullptr || *format < 1) throw FormatError("the attribute 'inkfade_format' is not a positive integer");
  if (*format > newest_format)
    throw FormatError("the file has format " + std::to_string(*format) + ", this program reads up to format " +
                      std::to_string(newest_format) + ": install a newer inkfade");
}

}  // namespace

void write_result(const Dataset& dataset, const std::filesystem::path& path, Overwrite overwrite) {
  Dataset complete = dataset;
  std::erase_if(complete.attributes, [](const auto& attribute) {
    return attribute.first == "digest" || attribute.first == checksum_attribute;
  });
  complete.attributes.emplace_back("digest", digest(dataset));
  complete.attributes.emplace_back(checksum_attribute, unsealed_checksum());
  std::vector<std::byte> image = to_image(complete);
  seal(image);
  write_atomically(path, image, overwrite);
}

Dataset read_result(const std::filesystem::path& path) {
  const auto bytes = read_file(path, max_file_bytes);
  try {
    check_signature(bytes);
    check_seal(bytes);
    Dataset dataset = from_image(bytes);
    check_format(dataset);
    std::erase_if(dataset.attributes, [](const auto& attribute) { return attribute.first == checksum_attribute; });
    return dataset;
  } catch (const FormatError& error) {
    throw FormatError(prefix(path) + error.what());
  }
}

void verify_result(const std::filesystem::path& path) {
  const Dataset dataset = read_result(path);
  const AttributeValue* attribute = find_attribute(dataset, "digest");
  const auto* expected = attribute == nullptr ? nullptr : std::get_if<std::string>(attribute);
  if (expected == nullptr)
    throw FormatError(prefix(path) + "there is no text attribute 'digest', so nothing can be verified");
  const std::string found = digest(dataset);
  if (*expected != found)
    throw FormatError(prefix(path) + "the contents have changed since they were written: expected digest " + *expected +
                      ", found " + found);
}

}  // namespace inkfade::storage
