#include "inkfade/appearance/packaging.hpp"

#include <string>

#include "inkfade/appearance/allowed.hpp"
#include "inkfade/appearance/packaging.kernel.hpp"
#include "inkfade/base/constants.hpp"

namespace inkfade::appearance {

double packaging_factor(double optical_thickness) { return INKFADE_ISA::packaging_factor(optical_thickness); }

double mean_chord(double radius, double height) {
  return radius + height > 0.0 ? 2.0 * radius * height / (radius + height) : 0.0;
}

void check(const Clumps& clumps) {
  const auto one = [](const char* pool, const Clump& clump) {
    check_range(std::string(pool) + ".fraction", clump.fraction, "", 0.0, 1.0);
    check_range(std::string(pool) + ".diameter", clump.diameter, "um", 0.0, 100 * micrometre, micrometre);
  };
  one("free", clumps.free);
  one("macrophage", clumps.macrophage);
  one("stroma", clumps.stroma);
}

void check(const DotPatch& dots) {
  check_range("coverage", dots.coverage, "", 0.0, 1.0);
  check_range("dot_radius", dots.radius, "um", 0.0, 5000 * micrometre, micrometre);
  check_range("dot_height", dots.height, "um", 0.0, 5000 * micrometre, micrometre);
}

}  // namespace inkfade::appearance
