// The functions below stand in front of the C library's, for the whole test program: they pass calls on to the kernel
// unless a test asked for a fault.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/atomic_file.hpp"
#include "sample.hpp"

namespace {

/// Faults to come: the error of the `at`-th call of one kind, counted from 1; 0 is never.
struct Faults {
  int write_at = 0, write_error = 0, fsync_at = 0, fsync_error = 0, rename_error = 0;
  bool short_writes = false, no_renameat2 = false;
  int writes = 0, fsyncs = 0;
};
Faults faults;  // one thread only

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t size) {
  if (++faults.writes == faults.write_at) {
    errno = faults.write_error;
    return -1;
  }
  return ::syscall(SYS_write, descriptor, bytes, faults.short_writes ? std::min<size_t>(size, 7) : size);
}

int fsync(int descriptor) {
  if (++faults.fsyncs == faults.fsync_at) {
    errno = faults.fsync_error;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

int rename(const char* from, const char* to) noexcept {
  if (faults.rename_error != 0) {
    errno = faults.rename_error;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  if (faults.rename_error != 0 || faults.no_renameat2) {
    errno = faults.rename_error != 0 ? faults.rename_error : EINVAL;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

}  // extern "C"

namespace inkfade::storage {
namespace {

using test::bytes_of;
using test::contents;
using ::testing::AllOf;
using ::testing::HasSubstr;

class InjectedFaults : public ::testing::Test {
 protected:
  void SetUp() override { test::put(folder_ / "a", "old"); }
  void TearDown() override { faults = {}; }

  std::string write_new(Faults wanted, Overwrite overwrite = Overwrite::yes) {
    faults = wanted;
    const std::string message =
        test::message_of<FileError>([&] { write_atomically(folder_ / "a", bytes_of("all that is new"), overwrite); });
    faults = {};
    return message;
  }
  void expect_untouched() {
    EXPECT_EQ(contents(folder_ / "a"), "old");
    EXPECT_EQ(test::count_entries(folder_.path()), 1u);
  }

  test::TemporaryFolder folder_;
};

TEST_F(InjectedFaults, ShortAndInterruptedWritesGoOn) {
  EXPECT_EQ(write_new({.write_at = 2, .write_error = EINTR, .short_writes = true}), "");
  EXPECT_EQ(contents(folder_ / "a"), "all that is new");
}

TEST_F(InjectedFaults, AFullDiskChangesNothing) {
  for (const int at : {1, 2, 3}) {
    EXPECT_THAT(
        write_new({.write_at = at, .write_error = ENOSPC, .short_writes = true}),
        AllOf(HasSubstr("No space left on device (28)"), HasSubstr("bytes free"), HasSubstr("nothing was changed at")));
    expect_untouched();
  }
}

TEST_F(InjectedFaults, AFailedFsyncOfTheFileChangesNothingAndIsNotTriedAgain) {
  EXPECT_THAT(write_new({.fsync_at = 1, .fsync_error = EIO}), HasSubstr("Input/output error (5)"));
  expect_untouched();
}

TEST_F(InjectedFaults, AFailedFsyncOfTheFolderSaysThatTheFileMayBeLost) {
  EXPECT_THAT(write_new({.fsync_at = 2, .fsync_error = EIO}),
              AllOf(HasSubstr("Input/output error (5)"), HasSubstr("may be lost if the power fails")));
  EXPECT_EQ(contents(folder_ / "a"), "all that is new");
}

TEST_F(InjectedFaults, AFailedRenameChangesNothing) {
  EXPECT_THAT(write_new({.rename_error = EIO}), HasSubstr("Input/output error (5)"));
  expect_untouched();
}

TEST_F(InjectedFaults, AFileMadeInTheMeantimeIsLeftAsItIs) {
  std::filesystem::remove(folder_ / "a");
  EXPECT_THAT(write_new({.rename_error = EEXIST}, Overwrite::no), HasSubstr("another process made it"));
  EXPECT_EQ(test::count_entries(folder_.path()), 0u);
}

TEST_F(InjectedFaults, WorksOnFileSystemsWithoutARenameThatRefuses) {
  std::filesystem::remove(folder_ / "a");
  EXPECT_EQ(write_new({.no_renameat2 = true}, Overwrite::no), "");
  EXPECT_EQ(contents(folder_ / "a"), "all that is new");
  EXPECT_EQ(test::count_entries(folder_.path()), 1u);
}

}  // namespace
}  // namespace inkfade::storage
