#pragma once
// Internal to storage/: one shard of a study as a file.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "inkfade/storage/dataset.hpp"

namespace inkfade::storage {

/// A range of points [first, last).
using PointRange = std::pair<std::size_t, std::size_t>;

/// What the name of a shard says: "000000000-000001024.0123456789abcdef.h5".
struct ShardName {
  PointRange range;
  std::string hash;  ///< the first 16 digits of the file's SHA-256
};

/// The parts of a shard's file name; nothing where it is not one.
[[nodiscard]] std::optional<ShardName> parse_shard_name(const std::string& file_name);

/// Writes a shard that belongs to the plan with digest `plan_digest` and gives its file name.
/// @throws FileError where it is there already or cannot be written.
[[nodiscard]] std::string write_shard(const std::filesystem::path& folder, PointRange range, Dataset dataset,
                                      const std::string& plan_digest);

/// Reads a shard, its hash first. @throws FormatError where the file does not match its name or its plan; FileError.
[[nodiscard]] Dataset read_shard(const std::filesystem::path& path, const std::string& plan_digest);

}  // namespace inkfade::storage
