// Letters and digits as they follow each other from a place in a text, through the single blanks,
// dots, dashes and slashes that people write between them. What every rule for a number reads.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace catalejo::detect::pii {

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
inline bool is_alnum(char c) {
  return is_digit(c) || is_letter(c);
}
inline char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

class Run {
 public:
  // Longer than an IBAN; what is longer is no number of anything.
  static constexpr std::size_t kMax = 40;

  // `at` is at a letter or digit.
  Run(std::string_view text, std::size_t at);

  std::size_t size() const { return size_; }
  char operator[](std::size_t i) const { return chars_[i]; }  // upper case
  std::string_view first(std::size_t n) const { return {chars_.data(), n}; }
  // Digits from the start, without a letter between them.
  std::size_t digits() const { return digits_; }
  // What stands before character i: 0, ' ', '-', '.', '/', or ')'.
  char separator(std::size_t i) const { return separators_[i]; }
  bool separated(std::size_t n) const;  // any separator within the first n characters
  // Sizes of the groups that the first n characters are written in, at most 8; 0 ends them.
  std::array<std::uint8_t, 9> groups(std::size_t n) const;
  // The same separator everywhere among the first n characters, or none.
  bool even(std::size_t n) const;
  std::uint32_t end(std::size_t n) const { return ends_[n - 1]; }
  // The first n characters end where a word ends.
  bool whole(std::size_t n) const;
  std::size_t begin() const { return begin_; }

 private:
  std::string_view text_;
  std::size_t begin_, size_ = 0, digits_ = 0;
  std::array<char, kMax> chars_{}, separators_{};
  std::array<std::uint32_t, kMax> ends_{};
};

}  // namespace catalejo::detect::pii
