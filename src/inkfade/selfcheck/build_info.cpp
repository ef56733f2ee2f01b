#include "inkfade/selfcheck/build_info.hpp"

namespace inkfade::selfcheck {

std::string compiler() {
#if defined(__clang__)
  return std::string("Clang ") + __clang_version__;
#elif defined(__GNUC__)
  return std::string("GCC ") + __VERSION__;
#else
  return "unknown";
#endif
}

std::string instruction_set() {
#if defined(__AVX512F__)
  return "x86-64 with AVX-512";
#elif defined(__AVX2__)
  return "x86-64 with AVX2";
#elif defined(__AVX__)
  return "x86-64 with AVX";
#elif defined(__x86_64__)
  return "x86-64 baseline (SSE2)";
#elif defined(__aarch64__)
  return "AArch64 (NEON)";
#else
  return "unknown";
#endif
}

std::string build_kind() {
#if defined(NDEBUG)
  return "optimised, no assertions";
#else
  return "with assertions";
#endif
}

}  // namespace inkfade::selfcheck
