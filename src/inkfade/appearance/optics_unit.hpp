// Compiled once for each instruction set, with INKFADE_ISA and INKFADE_PACK set: include it once in a unit of its own,
// and nothing else there, so that no code for a wider processor can be linked into the rest of the program.
#include "inkfade/appearance/optics_arrays.hpp"
#include "inkfade/appearance/stack_kernels.kernel.hpp"

namespace inkfade::appearance {

namespace {

constexpr int width = INKFADE_PACK;
using Lanes = INKFADE_ISA::Pack<width>;

unsigned long stack_size(int streams, int n_wavelengths) {
  return static_cast<unsigned long>((streams * streams + streams) * n_wavelengths);
}
unsigned long scratch_size(int streams, int) {
  using Solver = INKFADE_ISA::AddingDoubling<0, Lanes, StreamTables>;
  return Solver::scratch_size(streams) * static_cast<unsigned long>(width);
}
void start(const StackArrays& arrays) {
  INKFADE_ISA::with_streams<width>(arrays, [](auto& solver) { solver.start(); });
}
[[gnu::flatten]] void add(const StackArrays& arrays) {
  INKFADE_ISA::with_streams<width>(arrays, [](auto& solver) { solver.add(); });
}
void look(const StackArrays& arrays) {
  INKFADE_ISA::with_streams<width>(arrays, [](auto& solver) { solver.look(); });
}

unsigned long two_stream_size(int, int n_wavelengths) { return static_cast<unsigned long>(4 * n_wavelengths); }
unsigned long no_scratch(int, int) { return 0; }
void two_stream_start(const StackArrays& arrays) {
  INKFADE_ISA::DeltaEddingtonOnPacks<width, StackArrays>(arrays).start();
}
void two_stream_add(const StackArrays& arrays) { INKFADE_ISA::DeltaEddingtonOnPacks<width, StackArrays>(arrays).add(); }
void two_stream_look(const StackArrays& arrays) {
  INKFADE_ISA::DeltaEddingtonOnPacks<width, StackArrays>(arrays).look();
}

void pack(double* mu, double path, int n) {
  auto* values = reinterpret_cast<Lanes*>(mu);
  for (int i = 0; i < n / width; ++i) {
    values[i] = values[i] * INKFADE_ISA::packaging_factor(values[i] * Lanes(path));
  }
}

}  // namespace

extern const OpticsKernels INKFADE_OPTICS_KERNELS;
const OpticsKernels INKFADE_OPTICS_KERNELS{
    width,
    {stack_size, scratch_size, start, add, look},
    {two_stream_size, no_scratch, two_stream_start, two_stream_add, two_stream_look},
    pack};

}  // namespace inkfade::appearance
