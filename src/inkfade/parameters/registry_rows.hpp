#pragma once

#include <span>

#include "inkfade/parameters/registry.hpp"

namespace inkfade::parameters::rows {

/// A registry entry as it is written in the tables. `unit` "1": dimensionless.
struct Row {
  const char* name;
  const char* alias;
  Kind kind;
  const char* unit;
  const char* lower;
  const char* upper;
  const char* choices;  ///< separated by single spaces
  const char* symbol;
  const char* description;
  const char* fallback = "";  ///< see ParameterInfo
};

/// A parameter that came after the first complete scenario files: theirs leave it out.
constexpr Row later(Row row, const char* fallback) {
  row.fallback = fallback;
  return row;
}

constexpr Row real(const char* name, const char* unit, const char* lower, const char* upper, const char* symbol,
                   const char* description, const char* alias = "") {
  return {name, alias, Kind::real, unit, lower, upper, "", symbol, description};
}

constexpr Row integer(const char* name, const char* lower, const char* upper, const char* symbol,
                      const char* description) {
  return {name, "", Kind::integer, "1", lower, upper, "", symbol, description};
}

constexpr Row boolean(const char* name, const char* description) {
  return {name, "", Kind::boolean, "1", "", "", "", "", description};
}

constexpr Row choice(const char* name, const char* choices, const char* description) {
  return {name, "", Kind::choice, "1", "", "", choices, "", description};
}

std::span<const Row> skin();
std::span<const Row> procedure();  ///< ink and procedure
std::span<const Row> cells();      ///< macrophages and stroma
std::span<const Row> protocol();   ///< aftercare, exposure, interventions, touch_up
std::span<const Row> run();        ///< run, numerics

}  // namespace inkfade::parameters::rows
