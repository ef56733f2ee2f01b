#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/registry.hpp"
#include "inkfade/parameters/suggest.hpp"

namespace inkfade::parameters {
namespace {

using testing::HasSubstr;

TEST(Registry, HasUniqueNamesAndAliases) {
  std::set<std::string> seen;
  for (const ParameterInfo& info : all_parameters()) {
    EXPECT_TRUE(seen.insert(info.name).second) << info.name;
    if (!info.alias.empty()) {
      EXPECT_TRUE(seen.insert(info.alias).second) << info.alias;
    }
  }
}

TEST(Registry, DescribesEveryParameterInOneSentence) {
  for (const ParameterInfo& info : all_parameters()) {
    EXPECT_GT(info.description.size(), 10U) << info.name;
    EXPECT_EQ(info.description.back(), '.') << info.name;
    EXPECT_NE(find_unit(info.unit), nullptr) << info.name;
    if (info.kind == Kind::choice) {
      EXPECT_GE(info.choices.size(), 2U) << info.name;
    }
    if (info.kind == Kind::real || info.kind == Kind::integer) {
      EXPECT_LT(info.lower_si, info.upper_si) << info.name;
    }
  }
}

TEST(Registry, FindsNamesAliasesAndLayers) {
  EXPECT_EQ(find_parameter("depth"), find_parameter("procedure.depth"));
  EXPECT_EQ(canonical_name("depth"), "procedure.depth");
  EXPECT_EQ(canonical_name("procedure.depth"), "procedure.depth");
  ASSERT_NE(find_parameter("skin.papillary_dermis.thickness"), nullptr);
  EXPECT_TRUE(find_parameter("skin.papillary_dermis.thickness")->is_layer_template());
  for (const char* name : {"", "skin", "skin.<layer>.thickness", "skin.wound.thickness", "skin.Layer.thickness",
                           "skin.papillary_dermis", "skin.a.b.c", "skin..thickness", "skin.papillary_dermis."}) {
    EXPECT_EQ(find_parameter(name), nullptr) << name;
  }
}

TEST(Registry, HoldsBoundsInSi) {
  const ParameterInfo& thickness = parameter("skin.papillary_dermis.thickness");
  EXPECT_EQ(thickness.lower, "1 um");
  EXPECT_EQ(thickness.lower_si, 1e-6);
  EXPECT_EQ(thickness.upper_si, 0.01);
  EXPECT_EQ(format_value(thickness, 150e-6), "150 um");
}

struct Mistake {
  const char* typed;
  const char* meant;
};

class DidYouMean : public testing::TestWithParam<Mistake> {};

TEST_P(DidYouMean, NamesWhatWasMeant) {
  EXPECT_EQ(suggest_parameter(GetParam().typed), std::string(" (did you mean ") + GetParam().meant + "?)");
  try {
    static_cast<void>(parameter(GetParam().typed));
    FAIL() << GetParam().typed;
  } catch (const ParameterError& error) {
    EXPECT_THAT(error.what(), HasSubstr(GetParam().meant));
    EXPECT_THAT(error.what(), HasSubstr(GetParam().typed));
  }
}

INSTANTIATE_TEST_SUITE_P(Names, DidYouMean,
                         testing::Values(Mistake{"dept", "procedure.depth"},
                                         Mistake{"procedure.dpeth", "procedure.depth"},
                                         Mistake{"dot_densty", "procedure.dot_density"},
                                         Mistake{"halflife", "macrophages.half_life"},
                                         Mistake{"skin.papillary_dermis.thicknes", "skin.papillary_dermis.thickness"},
                                         Mistake{"numerics.cell", "numerics.cells"}));

TEST(DidYouMean, SaysNothingWhereNothingIsNear) {
  EXPECT_EQ(suggest_parameter("completely_different_thing"), "");
  EXPECT_EQ(suggest_parameter(""), "");
  EXPECT_EQ(suggest_parameter(std::string(1'000'000, 'x')), "");
}

TEST(EditDistance, CountsSingleLetterMistakes) {
  EXPECT_EQ(edit_distance("depth", "depth"), 0U);
  EXPECT_EQ(edit_distance("depth", "dept"), 1U);
  EXPECT_EQ(edit_distance("depth", "dpeth"), 1U);
  EXPECT_EQ(edit_distance("depth", "death"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
}

}  // namespace
}  // namespace inkfade::parameters
