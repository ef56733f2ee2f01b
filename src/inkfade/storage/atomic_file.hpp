#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace inkfade::storage {

/// What to do where the target file is already there.
enum class Overwrite { no, yes };

/// Writes a whole file so that at every moment, a power loss included, the path holds either what it held before or
/// all of `bytes`: a temporary beside it, fsync, rename, fsync of the folder. When this returns, the file is safe.
/// A link is followed; permissions of a replaced file are kept.
/// @throws FileError that names the path, the system's reason, the free space and what state the path is in.
void write_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes, Overwrite overwrite);

/// Makes the entries of a folder (new, renamed, removed files) safe against a power loss. @throws FileError
void sync_folder(const std::filesystem::path& folder);

/// All bytes of a regular file. @throws FileError where it is missing, not regular, unreadable or above `limit` bytes.
[[nodiscard]] std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t limit);

/// Whether a file name is one of the temporaries that `write_atomically` leaves behind when the process is killed.
[[nodiscard]] bool is_temporary(const std::filesystem::path& path);

}  // namespace inkfade::storage
