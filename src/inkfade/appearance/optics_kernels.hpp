#pragma once

#include "inkfade/appearance/optics_arrays.hpp"
#include "inkfade/base/instruction_set.hpp"

namespace inkfade::appearance {

/// The optics as compiled for an instruction set; results are the same bits with each.
[[nodiscard]] const OpticsKernels& kernels(InstructionSet set);

}  // namespace inkfade::appearance
