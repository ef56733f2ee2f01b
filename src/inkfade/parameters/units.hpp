#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace inkfade::parameters {

/// The kinds of quantity that inkfade knows; two units convert into each other when they share one.
enum class Dimension : std::uint8_t {
  dimensionless,
  angle,
  length,
  area,
  volume,
  mass,
  time,
  per_time,
  per_length,
  per_area,
  per_volume,
  areal_mass,
  mass_concentration,
  speed,
  diffusivity,
  specific_area,
  area_per_energy,
  energy_per_area,
  per_luminous_exposure,
  luminous_exposure,
};

/// A unit of the whitelist, with the factor to its SI unit. At most one of `multiply` and `divide` differs from 1:
/// 450 um is 450 / 1e6, which rounds once, where 450 * 1e-6 would round twice.
struct Unit {
  std::string spelling;
  Dimension dimension = Dimension::dimensionless;
  double multiply = 1.0;
  double divide = 1.0;

  /// A number in this unit, in SI.
  [[nodiscard]] double to_si(double number) const { return number * multiply / divide; }
  /// An SI value, in this unit.
  [[nodiscard]] double from_si(double value) const { return value * divide / multiply; }
};

/// A number and the unit text behind it, "" where there is none.
struct SplitQuantity {
  double number = 0.0;
  std::string unit;
};

/// The whitelisted unit of this spelling ("um", "µm", "mg cm-2", ...), or nullptr. Safe to call from any thread.
/// @throws FileError where the database of UDUNITS-2 cannot be read.
const Unit* find_unit(std::string_view spelling);

/// The same for a spelling that is known to exist. @throws ParameterError with a suggestion.
const Unit& unit(std::string_view spelling);

/// The spelling of the SI unit of a dimension, e.g. "kg m-2".
std::string_view si_spelling(Dimension dimension);

/// What a dimension is called in messages, e.g. "a length".
std::string_view dimension_name(Dimension dimension);

/// The units in which a dimension may be given, one spelling each: "m, cm, mm, um, nm".
std::string unit_list(Dimension dimension);

/// Splits "450 um" into 450 and "um". Plain decimal numbers only: no nan, inf, hexadecimal or digit separators.
/// nullopt where the text does not begin with such a number or the number overflows.
std::optional<SplitQuantity> split_quantity(std::string_view text);

/// A number with the fewest digits that read back the same.
std::string format_number(double number);

/// An SI value as text in `unit`, rounded to at most `digits` significant digits, e.g. "450 um".
std::string format_quantity(double value_si, const Unit& unit, int digits = 6);

/// An SI value as text that reads back to the same bits: in `unit` where some number does, else in the SI unit.
std::string format_exact(double value_si, const Unit& unit);

}  // namespace inkfade::parameters
