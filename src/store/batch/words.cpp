#include "store/batch/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "base/limits.hpp"
#include "base/time.hpp"
#include "store/batch/row_binary.hpp"
#include "store/batch/word_set.hpp"

namespace catalejo::store {
namespace {

UnixNanos start_of(std::string_view row) {
  UnixNanos start;
  std::memcpy(&start.value, row.data() + span_row::start, sizeof start.value);
  return start;
}

// The number (varint) at `at` of a row, which moves behind it.
std::uint64_t number_at(std::string_view row, std::size_t& at) {
  std::uint64_t number = 0;
  for (int shift = 0; shift < 64 && at < row.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(row[at++]);
    number |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) break;
  }
  return number;
}

std::string_view text_at(std::string_view row, std::size_t& at) {
  const std::uint64_t size = number_at(row, at);
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
static_assert(column_number("tags") == column_number("output") + 3);  // metadata, extra between
// start is followed by duration_ns, received and error.
constexpr std::size_t kTextsAt = span_row::fixed_bytes + 8 + 8 + 1;

void add_row(WordSet& words, WordSet& tags, std::string_view row) {
  std::size_t at = kTextsAt;
  for (std::size_t i = 0; i < kTextsBefore; ++i) text_at(row, at);
  words.add_text(text_at(row, at));
  words.add_text(text_at(row, at));
  text_at(row, at);
  text_at(row, at);
  for (std::uint64_t left = number_at(row, at); left > 0 && at < row.size(); --left) {
    const std::string_view key = text_at(row, at);
    tags.add_tag(key, text_at(row, at));
  }
}

// So that a whole tag stands between two ends of lines; "**" stays as it is.
std::string tags_text(std::string_view tags) {
  return tags.ends_with('\n') ? fmt::format("\n{}", tags) : std::string(tags);
}

}  // namespace

std::string word_blocks(const BatchPart& part) {
  std::vector<std::uint32_t> order(part.rows.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return start_of(part.rows[i]); });
  std::string rows;
  WordSet words, tags;
  for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
    to = from + 1;
    // Spans that come late stand apart: a block over the gap would be read for what is in it.
    while (to < order.size() && to - from < limits::words_block_spans &&
           start_of(part.rows[order[to]]).value - start_of(part.rows[order[to - 1]]).value <=
               limits::words_gap_nanos_max)
      ++to;
    words.clear();
    tags.clear();
    for (std::size_t i = from; i < to; ++i) add_row(words, tags, part.rows[order[i]]);
    if (words.words().empty() && tags.words().empty()) continue;
    RowBinaryWriter out(rows);
    out.number(start_of(part.rows[order[from]]).value);
    out.number(start_of(part.rows[order[to - 1]]).value);
    out.number(static_cast<std::uint32_t>(to - from));
    out.text(words.words());
    out.text(tags_text(tags.words()));
  }
  return rows;
}

}  // namespace catalejo::store
