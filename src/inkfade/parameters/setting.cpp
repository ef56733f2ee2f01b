#include "inkfade/parameters/setting.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/suggest.hpp"

namespace inkfade::parameters {
namespace {

// One setting on its way to a value: keeps what every message needs.
struct Request {
  const ParameterInfo& info;
  std::string_view label;
  const Setting& setting;

  [[noreturn]] void fail(const std::string& reason) const {
    throw ParameterError(std::string(label) + " = " + show(setting) + ": " + reason);
  }
};

std::string shorten(std::string text) {
  constexpr std::size_t longest = 80;
  if (text.size() > longest) {
    text.resize(longest);
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) text.pop_back();
    if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0U) text.pop_back();
    text += "...";
  }
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20U || c == '\x7F') c = ' ';
  }
  return text;
}

std::string range_text(const ParameterInfo& info) { return "must be between " + info.lower + " and " + info.upper; }

// "0,45 mm": what follows a decimal comma is no unit.
bool has_decimal_comma(const SplitQuantity& quantity) {
  return quantity.unit.size() > 1 && quantity.unit[0] == ',' && quantity.unit[1] >= '0' && quantity.unit[1] <= '9';
}

std::string example(const ParameterInfo& info, double number) {
  std::string text = "\"";
  text.append(format_number(number)).append(" ").append(info.unit).append("\"");
  return text;
}

double checked_real(const Request& request, double value_si) {
  const ParameterInfo& info = request.info;
  if (!std::isfinite(value_si)) request.fail("must be a finite number; " + range_text(info));
  if (std::fpclassify(value_si) == FP_SUBNORMAL) {
    request.fail("is too small for the computer's numbers; " + range_text(info));
  }
  if (value_si < info.lower_si || value_si > info.upper_si) request.fail(range_text(info));
  return value_si == 0.0 ? 0.0 : value_si;  // no negative zero
}

double real_from_text(const Request& request, const std::string& text) {
  const ParameterInfo& info = request.info;
  const Unit& display = unit(info.unit);
  const std::string kind = std::string(dimension_name(display.dimension));
  const auto quantity = split_quantity(text);
  if (!quantity) {
    request.fail(info.is_dimensionless() ? "must be a finite decimal number; " + range_text(info)
                                         : "must be " + kind + " in " + info.unit +
                                               ", a finite decimal number and a unit; " + range_text(info));
  }
  if (quantity->unit.empty()) {
    if (info.is_dimensionless()) return quantity->number;
    request.fail("needs a unit: give " + kind + " in " + info.unit + ", e.g. " + example(info, quantity->number));
  }
  const Unit* given = find_unit(quantity->unit);
  if (given == nullptr || given->dimension != display.dimension) {
    if (has_decimal_comma(*quantity)) request.fail("write a decimal point instead of the comma");
    const std::string wrong = given == nullptr ? "unknown unit \"" + shorten(quantity->unit) + "\""
                                               : "\"" + given->spelling + "\" is the unit of " +
                                                     std::string(dimension_name(given->dimension));
    if (info.is_dimensionless()) {
      request.fail(wrong + "; expected a plain number, e.g. " + format_number(quantity->number));
    }
    request.fail(wrong + "; expected " + kind + " in one of " + unit_list(display.dimension) + ", e.g. " +
                 example(info, quantity->number));
  }
  return given->to_si(quantity->number);
}

double resolve_real(const Request& request) {
  const ParameterInfo& info = request.info;
  if (std::holds_alternative<bool>(request.setting)) {
    request.fail("must be a number, not true or false; " + range_text(info));
  }
  if (const auto* text = std::get_if<std::string>(&request.setting)) {
    return checked_real(request, real_from_text(request, *text));
  }
  const double number = std::holds_alternative<double>(request.setting)
                            ? std::get<double>(request.setting)
                            : static_cast<double>(std::get<std::int64_t>(request.setting));
  if (!info.is_dimensionless()) {
    const std::string kind(dimension_name(unit(info.unit).dimension));
    request.fail("needs a unit: give " + kind + " in " + info.unit +
                 (std::isfinite(number) ? ", e.g. " + example(info, number) : "; " + range_text(info)));
  }
  return checked_real(request, number);
}

std::int64_t resolve_integer(const Request& request) {
  const std::string wanted = "must be a whole number between " + request.info.lower + " and " + request.info.upper;
  std::int64_t number = 0;
  if (const auto* given = std::get_if<std::int64_t>(&request.setting)) {
    number = *given;
  } else if (const auto* text = std::get_if<std::string>(&request.setting)) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size() || text->empty()) request.fail(wanted);
  } else {
    request.fail(wanted + (std::holds_alternative<double>(request.setting) ? ", written without a point" : ""));
  }
  const bool inside = number >= static_cast<std::int64_t>(request.info.lower_si) &&
                      number <= static_cast<std::int64_t>(request.info.upper_si);
  if (!inside) request.fail(wanted);
  return number;
}

std::string resolve_choice(const Request& request) {
  const auto& choices = request.info.choices;
  std::string list;
  for (const std::string& each : choices) list += (list.empty() ? "" : ", ") + each;
  const auto* text = std::get_if<std::string>(&request.setting);
  if (text == nullptr) request.fail("must be one of " + list);
  if (std::find(choices.begin(), choices.end(), *text) == choices.end()) {
    request.fail("must be one of " + list + did_you_mean(*text, choices));
  }
  return *text;
}

}  // namespace

std::string show(const Setting& setting) {
  struct Visitor {
    std::string operator()(const std::string& text) const { return text.empty() ? "\"\"" : shorten(text); }
    std::string operator()(double number) const {
      const std::string text = format_number(number);
      // With its point, as it was written: "64: must be a whole number" would help nobody.
      return text.find_first_not_of("-0123456789") == std::string::npos ? text + ".0" : text;
    }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  };
  return std::visit(Visitor{}, setting);
}

Value resolve(const ParameterInfo& info, std::string_view label, const Setting& setting) {
  const Request request{info, label, setting};
  switch (info.kind) {
    case Kind::real:
      return resolve_real(request);
    case Kind::integer:
      return resolve_integer(request);
    case Kind::choice:
      return resolve_choice(request);
    case Kind::boolean:
      break;
  }
  const auto* flag = std::get_if<bool>(&setting);
  if (flag == nullptr) request.fail("must be true or false");
  return *flag;
}

std::string value_text(const ParameterInfo& info, const Value& value) {
  struct Visitor {
    const ParameterInfo& info;
    std::string operator()(double number) const { return format_exact(number, unit(info.unit)); }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(const std::string& text) const { return text; }
  };
  return std::visit(Visitor{info}, value);
}

}  // namespace inkfade::parameters
