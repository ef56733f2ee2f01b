#define INKFADE_LANES 8
#define INKFADE_LANE_KERNELS avx512_kernels
#include "inkfade/lanes/instruction_set_unit.hpp"
