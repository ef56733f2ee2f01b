#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "inkfade/parameters/registry.hpp"
#include "inkfade/parameters/scenario.hpp"

// Inside of the parameters room: the only header that shows toml++.
namespace inkfade::parameters {

/// The text of a regular file of at most 1 MiB. @throws FileError
std::string read_text_file(const std::filesystem::path& path);

/// A parsed TOML text of a stranger, and what messages call it.
///
/// Before the parser sees the text: at most 1 MiB, no NUL, valid UTF-8, nesting at most 64.
class TomlDocument {
 public:
  /// @throws ParameterError with origin:line:column
  TomlDocument(std::string_view text, std::string_view origin);

  [[nodiscard]] const toml::table& root() const { return root_; }
  /// " (models/x.toml:14:9)"
  [[nodiscard]] std::string where(const toml::source_position& position) const;
  [[nodiscard]] std::string where(const toml::node& node) const { return where(node.source().begin); }
  /// @throws ParameterError always
  [[noreturn]] void fail(const std::string& message, const toml::source_position& position) const;
  [[noreturn]] void fail(const std::string& message, const toml::node& node) const {
    fail(message, node.source().begin);
  }

  /// The node as a table, an array of tables, a text; `label` is what messages call it. @throws ParameterError
  [[nodiscard]] const toml::table& table(const toml::node& node, const std::string& label) const;
  [[nodiscard]] std::vector<const toml::table*> tables(const toml::node& node, const std::string& label) const;
  [[nodiscard]] std::string text(const toml::node& node, const std::string& label) const;
  /// A text, number or flag as a Setting. @throws ParameterError for anything else
  [[nodiscard]] Setting setting(const toml::node& node, const std::string& label) const;
  /// `resolve` with the place added to its messages.
  [[nodiscard]] Value resolve_at(const ParameterInfo& info, const std::string& label, const toml::node& node) const;
  /// Fails for a key that is not in `known`, with a suggestion.
  void check_keys(const toml::table& table, const std::string& label, const std::vector<std::string>& known) const;
  /// Fails unless the text says `format = 1`.
  void check_format() const;

 private:
  std::string origin_;
  toml::table root_;
};

/// The place of a key. (Keys of one table are kept sorted by name, not by place.)
inline toml::source_position position_of(const toml::key& key) { return key.source().begin; }

}  // namespace inkfade::parameters
