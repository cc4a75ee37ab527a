// The distinct words of some texts. A word is a run of ASCII letters and digits and of bytes from
// 0x80 on, ASCII letters made small. Every span's texts go through it, so it looks at eight bytes
// at a time and at each word once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catalejo::store {

class WordSet {
 public:
  WordSet();

  void add_text(std::string_view text);
  // As it is, also when it is short: "key:value" of a tag.
  void add_tag(std::string_view key, std::string_view value);
  // Each once with '\n' behind it, in the order they came; "**" when one is too long or all of
  // them too many to be kept: any word.
  std::string_view words() const;
  void clear();

 private:
  // A word of up to 16 bytes is its own key; zeros behind it, and everywhere when the place is
  // free.
  struct ShortWord {
    std::uint64_t low = 0, high = 0;
  };
  struct LongWord {
    std::uint32_t hash = 0, at = 0, size = 0;  // at: in words_
  };

  void fold(std::string_view text);
  void add_word(const char* word, std::size_t size);
  void add_short(const char* word, std::size_t size);
  void add_long(std::string_view word);
  void keep(std::string_view word);
  void grow_short();
  void grow_long();

  // Tables of a power of two, at most half full.
  std::vector<ShortWord> short_words_;
  std::vector<LongWord> long_words_;
  std::size_t short_used_ = 0, long_used_ = 0;
  std::string words_;
  bool full_ = false;
  // Of the text at hand: its bytes with small letters and zeros behind them, and a bit per byte
  // that belongs to a word.
  std::vector<char> folded_;
  std::vector<std::uint64_t> in_word_;
};

}  // namespace catalejo::store
