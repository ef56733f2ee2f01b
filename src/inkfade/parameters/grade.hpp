#pragma once

#include <string_view>

#include "inkfade/parameters/scenario.hpp"

namespace inkfade::parameters {

/// The word for a grade in files.
constexpr std::string_view to_string(Grade grade) {
  switch (grade) {
    case Grade::measured:
      return "measured";
    case Grade::inferred:
      return "inferred";
    case Grade::assumed:
      return "assumed";
  }
  return "";
}

}  // namespace inkfade::parameters
