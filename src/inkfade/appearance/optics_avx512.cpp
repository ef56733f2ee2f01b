#define INKFADE_PACK 8
#define INKFADE_OPTICS_KERNELS avx512_optics
#include "inkfade/appearance/optics_unit.hpp"
