#define INKFADE_PACK 4
#define INKFADE_OPTICS_KERNELS avx2_optics
#include "inkfade/appearance/optics_unit.hpp"
