#include "inkfade/parameters/text_hygiene.hpp"

namespace inkfade::parameters {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

// Length of the well-formed UTF-8 sequence at i, 0 where there is none (Unicode 15, table 3-7).
std::size_t utf8_length(std::string_view text, std::size_t i) {
  const unsigned char first = byte_at(text, i);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || i + length > text.size()) return 0;
  const unsigned char second = byte_at(text, i + 1);
  const unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (second < low || second > high) return 0;
  for (std::size_t k = 2; k < length; ++k) {
    if ((byte_at(text, i + k) & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

// Reads the text as strings, comments and the rest, far enough to count how deep brackets and dotted keys nest.
// The parser and the destructors of its tables recurse: a megabyte of "a.a.a.a" would overflow their stack.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<TextFlaw> scan() {
    while (position_ < text_.size()) {
      const std::size_t length = utf8_length(text_, position_);
      if (length == 0) return flaw("is not valid UTF-8: save it as UTF-8");
      const char c = text_[position_];
      if (c == '\0') return flaw("contains a NUL character: it is no text");
      const std::size_t used = in_string() ? inside_string(c) : inside_code(c, length);
      if (brackets_ > max_nesting || dots_ >= max_nesting) {
        return flaw("is nested deeper than " + std::to_string(max_nesting) + " levels: no deeper is read");
      }
      advance(c == '\n', used);
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] TextFlaw flaw(const std::string& what) const { return {what, line_, column_}; }
  [[nodiscard]] bool in_string() const { return quote_ != '\0'; }
  [[nodiscard]] bool tripled(char c) const {
    return position_ + 2 < text_.size() && text_[position_ + 1] == c && text_[position_ + 2] == c;
  }

  void advance(bool newline, std::size_t bytes) {
    position_ += bytes;
    if (newline) {
      ++line_;
      column_ = 1;
    } else {
      ++column_;
    }
  }

  std::size_t inside_string(char c) {
    const bool escape = c == '\\' && quote_ == '"';
    // What an escape protects must be ASCII on the same line to matter; anything else is read on its own.
    if (escape && position_ + 1 < text_.size()) {
      const char next = text_[position_ + 1];
      return next == '"' || next == '\\' ? 2 : 1;
    }
    if (c == '\n' && !multiline_) quote_ = '\0';
    if (c != quote_) return utf8_length(text_, position_);
    if (!multiline_) {
      quote_ = '\0';
      return 1;
    }
    if (!tripled(c)) return 1;
    quote_ = '\0';
    return 3;
  }

  std::size_t inside_code(char c, std::size_t length) {
    if (comment_) {
      comment_ = c != '\n';
      return length;
    }
    switch (c) {
      case '#':
        comment_ = true;
        break;
      case '"':
      case '\'':
        quote_ = c;
        multiline_ = tripled(c);
        if (multiline_) return 3;
        break;
      case '[':
      case '{':
        ++brackets_;
        break;
      case ']':
      case '}':
        brackets_ -= brackets_ > 0 ? 1 : 0;
        break;
      case '.':
        ++dots_;
        return length;
      default:
        break;
    }
    if (c == '\n' || c == '=' || c == ',' || c == '[' || c == '{') dots_ = 0;
    return length;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t line_ = 1;
  std::size_t column_ = 1;
  int brackets_ = 0;
  int dots_ = 0;
  char quote_ = '\0';
  bool multiline_ = false;
  bool comment_ = false;
};

}  // namespace

std::optional<TextFlaw> find_flaw(std::string_view text) {
  if (text.size() > max_text_bytes) return TextFlaw{"is longer than 1 MiB: no more is read", 1, 1};
  return Scanner(text).scan();
}

}  // namespace inkfade::parameters
