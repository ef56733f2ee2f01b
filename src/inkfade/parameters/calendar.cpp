#include "inkfade/parameters/calendar.hpp"

#include <chrono>
#include <cstdio>

namespace inkfade::parameters {

std::optional<Date> make_date(int year, int month, int day) {
  if (year < 1 || year > 9999 || month < 1 || day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return Date{std::chrono::sys_days{date}.time_since_epoch().count()};
}

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto digits = [&](std::size_t first, std::size_t count) -> int {
    int number = 0;
    for (const char c : text.substr(first, count)) {
      if (c < '0' || c > '9') return -1;
      number = number * 10 + (c - '0');
    }
    return number;
  };
  return make_date(digits(0, 4), digits(5, 2), digits(8, 2));
}

std::string format_date(Date date) {
  const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::days{date.days_since_epoch}}};
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return buffer;
}

}  // namespace inkfade::parameters
