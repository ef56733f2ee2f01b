#pragma once
// Internal to storage/: a checksum of the whole file inside the file, so that HDF5 never parses damaged bytes.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace inkfade::storage {

/// Name of the file attribute that holds the checksum.
inline constexpr const char* checksum_attribute = "file_checksum";

/// Value of that attribute before `seal`: a marker and 64 zeros.
[[nodiscard]] std::string unsealed_checksum();

/// Replaces the 64 zeros in a file image by the SHA-256 of the image as it is with the zeros.
/// @throws ParameterError where the marker is not there exactly once.
void seal(std::vector<std::byte>& image);

/// Refuses bytes that are not the ones that were sealed. @throws FormatError that names expected and found checksum.
void check_seal(std::span<const std::byte> image);

}  // namespace inkfade::storage
