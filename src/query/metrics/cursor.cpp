#include "query/metrics/cursor.hpp"

#include <charconv>
#include <cmath>

#include "base/ascii.hpp"

namespace catalejo::query::metrics {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kTagEnds = " \t\r\n,{}()!";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_name(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

}  // namespace

void TextCursor::fail_at(std::size_t position, std::string message) {
  if (!problem_) problem_ = Problem{.message = std::move(message), .position = position};
  at_ = text_.size();
}

void TextCursor::skip_space() {
  const std::size_t next = text_.find_first_not_of(kSpace, at_);
  at_ = next == std::string_view::npos ? text_.size() : next;
}

bool TextCursor::at_end() {
  skip_space();
  return at_ == text_.size();
}

char TextCursor::peek() {
  return at_end() ? '\0' : text_[at_];
}

bool TextCursor::take(char c) {
  if (at_end() || text_[at_] != c) return false;
  ++at_;
  return true;
}

void TextCursor::expect(char c) {
  if (!take(c)) fail(std::string("'") + c + "' belongs here");
}

bool TextCursor::take_word(std::string_view word) {
  skip_space();
  if (text_.size() - at_ < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (lower_ascii(text_[at_ + i]) != lower_ascii(word[i])) return false;
  const std::size_t end = at_ + word.size();
  if (end < text_.size() && (is_name(text_[end]) || text_[end] == ':')) return false;
  at_ = end;
  return true;
}

std::string_view TextCursor::take_name() {
  skip_space();
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_name(text_[at_])) ++at_;
  return text_.substr(begin, at_ - begin);
}

std::string_view TextCursor::take_tag() {
  skip_space();
  const std::size_t begin = at_;
  at_ = std::min(text_.find_first_of(kTagEnds, at_), text_.size());
  return text_.substr(begin, at_ - begin);
}

std::optional<double> TextCursor::take_number() {
  skip_space();
  const std::string_view rest = text_.substr(at_);
  if (rest.empty() || !(rest[0] == '.' || (rest[0] >= '0' && rest[0] <= '9'))) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc{} || !std::isfinite(number)) return std::nullopt;
  at_ += static_cast<std::size_t>(end - rest.data());
  return number;
}

std::string_view TextCursor::take_name_of_argument() {
  const char first = peek();
  return is_letter(first) ? take_name() : std::string_view{};
}

std::optional<std::string_view> TextCursor::take_quoted() {
  const char quote = peek();
  if (quote != '\'' && quote != '"') return std::nullopt;
  const std::size_t end = text_.find(quote, at_ + 1);
  if (end == std::string_view::npos) {
    fail("the quote that ends this text is missing");
    return std::string_view{};
  }
  const std::string_view text = text_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  return text;
}

}  // namespace catalejo::query::metrics
