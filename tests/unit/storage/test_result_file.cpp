#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/file_checksum.hpp"
#include "inkfade/storage/hdf5_image.hpp"
#include "inkfade/storage/result_file.hpp"
#include "sample.hpp"

namespace inkfade::storage {
namespace {

using test::sample;
using test::TemporaryFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(ResultFile, ComesBackWithItsDigestAndVerifies) {
  const TemporaryFolder folder;
  const Dataset dataset = sample();
  write_result(dataset, folder / "fade.h5", Overwrite::no);
  Dataset expected = dataset;
  expected.attributes.emplace_back("digest", digest(dataset));
  const Dataset found = read_result(folder / "fade.h5");
  EXPECT_TRUE(test::same(found, expected));
  EXPECT_NO_THROW(verify_result(folder / "fade.h5"));
  // What was read may be written again: still one digest, the same bytes.
  write_result(found, folder / "again.h5", Overwrite::no);
  EXPECT_EQ(test::contents(folder / "again.h5"), test::contents(folder / "fade.h5"));
}

TEST(ResultFile, DigestChangesWithEveryResultInputAndSetting) {
  const std::vector<std::function<void(Dataset&)>> changes{
      [](Dataset& d) { std::get<std::vector<double>>(d.variables[5].data)[0] += 1e-15; },
      [](Dataset& d) { std::get<std::vector<double>>(d.variables[5].data)[3] = 0.0; },
      [](Dataset& d) { std::get<std::vector<double>>(d.variables[4].data)[0] = -0.0; },
      [](Dataset& d) { std::get<std::vector<std::int32_t>>(d.variables[8].data)[0] = 1; },
      [](Dataset& d) { std::get<std::vector<std::string>>(d.variables[9].data)[0] = " "; },
      [](Dataset& d) { d.variables[5].attributes[0].second = "ug cm-3"; },
      [](Dataset& d) { d.variables[5].name = "pigments"; },
      [](Dataset& d) { d.attributes[1].second = 1.0; },
      [](Dataset& d) { d.attributes[2].second = 1e-7; },
      [](Dataset& d) { d.attributes.pop_back(), d.attributes.emplace_back("note", "x"); },
      [](Dataset& d) { d.dimensions.emplace_back("other", 1); },
      [](Dataset& d) { d.variables.pop_back(), d.variables.pop_back(); },
  };
  std::vector<std::string> digests{digest(sample())};
  for (const auto& change : changes) {
    Dataset dataset = sample();
    change(dataset);
    digests.push_back(digest(dataset));
  }
  std::sort(digests.begin(), digests.end());
  EXPECT_EQ(std::adjacent_find(digests.begin(), digests.end()), digests.end());
}

TEST(ResultFile, DigestIgnoresTimeAndPlaceAndOrder) {
  Dataset other = sample();
  other.attributes[7].second = "2031-01-01";
  other.attributes[8].second = "elsewhere";
  other.attributes[9].second = 77.0;
  other.variables[11].data = std::vector<double>{8.0};
  std::swap(other.variables[0], other.variables[5]);
  std::swap(other.attributes[0], other.attributes[1]);
  std::swap(other.dimensions[0], other.dimensions[1]);
  std::get<std::vector<double>>(other.variables[0].data)[3] = -std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(digest(other), digest(sample()));
  // The same attribute on a variable is a description, not the time of the run.
  other.variables[0].attributes.emplace_back("date", "x");
  EXPECT_NE(digest(other), digest(sample()));
}

/// A result file with the checksum of its bytes but only the attributes that `dataset` has.
void write_sealed(Dataset dataset, const std::filesystem::path& path) {
  dataset.attributes.emplace_back(checksum_attribute, unsealed_checksum());
  std::vector<std::byte> image = to_image(dataset);
  seal(image);
  write_atomically(path, image, Overwrite::no);
}

TEST(ResultFile, VerifyNamesExpectedAndFoundDigest) {
  const TemporaryFolder folder;
  Dataset dataset = sample();
  dataset.attributes.emplace_back("digest", std::string(64, '0'));
  write_sealed(dataset, folder / "wrong.h5");
  EXPECT_THAT(test::message_of<FormatError>([&] { verify_result(folder / "wrong.h5"); }),
              AllOf(HasSubstr("wrong.h5"), HasSubstr("expected digest 0000"), HasSubstr("found " + digest(sample()))));
  write_sealed(sample(), folder / "bare.h5");
  EXPECT_THAT(test::message_of<FormatError>([&] { verify_result(folder / "bare.h5"); }),
              HasSubstr("there is no text attribute 'digest'"));
}

TEST(ResultFile, NoChangedByteIsAccepted) {
  const TemporaryFolder folder;
  write_result(sample(), folder / "fade.h5", Overwrite::no);
  const std::string original = test::contents(folder / "fade.h5");
  const unsigned seed = 3;
  std::mt19937_64 random(seed);
  for (std::size_t at = 0; at < original.size(); at += 1 + random() % 199) {
    std::string changed = original;
    changed[at] = static_cast<char>(changed[at] ^ static_cast<char>(1 + random() % 255));
    test::put(folder / "changed.h5", changed);
    EXPECT_NE(test::message_of<FormatError>([&] { static_cast<void>(read_result(folder / "changed.h5")); }), "")
        << "byte " << at << ", seed " << seed;
  }
}

TEST(ResultFile, IsRefusedWhenEmptyForeignCutShortOrLonger) {
  const TemporaryFolder folder;
  write_result(sample(), folder / "fade.h5", Overwrite::no);
  const std::string original = test::contents(folder / "fade.h5");
  const auto refusal = [&](const std::string& bytes) {
    test::put(folder / "changed.h5", bytes);
    return test::message_of<FormatError>([&] { verify_result(folder / "changed.h5"); });
  };
  EXPECT_THAT(refusal(""), AllOf(HasSubstr("changed.h5"), HasSubstr("empty (0 bytes)")));
  EXPECT_THAT(refusal("time,depth\n1,2\n"), HasSubstr("does not start with the HDF5 signature"));
  EXPECT_THAT(refusal(original.substr(0, 300)), HasSubstr("was cut short"));
  EXPECT_THAT(refusal(original + "more"), HasSubstr("has changed since it was written: expected checksum"));
  for (std::size_t size = 0; size < original.size(); size += 499) EXPECT_NE(refusal(original.substr(0, size)), "");
}

TEST(ResultFile, RefusesANewerFormat) {
  const TemporaryFolder folder;
  Dataset dataset = sample();
  dataset.attributes.emplace_back("inkfade_format", newest_format + 1);
  write_result(dataset, folder / "newer.h5", Overwrite::no);
  EXPECT_THAT(test::message_of<FormatError>([&] { static_cast<void>(read_result(folder / "newer.h5")); }),
              AllOf(HasSubstr("has format 2, this program reads up to format 1"), HasSubstr("newer inkfade")));
}

TEST(ResultFile, RefusesTheWordsOfTheChecksumElsewhere) {
  const TemporaryFolder folder;
  Dataset dataset = sample();
  dataset.attributes[0].second = unsealed_checksum();
  EXPECT_THAT(test::message_of<ParameterError>([&] { write_result(dataset, folder / "a.h5", Overwrite::no); }),
              HasSubstr("reserved for the attribute file_checksum"));
  EXPECT_EQ(test::count_entries(folder.path()), 0u);
}

}  // namespace
}  // namespace inkfade::storage
