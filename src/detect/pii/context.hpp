// The words around a number, which tell what it is. Read once for a number, and only when a rule
// asks.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace catalejo::detect::pii {

class Context {
 public:
  // [begin, end) is the number.
  Context(std::string_view text, std::size_t begin, std::size_t end)
      : text_(text), begin_(begin), end_(end) {}

  // One of the words, in lower case, stands before the number (within 64 bytes) or right behind it
  // (within 24). Words with blanks are phrases. Letters on neither side of it.
  bool has(std::initializer_list<std::string_view> words) const;
  // Within the last 24 bytes before the number.
  bool just_before(std::initializer_list<std::string_view> words) const;
  // Nothing but signs and words such as "number" or "is" is between one of them and the number.
  bool right_before(std::initializer_list<std::string_view> words) const;
  bool just_after(std::initializer_list<std::string_view> words) const;

 private:
  // Which pairs of bytes words begin with: most words are not there, and are not looked for.
  using Starts = std::array<std::uint64_t, 4>;
  static void note_starts(std::string_view text, Starts& starts);
  static bool contains_any(std::string_view text, const Starts& starts,
                           std::initializer_list<std::string_view> words);
  void read() const;
  std::string_view text_;
  std::size_t begin_, end_;
  mutable bool read_ = false;
  mutable std::string before_, after_;
  mutable Starts starts_before_{}, starts_after_{};
};

}  // namespace catalejo::detect::pii
