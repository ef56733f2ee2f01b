#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "inkfade/parameters/scenario.hpp"

namespace inkfade::parameters {

/// The day of a proleptic Gregorian date; nullopt where there is no such day.
std::optional<Date> make_date(int year, int month, int day);

/// "2027-03-14" as a day; nullopt where the text is not such a date.
std::optional<Date> parse_date(std::string_view text);

/// A day as "2027-03-14".
std::string format_date(Date date);

}  // namespace inkfade::parameters
