#include "inkfade/storage/file_checksum.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/sha256.hpp"

namespace inkfade::storage {
namespace {

constexpr std::string_view marker_words = "SHA-256 of this file with the digits as zeros: ";
constexpr std::size_t n_digits = 64;

/// Where the digits begin; nothing where the marker is not there exactly once, with room for the digits.
std::optional<std::size_t> find_digits(std::span<const std::byte> image) {
  const auto marker = std::as_bytes(std::span(marker_words));
  const auto hash = [](std::byte b) { return std::to_integer<std::size_t>(b); };
  const std::boyer_moore_horspool_searcher searcher(marker.begin(), marker.end(), hash);
  const auto found = std::search(image.begin(), image.end(), searcher);
  if (found == image.end()) return std::nullopt;
  const auto digits = found + static_cast<std::ptrdiff_t>(marker.size());
  if (std::search(digits, image.end(), searcher) != image.end()) return std::nullopt;
  if (static_cast<std::size_t>(image.end() - digits) < n_digits) return std::nullopt;
  return static_cast<std::size_t>(digits - image.begin());
}

std::string checksum(std::span<const std::byte> image, std::size_t digits) {
  const std::string zeros(n_digits, '0');
  Sha256 hash;
  hash.update(image.first(digits));
  hash.update(std::as_bytes(std::span(zeros)));
  hash.update(image.subspan(digits + n_digits));
  return hash.finish();
}

}  // namespace

std::string unsealed_checksum() { return std::string(marker_words) + std::string(n_digits, '0'); }

void seal(std::vector<std::byte>& image) {
  const auto digits = find_digits(image);
  if (!digits)
    throw ParameterError("a text in the dataset contains '" + std::string(marker_words) +
                         "': these words are reserved for the attribute " + checksum_attribute);
  const std::string text = checksum(image, *digits);
  std::transform(text.begin(), text.end(), image.begin() + static_cast<std::ptrdiff_t>(*digits),
                 [](char c) { return static_cast<std::byte>(c); });
}

void check_seal(std::span<const std::byte> image) {
  const auto digits = find_digits(image);
  if (!digits)
    throw FormatError(std::string("the file has no whole-file checksum (attribute ") + checksum_attribute +
                      "): it was not written by inkfade, was cut short, or another program has rewritten it");
  std::string expected;
  for (const std::byte b : image.subspan(*digits, n_digits)) {
    const char c = static_cast<char>(b);
    expected += (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ? c : '?';
  }
  const std::string found = checksum(image, *digits);
  if (expected != found)
    throw FormatError("the file has changed since it was written: expected checksum " + expected + ", found " + found);
}

}  // namespace inkfade::storage
