#pragma once

#include "inkfade/skin/intervention.hpp"
#include "inkfade/system/column_tables.kernel.hpp"

namespace inkfade::system {

/// Does an intervention to a state, equation (M16): first pigment is fragmented and partly removed, then macrophages
/// die and free what they hold. Pigment is conserved: what leaves is booked as removed. @param y state (layout.size())
void apply_intervention(const skin::Intervention& intervention, const INKFADE_ISA::ColumnTables<double>& tables,
                        double* y);

}  // namespace inkfade::system
