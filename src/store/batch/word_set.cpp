#include "store/batch/word_set.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/limits.hpp"

namespace catalejo::store {
namespace {

static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");

constexpr std::string_view kAnyWord = "**";
constexpr std::size_t kShortBytes = 16;
constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHigh = 0x80 * kOnes;

constexpr std::uint64_t each(unsigned char byte) {
  return byte * kOnes;
}

// The high bit of each byte of `bytes` (all below 0x80) that is from `first` to `last`.
constexpr std::uint64_t between(std::uint64_t bytes, unsigned char first, unsigned char last) {
  const std::uint64_t reached = bytes + each(static_cast<unsigned char>(0x80 - first));
  const std::uint64_t passed = bytes + each(static_cast<unsigned char>(0x7f - last));
  return (reached ^ passed) & kHigh;
}

// The high bits of eight bytes as the low bits of a number.
constexpr std::uint64_t gathered(std::uint64_t high_bits) {
  return ((high_bits >> 7) * 0x0102040810204080) >> 56;
}

// What stays of the two halves of a word.
constexpr auto kMasks = [] {
  std::array<std::array<std::uint64_t, 2>, kShortBytes + 1> masks{};
  for (std::size_t size = 0; size <= kShortBytes; ++size)
    for (std::size_t i = 0; i < size; ++i) masks[size][i / 8] |= std::uint64_t{0xff} << i % 8 * 8;
  return masks;
}();

std::uint64_t load(const char* bytes) {
  std::uint64_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

std::uint64_t mixed(std::uint64_t low, std::uint64_t high) {
  const std::uint64_t hash =
      (low * 0x9E3779B97F4A7C15) ^ (std::rotl(high, 29) * 0xD6E8FEB86659FD93);
  return hash ^ hash >> 32;
}

std::uint32_t hash_of(std::string_view word) {
  std::uint64_t hash = word.size();
  for (; word.size() > kShortBytes; word.remove_prefix(kShortBytes))
    hash = mixed(hash ^ load(word.data()), load(word.data() + 8));
  // The last 16 bytes, some of them once more.
  const char* last = word.data() + word.size() - kShortBytes;
  return static_cast<std::uint32_t>(mixed(hash ^ load(last), load(last + 8)));
}

}  // namespace

WordSet::WordSet() : short_words_(1u << 13), long_words_(1u << 8) {}

void WordSet::add_text(std::string_view text) {
  if (full_ || text.size() < limits::word_bytes_min) return;
  fold(text);
  std::size_t begin = 0;
  std::uint64_t before = 0;  // whether the last byte was in a word
  for (std::size_t i = 0; i < in_word_.size(); ++i) {
    const std::uint64_t bits = in_word_[i];
    std::uint64_t edges = bits ^ (bits << 1 | before);
    bool inside = before != 0;
    for (; edges != 0; edges &= edges - 1, inside = !inside) {
      const std::size_t at = i * 64 + static_cast<std::size_t>(std::countr_zero(edges));
      if (inside) {
        add_word(folded_.data() + begin, at - begin);
      } else {
        begin = at;
      }
    }
    before = bits >> 63;
  }
}

void WordSet::add_tag(std::string_view key, std::string_view value) {
  const std::size_t size = key.size() + 1 + value.size();
  if (full_) return;
  folded_.resize(std::max(folded_.size(), size + kShortBytes));
  char* tag = folded_.data();
  std::ranges::copy(key, tag);
  tag[key.size()] = ':';
  std::ranges::copy(value, tag + key.size() + 1);
  if (size > kShortBytes) {
    add_long({tag, size});
  } else if (std::memchr(tag, 0, size) == nullptr) {
    add_short(tag, size);
  } else {
    full_ = true;  // zeros are what stands behind a short word
  }
}

std::string_view WordSet::words() const {
  return full_ ? kAnyWord : std::string_view(words_);
}

void WordSet::clear() {
  words_.clear();
  full_ = false;
  std::ranges::fill(short_words_, ShortWord{});
  std::ranges::fill(long_words_, LongWord{});
  short_used_ = long_used_ = 0;
}

void WordSet::fold(std::string_view text) {
  const std::size_t steps = (text.size() + 7) / 8;
  // Room for a key to be read at the last byte, and a zero bit to end the last word.
  folded_.resize(std::max(folded_.size(), steps * 8 + kShortBytes));
  in_word_.assign(text.size() / 64 + 1, 0);
  for (std::size_t i = 0; i < steps; ++i) {
    std::uint64_t bytes = 0;
    if (i * 8 + 8 <= text.size()) {
      bytes = load(text.data() + i * 8);
    } else {
      std::memcpy(&bytes, text.data() + i * 8, text.size() - i * 8);
    }
    const std::uint64_t low = bytes & ~kHigh, other = bytes & kHigh;
    const std::uint64_t letters = between(low | each(0x20), 'a', 'z') & ~other;
    const std::uint64_t word = letters | (between(low, '0', '9') & ~other) | other;
    bytes |= letters >> 2;  // 0x20, which makes a letter small
    std::memcpy(folded_.data() + i * 8, &bytes, sizeof bytes);
    in_word_[i / 8] |= gathered(word) << i % 8 * 8;
  }
}

void WordSet::add_word(const char* word, std::size_t size) {
  if (size < limits::word_bytes_min || full_) return;
  if (size <= kShortBytes) {
    add_short(word, size);
  } else {
    add_long({word, size});
  }
}

void WordSet::add_short(const char* word, std::size_t size) {
  const std::uint64_t low = load(word) & kMasks[size][0], high = load(word + 8) & kMasks[size][1];
  const std::size_t last = short_words_.size() - 1;
  std::size_t slot = mixed(low, high) & last;
  for (; short_words_[slot].low != 0; slot = (slot + 1) & last)
    if (short_words_[slot].low == low && short_words_[slot].high == high) return;
  short_words_[slot] = {low, high};
  keep({word, size});
  if (++short_used_ * 2 > short_words_.size()) grow_short();
}

void WordSet::add_long(std::string_view word) {
  const std::uint32_t hash = hash_of(word);
  const std::size_t last = long_words_.size() - 1;
  std::size_t slot = hash & last;
  for (; long_words_[slot].size != 0; slot = (slot + 1) & last) {
    const LongWord& there = long_words_[slot];
    if (there.hash == hash && there.size == word.size() &&
        std::memcmp(words_.data() + there.at, word.data(), word.size()) == 0)
      return;
  }
  long_words_[slot] = {hash, static_cast<std::uint32_t>(words_.size()),
                       static_cast<std::uint32_t>(word.size())};
  keep(word);
  if (++long_used_ * 2 > long_words_.size()) grow_long();
}

void WordSet::keep(std::string_view word) {
  full_ = word.size() > limits::word_bytes_max ||
          words_.size() + word.size() > limits::words_block_bytes_max;
  if (full_) return;
  words_.append(word);
  words_ += '\n';
}

void WordSet::grow_short() {
  std::vector<ShortWord> old(short_words_.size() * 2);
  old.swap(short_words_);
  const std::size_t last = short_words_.size() - 1;
  for (const ShortWord& word : old) {
    if (word.low == 0) continue;
    std::size_t slot = mixed(word.low, word.high) & last;
    while (short_words_[slot].low != 0) slot = (slot + 1) & last;
    short_words_[slot] = word;
  }
}

void WordSet::grow_long() {
  std::vector<LongWord> old(long_words_.size() * 2);
  old.swap(long_words_);
  const std::size_t last = long_words_.size() - 1;
  for (const LongWord& word : old) {
    if (word.size == 0) continue;
    std::size_t slot = word.hash & last;
    while (long_words_[slot].size != 0) slot = (slot + 1) & last;
    long_words_[slot] = word;
  }
}

}  // namespace catalejo::store
