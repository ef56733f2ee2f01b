#include "inkfade/appearance/optics_kernels.hpp"

namespace inkfade::appearance {

extern const OpticsKernels narrow_optics;
#if defined(__x86_64__)
extern const OpticsKernels avx2_optics;
extern const OpticsKernels avx512_optics;
#endif

const OpticsKernels& kernels(InstructionSet set) {
#if defined(__x86_64__)
  if (set == InstructionSet::avx2) return avx2_optics;
  if (set == InstructionSet::avx512) return avx512_optics;
#else
  static_cast<void>(set);
#endif
  return narrow_optics;
}

}  // namespace inkfade::appearance
