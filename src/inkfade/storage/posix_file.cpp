#include "inkfade/storage/posix_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace inkfade::storage::posix {

Descriptor::~Descriptor() { close_now(); }

int Descriptor::close_now() {
  const int descriptor = std::exchange(value_, -1);
  // After EINTR the descriptor is already gone on Linux: never close twice.
  if (descriptor >= 0 && ::close(descriptor) != 0 && errno != EINTR) return errno;
  return 0;
}

Descriptor open_file(const std::filesystem::path& path, int flags, unsigned mode) {
  int descriptor = -1;
  do descriptor = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  while (descriptor < 0 && errno == EINTR);
  return Descriptor(descriptor);
}

std::string reason(int error) { return std::generic_category().message(error) + " (" + std::to_string(error) + ")"; }

std::string quoted(const std::filesystem::path& path) { return std::string("'").append(path.string()).append("'"); }

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

std::string odd_kind(const std::filesystem::path& path) {
  std::error_code ignored;
  switch (std::filesystem::status(path, ignored).type()) {
    case std::filesystem::file_type::directory:
      return "a folder";
    case std::filesystem::file_type::fifo:
      return "a pipe";
    case std::filesystem::file_type::socket:
      return "a socket";
    case std::filesystem::file_type::block:
    case std::filesystem::file_type::character:
      return "a device";
    default:
      return "";
  }
}

}  // namespace inkfade::storage::posix
