#include "inkfade/appearance/allowed.hpp"

#include <cstdio>

#include "inkfade/base/errors.hpp"

namespace inkfade::appearance {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

void check_range(std::string_view name, double value, std::string_view unit, double lower, double upper,
                 double factor) {
  if (value >= lower && value <= upper) return;
  const std::string after = unit.empty() ? "" : " " + std::string(unit);
  throw ParameterError(std::string(name) + " = " + number(value / factor) + after + ": must be between " +
                       number(lower / factor) + after + " and " + number(upper / factor) + after);
}

}  // namespace inkfade::appearance
