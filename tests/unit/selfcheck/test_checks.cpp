#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cfenv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "inkfade/base/errors.hpp"
#include "inkfade/selfcheck/check.hpp"
#include "inkfade/selfcheck/function_bits.hpp"
#include "inkfade/selfcheck/laws.hpp"
#include "inkfade/simulation/simulate.hpp"

namespace inkfade::selfcheck {
void PrintTo(const Check& check, std::ostream* out) { *out << check.name; }
}  // namespace inkfade::selfcheck

namespace {

using namespace inkfade;
using selfcheck::Check;

constexpr unsigned few_scenarios = 4;  // every check as it is, with less work

std::vector<Check> all_checks() {
  std::vector<Check> checks;
  for (const auto& group : {selfcheck::exact_checks(), selfcheck::law_checks()}) {
    checks.insert(checks.end(), group.begin(), group.end());
  }
  return checks;
}

/// NaN where the check ends with an error of the core, which is a failure, too.
double measured(const Check& check, double bias) {
  selfcheck::Options options;
  options.scenarios = few_scenarios;
  options.bias = bias;
  try {
    return check.measure(options).value;
  } catch (const Error&) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

class EveryCheck : public testing::TestWithParam<Check> {};

TEST_P(EveryCheck, Passes) {
  const double value = measured(GetParam(), 0.0);
  EXPECT_TRUE(GetParam().accepts(value)) << value << " of " << GetParam().lower << " .. " << GetParam().upper;
}

TEST_P(EveryCheck, FailsWhereItsReferenceIsWrongByAHundredth) {
  const double value = measured(GetParam(), 1e-2);
  EXPECT_FALSE(GetParam().accepts(value)) << value << " of " << GetParam().lower << " .. " << GetParam().upper;
}

TEST_P(EveryCheck, NeverAcceptsNaN) { EXPECT_FALSE(GetParam().accepts(std::numeric_limits<double>::quiet_NaN())); }

TEST_P(EveryCheck, SaysWhatItClaimsComparesAndMeasures) {
  for (const std::string_view text : {GetParam().claim, GetParam().reference, GetParam().quantity}) {
    EXPECT_FALSE(text.empty());
  }
  EXPECT_THAT(std::string(GetParam().quantity), testing::EndsWith("]")) << "the unit in brackets";
}

INSTANTIATE_TEST_SUITE_P(Selfcheck, EveryCheck, testing::ValuesIn(all_checks()), [](const auto& of) {
  std::string name(of.param.name);
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST(LawChecks, OfManyRunsEndAfterAStopRequest) {
  selfcheck::Options options;
  options.stop.request_stop();
  for (const Check& check : selfcheck::law_checks()) {
    if (check.name == "bits-functions") continue;  // no runs, milliseconds
    EXPECT_THROW(check.measure(options), Cancelled) << check.name;
  }
}

TEST(LedgerGap, IsNaNWithoutASavedTime) { EXPECT_TRUE(std::isnan(selfcheck::ledger_gap({}))); }

TEST(LedgerGap, SeesAChangedFate) {
  auto s =
      simulation::simulate(parameters::Scenario::preset("scalp-smp").with({{"run.horizon", std::string("1 year")}}));
  EXPECT_LE(selfcheck::ledger_gap(s), 1e-12);
  s.ledger.back() += 1e-6 * s.deposited.back();
  EXPECT_NEAR(selfcheck::ledger_gap(s), 1e-6, 1e-11);  // the gap before is below 1e-12
}

TEST(FunctionBits, DoNotDependOnTheCallersFloatingPointState) {
  std::fesetround(FE_UPWARD);
  const auto here = selfcheck::function_bits();
  std::fesetround(FE_TONEAREST);
  for (const auto& bits : here) EXPECT_EQ(bits.digest, bits.expected) << bits.name;
}

}  // namespace
