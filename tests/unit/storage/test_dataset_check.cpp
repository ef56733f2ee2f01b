#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/dataset_check.hpp"
#include "inkfade/storage/hdf5_image.hpp"
#include "sample.hpp"

namespace inkfade::storage {
namespace {

using test::sample;
using ::testing::HasSubstr;

struct Refusal {
  std::string says;
  std::function<void(Dataset&)> spoil;
};

TEST(DatasetCheck, RefusesWhatIsNotConsistentAndNamesIt) {
  const std::vector<Refusal> refusals{
      {"dimension 'depht' is not in the dataset", [](Dataset& d) { d.variables[0].dims = {"depht"}; }},
      {"variable 'touch_up_time' holds 2 values: its dimensions ask for 1",
       [](Dataset& d) {
         d.variables[10].data = std::vector<double>{1, 2};
       }},
      {"variable 'time' is there twice", [](Dataset& d) { d.variables[3].name = "time"; }},
      {"dimension 'time' is there twice", [](Dataset& d) { d.dimensions.emplace_back("time", 5); }},
      {"named like a dimension", [](Dataset& d) { d.variables[10].name = "spare"; }},
      {"variable name ''", [](Dataset& d) { d.variables[10].name = ""; }},
      {"variable name 'a/b'", [](Dataset& d) { d.variables[10].name = "a/b"; }},
      {"variable name '.'", [](Dataset& d) { d.variables[10].name = "."; }},
      {"variable 'message', value 1: the text must be UTF-8",
       [](Dataset& d) {
         d.variables[9].data = std::vector<std::string>{"", "\xff"};
       }},
      {"attribute 'title': the text must be UTF-8",
       [](Dataset& d) { d.attributes[0].second = std::string("a\0b", 3); }},
      {"attribute 'seed' is there twice", [](Dataset& d) { d.attributes.emplace_back("seed", 1.0); }},
      {"reserved by the netCDF-4 conventions",
       [](Dataset& d) { d.variables[0].attributes.emplace_back("CLASS", "x"); }},
      {"store it as a variable", [](Dataset& d) { d.attributes[3].second = std::vector<double>(10'000); }},
      {"beyond what a computer can address",
       [](Dataset& d) {
         d.dimensions.emplace_back("huge", std::size_t{1} << 40U);
         d.variables[10].dims = {"huge", "huge"};
       }},
      {"at most 32", [](Dataset& d) { d.variables[10].dims.assign(33, "z"); }},
  };
  for (const Refusal& refusal : refusals) {
    Dataset dataset = sample();
    refusal.spoil(dataset);
    EXPECT_THAT(test::message_of<ParameterError>([&] { static_cast<void>(to_image(dataset)); }),
                HasSubstr(refusal.says));
  }
}

TEST(DatasetCheck, KnowsUtf8) {
  for (const char* good : {"", "plain", "µ", "€", "\xf0\x9f\x96\x8b"}) EXPECT_TRUE(is_utf8_text(good)) << good;
  // Lone continuation, overlong two and three bytes, surrogate, beyond U+10FFFF, cut short, five-byte form.
  for (const char* bad : {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xf8"})
    EXPECT_FALSE(is_utf8_text(bad));
  EXPECT_FALSE(is_utf8_text(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace inkfade::storage
