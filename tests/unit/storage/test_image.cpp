#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/hdf5_image.hpp"
#include "inkfade/storage/sha256.hpp"
#include "sample.hpp"

namespace inkfade::storage {
namespace {

using test::sample;
using ::testing::HasSubstr;

TEST(Image, ComesBackAsTheSameDataset) {
  const Dataset dataset = sample();
  EXPECT_TRUE(test::same(from_image(to_image(dataset)), dataset));
}

TEST(Image, ComesBackAsTheSameDatasetWhenChunkedAndCompressed) {
  const Dataset dataset = sample(40'000);  // pigment: 3.84 MB in several chunks
  const auto image = to_image(dataset);
  EXPECT_LT(image.size(), 2u * 40'000 * 2 * 3 * sizeof(double));
  EXPECT_TRUE(test::same(from_image(image), dataset));
}

TEST(Image, ComesBackWithManyChunkedTexts) {
  Dataset dataset;
  dataset.dimensions = {{"run", 9000}};
  std::vector<std::string> texts(9000);
  for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = std::string(i % 7, 'a') + std::to_string(i);
  dataset.variables = {{"message", {"run"}, texts, {}}};
  EXPECT_TRUE(test::same(from_image(to_image(dataset)), dataset));
}

TEST(Image, OfAnEmptyDatasetIsAFile) { EXPECT_TRUE(test::same(from_image(to_image(Dataset{})), Dataset{})); }

TEST(Image, OfTheSameDatasetHasTheSameBytes) {
  const auto first = to_image(sample(20'000));
  // Different dirt on the heap must not reach the file.
  std::vector<std::vector<unsigned char>> dirt;
  for (int i = 0; i < 200; ++i) dirt.emplace_back(5000 + 37 * i, 0xa5);
  dirt.clear();
  static_cast<void>(to_image(sample(100)));
  EXPECT_EQ(sha256_hex(to_image(sample(20'000))), sha256_hex(first));
}

TEST(Image, MayBeBuiltByManyThreads) {
  const std::string expected = sha256_hex(to_image(sample()));
  std::vector<std::string> found(4);
  std::vector<std::thread> threads;
  for (std::string& hash : found)
    threads.emplace_back([&hash] {
      for (int i = 0; i < 20; ++i) hash = sha256_hex(to_image(from_image(to_image(sample()))));
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& hash : found) EXPECT_EQ(hash, expected);
}

TEST(Image, IsRefusedWhenEmptyForeignOrCutShort) {
  const auto refusal = [](std::span<const std::byte> bytes) {
    return test::message_of<FormatError>([&] { static_cast<void>(from_image(bytes)); });
  };
  EXPECT_THAT(refusal({}), HasSubstr("empty (0 bytes)"));
  EXPECT_THAT(refusal(test::bytes_of("time,depth\n1,2\n")), HasSubstr("does not start with the HDF5 signature"));
  const auto image = to_image(sample());
  for (std::size_t size = 0; size < image.size(); size += size < 200 ? 1 : 997)
    EXPECT_NE(refusal(std::span(image).first(size)), "") << "cut at " << size << " of " << image.size();
}

}  // namespace
}  // namespace inkfade::storage
