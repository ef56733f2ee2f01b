#pragma once

#include <cstdint>
#include <string_view>

namespace inkfade {

/// How a run ended. The numbers are stable: they are stored in result files.
enum class Status : std::int32_t {
  ok = 0,
  too_many_steps = 1,
  step_underflow = 2,
  error_test_failures = 3,
  singular_matrix = 4,
  nonfinite_rate = 5,
  nonfinite_state = 6,
  ledger_broken = 7,
  negative_state = 8,
  deadline = 9,
  cancelled = 10,
  memory_limit = 11,
};

inline constexpr std::int32_t status_count = 12;

/// The stable short name of a status, as in flag_meanings of result files.
[[nodiscard]] std::string_view name(Status status);

/// What a status means and what to try, one sentence each.
[[nodiscard]] std::string_view advice(Status status);

}  // namespace inkfade
