// Several texts of one span as one text that is scanned once: JSON without its escapes, each string
// on a line of its own behind its key, and spellings that only hide a number undone (full-width and
// Arabic digits, blanks and dashes of every kind, characters without width). Remembers where each
// byte came from, so that a finding can be cut out of the original.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catalejo::detect {

// A part of one original that a range of the flat text came from.
struct Place {
  std::uint32_t field = 0;                       // as given to add_…()
  std::uint32_t begin = 0, end = 0;              // bytes of that field
  std::uint32_t whole_begin = 0, whole_end = 0;  // of the text or JSON string it is in
  bool number = false;  // a whole number of JSON: what replaces it needs quotes
};

class FlatText {
 public:
  // Keeps its memory.
  void clear();
  void add_text(std::uint32_t field, std::string_view text);
  // The text stands behind its name, as a tag does; both are looked at.
  void add_named(std::uint32_t name_field, std::string_view name, std::uint32_t field,
                 std::string_view text);
  // Any bytes are taken; of what is no JSON the strings are looked at as well as can be.
  void add_json(std::uint32_t field, std::string_view json);

  std::string_view text() const { return text_; }
  // Where the bytes [begin, end) of text() came from, in order; one place for each original text
  // or JSON string that the range touches.
  void locate(std::uint32_t begin, std::uint32_t end, std::vector<Place>& places) const;

 private:
  struct Run {
    std::uint32_t flat, raw;
    std::uint32_t raw_size;  // of what one escape or folded character took; 0: bytes as they were
    std::uint32_t token;     // 0: stands in no original
  };
  struct Token {
    std::uint32_t field, begin, end;
    bool number;
  };
  void begin_token(std::uint32_t field, std::size_t begin, bool number);
  void end_token(std::size_t end, std::string_view separator);
  void add_plain(std::string_view raw, std::size_t from, std::size_t to);
  void add_one(std::uint32_t code, std::size_t from, std::size_t size);
  void add_folded(std::string_view raw, std::size_t from, std::size_t to);
  std::size_t add_string(std::uint32_t field, std::string_view json, std::size_t at);
  std::size_t add_escape(std::string_view json, std::size_t at);
  std::size_t add_number(std::uint32_t field, std::string_view json, std::size_t at);

  std::string text_;
  std::vector<Run> runs_;
  std::vector<Token> tokens_;  // number n is at n - 1
};

}  // namespace catalejo::detect
