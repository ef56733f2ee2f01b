#pragma once

#include <string_view>
#include <vector>

namespace inkfade {

/// Instruction sets that kernels are compiled for; results are the same bits with each of them.
enum class InstructionSet { narrow, avx2, avx512 };

/// "narrow" (SSE2 on x86-64, NEON on aarch64: packs of two), "avx2" (four) or "avx512" (eight).
[[nodiscard]] std::string_view name(InstructionSet set);
/// Those that this program was built with and this processor has, narrowest first.
[[nodiscard]] const std::vector<InstructionSet>& instruction_sets();
/// The widest of instruction_sets(), unless the environment variable INKFADE_INSTRUCTION_SET names another of them.
/// @throws ParameterError where it names none
[[nodiscard]] InstructionSet best_instruction_set();

}  // namespace inkfade
