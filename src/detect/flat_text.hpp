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
  std::uint32_t field = 0;           // as given to add_…()
  std::uint32_t begin = 0, end = 0;  // bytes of that field
  bool number = false;               // a whole number of JSON: what replaces it needs quotes
};

class FlatText {
 public:
  // Keeps its memory.
  void clear();
  // `name` stands before the text as its context; it is no part of what can be found.
  void add_text(std::uint32_t field, std::string_view text, std::string_view name = {});
  // Any bytes are taken; of what is no JSON the strings are looked at as well as can be.
  void add_json(std::uint32_t field, std::string_view json, std::string_view name = {});

  std::string_view text() const { return text_; }
  // Where the bytes [begin, end) of text() came from, in order; one place for each original text
  // or JSON string that the range touches.
  void locate(std::uint32_t begin, std::uint32_t end, std::vector<Place>& places) const;

 private:
  struct Run {
    std::uint32_t flat, raw;
    std::uint32_t raw_size;  // of what one escape or folded character took; 0: bytes as they were
    std::uint32_t field, token;
    bool number;
  };
  void add_name(std::string_view name);
  void begin_token(std::uint32_t field, bool number);
  void add_plain(std::string_view raw, std::size_t from, std::size_t to);
  void add_one(std::uint32_t code, std::size_t from, std::size_t size);
  void add_folded(std::string_view raw, std::size_t from, std::size_t to);
  std::size_t add_string(std::uint32_t field, std::string_view json, std::size_t at);
  std::size_t add_escape(std::string_view json, std::size_t at);
  std::size_t add_number(std::uint32_t field, std::string_view json, std::size_t at);

  std::string text_;
  std::vector<Run> runs_;
  std::uint32_t field_ = 0, token_ = 0;
  bool number_ = false;
};

}  // namespace catalejo::detect
