#include "inkfade/storage/atomic_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <string>
#include <system_error>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/posix_file.hpp"

namespace inkfade::storage {
namespace {

namespace fs = std::filesystem;
using posix::Descriptor;
using posix::quoted;
using posix::reason;

constexpr const char* temporary_mark = ".inkfade-tmp.";

std::string free_space(const fs::path& folder) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  return error ? "free space unknown" : std::to_string(space.available) + " bytes free there";
}

/// A file size limit (RLIMIT_FSIZE) comes back as EFBIG instead of ending the process. The signal goes to the thread
/// that writes, so it is held back in this thread only and the rest of the process keeps its settings.
class NoFileSizeSignal {
 public:
  NoFileSizeSignal() {
    sigemptyset(&signal_);
    sigaddset(&signal_, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  ~NoFileSizeSignal() {
    const timespec at_once{0, 0};
    while (sigtimedwait(&signal_, nullptr, &at_once) == SIGXFSZ) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoFileSizeSignal(const NoFileSizeSignal&) = delete;
  NoFileSizeSignal& operator=(const NoFileSizeSignal&) = delete;

 private:
  sigset_t signal_{};
  sigset_t before_{};
};

/// The temporary: removed when this goes, unless it was moved to its place.
struct Temporary {
  explicit Temporary(fs::path where) : path(std::move(where)) {}
  ~Temporary() {
    if (!moved) ::unlink(path.c_str());
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  fs::path path;
  Descriptor descriptor;
  bool moved = false;
};

fs::path temporary_name(const fs::path& target) {
  static std::atomic<unsigned> counter{0};
  return posix::folder_of(target) / ("." + target.filename().string().substr(0, 120) + temporary_mark +
                                     std::to_string(::getpid()) + "-" + std::to_string(counter++));
}

/// The file behind a link, so that the link stays a link.
fs::path behind_links(const fs::path& path) {
  std::error_code error;
  if (!fs::is_symlink(fs::symlink_status(path, error))) return path;
  fs::path target = fs::canonical(path, error);
  if (error) throw FileError("cannot write " + quoted(path) + ": it is a link that leads nowhere; nothing was changed");
  return target;
}

void check_target(const fs::path& target, Overwrite overwrite) {
  const fs::path folder = posix::folder_of(target);
  std::error_code error;
  if (!target.has_filename()) throw FileError("cannot write " + quoted(target) + ": the path names no file");
  if (!fs::is_directory(folder, error))
    throw FileError("cannot write " + quoted(target) + ": there is no folder " + quoted(folder) + "; make it first");
  if (const std::string kind = posix::odd_kind(target); !kind.empty())
    throw FileError("cannot write " + quoted(target) + ": it is " + kind + ", not a file; nothing was changed");
  if (overwrite == Overwrite::no && fs::exists(fs::symlink_status(target, error)))
    throw FileError("cannot write " + quoted(target) +
                    ": it is already there and was left as it is; give another name or allow overwriting");
}

/// One attempt to write a file; knows how to describe its failure.
class AtomicWrite {
 public:
  explicit AtomicWrite(const fs::path& target) : target_(target), temporary_(temporary_name(target)) {}

  void fill(std::span<const std::byte> bytes) {
    create();
    write_all(bytes);
    keep_permissions();
    // After a failed fsync the kernel may have dropped the pages: never try again on this descriptor.
    if (::fsync(temporary_.descriptor.get()) != 0) fail("making it safe on the disk (fsync)", errno);
    if (const int error = temporary_.descriptor.close_now(); error != 0) fail("closing", error);
  }

  void move_into_place(Overwrite overwrite) {
    if (overwrite == Overwrite::yes) {
      if (::rename(temporary_.path.c_str(), target_.c_str()) != 0) fail("moving it into place (rename)", errno);
    } else {
      move_where_free();
    }
    temporary_.moved = true;
  }

 private:
  void create() {
    for (int attempt = 0; attempt < 1000; ++attempt) {
      temporary_.descriptor = posix::open_file(temporary_.path, O_WRONLY | O_CREAT | O_EXCL, 0666);
      if (temporary_.descriptor.open()) return;
      if (errno != EEXIST) break;
      temporary_.path = temporary_name(target_);
    }
    const int error = errno;
    temporary_.moved = true;  // nothing of ours to remove
    fail("making a temporary file beside it", error);
  }

  void write_all(std::span<const std::byte> bytes) {
    const NoFileSizeSignal guard;
    while (!bytes.empty()) {
      const ssize_t written = ::write(temporary_.descriptor.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("writing", errno);
      if (written == 0) fail("writing", EIO);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  void keep_permissions() {
    struct stat before {};
    if (::stat(target_.c_str(), &before) == 0) ::fchmod(temporary_.descriptor.get(), before.st_mode & 0777U);
  }

  /// Never replaces: the test for the target and the move are one step of the file system.
  void move_where_free() {
#ifdef RENAME_NOREPLACE
    if (::renameat2(AT_FDCWD, temporary_.path.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) == 0) return;
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) fail_move(errno);
#endif
    if (::link(temporary_.path.c_str(), target_.c_str()) != 0) fail_move(errno);
    ::unlink(temporary_.path.c_str());
  }

  [[noreturn]] void fail_move(int error) const {
    if (error == EEXIST)
      throw FileError("cannot write " + quoted(target_) +
                      ": another process made it in the meantime; its file was left as it is");
    fail("moving it into place", error);
  }

  [[noreturn]] void fail(const std::string& step, int error) const {
    throw FileError("cannot write " + quoted(target_) + ": " + step + " failed: " + reason(error) + ", " +
                    free_space(posix::folder_of(target_)) + "; nothing was changed at " + quoted(target_));
  }

  fs::path target_;
  Temporary temporary_;
};

}  // namespace

void write_atomically(const fs::path& path, std::span<const std::byte> bytes, Overwrite overwrite) {
  const fs::path target = behind_links(path);
  check_target(target, overwrite);
  AtomicWrite attempt(target);
  attempt.fill(bytes);
  attempt.move_into_place(overwrite);
  try {
    sync_folder(posix::folder_of(target));
  } catch (const FileError& error) {
    throw FileError(std::string(error.what()) + "; " + quoted(target) +
                    " is complete but may be lost if the power fails now: write it again");
  }
}

void sync_folder(const fs::path& folder) {
  const Descriptor descriptor = posix::open_file(folder, O_RDONLY | O_DIRECTORY);
  if (!descriptor.open() || ::fsync(descriptor.get()) != 0)
    throw FileError("cannot make folder " + quoted(folder) + " safe on the disk (fsync): " + reason(errno));
}

std::vector<std::byte> read_file(const fs::path& path, std::uint64_t limit) {
  // O_NONBLOCK: opening a pipe must not wait for a writer.
  const Descriptor descriptor = posix::open_file(path, O_RDONLY | O_NONBLOCK);
  if (!descriptor.open()) throw FileError("cannot open " + quoted(path) + ": " + reason(errno));
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) throw FileError("cannot read " + quoted(path) + ": " + reason(errno));
  if (const std::string kind = posix::odd_kind(path); !kind.empty())
    throw FileError("cannot read " + quoted(path) + ": it is " + kind + ", not a file");
  if (!S_ISREG(status.st_mode)) throw FileError("cannot read " + quoted(path) + ": it is not a regular file");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > limit)
    throw FileError("cannot read " + quoted(path) + ": it has " + std::to_string(size) + " bytes; at most " +
                    std::to_string(limit) + " are read");
  std::vector<std::byte> bytes(size);
  for (std::span<std::byte> rest(bytes); !rest.empty();) {
    const ssize_t got = ::read(descriptor.get(), rest.data(), rest.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw FileError("cannot read " + quoted(path) + ": " + reason(errno));
    if (got == 0) throw FileError("cannot read " + quoted(path) + ": it became shorter while it was read");
    rest = rest.subspan(static_cast<std::size_t>(got));
  }
  return bytes;
}

bool is_temporary(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with(".") && name.find(temporary_mark) != std::string::npos;
}

}  // namespace inkfade::storage
