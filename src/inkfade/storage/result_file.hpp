#pragma once

#include <cstdint>
#include <filesystem>

#include "inkfade/storage/atomic_file.hpp"
#include "inkfade/storage/dataset.hpp"
#include "inkfade/storage/digest.hpp"

namespace inkfade::storage {

/// Newest file format (file attribute `inkfade_format`) that this program reads.
inline constexpr std::int64_t newest_format = 1;

/// Writes a result file (docs/result-file.md) in one step that cannot leave half a file, with the digest of its
/// contents as the file attribute `digest` and a checksum of all its bytes as `file_checksum`.
/// @throws ParameterError where the Dataset is not consistent, FileError where the file cannot be written.
void write_result(const Dataset& dataset, const std::filesystem::path& path, Overwrite overwrite);

/// The Dataset in a result file, the attribute `digest` included. The checksum of the bytes is checked before HDF5 sees
/// them, then the file is read strictly; `verify_result` compares the digest too.
/// @throws FileError where the file cannot be read, FormatError where it is not a result file or
/// one of a newer format.
[[nodiscard]] Dataset read_result(const std::filesystem::path& path);

/// Reads a result file and computes its digest anew.
/// @throws FormatError that names the expected and the found digest, or what else is wrong; FileError.
void verify_result(const std::filesystem::path& path);

}  // namespace inkfade::storage
