#pragma once

#include <string_view>
#include <vector>

#include "inkfade/lanes/lane_arrays.hpp"

namespace inkfade::lanes {

/// Instruction sets that the lanes are compiled for; results are the same bits with each of them.
enum class InstructionSet { narrow, avx2, avx512 };

/// What lanes compute with: numbers, or numbers each with its derivative in a direction of the lane's own.
enum class Numbers { plain, with_slopes };

/// "narrow" (SSE2 on x86-64, NEON on aarch64: two lanes), "avx2" (four) or "avx512" (eight).
[[nodiscard]] std::string_view name(InstructionSet set);
/// Those that this program was built with and this processor has, narrowest first.
[[nodiscard]] const std::vector<InstructionSet>& instruction_sets();
/// The widest of instruction_sets(), unless the environment variable INKFADE_INSTRUCTION_SET names another of them.
/// @throws ParameterError where it names none
[[nodiscard]] InstructionSet best_instruction_set();
[[nodiscard]] const LaneKernels& kernels(InstructionSet set, Numbers numbers = Numbers::plain);

}  // namespace inkfade::lanes
