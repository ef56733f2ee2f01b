#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <random>
#include <thread>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/sha256.hpp"
#include "inkfade/storage/study_store.hpp"
#include "sample.hpp"

namespace inkfade::storage {
namespace {

namespace fs = std::filesystem;
using test::sample;
using test::TemporaryFolder;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

const std::string sample_plan = "{\n  \"depth\": 400,\n  \"rtol\": 1e-06,\n  \"seed\": 7\n}\n";

/// The only shard file of a store.
fs::path only_shard(const StudyStore& store) { return fs::directory_iterator(store.folder() / "shards")->path(); }

TEST(StudyStore, GoesOnWhereItStopped) {
  const TemporaryFolder folder;
  {
    StudyStore store = StudyStore::open(folder / "study.h5", sample_plan);
    EXPECT_THAT(store.done(), IsEmpty());
    store.commit(1024, 2048, sample(5, 2.0));
    store.commit(0, 1024, sample(5, 1.0));
    EXPECT_EQ(test::contents(folder / "study.h5.d/plan.json"), sample_plan);
  }
  const StudyStore store = StudyStore::open(folder / "study.h5", sample_plan);
  EXPECT_THAT(store.done(), ElementsAre(Pair(0, 1024), Pair(1024, 2048)));
  EXPECT_THAT(store.notes(), IsEmpty());
  EXPECT_TRUE(test::same(store.shard(0, 1024), sample(5, 1.0)));
  EXPECT_TRUE(test::same(store.shard(1024, 2048), sample(5, 2.0)));
}

TEST(StudyStore, NamesAShardByItsHash) {
  const TemporaryFolder folder;
  StudyStore store = StudyStore::open(folder / "study.h5", sample_plan);
  store.commit(0, 10, sample());
  const std::string hash = sha256_hex(test::bytes_of(test::contents(only_shard(store)))).substr(0, 16);
  EXPECT_EQ(only_shard(store).filename(), "000000000-000000010." + hash + ".h5");
}

TEST(StudyStore, RefusesAnotherPlanAndShowsTheFirstDifference) {
  const TemporaryFolder folder;
  static_cast<void>(StudyStore::open(folder / "study.h5", sample_plan));
  const auto refusal = [&](const std::string& plan) {
    return test::message_of<ParameterError>([&] { static_cast<void>(StudyStore::open(folder / "study.h5", plan)); });
  };
  EXPECT_THAT(refusal("{\n  \"depth\": 400,\n  \"rtol\": 1e-05,\n  \"seed\": 8\n}\n"),
              AllOf(HasSubstr("study.h5' was begun with another plan"), HasSubstr("line 3: stored '\"rtol\": 1e-06,'"),
                    HasSubstr("asked '\"rtol\": 1e-05,'"), HasSubstr("another file name")));
  EXPECT_THAT(refusal(sample_plan + "more\n"), HasSubstr("line 6: stored nothing, asked 'more'"));
  EXPECT_THAT(refusal(sample_plan.substr(0, sample_plan.size() - 1)), HasSubstr("end of the last line"));
  EXPECT_THAT(refusal(""), HasSubstr("not empty"));
  EXPECT_EQ(test::contents(folder / "study.h5.d/plan.json"), sample_plan);
}

TEST(StudyStore, RefusesOddPlaces) {
  const TemporaryFolder folder;
  const auto refusal = [](const fs::path& path) {
    return test::message_of<Error>([&] { static_cast<void>(StudyStore::open(path, sample_plan)); });
  };
  EXPECT_THAT(refusal(folder / "none/study.h5"), HasSubstr("make it first"));
  test::put(folder / "taken.h5.d", "a file");
  EXPECT_THAT(refusal(folder / "taken.h5"), HasSubstr("there is a file with that name"));
  StudyStore::open(folder / "study.h5", sample_plan).commit(0, 1, sample());
  fs::remove(folder / "study.h5.d/plan.json");
  EXPECT_THAT(refusal(folder / "study.h5"), HasSubstr("holds results but no plan.json"));
}

TEST(StudyStore, SetsDamagedShardsAsideAndSaysSo) {
  const TemporaryFolder folder;
  fs::path shard;
  {
    StudyStore store = StudyStore::open(folder / "study.h5", sample_plan);
    store.commit(0, 10, sample());
    shard = only_shard(store);
  }
  const std::string original = test::contents(shard);
  std::mt19937_64 random(11);
  for (int i = 0; i < 100; ++i) {
    std::string changed = original;
    changed[random() % changed.size()] ^= static_cast<char>(1 + random() % 255);
    if (i % 10 == 0) changed.resize(random() % changed.size());
    test::put(shard, changed);
    const StudyStore store = StudyStore::open(folder / "study.h5", sample_plan);
    EXPECT_THAT(store.done(), IsEmpty());
    EXPECT_THAT(store.notes(), ElementsAre(AllOf(HasSubstr("has changed since it was written"), HasSubstr(".bad'"))));
    EXPECT_FALSE(fs::exists(shard));
  }
}

TEST(StudyStore, RefusesShardsOfAnotherStudy) {
  const TemporaryFolder folder;
  StudyStore other = StudyStore::open(folder / "other.h5", "{\n}\n");
  other.commit(0, 10, sample());
  fs::create_directories(folder / "study.h5.d");
  static_cast<void>(StudyStore::open(folder / "study.h5", sample_plan));
  fs::copy(only_shard(other), folder / "study.h5.d/shards");
  const StudyStore store = StudyStore::open(folder / "study.h5", sample_plan);
  EXPECT_THAT(store.done(), IsEmpty());
  EXPECT_THAT(store.notes(), ElementsAre(HasSubstr("belongs to a study with another plan")));
}

TEST(StudyStore, TakesTheSameResultsAgainAndRaisesAlarmOnOthers) {
  const TemporaryFolder folder;
  {
    StudyStore store = StudyStore::open(folder / "study.h5", sample_plan);
    store.commit(0, 10, sample());
    Dataset slower = sample();
    slower.variables[11].data = std::vector<double>{60.0};
    store.commit(0, 10, slower);
    EXPECT_EQ(test::count_entries(store.folder() / "shards"), 1u);
    EXPECT_THAT(test::message_of<Error>([&] { store.commit(0, 10, sample(5, 1e-9)); }),
                AllOf(HasSubstr("determinism alarm"), HasSubstr("both are kept")));
    EXPECT_EQ(test::count_entries(store.folder() / "shards"), 2u);
    EXPECT_TRUE(test::same(store.shard(0, 10), sample()));
  }
  EXPECT_THAT(
      test::message_of<FormatError>([&] { static_cast<void>(StudyStore::open(folder / "study.h5", sample_plan)); }),
      HasSubstr("determinism alarm"));
}

TEST(StudyStore, RefusesEmptyOverlappingAndUnknownRanges) {
  const TemporaryFolder folder;
  StudyStore store = StudyStore::open(folder / "study.h5", sample_plan);
  store.commit(10, 20, sample());
  const auto commit = [&](std::size_t first, std::size_t last) {
    return test::message_of<ParameterError>([&] { store.commit(first, last, sample()); });
  };
  EXPECT_THAT(commit(5, 5), HasSubstr("the range is empty"));
  EXPECT_THAT(commit(6, 5), HasSubstr("the range is empty"));
  EXPECT_THAT(commit(19, 30), HasSubstr("points 19 to 30 (end not included) overlap points 10 to 20"));
  EXPECT_THAT(commit(0, 100), HasSubstr("overlap"));
  EXPECT_EQ(commit(20, 30), "");
  EXPECT_THAT(test::message_of<ParameterError>([&] { static_cast<void>(store.shard(10, 30)); }),
              HasSubstr("see done()"));
}

TEST(StudyStore, TakesCommitsFromManyThreads) {
  const TemporaryFolder folder;
  StudyStore store = StudyStore::open(folder / "study.h5", sample_plan);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&store, t] {
      for (std::size_t i = 0; i < 5; ++i)
        store.commit(5 * t + i, 5 * t + i + 1, sample(5, static_cast<double>(5 * t + i)));
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < 20; ++i)
    EXPECT_TRUE(test::same(store.shard(i, i + 1), sample(5, static_cast<double>(i))));
}

TEST(StudyStore, IsRemovedButForFilesThatAreNotItsOwn) {
  const TemporaryFolder folder;
  StudyStore first = StudyStore::open(folder / "first.h5", sample_plan);
  first.commit(0, 1, sample());
  first.remove();
  EXPECT_FALSE(fs::exists(folder / "first.h5.d"));
  StudyStore second = StudyStore::open(folder / "second.h5", sample_plan);
  second.commit(0, 1, sample());
  test::put(second.folder() / "notes.txt", "mine");
  second.remove();
  EXPECT_EQ(test::count_entries(folder / "second.h5.d"), 1u);
}

TEST(StudyStore, HasOneWriter) {
  const TemporaryFolder folder;
  StudyStore store = StudyStore::open(folder / "study.h5", sample_plan);
  store.commit(0, 1, sample());
  const std::string held = "process " + std::to_string(::getpid());
  const auto second_writer = [&] {
    return test::message_of<FileError>([&] { static_cast<void>(StudyStore::open(folder / "study.h5", sample_plan)); });
  };
  EXPECT_THAT(second_writer(), AllOf(HasSubstr("another writer is at work"), HasSubstr(held), HasSubstr("host ")));
  EXPECT_EQ(test::in_child([&] { return second_writer().find(held) == std::string::npos ? 1 : 0; }), 0);
  EXPECT_THAT(store.done(), ElementsAre(Pair(0, 1)));
}

/// Races to be the one writer; 0: won and committed, 3: refused because another has it.
int race_once(const fs::path& study) {
  try {
    StudyStore store = StudyStore::open(study, sample_plan);
    const std::size_t next = store.done().size();
    store.commit(next, next + 1, sample(5, static_cast<double>(next)));
    return 0;
  } catch (const FileError& error) {
    return std::string(error.what()).find("another writer is at work") != std::string::npos ? 3 : 4;
  }
}

TEST(StudyStore, WritersThatRaceNeverHarmIt) {
  const TemporaryFolder folder;
  std::size_t n_won = 0;
  for (int round = 0; round < 10; ++round) {
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
      const pid_t child = ::fork();
      if (child == 0) ::_exit(race_once(folder / "study.h5"));
      children.push_back(child);
    }
    for (const pid_t child : children) {
      int status = 0;
      ::waitpid(child, &status, 0);
      ASSERT_TRUE(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 3)) << status;
      n_won += WEXITSTATUS(status) == 0 ? 1 : 0;
    }
  }
  const StudyStore store = StudyStore::open(folder / "study.h5", sample_plan);
  EXPECT_THAT(store.notes(), IsEmpty());
  ASSERT_EQ(store.done().size(), n_won);
  for (std::size_t i = 0; i < n_won; ++i)
    EXPECT_TRUE(test::same(store.shard(i, i + 1), sample(5, static_cast<double>(i))));
}

/// Commits on and on from where the store stands, one byte through the pipe for each acknowledged commit.
[[noreturn]] void commit_until_killed(const fs::path& study, int pipe) {
  try {
    StudyStore store = StudyStore::open(study, sample_plan);
    for (std::size_t next = store.done().size();; ++next) {
      store.commit(next, next + 1, sample(5, static_cast<double>(next)));
      if (::write(pipe, "+", 1) != 1) ::_exit(1);
    }
  } catch (...) {
  }
  ::_exit(2);
}

/// Waits for `n_first` commits of a writer and some time more, kills it, and counts all that it acknowledged.
std::size_t kill_a_writer(const fs::path& study, std::size_t n_first, useconds_t microseconds) {
  int ends[2];
  if (::pipe(ends) != 0) return 0;
  const pid_t child = ::fork();
  if (child == 0) commit_until_killed(study, ends[1]);
  ::close(ends[1]);
  std::size_t n_acknowledged = 0;
  char byte = 0;
  while (n_acknowledged < n_first && ::read(ends[0], &byte, 1) == 1) ++n_acknowledged;
  ::usleep(microseconds);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself: " << status;
  while (::read(ends[0], &byte, 1) == 1) ++n_acknowledged;
  ::close(ends[0]);
  return n_acknowledged;
}

TEST(StudyStore, LosesNothingAcknowledgedWhenKilled) {
  const TemporaryFolder folder;
  std::mt19937_64 random(5);
  std::size_t n_acknowledged = 0;
  for (int kill = 0; kill < 20; ++kill) {
    // A fifth of the kills come while the store is being opened, the others between and inside commits.
    n_acknowledged += kill_a_writer(folder / "study.h5", random() % 5, static_cast<useconds_t>(random() % 20'000));
    const StudyStore store = StudyStore::open(folder / "study.h5", sample_plan);
    EXPECT_THAT(store.notes(), IsEmpty());
    const auto done = store.done();
    ASSERT_GE(done.size(), n_acknowledged) << "after kill " << kill;
    n_acknowledged = done.size();  // complete, though not acknowledged in time
    for (std::size_t i = 0; i < done.size(); ++i)
      ASSERT_TRUE(test::same(store.shard(i, i + 1), sample(5, static_cast<double>(i)))) << "shard " << i;
    EXPECT_EQ(test::count_entries(store.folder() / "shards"), done.size()) << "temporaries were left";
  }
  EXPECT_GT(n_acknowledged, 0u);
}

}  // namespace
}  // namespace inkfade::storage
