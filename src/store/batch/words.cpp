#include "store/batch/words.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "base/limits.hpp"
#include "base/time.hpp"
#include "store/batch/row_binary.hpp"

namespace catalejo::store {
namespace {

// 0 = between words.
constexpr auto kFold = [] {
  std::array<unsigned char, 256> fold{};
  for (unsigned c = 0; c < 256; ++c) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c >= 0x80)
      fold[c] = static_cast<unsigned char>(c);
    if (c >= 'A' && c <= 'Z') fold[c] = static_cast<unsigned char>(c - 'A' + 'a');
  }
  return fold;
}();

constexpr std::string_view kAnyWord = "**";

// Words of a block, each once, with '\n' behind it.
class WordSet {
 public:
  WordSet() : slots_(1u << 13) {}

  void add_text(std::string_view text) {
    std::size_t size = 0;  // of the word so far; beyond the longest it is counted only
    for (const char each : text) {
      const unsigned char c = kFold[static_cast<unsigned char>(each)];
      if (c != 0) {
        if (size < word_.size()) word_[size] = static_cast<char>(c);
        ++size;
        continue;
      }
      if (size >= limits::word_bytes_min) add_word(size);
      size = 0;
    }
    if (size >= limits::word_bytes_min) add_word(size);
  }

  // kAnyWord when they are too many to be kept.
  std::string_view words() const { return full_ ? kAnyWord : std::string_view(words_); }

  void clear() {
    words_.clear();
    full_ = false;
    std::ranges::fill(slots_, Slot{});
    used_ = 0;
  }

 private:
  struct Slot {
    std::uint32_t hash = 0, at = 0, size = 0;  // at: in words_
  };

  void add_word(std::size_t size) {
    full_ = full_ || size > word_.size() || words_.size() > limits::words_block_bytes_max;
    if (full_) return;
    const std::string_view word(word_.data(), size);
    const std::uint32_t hash = hash_of(word);
    std::size_t slot = hash & (slots_.size() - 1);
    for (; slots_[slot].size != 0; slot = (slot + 1) & (slots_.size() - 1)) {
      const Slot& there = slots_[slot];
      if (there.hash == hash && there.size == size &&
          std::memcmp(words_.data() + there.at, word.data(), size) == 0)
        return;
    }
    slots_[slot] = {hash, static_cast<std::uint32_t>(words_.size()),
                    static_cast<std::uint32_t>(size)};
    words_.append(word);
    words_ += '\n';
    if (++used_ * 2 > slots_.size()) grow();
  }

  static std::uint32_t hash_of(std::string_view word) {
    std::uint64_t hash = word.size();
    while (!word.empty()) {
      std::uint64_t piece = 0;
      const std::size_t bytes = std::min<std::size_t>(word.size(), sizeof piece);
      std::memcpy(&piece, word.data(), bytes);
      hash = (hash ^ piece) * 0x9E3779B97F4A7C15u;
      hash ^= hash >> 32;
      word.remove_prefix(bytes);
    }
    return static_cast<std::uint32_t>(hash);
  }

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& each : old) {
      if (each.size == 0) continue;
      std::size_t slot = each.hash & (slots_.size() - 1);
      while (slots_[slot].size != 0) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = each;
    }
  }

  std::array<char, limits::word_bytes_max> word_{};
  std::vector<Slot> slots_;  // a power of two, at most half full
  std::size_t used_ = 0;
  bool full_ = false;
  std::string words_;
};

UnixNanos start_of(std::string_view row) {
  UnixNanos start;
  std::memcpy(&start.value, row.data() + span_row::start, sizeof start.value);
  return start;
}

// The text at `at` of a row, which moves behind it.
std::string_view text_at(std::string_view row, std::size_t& at) {
  std::uint64_t size = 0;
  for (int shift = 0; shift < 64 && at < row.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(row[at++]);
    size |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) break;
  }
  const std::string_view text = row.substr(std::min(at, row.size()), size);
  at += text.size();
  return text;
}

constexpr std::size_t column_number(std::string_view name) {
  for (std::size_t i = 0; i < kSpanColumns.size(); ++i)
    if (kSpanColumns[i].name == name) return i;
  return SIZE_MAX;
}
// From the first name to the texts everything is a text.
constexpr std::size_t kTextsBefore = column_number("input") - column_number("name");
static_assert(column_number("output") == column_number("input") + 1);
// start is followed by duration_ns, received and error.
constexpr std::size_t kTextsAt = span_row::fixed_bytes + 8 + 8 + 1;

void add_row(WordSet& words, std::string_view row) {
  std::size_t at = kTextsAt;
  for (std::size_t i = 0; i < kTextsBefore; ++i) text_at(row, at);
  words.add_text(text_at(row, at));
  words.add_text(text_at(row, at));
}

}  // namespace

std::string word_blocks(const BatchPart& part) {
  std::vector<std::uint32_t> order(part.rows.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return start_of(part.rows[i]); });
  std::string rows;
  WordSet words;
  for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
    to = from + 1;
    // Spans that come late stand apart: a block over the gap would be read for what is in it.
    while (to < order.size() && to - from < limits::words_block_spans &&
           start_of(part.rows[order[to]]).value - start_of(part.rows[order[to - 1]]).value <=
               limits::words_gap_nanos_max)
      ++to;
    words.clear();
    for (std::size_t i = from; i < to; ++i) add_row(words, part.rows[order[i]]);
    if (words.words().empty()) continue;
    RowBinaryWriter out(rows);
    out.number(start_of(part.rows[order[from]]).value);
    out.number(start_of(part.rows[order[to - 1]]).value);
    out.number(static_cast<std::uint32_t>(to - from));
    out.text(words.words());
  }
  return rows;
}

}  // namespace catalejo::store
