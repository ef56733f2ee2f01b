#pragma once

namespace inkfade::selfcheck {

/// One dermal cell, three size classes, capacities so large that every term is linear, over 20 days: largest error of
/// any pool or ledger entry against the matrix exponential; the pools start at 0 to 1 [kg/m3].
/// @param bias the exact values are multiplied by 1 + bias: 0, except to see a check fail @throws IntegrationError
[[nodiscard]] double kinetics_error(double rtol, double bias = 0.0);

}  // namespace inkfade::selfcheck
