#include "inkfade/base/float_environment.hpp"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace inkfade {

#if defined(__x86_64__)

namespace {
// Exceptions masked (0x1f80), round to nearest, flush-to-zero (0x8000), denormals-are-zero (0x0040).
constexpr unsigned kernel_control = 0x1f80U | 0x8000U | 0x0040U;
}  // namespace

KernelFloatEnvironment::KernelFloatEnvironment() noexcept : saved_(_mm_getcsr()) { _mm_setcsr(kernel_control); }
KernelFloatEnvironment::~KernelFloatEnvironment() { _mm_setcsr(static_cast<unsigned>(saved_)); }

#elif defined(__aarch64__)

KernelFloatEnvironment::KernelFloatEnvironment() noexcept : saved_(0) {
  asm volatile("mrs %0, fpcr" : "=r"(saved_));
  const std::uint64_t flush = std::uint64_t{1} << 24;
  asm volatile("msr fpcr, %0" ::"r"(flush));
}
KernelFloatEnvironment::~KernelFloatEnvironment() { asm volatile("msr fpcr, %0" ::"r"(saved_)); }

#else

KernelFloatEnvironment::KernelFloatEnvironment() noexcept : saved_(0) {}
KernelFloatEnvironment::~KernelFloatEnvironment() = default;

#endif

}  // namespace inkfade
