#include <gtest/gtest.h>

#include <set>
#include <string>

#include "inkfade/base/status.hpp"
#include "inkfade/base/stop_token.hpp"

namespace {

using inkfade::Status;
using inkfade::status_count;

TEST(Status, HasTheNumbersThatFilesStore) {
  const char* names[] = {"ok",
                         "too_many_steps",
                         "step_underflow",
                         "error_test_failures",
                         "singular_matrix",
                         "nonfinite_rate",
                         "nonfinite_state",
                         "ledger_broken",
                         "negative_state",
                         "deadline",
                         "cancelled",
                         "memory_limit"};
  ASSERT_EQ(std::size(names), static_cast<std::size_t>(status_count));
  for (int code = 0; code < status_count; ++code) EXPECT_EQ(name(static_cast<Status>(code)), names[code]);
}

TEST(Status, HasNamesThatFlagMeaningsCanHold) {
  // CF conventions: flag_meanings are words of letters, digits and underscores, separated by blanks.
  std::set<std::string> seen;
  for (int code = 0; code < status_count; ++code) {
    const std::string word(name(static_cast<Status>(code)));
    EXPECT_TRUE(seen.insert(word).second) << word;
    EXPECT_EQ(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos) << word;
  }
}

TEST(Status, HasAdviceThatIsASentence) {
  std::set<std::string> seen;
  for (int code = 0; code < status_count; ++code) {
    const std::string sentence(advice(static_cast<Status>(code)));
    EXPECT_TRUE(seen.insert(sentence).second || sentence.find("at its bound") != std::string::npos) << sentence;
    EXPECT_GT(sentence.size(), 15U);
    EXPECT_EQ(sentence.back(), '.');
    EXPECT_TRUE(sentence.front() >= 'A' && sentence.front() <= 'Z') << sentence;
  }
}

TEST(StopToken, IsSharedByItsCopies) {
  const inkfade::StopToken token;
  const inkfade::StopToken copy = token;
  EXPECT_FALSE(copy.stop_requested());
  token.request_stop();
  EXPECT_TRUE(copy.stop_requested());
}

TEST(StopToken, IsItsOwnWhenMadeAnew) {
  const inkfade::StopToken token;
  token.request_stop();
  EXPECT_FALSE(inkfade::StopToken().stop_requested());
}

}  // namespace
