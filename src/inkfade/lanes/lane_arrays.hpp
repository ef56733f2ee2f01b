#pragma once

namespace inkfade::lanes {

/// What a block of lanes computes on. Arrays are owned by LaneBlock; item q of lane l lies at [q * width + l]. Where
/// numbers carry derivatives, it lies at [2 q * width + l] and its derivative at [(2 q + 1) * width + l].
///
/// Units compiled for other instruction sets read it, too: it must stay plain numbers and pointers.
struct LaneArrays {
  int n_cells = 0;
  int n_classes = 0;
  int first_dermal_cell = 0;
  int n_layers = 0;
  bool self_shading = false;
  bool only_masses = false;  ///< functionals are pool masses and the ledger, and no load is observed

  // What a lane is loaded with.
  double* constants = nullptr;        ///< the members of ColumnConstants, in their order
  double* forcing = nullptr;          ///< the members of Forcing, in their order
  double* cell_tables[8]{};           ///< width .. visible of ColumnTables (n_cells each)
  double* class_tables[2]{};          ///< uptake, lymph_gate (n_classes each)
  double* conductance = nullptr;      ///< (n_cells + 1, n_classes)
  double* layer_width = nullptr;      ///< cell width where the cell lies in the layer, else 0 (n_layers, n_cells) [m]
  double* depth = nullptr;            ///< cell centre z (n_cells) [m]
  double* depth_square = nullptr;     ///< mean of z^2 over the cell (n_cells) [m2]
  double* rtol = nullptr;             ///< [1]
  double* pigment_atol = nullptr;     ///< [kg/m3]
  double* macrophage_atol = nullptr;  ///< [1/m3]

  // A step: from where, how far, and what came of it.
  double* time = nullptr;                ///< [s]
  double* step = nullptr;                ///< [s]
  double* state = nullptr;               ///< (size)
  double* increments[3]{};               ///< (size each)
  double* state_new = nullptr;           ///< (size)
  double* error = nullptr;               ///< mean square of the error over its tolerance [1]
  double* lowest_pigment = nullptr;      ///< [kg/m3]
  double* lowest_macrophages = nullptr;  ///< [1/m3]
  double* peak_load = nullptr;           ///< of a step, as it is judged (StepOutcome) [1]
  double* mass = nullptr;                ///< pigment in skin after the step [kg/m2]

  // Sums over the state, of the state at the start of the step and of its increments: see Functional. attempt() sets
  // those over pools (the first three) and held, sum() the others.
  double* functionals[4]{};  ///< (n_functionals each)
  double* held[4]{};         ///< pigment in macrophages (n_cells each) [kg/m3]
  double* spill = nullptr;   ///< of masses only: where it is not above 0, no load passes 1 within the step [kg/m3]

  // Dense output, several times a lane.
  int n_rounds = 0;                 ///< times
  double* theta = nullptr;          ///< shares of the step in [0, 1] (n_rounds)
  double* observed = nullptr;       ///< functionals there (n_rounds, n_functionals)
  double* observed_load = nullptr;  ///< largest macrophage loads there, at most 1 (n_rounds)

  double* scratch = nullptr;
};

/// Order of the functionals: f, m and b mass; then per class; per layer; then sums of mass times z and z^2; then the
/// ledger as in the state. Of masses only, those between the pools and the ledger are left out.
constexpr int first_of_ledger(int n_classes, int n_layers, bool only_masses) {
  return 3 + (only_masses ? 0 : n_classes + n_layers + 2);
}
constexpr int n_functionals(int n_classes, int n_layers, bool only_masses) {
  return first_of_ledger(n_classes, n_layers, only_masses) + 3 + n_classes;
}

/// Compiled for one instruction set.
struct LaneKernels {
  int width = 0;                                                        ///< lanes
  unsigned long (*scratch_size)(int n_cells, int n_classes) = nullptr;  ///< doubles of LaneArrays::scratch
  void (*attempt)(const LaneArrays&) = nullptr;                         ///< tries a step in every lane
  void (*sum)(const LaneArrays&) = nullptr;                             ///< sets the functionals but for the pools
  void (*observe)(const LaneArrays&) = nullptr;                         ///< sets observed and observed_load from theta
};

}  // namespace inkfade::lanes
