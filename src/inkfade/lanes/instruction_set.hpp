#pragma once

#include "inkfade/base/instruction_set.hpp"
#include "inkfade/lanes/lane_arrays.hpp"

namespace inkfade::lanes {

// Lanes speak of instruction sets as if they were their own.
using inkfade::best_instruction_set;
using inkfade::instruction_sets;
using inkfade::InstructionSet;
using inkfade::name;

/// What lanes compute with: numbers, or numbers each with its derivative in a direction of the lane's own.
enum class Numbers { plain, with_slopes };

[[nodiscard]] const LaneKernels& kernels(InstructionSet set, Numbers numbers = Numbers::plain);

}  // namespace inkfade::lanes
