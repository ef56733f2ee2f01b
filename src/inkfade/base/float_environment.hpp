#pragma once

#include <cstdint>

namespace inkfade {

/// For its lifetime: round to nearest, subnormals flushed to zero, floating-point traps off. The caller's state returns
/// with the destructor.
///
/// Decaying tails turn subnormal and cost several times the time of normal numbers; a library built for fast maths may
/// have switched flushing on or off for the whole process. Either way the bits of a run must not depend on it.
class KernelFloatEnvironment {
 public:
  KernelFloatEnvironment() noexcept;
  ~KernelFloatEnvironment();
  KernelFloatEnvironment(const KernelFloatEnvironment&) = delete;
  KernelFloatEnvironment& operator=(const KernelFloatEnvironment&) = delete;

 private:
  std::uint64_t saved_;
};

}  // namespace inkfade
