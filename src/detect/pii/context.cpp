#include "detect/pii/context.hpp"

#include <algorithm>

namespace catalejo::detect::pii {
namespace {

constexpr std::size_t kBefore = 64, kJustBefore = 28, kAfter = 28;

// ASCII and the accented letters of Latin-1; names in code as words ("phoneNumber", "phone_number",
// "phone-number" as "phone number").
std::string lower(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i], last = i == 0 ? ' ' : text[i - 1];
    if (c >= 'A' && c <= 'Z') {
      if (last >= 'a' && last <= 'z') out += ' ';
      out += static_cast<char>(c + 32);
    } else if (last == '\xC3' && static_cast<unsigned char>(c) <= 0x9E) {
      out += static_cast<char>(c + 0x20);
    } else {
      out += c == '_' || c == '-' || c == '\n' || c == '\t' ? ' ' : c;
    }
  }
  return out;
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

bool contains_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool left = at == 0 || !is_word_byte(text[at - 1]);
    if (left && (end == text.size() || !is_word_byte(text[end]))) return true;
  }
  return false;
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return contains_word(text, word); });
}

}  // namespace

void Context::read() const {
  if (read_) return;
  read_ = true;
  std::size_t from = begin_ > kBefore ? begin_ - kBefore : 0;
  // Half a word is another word ("smartphone").
  while (from > 0 && from < begin_ && text_[from - 1] != ' ' && text_[from] != ' ') ++from;
  before_ = lower(text_.substr(from, begin_ - from));
  after_ = lower(text_.substr(end_, kAfter));
}

bool Context::has(std::initializer_list<std::string_view> words) const {
  read();
  return contains_any(before_, words) || contains_any(after_, words);
}

bool Context::just_before(std::initializer_list<std::string_view> words) const {
  read();
  const std::string_view all = before_;
  return contains_any(all.substr(all.size() > kJustBefore ? all.size() - kJustBefore : 0), words);
}

bool Context::just_after(std::initializer_list<std::string_view> words) const {
  read();
  return contains_any(after_, words);
}

}  // namespace catalejo::detect::pii
