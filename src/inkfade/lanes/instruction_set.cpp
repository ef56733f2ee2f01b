#include "inkfade/lanes/instruction_set.hpp"

namespace inkfade::lanes {

extern const LaneKernels narrow_kernels;
#if defined(__x86_64__)
extern const LaneKernels avx2_kernels;
extern const LaneKernels avx512_kernels;
#endif

const LaneKernels& kernels(InstructionSet set) {
#if defined(__x86_64__)
  if (set == InstructionSet::avx2) return avx2_kernels;
  if (set == InstructionSet::avx512) return avx512_kernels;
#else
  static_cast<void>(set);
#endif
  return narrow_kernels;
}

}  // namespace inkfade::lanes
