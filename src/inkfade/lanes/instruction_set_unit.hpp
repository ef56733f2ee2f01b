// Compiled once for each instruction set, with INKFADE_ISA and INKFADE_LANES set: include it once in a unit of its own,
// and nothing else there, so that no code for a wider processor can be linked into the rest of the program.
#include "inkfade/lanes/lane_arrays.hpp"
#include "inkfade/lanes/lane_kernels.kernel.hpp"

namespace inkfade::lanes {

namespace {

constexpr int lanes_of_unit = INKFADE_LANES;

unsigned long scratch_size(int n_cells, int n_classes) {
  using INKFADE_ISA::LaneWork;
  return n_classes == 6 ? LaneWork<lanes_of_unit, 6, LaneArrays>::scratch_size(n_cells, n_classes)
                        : LaneWork<lanes_of_unit, 0, LaneArrays>::scratch_size(n_cells, n_classes);
}
// Flat: what a cell does is inlined into the sweeps over cells, 7 % of the time of a step.
[[gnu::flatten]] void attempt(const LaneArrays& arrays) {
  INKFADE_ISA::on_lanes<lanes_of_unit>(arrays, [](auto& lanes) { lanes.attempt(); });
}
void sum(const LaneArrays& arrays) {
  INKFADE_ISA::on_lanes<lanes_of_unit>(arrays, [](auto& lanes) { lanes.sum(); });
}
void observe(const LaneArrays& arrays) {
  INKFADE_ISA::on_lanes<lanes_of_unit>(arrays, [](auto& lanes) { lanes.observe(); });
}

}  // namespace

extern const LaneKernels INKFADE_LANE_KERNELS;
const LaneKernels INKFADE_LANE_KERNELS{lanes_of_unit, scratch_size, attempt, sum, observe};

}  // namespace inkfade::lanes
