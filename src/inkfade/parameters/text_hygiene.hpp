#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace inkfade::parameters {

inline constexpr std::size_t max_text_bytes = std::size_t{1} << 20U;
inline constexpr int max_nesting = 64;

/// Something in a stranger's text that no parser should see; line and column count from 1.
struct TextFlaw {
  std::string what;
  std::size_t line = 1;
  std::size_t column = 1;
};

/// The first flaw of a TOML text: longer than 1 MiB, NUL, invalid UTF-8, brackets or dotted keys deeper than 64.
std::optional<TextFlaw> find_flaw(std::string_view text);

}  // namespace inkfade::parameters
