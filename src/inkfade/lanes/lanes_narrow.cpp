#define INKFADE_LANES 2
#define INKFADE_LANE_KERNELS narrow_kernels
#include "inkfade/lanes/instruction_set_unit.hpp"
