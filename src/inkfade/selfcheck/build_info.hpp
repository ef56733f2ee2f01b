#pragma once

#include <string>

namespace inkfade::selfcheck {

/// How this library was compiled: compiler with its version.
[[nodiscard]] std::string compiler();
/// The instruction set that its kernels were compiled for.
[[nodiscard]] std::string instruction_set();
/// "optimised" or "with assertions".
[[nodiscard]] std::string build_kind();

}  // namespace inkfade::selfcheck
