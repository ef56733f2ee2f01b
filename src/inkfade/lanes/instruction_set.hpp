#pragma once

#include "inkfade/base/instruction_set.hpp"
#include "inkfade/lanes/lane_arrays.hpp"

namespace inkfade::lanes {

// Lanes speak of instruction sets as if they were their own.
using inkfade::best_instruction_set;
using inkfade::instruction_sets;
using inkfade::InstructionSet;
using inkfade::name;

[[nodiscard]] const LaneKernels& kernels(InstructionSet set);

}  // namespace inkfade::lanes
