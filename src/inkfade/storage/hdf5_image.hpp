#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "inkfade/storage/dataset.hpp"

namespace inkfade::storage {

/// The bytes of a netCDF-4 compatible HDF5 file that holds `dataset`, built in memory: HDF5 never touches the disk.
/// The same Dataset gives the same bytes (same HDF5 and zlib). Format: docs/result-file.md.
/// @throws ParameterError where the Dataset is not consistent, FileError where HDF5 cannot build the image.
[[nodiscard]] std::vector<std::byte> to_image(const Dataset& dataset);

/// The Dataset in the bytes of such a file, read strictly: only plain datasets under the root, float64, int32 and
/// UTF-8 strings, known filters, nothing outside the file, at most 4 GiB declared. Digests are not checked here.
/// A hostile file may crash HDF5 1.10 itself: check a hash of strangers' bytes first.
/// @throws FormatError that says in words what is wrong.
[[nodiscard]] Dataset from_image(std::span<const std::byte> image);

/// Refuses bytes that do not start as every HDF5 file does. @throws FormatError
void check_signature(std::span<const std::byte> image);

}  // namespace inkfade::storage
