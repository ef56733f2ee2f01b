#pragma once

#include <cstdint>
#include <vector>

namespace inkfade::selfcheck {

/// The bits of one elementary function of base/math.kernel.hpp over many arguments.
struct FunctionBits {
  const char* name;
  std::uint64_t digest;    ///< FNV-1a of the results' bits, here and now
  std::uint64_t expected;  ///< the same on every machine
};

/// Every elementary function that kernels use. @param bias arguments are multiplied by 1 + bias: 0, except to see a
/// check fail
[[nodiscard]] std::vector<FunctionBits> function_bits(double bias = 0.0);

}  // namespace inkfade::selfcheck
