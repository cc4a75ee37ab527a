#include "detect/pii/context.hpp"

#include <algorithm>

namespace catalejo::detect::pii {
namespace {

constexpr std::size_t kBefore = 64, kJustBefore = 28, kAfter = 28;

constexpr std::string_view kFillers[] = {
    "is",   "es",     "number",  "numbers", "número", "numero", "no", "nº",   "n.º",
    "num",  "nr",     "at",      "al",      "on",     "me",     "us", "del",  "the",
    "el",   "to",     "o",       "é",       "unter",  "au",     "ao", "para", "home",
    "work", "office", "oficina", "uk",      "us",     "casa",   "1",  "2",    "value",
    "its",  "her",    "him",     "them",    "de",     "of",     "my", "mi",   "trabajo"};

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

unsigned pair_of(char first, char second) {
  return (static_cast<unsigned char>(first) * 31u + static_cast<unsigned char>(second)) & 255u;
}

}  // namespace

void Context::note_starts(std::string_view text, Starts& starts) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (i > 0 && is_word_byte(text[i - 1])) continue;
    const unsigned pair = pair_of(text[i], text[i + 1]);
    starts[pair / 64] |= std::uint64_t{1} << pair % 64;
  }
}

bool Context::contains_any(std::string_view text, const Starts& starts,
                           std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    if (word.size() < 2) return contains_word(text, word);
    const unsigned pair = pair_of(word[0], word[1]);
    return (starts[pair / 64] >> pair % 64 & 1) != 0 && contains_word(text, word);
  });
}

void Context::read() const {
  if (read_) return;
  read_ = true;
  std::size_t from = begin_ > kBefore ? begin_ - kBefore : 0;
  // Half a word is another word ("smartphone").
  while (from > 0 && from < begin_ && text_[from - 1] != ' ' && text_[from] != ' ') ++from;
  before_ = lower(text_.substr(from, begin_ - from));
  after_ = lower(text_.substr(end_, kAfter));
  note_starts(before_, starts_before_);
  note_starts(after_, starts_after_);
}

bool Context::has(std::initializer_list<std::string_view> words) const {
  read();
  return contains_any(before_, starts_before_, words) || contains_any(after_, starts_after_, words);
}

bool Context::just_before(std::initializer_list<std::string_view> words) const {
  read();
  const std::string_view all = before_;
  return contains_any(all.substr(all.size() > kJustBefore ? all.size() - kJustBefore : 0),
                      starts_before_, words);
}

bool Context::right_before(std::initializer_list<std::string_view> words) const {
  constexpr int kFillersMost = 4;
  read();
  std::string_view rest = before_;
  for (int i = 0; i < kFillersMost; ++i) {
    const std::size_t last = rest.find_last_not_of(" :.=#\"'([>*\\+");
    rest = rest.substr(0, last == std::string_view::npos ? 0 : last + 1);
    std::size_t begin = rest.size();
    while (begin > 0 && is_word_byte(rest[begin - 1])) --begin;
    for (const std::string_view word : words)
      if (rest.ends_with(word) &&
          (rest.size() == word.size() || !is_word_byte(rest[rest.size() - word.size() - 1])))
        return true;
    const std::string_view filler = rest.substr(begin);
    const bool known =
        std::find(std::begin(kFillers), std::end(kFillers), filler) != std::end(kFillers);
    if (filler.empty() || !known) return false;
    rest = rest.substr(0, begin);
  }
  return false;
}

bool Context::just_after(std::initializer_list<std::string_view> words) const {
  read();
  return contains_any(after_, starts_after_, words);
}

}  // namespace catalejo::detect::pii
