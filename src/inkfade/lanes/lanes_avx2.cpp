#define INKFADE_LANES 4
#define INKFADE_LANE_KERNELS avx2_kernels
#include "inkfade/lanes/instruction_set_unit.hpp"
