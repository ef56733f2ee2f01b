#pragma once

#include <array>
#include <string_view>

#include "inkfade/parameters/registry.hpp"
#include "inkfade/parameters/scenario.hpp"

namespace inkfade::parameters {

/// What is fixed about a field of a session, a span or an intervention: "at", "from", "to", "kind", "washing", ...
/// They are no parameters: a scenario holds them once per session or span.
/// Precondition: `name` is such a field.
const ParameterInfo& protocol_field(std::string_view name);

/// The name of a 0..1 field of an aftercare span, and where the span keeps it.
struct AftercareField {
  const char* name;
  double AftercareSpan::*member;
};

inline constexpr std::array<AftercareField, 5> aftercare_fields{{
    {"washing", &AftercareSpan::washing},
    {"scab_disturbance", &AftercareSpan::scab_disturbance},
    {"moisturiser", &AftercareSpan::moisturiser},
    {"exfoliant", &AftercareSpan::exfoliant},
    {"massage", &AftercareSpan::massage},
}};

}  // namespace inkfade::parameters
