#include "codec/json_repair.hpp"

#include <fmt/format.h>

#include <bitset>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <system_error>

#include "base/limits.hpp"
#include "codec/utf8.hpp"

namespace catalejo::codec {
namespace {

// One pass over the text, token by token, with the open brackets on a stack of bits.
class Repairer {
 public:
  explicit Repairer(std::string_view text) : text_(text) { repaired_.text.reserve(text.size()); }

  Result<RepairedJson> run() {
    bool open = false;  // a value has just begun an array or object that is not empty
    do {
      open = false;
      skip_space();
      if (!value(open)) return error();
      while (!open && depth_ > 0) {
        if (!after_value(open)) return error();
      }
    } while (open);
    skip_space();
    if (at_ != text_.size()) return error();
    return std::move(repaired_);
  }

 private:
  bool at_end() const { return at_ == text_.size(); }
  char here() const { return at_end() ? '\0' : text_[at_]; }
  void copy(std::size_t bytes) {
    repaired_.text.append(text_.substr(at_, bytes));
    at_ += bytes;
  }
  void skip_space() {
    while (!at_end() && (here() == ' ' || here() == '\n' || here() == '\r' || here() == '\t'))
      ++at_;
  }
  bool take(char c) {
    if (here() != c || at_end()) return false;
    copy(1);
    return true;
  }

  // One scalar, or the start of an array or object; then `open` says that a value must follow.
  bool value(bool& open) {
    switch (here()) {
      case '{':
      case '[':
        return begin(open);
      case '"':
        return string();
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      case 'N':
        return replaced_word("NaN");
      case 'I':
        return replaced_word("Infinity");
      default:
        break;
    }
    if (text_.substr(at_, 9) == "-Infinity") return replaced_word("-Infinity");
    return number();
  }

  bool begin(bool& open) {
    const bool object = here() == '{';
    if (depth_ == limits::nesting_depth_max) {
      too_deep_ = true;
      return false;
    }
    objects_.set(depth_++, object);
    copy(1);
    skip_space();
    if (take(object ? '}' : ']')) {
      --depth_;
      return true;
    }
    open = true;
    return !object || key();
  }

  // Between values: a comma and what follows it, or closing brackets.
  bool after_value(bool& open) {
    skip_space();
    const bool object = objects_.test(depth_ - 1);
    if (take(object ? '}' : ']')) {
      --depth_;
      return true;
    }
    if (!take(',')) return false;
    open = true;
    skip_space();
    return !object || key();
  }

  bool key() {
    if (here() != '"' || !string()) return false;
    skip_space();
    return take(':');
  }

  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    copy(expected.size());
    return true;
  }

  bool replaced_word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    repaired_.text += "null";
    repaired_.notes |= note_number_text;
    return true;
  }

  std::size_t digits_from(std::size_t from) const {
    std::size_t end = from;
    while (end < text_.size() && text_[end] >= '0' && text_[end] <= '9') ++end;
    return end;
  }

  bool number() {
    const std::size_t first = at_ + (here() == '-' ? 1 : 0);
    std::size_t end = digits_from(first);
    if (end == first || (end > first + 1 && text_[first] == '0')) return false;
    bool integer = true;
    if (end < text_.size() && text_[end] == '.') {
      const std::size_t fraction = end + 1;
      end = digits_from(fraction);
      if (end == fraction) return false;
      integer = false;
    }
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      std::size_t exponent = end + 1;
      if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
      end = digits_from(exponent);
      if (end == exponent) return false;
      integer = false;
    }
    if (fits(text_.substr(at_, end - at_), integer)) {
      copy(end - at_);
      return true;
    }
    repaired_.text += '"';
    copy(end - at_);
    repaired_.text += '"';
    repaired_.notes |= note_number_text;
    return true;
  }

  static bool fits(std::string_view digits, bool integer) {
    const char* end = digits.data() + digits.size();
    std::int64_t as_signed = 0;
    std::uint64_t as_unsigned = 0;
    if (integer)
      return std::from_chars(digits.data(), end, as_signed).ec == std::errc{} ||
             std::from_chars(digits.data(), end, as_unsigned).ec == std::errc{};
    // A number too small for a double is read as 0; only one too large cannot be read.
    return std::isfinite(std::strtod(std::string(digits).c_str(), nullptr));
  }

  bool string() {
    copy(1);
    for (;;) {
      std::size_t end = at_;
      while (end < text_.size() && text_[end] != '"' && text_[end] != '\\' &&
             static_cast<unsigned char>(text_[end]) >= 0x20)
        ++end;
      if (append_as_utf8(repaired_.text, text_.substr(at_, end - at_)))
        repaired_.notes |= note_invalid_utf8;
      at_ = end;
      if (take('"')) return true;
      if (here() != '\\' || !escape()) return false;  // end, control character, bad escape
    }
  }

  // The four hex digits of an escape at `from`, or -1.
  int hex4(std::size_t from) const {
    if (from + 4 > text_.size()) return -1;
    unsigned value = 0;
    const char* begin = text_.data() + from;
    const auto [end, error] = std::from_chars(begin, begin + 4, value, 16);
    return error == std::errc{} && end == begin + 4 ? static_cast<int>(value) : -1;
  }

  bool escape() {
    const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (kind != 'u') {
      if (kind == '\0' || std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos)
        return false;
      copy(2);
      return true;
    }
    const int unit = hex4(at_ + 2);
    if (unit < 0) return false;
    const bool high = unit >= 0xd800 && unit < 0xdc00;
    const bool low = unit >= 0xdc00 && unit < 0xe000;
    if (high && text_.substr(at_ + 6, 2) == "\\u") {
      const int second = hex4(at_ + 8);
      if (second >= 0xdc00 && second < 0xe000) {
        copy(12);
        return true;
      }
    }
    if (!high && !low) {
      copy(6);
      return true;
    }
    at_ += 6;
    repaired_.text += "\\ufffd";
    repaired_.notes |= note_invalid_utf8;
    return true;
  }

  Error error() const {
    if (too_deep_)
      return {Code::too_deep, "a value is nested too deep; 128 levels are read",
              fmt::format("byte {}", at_)};
    return {Code::malformed, at_end() ? "the JSON ends too early" : "this is no valid JSON",
            fmt::format("byte {}", at_)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::bitset<limits::nesting_depth_max> objects_;
  RepairedJson repaired_;
  bool too_deep_ = false;
};

}  // namespace

Result<RepairedJson> repair_json(std::string_view text) {
  return Repairer(text).run();
}

}  // namespace catalejo::codec
