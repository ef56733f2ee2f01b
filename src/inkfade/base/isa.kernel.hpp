#pragma once

// Kernels live in a namespace named after the instruction set that their translation unit is compiled for, so that
// code for one set can never be linked in place of another's. Ordinary translation units get `baseline`.
#ifndef INKFADE_ISA
#define INKFADE_ISA baseline
#endif
