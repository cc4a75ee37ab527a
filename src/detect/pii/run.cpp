#include "detect/pii/run.hpp"

namespace catalejo::detect::pii {
namespace {

// One separator, perhaps with blanks around it: " ", "-", " - ", ") ", ".".
// Gives the place behind it, or `at` when there is none; `what` is the most telling of it.
std::size_t skip_separator(std::string_view text, std::size_t at, char& what) {
  constexpr std::size_t kLongest = 3;
  std::size_t i = at;
  what = 0;
  while (i < text.size() && i - at < kLongest) {
    const char c = text[i];
    const bool mark = c == '-' || c == '.' || c == '/' || c == ')' || c == '(';
    if (c != ' ' && !mark) break;
    if (mark && what != 0 && what != ' ' && what != ')') break;
    if (mark || what == 0) what = what == ')' ? ')' : c;
    ++i;
  }
  return i;
}

}  // namespace

Run::Run(std::string_view text, std::size_t at) : text_(text), begin_(at) {
  char before = 0;
  bool only_digits = true;
  while (size_ < kMax && at < text.size()) {
    if (is_alnum(text[at])) {
      only_digits = only_digits && is_digit(text[at]);
      if (only_digits) ++digits_;
      chars_[size_] = upper(text[at]);
      separators_[size_] = before;
      ends_[size_++] = static_cast<std::uint32_t>(++at);
      before = 0;
      continue;
    }
    const std::size_t next = skip_separator(text, at, before);
    if (next == at || next >= text.size() || !is_alnum(text[next])) break;
    at = next;
  }
}

bool Run::separated(std::size_t n) const {
  for (std::size_t i = 1; i < n; ++i)
    if (separators_[i] != 0) return true;
  return false;
}

bool Run::even(std::size_t n) const {
  char seen = 0;
  for (std::size_t i = 1; i < n; ++i) {
    if (separators_[i] == 0) continue;
    if (seen != 0 && separators_[i] != seen) return false;
    seen = separators_[i];
  }
  return true;
}

std::array<std::uint8_t, 9> Run::groups(std::size_t n) const {
  std::array<std::uint8_t, 9> sizes{};
  std::size_t group = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (i > 0 && separators_[i] != 0 && ++group == 8) return {};
    ++sizes[group];
  }
  return sizes;
}

bool Run::whole(std::size_t n) const {
  const std::uint32_t end = ends_[n - 1];
  if (end >= text_.size()) return true;
  const char next = text_[end];
  if (is_alnum(next)) return false;
  // "1.5", "12,50", "12%", and what goes on with a dash or an underscore is another thing.
  const bool more = end + 1 < text_.size() && is_digit(text_[end + 1]);
  if ((next == '.' || next == ',') && more && is_digit(text_[end - 1])) return false;
  return next != '%' && next != '_';
}

}  // namespace catalejo::detect::pii
