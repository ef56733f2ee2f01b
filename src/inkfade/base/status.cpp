#include "inkfade/base/status.hpp"

#include <array>
#include <cstddef>

namespace inkfade {

namespace {

struct StatusText {
  std::string_view name;
  std::string_view advice;
};

constexpr std::array<StatusText, status_count> texts{{
    {"ok", "The run reached its horizon."},
    {"too_many_steps", "The step limit was reached: raise numerics.max_steps or loosen numerics.rtol."},
    {"step_underflow", "The step size fell to round-off: loosen numerics.rtol or look for a parameter at its bound."},
    {"error_test_failures", "The error test failed too often in a row: loosen numerics.rtol or refine numerics.cells."},
    {"singular_matrix", "The linear system could not be solved: report this scenario, it should not happen."},
    {"nonfinite_rate", "A rate was not a finite number: look for a parameter at its bound."},
    {"nonfinite_state", "The state was not a finite number: look for a parameter at its bound."},
    {"ledger_broken", "Pigment was not conserved to round-off: report this scenario, it should not happen."},
    {"negative_state", "Negative pigment could not be avoided: tighten numerics.rtol."},
    {"deadline", "The wall-clock limit was reached: raise it, or use fewer cells."},
    {"cancelled", "The caller asked to stop."},
    {"memory_limit", "The run would need more memory than allowed: use fewer cells, classes or saved times."},
}};

const StatusText& text(Status status) { return texts.at(static_cast<std::size_t>(status)); }

}  // namespace

std::string_view name(Status status) { return text(status).name; }
std::string_view advice(Status status) { return text(status).advice; }

}  // namespace inkfade
