#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "inkfade/base/stop_token.hpp"

namespace inkfade::selfcheck {

struct Options {
  std::uint32_t seed = 20270314;  ///< of the first random scenario, the others count on
  unsigned scenarios = 60;        ///< random ones
  /// Every reference is made wrong by this relative amount: 0, except to see that each check can fail.
  double bias = 0.0;
  StopToken stop;  ///< asks a check that takes long to end soon
};

struct Measured {
  double value = 0.0;
  std::string detail;  ///< what else there is to say; may be empty
};

/// One claim that is checked where inkfade runs: its verdict is that the measured value lies within [lower, upper].
struct Check {
  std::string_view name;       ///< a word to call it by
  std::string_view claim;      ///< what is claimed, for a reader of a paper
  std::string_view reference;  ///< what it is compared with
  std::string_view quantity;   ///< what the measured number is, with its unit in brackets
  double lower;
  double upper;
  /// Does the work. @throws Error where the core does: the check has then failed; Cancelled after a stop request
  Measured (*measure)(const Options& options);

  /// NaN is never accepted.
  [[nodiscard]] bool accepts(double value) const { return value >= lower && value <= upper; }
};

/// Equations and operators against solutions in closed form, with observed orders of accuracy.
[[nodiscard]] std::span<const Check> exact_checks();
/// What must hold for every scenario, and the same bits on every machine.
[[nodiscard]] std::span<const Check> law_checks();

}  // namespace inkfade::selfcheck
