#pragma once

#include <cstring>
#include <vector>

#include "inkfade/simulation/solution.hpp"

namespace inkfade::selfcheck {

inline bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

/// Everything but the wall time, bit for bit (NaN equals itself).
inline bool same_bits(const simulation::Solution& a, const simulation::Solution& b) {
  const auto fields = [](const simulation::Solution& s) {
    return std::vector<const std::vector<double>*>{
        &s.z,          &s.z_bounds,    &s.diameter,      &s.layer_bounds,    &s.time,
        &s.pigment,    &s.macrophages, &s.mass,          &s.macrophage_load, &s.layer_mass,
        &s.class_mass, &s.ledger,      &s.deposited,     &s.ledger_residual, &s.drained_by_class,
        &s.patch_dose, &s.centroid,    &s.spread,        &s.peak_load,       &s.retained_of_deposit,
        &s.event_time, &s.visit_time,  &s.visit_measure, &s.visit_deposited, &s.retained_of_healed};
  };
  const auto of_a = fields(a);
  const auto of_b = fields(b);
  for (std::size_t i = 0; i < of_a.size(); ++i) {
    if (!same_bits(*of_a[i], *of_b[i])) return false;
  }
  const std::vector<double> scalars_a{a.status_time, a.status_depth, a.healed_time, a.healed_mass, a.touch_up.time};
  const std::vector<double> scalars_b{b.status_time, b.status_depth, b.healed_time, b.healed_mass, b.touch_up.time};
  return same_bits(scalars_a, scalars_b) && a.status == b.status && a.message == b.message &&
         a.event_kind == b.event_kind && a.touch_up.observed == b.touch_up.observed &&
         a.statistics.accepted == b.statistics.accepted && a.statistics.rejected == b.statistics.rejected;
}

}  // namespace inkfade::selfcheck
