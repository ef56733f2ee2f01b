#include "inkfade/parameters/toml_document.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "inkfade/base/errors.hpp"
#include "inkfade/parameters/setting.hpp"
#include "inkfade/parameters/suggest.hpp"
#include "inkfade/parameters/text_hygiene.hpp"

namespace inkfade::parameters {
namespace {

std::string place(const std::string& origin, const toml::source_position& position) {
  if (origin.empty()) return {};  // a text that nobody wrote by hand
  const auto line = std::max<toml::source_index>(1, position.line);
  const auto column = std::max<toml::source_index>(1, position.column);
  return " (" + origin + ":" + std::to_string(line) + ":" + std::to_string(column) + ")";
}

toml::table parse(std::string_view text, const std::string& origin) {
  if (const auto flaw = find_flaw(text)) {
    const toml::source_position position{static_cast<toml::source_index>(flaw->line),
                                         static_cast<toml::source_index>(flaw->column)};
    throw ParameterError("the text " + flaw->what + place(origin, position));
  }
  try {
    return toml::parse(text, origin);
  } catch (const toml::parse_error& error) {
    constexpr std::string_view lead = "Error while parsing ";
    std::string_view said = error.description();
    if (said.starts_with(lead)) said.remove_prefix(lead.size());
    throw ParameterError("the text is not valid TOML: " + std::string(said) + place(origin, error.source().begin));
  }
}

std::string type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::date:
      return "a date";
    case toml::node_type::time:
      return "a time of day";
    case toml::node_type::date_time:
      return "a date with time";
    case toml::node_type::none:
      break;
  }
  return "nothing";
}

}  // namespace

std::string read_text_file(const std::filesystem::path& path) {
  const std::string name = path.string();
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error && status.type() == std::filesystem::file_type::none) {
    throw FileError(name + ": cannot be opened: " + error.message());
  }
  if (!std::filesystem::exists(status)) throw FileError(name + ": there is no such file");
  if (std::filesystem::is_directory(status)) throw FileError(name + ": is a directory, not a scenario file");
  if (!std::filesystem::is_regular_file(status)) throw FileError(name + ": is not a regular file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw FileError(name + ": cannot be opened: " + std::strerror(errno));
  // One byte more than allowed is enough to see that a file is too long.
  std::string text(max_text_bytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) throw FileError(name + ": cannot be read: " + std::strerror(errno));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

TomlDocument::TomlDocument(std::string_view text, std::string_view origin)
    : origin_(origin), root_(parse(text, origin_)) {}

std::string TomlDocument::where(const toml::source_position& position) const { return place(origin_, position); }

void TomlDocument::fail(const std::string& message, const toml::source_position& position) const {
  throw ParameterError(message + where(position));
}

const toml::table& TomlDocument::table(const toml::node& node, const std::string& label) const {
  if (const auto* found = node.as_table()) return *found;
  fail(label + ": must be a table of keys and values, not " + type_name(node), node);
}

std::vector<const toml::table*> TomlDocument::tables(const toml::node& node, const std::string& label) const {
  const toml::array* list = node.as_array();
  if (list == nullptr) fail(label + ": must be an array of tables, [[" + label + "]], not " + type_name(node), node);
  std::vector<const toml::table*> result;
  for (const toml::node& element : *list) {
    if (!element.is_table()) fail(label + ": must be an array of tables, [[" + label + "]]", element);
    result.push_back(element.as_table());
  }
  return result;
}

std::string TomlDocument::text(const toml::node& node, const std::string& label) const {
  if (const auto* found = node.as_string()) return found->get();
  fail(label + ": must be text, not " + type_name(node), node);
}

Setting TomlDocument::setting(const toml::node& node, const std::string& label) const {
  if (const auto* found = node.as_string()) return found->get();
  if (const auto* found = node.as_integer()) return found->get();
  if (const auto* found = node.as_floating_point()) return found->get();
  if (const auto* found = node.as_boolean()) return found->get();
  fail(label + ": must be text or a number, not " + type_name(node), node);
}

Value TomlDocument::resolve_at(const ParameterInfo& info, const std::string& label, const toml::node& node) const {
  const Setting given = setting(node, label);
  try {
    return resolve(info, label, given);
  } catch (const ParameterError& error) {
    fail(error.what(), node);
  }
}

void TomlDocument::check_keys(const toml::table& table, const std::string& label,
                              const std::vector<std::string>& known) const {
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string list;
    for (const std::string& each : known) list += (list.empty() ? "" : ", ") + each;
    fail(label + ": unknown key " + show(name) + did_you_mean(name, known) + "; the keys here are " + list,
         position_of(key));
  }
}

void TomlDocument::check_format() const {
  const toml::node* node = root_.get("format");
  if (node == nullptr) fail("format: missing; a scenario file begins with format = 1", toml::source_position{1, 1});
  const auto* number = node->as_integer();
  if (number == nullptr) fail("format: must be the whole number 1", *node);
  if (number->get() > 1) {
    fail("format = " + std::to_string(number->get()) +
             ": is a newer format than this program reads (1); a newer inkfade is needed",
         *node);
  }
  if (number->get() != 1) fail("format = " + std::to_string(number->get()) + ": must be 1", *node);
}

}  // namespace inkfade::parameters
