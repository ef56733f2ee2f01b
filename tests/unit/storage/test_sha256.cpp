#include <gtest/gtest.h>

#include <algorithm>

#include "inkfade/storage/sha256.hpp"
#include "sample.hpp"

namespace inkfade::storage {
namespace {

using test::bytes_of;

// NIST's example values for FIPS 180-4 and the empty message of the CAVP short-message tests.
TEST(Sha256, GivesThePublishedValues) {
  EXPECT_EQ(sha256_hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex(bytes_of("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(bytes_of("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                                "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu")),
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  EXPECT_EQ(sha256_hex(bytes_of(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, DoesNotDependOnHowTheMessageIsCut) {
  const auto message = bytes_of(std::string(300, 'q') + "end");
  for (std::size_t piece = 1; piece < 130; ++piece) {
    Sha256 hash;
    for (std::span<const std::byte> rest(message); !rest.empty();) {
      const std::size_t taken = std::min(piece, rest.size());
      hash.update(rest.first(taken));
      rest = rest.subspan(taken);
    }
    EXPECT_EQ(hash.finish(), sha256_hex(message)) << "pieces of " << piece;
  }
}

}  // namespace
}  // namespace inkfade::storage
