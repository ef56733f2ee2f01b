#pragma once
// Internal to storage/: opening bytes that may come from a stranger.

#include <cstddef>
#include <span>

#include "inkfade/storage/handle.hpp"

namespace inkfade::storage::hdf5 {

/// Opens an HDF5 file that lies in memory, read-only and without a copy; `image` must outlive the handle.
/// @throws LibraryFailure where HDF5 cannot open them.
[[nodiscard]] File open_image(std::span<const std::byte> image);

}  // namespace inkfade::storage::hdf5
