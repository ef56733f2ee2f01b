#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/atomic_file.hpp"
#include "sample.hpp"

namespace inkfade::storage {
namespace {

namespace fs = std::filesystem;
using test::bytes_of;
using test::contents;
using test::TemporaryFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string refusal(const fs::path& path, Overwrite overwrite = Overwrite::no) {
  return test::message_of<FileError>([&] { write_atomically(path, bytes_of("new"), overwrite); });
}

TEST(AtomicFile, WritesReplacesAndLeavesNothingElse) {
  const TemporaryFolder folder;
  write_atomically(folder / "a", bytes_of("one"), Overwrite::no);
  EXPECT_EQ(contents(folder / "a"), "one");
  write_atomically(folder / "a", bytes_of("two"), Overwrite::yes);
  EXPECT_EQ(contents(folder / "a"), "two");
  write_atomically(folder / "empty", {}, Overwrite::yes);
  EXPECT_EQ(test::count_entries(folder.path()), 2u);
}

TEST(AtomicFile, KeepsWhatIsThereUnlessAllowed) {
  const TemporaryFolder folder;
  test::put(folder / "a", "old");
  EXPECT_THAT(refusal(folder / "a"), AllOf(HasSubstr((folder / "a").string()), HasSubstr("already there")));
  EXPECT_EQ(contents(folder / "a"), "old");
}

TEST(AtomicFile, RefusesPlacesThatAreNoFiles) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "folder");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  fs::create_symlink(folder / "nowhere", folder / "dangling");
  EXPECT_THAT(refusal(folder / "none/a"), AllOf(HasSubstr("there is no folder"), HasSubstr("make it first")));
  EXPECT_THAT(refusal(folder / "folder", Overwrite::yes), HasSubstr("it is a folder, not a file"));
  EXPECT_THAT(refusal(folder / "pipe", Overwrite::yes), HasSubstr("it is a pipe, not a file"));
  EXPECT_THAT(refusal("/dev/null", Overwrite::yes), HasSubstr("it is a device, not a file"));
  EXPECT_THAT(refusal(folder / "dangling", Overwrite::yes), HasSubstr("leads nowhere"));
  EXPECT_THAT(refusal(folder / "folder/"), HasSubstr("names no file"));
  EXPECT_THAT(refusal(folder / std::string(300, 'n')), HasSubstr("File name too long"));
}

TEST(AtomicFile, SaysWhenPermissionIsMissing) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const TemporaryFolder folder;
  fs::create_directory(folder / "closed");
  fs::permissions(folder / "closed", fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_THAT(refusal(folder / "closed/a"), AllOf(HasSubstr("Permission denied"), HasSubstr("nothing was changed")));
}

TEST(AtomicFile, FollowsALinkAndKeepsPermissions) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "scratch");
  test::put(folder / "scratch/a", "old");
  fs::permissions(folder / "scratch/a", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("scratch/a", folder / "link");
  write_atomically(folder / "link", bytes_of("new"), Overwrite::yes);
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(contents(folder / "scratch/a"), "new");
  EXPECT_EQ(fs::status(folder / "scratch/a").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(AtomicFile, AFileSizeLimitIsAnErrorThatChangesNothing) {
  const TemporaryFolder folder;
  test::put(folder / "a", "old");
  const int status = test::in_child([&] {
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const std::string message = test::message_of<FileError>(
        [&] { write_atomically(folder / "a", std::vector<std::byte>(100'000), Overwrite::yes); });
    const bool told = message.find("File too large (27)") != std::string::npos &&
                      message.find("bytes free there; nothing was changed at") != std::string::npos;
    return told ? 0 : 1;
  });
  ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(contents(folder / "a"), "old");
  EXPECT_EQ(test::count_entries(folder.path()), 1u);
}

TEST(AtomicFile, ReadsOnlyRegularFilesUpToTheLimit) {
  const TemporaryFolder folder;
  test::put(folder / "a", "four");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  const auto refused = [](const fs::path& path) {
    return test::message_of<FileError>([&] { static_cast<void>(read_file(path, 3)); });
  };
  EXPECT_EQ(read_file(folder / "a", 4), bytes_of("four"));
  EXPECT_THAT(refused(folder / "a"), HasSubstr("it has 4 bytes; at most 3"));
  EXPECT_THAT(refused(folder / "none"), HasSubstr("No such file or directory"));
  EXPECT_THAT(refused(folder / "pipe"), HasSubstr("it is a pipe, not a file"));
  EXPECT_THAT(refused(folder.path()), HasSubstr("it is a folder, not a file"));
}

}  // namespace
}  // namespace inkfade::storage
