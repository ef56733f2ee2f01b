#define INKFADE_PACK 2
#define INKFADE_OPTICS_KERNELS narrow_optics
#include "inkfade/appearance/optics_unit.hpp"
