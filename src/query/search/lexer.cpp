#include "query/search/lexer.hpp"

#include <algorithm>
#include <array>

namespace catalejo::query::search {
namespace {

void add_literal(Text& text, char c) {
  constexpr std::string_view kSpecial = "\\^$.|?*+()[]{}";
  text.literal += c;
  if (c == '%' || c == '_' || c == '\\') text.like += '\\';
  text.like += c;
  if (kSpecial.find(c) != std::string_view::npos) text.regex += '\\';
  text.regex += c;
}

void add_wildcard(Text& text, char c) {
  text.wildcard = true;
  text.literal += c;
  if (c == '?') {
    text.like += '_';
    text.regex += R"([^\s"\\])";
  } else if (!text.like.ends_with('%') || text.like.ends_with("\\%")) {
    text.like += '%';
    text.regex += R"([^\s"\\]*)";
  }
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

std::size_t code_points_before(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  return static_cast<std::size_t>(
      std::ranges::count_if(before, [](char c) { return !is_continuation(c); }));
}

std::size_t byte_of_code_point(std::string_view text, std::size_t position) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_continuation(text[at])) continue;
    if (position-- == 0) return at;
  }
  return text.size();
}

// What people paste besides blanks: no-break, ideographic and the typographic spaces.
std::size_t Lexer::space_bytes(std::size_t at) const {
  const std::string_view rest = text_.substr(std::min(at, text_.size()));
  if (rest.empty()) return 0;
  if (std::string_view(" \t\n\r\f\v").find(rest.front()) != std::string_view::npos) return 1;
  if (rest.starts_with("\xC2\xA0")) return 2;
  if (rest.starts_with("\xE3\x80\x80") || rest.starts_with("\xE2\x80\xAF")) return 3;
  const bool typographic = rest.size() > 2 && rest.starts_with("\xE2\x80") &&
                           static_cast<unsigned char>(rest[2]) <= 0x8A;
  return typographic ? 3 : 0;
}

void Lexer::skip_spaces() {
  while (const std::size_t bytes = space_bytes(at_)) at_ += bytes;
}

bool Lexer::take(char c) {
  if (at_end() || text_[at_] != c) return false;
  ++at_;
  return true;
}

bool Lexer::take_keyword(std::string_view word) {
  if (!text_.substr(std::min(at_, text_.size())).starts_with(word)) return false;
  const std::size_t end = at_ + word.size();
  const bool whole = end == text_.size() || space_bytes(end) > 0 || text_[end] == '(' ||
                     text_[end] == ')' || text_[end] == '[';
  if (whole) at_ = end;
  return whole;
}

bool Lexer::ends_word(Until until, bool first) const {
  const char c = text_[at_];
  if (space_bytes(at_) > 0 || c == '(' || c == ')') return true;
  switch (until) {
    case Until::colon:
      return c == ':' && !first;
    case Until::space:
      return false;
    case Until::list_end:
      return c == ',' || c == ']';
    case Until::range_end:
      return c == ']' || c == '}';
  }
  return false;
}

void Lexer::read_quoted(Text& text) {
  const std::size_t open = at_++;
  text.quoted = true;
  while (!at_end()) {
    const char c = text_[at_++];
    if (c == '"') return;
    if (c == '\\' && (peek() == '"' || peek() == '\\')) {
      add_literal(text, text_[at_++]);
    } else {
      add_literal(text, c);
    }
  }
  fail("unclosed_quote", "a closing quote is missing: expected \" before the end",
       {open, text_.size()}, std::string(text_.substr(open)) + "\"");
}

Word Lexer::word(Until until) {
  Word word;
  word.place.begin = at_;
  while (!at_end() && !ends_word(until, at_ == word.place.begin)) {
    const char c = text_[at_];
    if (c == '"') {
      read_quoted(word.text);
    } else if (c == '\\' && at_ + 1 < text_.size()) {
      add_literal(word.text, text_[at_ + 1]);
      at_ += 2;
    } else if (c == '*' || c == '?') {
      add_wildcard(word.text, c);
      ++at_;
    } else {
      add_literal(word.text, c);
      ++at_;
    }
  }
  word.place.end = at_;
  if (until == Until::colon && peek() == ':' && !word.text.quoted && at_ > word.place.begin) {
    word.is_key = true;
    ++at_;
  } else if (until == Until::colon && word.text.quoted && peek() == ':') {
    fail("unexpected_character",
         "expected a space after the quoted text: keys stand without quotes", {at_, at_ + 1});
  }
  return word;
}

void Lexer::fail(std::string_view code, std::string message, Place place, std::string suggestion) {
  if (!problem_) {
    const std::size_t position = code_points_before(text_, place.begin);
    const std::size_t end = code_points_before(text_, place.end);
    problem_ = {code, std::move(message), position, end - position, std::move(suggestion)};
  }
  at_ = text_.size();
}

}  // namespace catalejo::query::search
