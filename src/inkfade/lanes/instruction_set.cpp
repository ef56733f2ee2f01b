#include "inkfade/lanes/instruction_set.hpp"

namespace inkfade::lanes {

extern const LaneKernels narrow_kernels[2];
#if defined(__x86_64__)
extern const LaneKernels avx2_kernels[2];
extern const LaneKernels avx512_kernels[2];
#endif

const LaneKernels& kernels(InstructionSet set, Numbers numbers) {
  const int which = numbers == Numbers::plain ? 0 : 1;
#if defined(__x86_64__)
  if (set == InstructionSet::avx2) return avx2_kernels[which];
  if (set == InstructionSet::avx512) return avx512_kernels[which];
#else
  static_cast<void>(set);
#endif
  return narrow_kernels[which];
}

}  // namespace inkfade::lanes
