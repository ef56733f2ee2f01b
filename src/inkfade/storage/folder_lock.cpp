#include "inkfade/storage/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <string>

#include "inkfade/base/errors.hpp"

namespace inkfade::storage {
namespace {

std::string text_of(const posix::Descriptor& descriptor) {
  std::array<char, 256> buffer{};
  const ssize_t size = ::pread(descriptor.get(), buffer.data(), buffer.size(), 0);
  std::string text;
  for (ssize_t i = 0; i < size; ++i) {
    const char c = buffer[static_cast<std::size_t>(i)];
    if (c == '\n') text += ", ";
    // The text goes into a message: printable characters only.
    if (c >= ' ' && c <= '~') text += c;
  }
  return text.ends_with(", ") ? text.substr(0, text.size() - 2) : text;
}

std::string own_text() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  std::string boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  return "process " + std::to_string(::getpid()) + "\nhost " + host.data() + "\nboot " + boot + "\n";
}

/// Whether the file that is locked is still the one at the path: the former holder may have removed it.
bool still_there(const posix::Descriptor& descriptor, const std::filesystem::path& path) {
  struct stat held {};
  struct stat named {};
  return ::fstat(descriptor.get(), &held) == 0 && ::stat(path.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
         held.st_dev == named.st_dev;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& lock_file) {
  const std::string name = posix::quoted(lock_file);
  for (int attempt = 0; attempt < 10; ++attempt) {
    posix::Descriptor descriptor = posix::open_file(lock_file, O_RDWR | O_CREAT | O_NOFOLLOW, 0666);
    if (!descriptor.open()) throw FileError("cannot open the lock " + name + ": " + posix::reason(errno));
    if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno != EWOULDBLOCK) throw FileError("cannot lock " + name + ": " + posix::reason(errno));
      throw FileError("another writer is at work on this study (" + name + " is held by " + text_of(descriptor) +
                      "); wait until it ends or stop it, then run again");
    }
    if (!still_there(descriptor, lock_file)) continue;
    const std::string text = own_text();
    if (::ftruncate(descriptor.get(), 0) != 0 ||
        ::pwrite(descriptor.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
      throw FileError("cannot write the lock " + name + ": " + posix::reason(errno));
    descriptor_ = std::move(descriptor);
    return;
  }
  throw FileError("cannot lock " + name + ": another process makes and removes it again and again");
}

}  // namespace inkfade::storage
