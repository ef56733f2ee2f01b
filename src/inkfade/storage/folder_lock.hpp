#pragma once
// Internal to storage/: one writer at a time.

#include <filesystem>

#include "inkfade/storage/posix_file.hpp"

namespace inkfade::storage {

/// Holds an flock on a LOCK file, whose text names the holder (host, process, boot). The lock ends with this object or
/// with the process, however it ends. Move-only.
class FolderLock {
 public:
  /// Takes the lock at once. @throws FileError that names the holder where another writer has it.
  explicit FolderLock(const std::filesystem::path& lock_file);

 private:
  posix::Descriptor descriptor_;
};

}  // namespace inkfade::storage
