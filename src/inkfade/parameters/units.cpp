#include "inkfade/parameters/units.hpp"

#include <locale.h>
#include <udunits2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <unordered_map>
#include <vector>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/suggest.hpp"

namespace inkfade::parameters {
namespace {

struct Spelling {
  const char* text;
  const char* udunits;  // what UDUNITS-2 is asked
  Dimension dimension;
};

// The whole language of units. A year is 365.25 days here; UDUNITS' own "year" is the tropical one.
constexpr auto spellings = std::to_array<Spelling>({
    {"1", "1", Dimension::dimensionless},
    {"percent", "percent", Dimension::dimensionless},
    {"%", "percent", Dimension::dimensionless},
    {"degree", "degree", Dimension::angle},
    {"degrees", "degree", Dimension::angle},
    {"rad", "radian", Dimension::angle},
    {"m", "m", Dimension::length},
    {"cm", "cm", Dimension::length},
    {"mm", "mm", Dimension::length},
    {"um", "um", Dimension::length},
    {"nm", "nm", Dimension::length},
    {"m2", "m2", Dimension::area},
    {"cm2", "cm2", Dimension::area},
    {"mm2", "mm2", Dimension::area},
    {"um2", "um2", Dimension::area},
    {"m3", "m3", Dimension::volume},
    {"cm3", "cm3", Dimension::volume},
    {"mm3", "mm3", Dimension::volume},
    {"um3", "um3", Dimension::volume},
    {"kg", "kg", Dimension::mass},
    {"g", "g", Dimension::mass},
    {"mg", "mg", Dimension::mass},
    {"ug", "ug", Dimension::mass},
    {"ng", "ng", Dimension::mass},
    {"pg", "pg", Dimension::mass},
    {"s", "s", Dimension::time},
    {"min", "min", Dimension::time},
    {"hour", "hour", Dimension::time},
    {"hours", "hour", Dimension::time},
    {"h", "hour", Dimension::time},
    {"day", "day", Dimension::time},
    {"days", "day", Dimension::time},
    {"week", "week", Dimension::time},
    {"weeks", "week", Dimension::time},
    {"year", "365.25 day", Dimension::time},
    {"years", "365.25 day", Dimension::time},
    {"s-1", "s-1", Dimension::per_time},
    {"1/s", "s-1", Dimension::per_time},
    {"hour-1", "hour-1", Dimension::per_time},
    {"1/hour", "hour-1", Dimension::per_time},
    {"day-1", "day-1", Dimension::per_time},
    {"1/day", "day-1", Dimension::per_time},
    {"/day", "day-1", Dimension::per_time},
    {"week-1", "week-1", Dimension::per_time},
    {"1/week", "week-1", Dimension::per_time},
    {"year-1", "(365.25 day)-1", Dimension::per_time},
    {"1/year", "(365.25 day)-1", Dimension::per_time},
    {"m-1", "m-1", Dimension::per_length},
    {"1/m", "m-1", Dimension::per_length},
    {"cm-1", "cm-1", Dimension::per_length},
    {"1/cm", "cm-1", Dimension::per_length},
    {"mm-1", "mm-1", Dimension::per_length},
    {"1/mm", "mm-1", Dimension::per_length},
    {"um-1", "um-1", Dimension::per_length},
    {"1/um", "um-1", Dimension::per_length},
    {"m-2", "m-2", Dimension::per_area},
    {"1/m2", "m-2", Dimension::per_area},
    {"cm-2", "cm-2", Dimension::per_area},
    {"1/cm2", "cm-2", Dimension::per_area},
    {"mm-2", "mm-2", Dimension::per_area},
    {"1/mm2", "mm-2", Dimension::per_area},
    {"m-3", "m-3", Dimension::per_volume},
    {"1/m3", "m-3", Dimension::per_volume},
    {"cm-3", "cm-3", Dimension::per_volume},
    {"1/cm3", "cm-3", Dimension::per_volume},
    {"mm-3", "mm-3", Dimension::per_volume},
    {"1/mm3", "mm-3", Dimension::per_volume},
    {"kg m-2", "kg m-2", Dimension::areal_mass},
    {"kg/m2", "kg m-2", Dimension::areal_mass},
    {"g m-2", "g m-2", Dimension::areal_mass},
    {"g/m2", "g m-2", Dimension::areal_mass},
    {"mg cm-2", "mg cm-2", Dimension::areal_mass},
    {"mg/cm2", "mg cm-2", Dimension::areal_mass},
    {"ug cm-2", "ug cm-2", Dimension::areal_mass},
    {"ug/cm2", "ug cm-2", Dimension::areal_mass},
    {"ng cm-2", "ng cm-2", Dimension::areal_mass},
    {"ng/cm2", "ng cm-2", Dimension::areal_mass},
    {"kg m-3", "kg m-3", Dimension::mass_concentration},
    {"kg/m3", "kg m-3", Dimension::mass_concentration},
    {"g cm-3", "g cm-3", Dimension::mass_concentration},
    {"g/cm3", "g cm-3", Dimension::mass_concentration},
    {"mg cm-3", "mg cm-3", Dimension::mass_concentration},
    {"mg/cm3", "mg cm-3", Dimension::mass_concentration},
    {"ug cm-3", "ug cm-3", Dimension::mass_concentration},
    {"ug/cm3", "ug cm-3", Dimension::mass_concentration},
    {"m s-1", "m s-1", Dimension::speed},
    {"m/s", "m s-1", Dimension::speed},
    {"um s-1", "um s-1", Dimension::speed},
    {"um/s", "um s-1", Dimension::speed},
    {"um day-1", "um day-1", Dimension::speed},
    {"um/day", "um day-1", Dimension::speed},
    {"m2 s-1", "m2 s-1", Dimension::diffusivity},
    {"m2/s", "m2 s-1", Dimension::diffusivity},
    {"um2 s-1", "um2 s-1", Dimension::diffusivity},
    {"um2/s", "um2 s-1", Dimension::diffusivity},
    {"um2 day-1", "um2 day-1", Dimension::diffusivity},
    {"um2/day", "um2 day-1", Dimension::diffusivity},
    {"m2 kg-1", "m2 kg-1", Dimension::specific_area},
    {"m2/kg", "m2 kg-1", Dimension::specific_area},
    {"m2 g-1", "m2 g-1", Dimension::specific_area},
    {"m2/g", "m2 g-1", Dimension::specific_area},
    {"m2 J-1", "m2 J-1", Dimension::area_per_energy},
    {"m2/J", "m2 J-1", Dimension::area_per_energy},
    {"m2/kJ", "m2 kJ-1", Dimension::area_per_energy},
    {"m2/MJ", "m2 MJ-1", Dimension::area_per_energy},
    {"cm2/J", "cm2 J-1", Dimension::area_per_energy},
    {"J m-2", "J m-2", Dimension::energy_per_area},
    {"J/m2", "J m-2", Dimension::energy_per_area},
    {"kJ/m2", "kJ m-2", Dimension::energy_per_area},
    {"MJ/m2", "MJ m-2", Dimension::energy_per_area},
    {"1/(lx s)", "(lx s)-1", Dimension::per_luminous_exposure},
    {"1/(Mlx h)", "(Mlx hour)-1", Dimension::per_luminous_exposure},
    {"1/(Mlx hour)", "(Mlx hour)-1", Dimension::per_luminous_exposure},
    {"lx s", "lx s", Dimension::luminous_exposure},
    {"Mlx h", "Mlx hour", Dimension::luminous_exposure},
});

struct DimensionText {
  const char* si;
  const char* name;
};

constexpr DimensionText text_of(Dimension dimension) {
  switch (dimension) {
    case Dimension::dimensionless:
      return {"1", "a plain number"};
    case Dimension::angle:
      return {"rad", "an angle"};
    case Dimension::length:
      return {"m", "a length"};
    case Dimension::area:
      return {"m2", "an area"};
    case Dimension::volume:
      return {"m3", "a volume"};
    case Dimension::mass:
      return {"kg", "a mass"};
    case Dimension::time:
      return {"s", "a time"};
    case Dimension::per_time:
      return {"s-1", "a rate"};
    case Dimension::per_length:
      return {"m-1", "an attenuation per length"};
    case Dimension::per_area:
      return {"m-2", "a number per area"};
    case Dimension::per_volume:
      return {"m-3", "a number per volume"};
    case Dimension::areal_mass:
      return {"kg m-2", "a mass per area"};
    case Dimension::mass_concentration:
      return {"kg m-3", "a mass per volume"};
    case Dimension::speed:
      return {"m s-1", "a speed"};
    case Dimension::diffusivity:
      return {"m2 s-1", "a diffusivity"};
    case Dimension::specific_area:
      return {"m2 kg-1", "an area per mass"};
    case Dimension::area_per_energy:
      return {"m2 J-1", "an area per energy"};
    case Dimension::energy_per_area:
      return {"J m-2", "an energy per area"};
    case Dimension::per_luminous_exposure:
      return {"1/(lx s)", "an inverse luminous exposure"};
    case Dimension::luminous_exposure:
      return {"lx s", "a luminous exposure"};
  }
  return {"", ""};
}

struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using UnitTable = std::unordered_map<std::string, Unit, StringHash, std::equal_to<>>;

using SystemPtr = std::unique_ptr<ut_system, decltype(&ut_free_system)>;
using UnitPtr = std::unique_ptr<ut_unit, decltype(&ut_free)>;
using ConverterPtr = std::unique_ptr<cv_converter, decltype(&cv_free)>;

/// UDUNITS reads numbers in the language of the thread: with a decimal comma it could not read its own database.
class PlainNumbers {
 public:
  PlainNumbers() : plain_(::newlocale(LC_ALL_MASK, "C", nullptr)) {
    if (plain_ != nullptr) before_ = ::uselocale(plain_);
  }
  ~PlainNumbers() {
    if (plain_ == nullptr) return;
    ::uselocale(before_);
    ::freelocale(plain_);
  }
  PlainNumbers(const PlainNumbers&) = delete;
  PlainNumbers& operator=(const PlainNumbers&) = delete;

 private:
  locale_t plain_;
  locale_t before_ = nullptr;
};

SystemPtr read_database() {
  for (const char* path : {static_cast<const char*>(nullptr), "/usr/share/xml/udunits/udunits2.xml",
                           "/usr/share/udunits/udunits2.xml", "/usr/local/share/udunits/udunits2.xml"}) {
    if (ut_system* system = ut_read_xml(path)) return {system, &ut_free_system};
  }
  throw FileError(
      "the unit database of UDUNITS-2 (udunits2.xml) cannot be read: install libudunits2-0 and libudunits2-data, "
      "or set UDUNITS2_XML_PATH to the file");
}

double factor_to_si(ut_system* system, const Spelling& spelling) {
  const UnitPtr from(ut_parse(system, spelling.udunits, UT_ASCII), &ut_free);
  const UnitPtr to(ut_parse(system, text_of(spelling.dimension).si, UT_ASCII), &ut_free);
  const ConverterPtr converter(from && to ? ut_get_converter(from.get(), to.get()) : nullptr, &cv_free);
  if (!converter) {
    throw FileError(std::string("the unit database of UDUNITS-2 does not know \"") + spelling.udunits + "\"");
  }
  return cv_convert_double(converter.get(), 1.0);
}

Unit make_unit(ut_system* system, const Spelling& spelling) {
  Unit result{spelling.text, spelling.dimension, factor_to_si(system, spelling), 1.0};
  const double inverse = std::round(1.0 / result.multiply);
  const bool is_inverse_integer =
      result.multiply < 1.0 && inverse < 1e18 && std::abs(inverse * result.multiply - 1.0) < 1e-14;
  if (is_inverse_integer) {
    result.divide = inverse;
    result.multiply = 1.0;
  } else if (result.multiply > 1.0 && std::abs(std::round(result.multiply) / result.multiply - 1.0) < 1e-14) {
    result.multiply = std::round(result.multiply);
  }
  return result;
}

// UDUNITS keeps global state and is not thread-safe: it is asked once, for every spelling, inside a static initialiser.
UnitTable build_table() {
  const PlainNumbers plain_numbers;
  const auto previous = ut_set_error_message_handler(&ut_ignore);
  struct Restore {
    ut_error_message_handler handler;
    ~Restore() { ut_set_error_message_handler(handler); }
  } const restore{previous};
  const SystemPtr system = read_database();
  UnitTable table;
  for (const Spelling& spelling : spellings) table.emplace(spelling.text, make_unit(system.get(), spelling));
  return table;
}

const UnitTable& table() {
  static const UnitTable units = build_table();
  return units;
}

// One spelling for both micro signs (U+00B5, U+03BC), single spaces, none at the ends.
std::string normalise(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view two = text.substr(i, 2);
    if (two == "\xC2\xB5" || two == "\xCE\xBC") {
      result += 'u';
      ++i;
    } else if (text[i] == ' ' || text[i] == '\t') {
      if (!result.empty() && result.back() != ' ') result += ' ';
    } else {
      result += text[i];
    }
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Length of a leading decimal number, 0 where there is none.
std::size_t number_length(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t first = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i - first;
  };
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
  std::size_t count = digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    count += digits();
  }
  if (count == 0) return 0;
  const std::size_t mantissa_end = i;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return mantissa_end;
  }
  return i;
}

}  // namespace

const Unit* find_unit(std::string_view spelling) {
  const auto found = table().find(spelling);
  if (found != table().end()) return &found->second;
  const auto normalised = table().find(normalise(spelling));
  return normalised == table().end() ? nullptr : &normalised->second;
}

const Unit& unit(std::string_view spelling) {
  if (const Unit* found = find_unit(spelling)) return *found;
  std::vector<std::string> known;
  for (const Spelling& each : spellings) known.emplace_back(each.text);
  throw ParameterError("unknown unit \"" + std::string(spelling) + "\"" + did_you_mean(spelling, known));
}

std::string_view si_spelling(Dimension dimension) { return text_of(dimension).si; }

std::string_view dimension_name(Dimension dimension) { return text_of(dimension).name; }

std::string unit_list(Dimension dimension) {
  std::vector<double> listed;  // "hour" and "h" are one unit
  std::string text;
  for (const Spelling& each : spellings) {
    if (each.dimension != dimension) continue;
    const double factor = unit(each.text).to_si(1.0);
    if (std::find(listed.begin(), listed.end(), factor) != listed.end()) continue;
    listed.push_back(factor);
    text += (text.empty() ? "" : ", ") + std::string(each.text);
  }
  return text;
}

std::optional<SplitQuantity> split_quantity(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const std::size_t length = number_length(text);
  if (length == 0) return std::nullopt;
  std::string_view digits = text.substr(0, length);
  if (digits.front() == '+') digits.remove_prefix(1);
  SplitQuantity result;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result.number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  result.unit = normalise(text.substr(length));
  return result;
}

std::string format_number(double number) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), end};
}

std::string format_quantity(double value_si, const Unit& unit, int digits) {
  std::array<char, 48> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), unit.from_si(value_si),
                                          std::chars_format::general, digits);
  const std::string number(buffer.data(), end);
  return unit.spelling == "1" ? number : number + " " + unit.spelling;
}

std::string format_exact(double value_si, const Unit& unit) {
  const auto with_unit = [&](const std::string& number) {
    return unit.spelling == "1" ? number : number + " " + unit.spelling;
  };
  const double guess = unit.from_si(value_si);
  std::array<char, 48> buffer{};
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), guess, std::chars_format::general, 15);
  double rounded = 0.0;
  std::from_chars(buffer.data(), end, rounded);
  if (unit.to_si(rounded) == value_si) return with_unit(format_number(rounded));
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double candidate : {guess, std::nextafter(guess, -infinity), std::nextafter(guess, infinity)}) {
    if (unit.to_si(candidate) == value_si) return with_unit(format_number(candidate));
  }
  return format_number(value_si) + " " + std::string(si_spelling(unit.dimension));
}

}  // namespace inkfade::parameters
