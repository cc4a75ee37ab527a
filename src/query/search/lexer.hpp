// The letters of a search: words with their quotes and backslashes undone, and where they stood.
// The first problem is kept and ends the text, so that whoever reads on finds nothing more.
#pragma once

#include <optional>
#include <string_view>

#include "query/search/ast.hpp"

namespace catalejo::query::search {

struct Word {
  Text text;
  Place place;
  bool is_key = false;  // a colon followed, and has been read
};

// Where a word ends, besides at a space or bracket.
enum class Until {
  colon,      // a key, or a word of free text
  space,      // the value of a key
  list_end,   // `,` and `]`
  range_end,  // `]` and `}`
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  void skip_spaces();
  bool at_end() const { return at_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool take(char c);
  // Takes `word` when it stands here whole, with a space, a bracket or the end behind it.
  bool take_keyword(std::string_view word);
  std::size_t at() const { return at_; }
  void go_back(std::size_t at) { at_ = at; }
  Word word(Until until);

  void fail(std::string_view code, std::string message, Place place, std::string suggestion = "");
  const std::optional<Problem>& problem() const { return problem_; }
  std::string_view text(Place place) const {
    return text_.substr(place.begin, place.end - place.begin);
  }

 private:
  std::size_t space_bytes(std::size_t at) const;
  bool ends_word(Until until, bool first) const;
  void read_quoted(Text& text);

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<Problem> problem_;
};

}  // namespace catalejo::query::search
