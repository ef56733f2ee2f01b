#pragma once
// Internal to storage/: descriptors and the system's reasons in words.

#include <filesystem>
#include <string>
#include <utility>

namespace inkfade::storage::posix {

/// Owns one file descriptor. Move-only.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  [[nodiscard]] int get() const { return value_; }
  [[nodiscard]] bool open() const { return value_ >= 0; }

  /// Closes now and returns 0 or the error number that close reported.
  int close_now();

 private:
  int value_ = -1;
};

/// `open` that is tried again when a signal interrupts it; always close-on-exec.
[[nodiscard]] Descriptor open_file(const std::filesystem::path& path, int flags, unsigned mode = 0);

/// The system's text for an error number, with its number: "No space left on device (28)".
[[nodiscard]] std::string reason(int error);

/// A path in single quotes, as messages show it.
[[nodiscard]] std::string quoted(const std::filesystem::path& path);

/// The folder that holds `path`, "." where the path names none.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& path);

/// "a folder", "a pipe", ... for a path that is there but is no regular file; empty for a regular one.
[[nodiscard]] std::string odd_kind(const std::filesystem::path& path);

}  // namespace inkfade::storage::posix
