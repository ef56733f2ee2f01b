// Compiled once for each instruction set, with INKFADE_ISA and INKFADE_LANES set: include it once in a unit of its own,
// and nothing else there, so that no code for a wider processor can be linked into the rest of the program.
#include "inkfade/lanes/lane_arrays.hpp"
#include "inkfade/lanes/lane_kernels.kernel.hpp"

namespace inkfade::lanes {

namespace {

constexpr int lanes_of_unit = INKFADE_LANES;
using Plain = INKFADE_ISA::Pack<lanes_of_unit>;
using WithSlopes = INKFADE_ISA::TangentPack<lanes_of_unit>;

template <class S>
unsigned long scratch_size(int n_cells, int n_classes) {
  using INKFADE_ISA::LaneWork;
  return n_classes == 6 ? LaneWork<S, 6, LaneArrays>::scratch_size(n_cells, n_classes)
                        : LaneWork<S, 0, LaneArrays>::scratch_size(n_cells, n_classes);
}
// Flat: what a cell does is inlined into the sweeps over cells, 7 % of the time of a step.
[[gnu::flatten]] void attempt(const LaneArrays& arrays) {
  INKFADE_ISA::on_lanes<Plain>(arrays, [](auto& lanes) { lanes.attempt(); });
}
void attempt_with_slopes(const LaneArrays& arrays) {
  INKFADE_ISA::on_lanes<WithSlopes>(arrays, [](auto& lanes) { lanes.attempt(); });
}
template <class S>
void sum(const LaneArrays& arrays) {
  INKFADE_ISA::on_lanes<S>(arrays, [](auto& lanes) { lanes.sum(); });
}
template <class S>
void observe(const LaneArrays& arrays) {
  INKFADE_ISA::on_lanes<S>(arrays, [](auto& lanes) { lanes.observe(); });
}

}  // namespace

extern const LaneKernels INKFADE_LANE_KERNELS[2];
const LaneKernels INKFADE_LANE_KERNELS[2]{
    {lanes_of_unit, scratch_size<Plain>, attempt, sum<Plain>, observe<Plain>},
    {lanes_of_unit, scratch_size<WithSlopes>, attempt_with_slopes, sum<WithSlopes>, observe<WithSlopes>}};

}  // namespace inkfade::lanes
