#pragma once

#include <cstdint>
#include <string_view>

namespace inkfade::simulation {

/// A rung of the model ladder: how much of the skin's geometry a run resolves. The kinetics are the same on all.
enum class Rung : std::int32_t {
  column = 0,      ///< profiles over depth
  well_mixed = 1,  ///< one epidermis and one dermis, each well mixed: no depth, equations (W1)-(W4)
};

/// The stable name of a rung, as in result files.
[[nodiscard]] constexpr std::string_view name(Rung rung) { return rung == Rung::well_mixed ? "well_mixed" : "column"; }

}  // namespace inkfade::simulation
