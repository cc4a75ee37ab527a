#include "store/batch/words.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <cstring>
#include <random>
#include <set>

#include "base/limits.hpp"
#include "store/batch/word_set.hpp"
#include "store/store.hpp"

namespace catalejo::store {
namespace {

struct Block {
  std::int64_t first = 0, last = 0;
  std::uint32_t spans = 0;
  std::string words, tags;
};

std::string text_at(std::string_view rows, std::size_t& at) {
  std::size_t size = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(rows[at++]);
    size |= std::size_t{byte & 0x7fu} << shift;
    if (byte < 0x80) break;
  }
  at += size;
  return std::string(rows.substr(at - size, size));
}

std::vector<Block> blocks_of(std::string_view rows) {
  std::vector<Block> blocks;
  while (rows.size() > 20) {
    Block block;
    std::memcpy(&block.first, rows.data(), 8);
    std::memcpy(&block.last, rows.data() + 8, 8);
    std::memcpy(&block.spans, rows.data() + 16, 4);
    std::size_t at = 20;
    block.words = text_at(rows, at);
    block.tags = text_at(rows, at);
    rows.remove_prefix(at);
    blocks.push_back(std::move(block));
  }
  EXPECT_TRUE(rows.empty());
  return blocks;
}

// The blocks of spans with these inputs, one after the other, the last one sent first.
std::vector<Block> blocks(const std::vector<std::string>& inputs, const std::string& output = "",
                          std::int64_t apart_ns = 1) {
  model::Batch batch;
  for (std::size_t i = inputs.size(); i-- > 0;) {
    model::Span span;
    span.halves = model::Halves::llm;
    span.span_id = {i + 1};
    span.start = {1'700'000'000'000'000'000 + static_cast<std::int64_t>(i) * apart_ns};
    span.name = "name of it";
    span.input_json = batch.arena.copy(inputs[i]);
    span.output_json = batch.arena.copy(output);
    batch.spans.push_back(std::move(span));
  }
  const EncodedBatchPtr encoded = encode(batch, {1});
  BatchRows rows;
  EXPECT_TRUE(rows.add(kRowVersion, encoded->payload));
  return blocks_of(word_blocks(rows.parts().front()));
}

TEST(Words, OfInputAndOutputOnceAndSmall) {
  const auto made = blocks({R"({"value":"Hola, HOLA: año_nuevo 2026 a1 \n"})"}, "ñu-Adiós hola");
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].words, "value\nhola\naño\nnuevo\n2026\nñu\nadiós\n");
  EXPECT_EQ(made[0].spans, 1u);
}

// The tags of the one block that spans with them make.
std::string tags_of(const std::vector<std::vector<std::pair<std::string, std::string>>>& spans) {
  model::Batch batch;
  for (const auto& tags : spans) {
    model::Span span;
    span.halves = model::Halves::llm;
    span.span_id = {batch.spans.size() + 1};
    span.start = {1'700'000'000'000'000'000};
    for (const auto& [key, value] : tags)
      span.tags.push_back({batch.arena.copy(key), batch.arena.copy(value)});
    batch.spans.push_back(std::move(span));
  }
  const EncodedBatchPtr encoded = encode(batch, {1});
  BatchRows rows;
  EXPECT_TRUE(rows.add(kRowVersion, encoded->payload));
  const auto made = blocks_of(word_blocks(rows.parts().front()));
  EXPECT_EQ(made.size(), 1u);
  return made.empty() ? "" : made.front().tags;
}

TEST(Words, TagsStandWholeAndOnce) {
  const std::string id = "0123456789abcdef0123456789abcdef";
  EXPECT_EQ(tags_of({{{"Team", "Core"}, {"id", id}}, {{"id", id}, {"Team", "Core"}, {"e", ""}}}),
            "\nTeam:Core\nid:" + id + "\ne:\n");
  EXPECT_EQ(tags_of({{{"k", std::string("x\0", 2)}}}), "**");
  EXPECT_EQ(tags_of({{{"k", std::string(limits::word_bytes_max, 'x')}}}), "**");
}

TEST(Words, NoTextIsNoBlock) {
  EXPECT_TRUE(blocks({"", "a b"}).empty());
}

TEST(Words, BlocksFollowTheStartWhateverCameFirst) {
  std::vector<std::string> inputs(limits::words_block_spans + 1, "same");
  inputs.back() = "latest";
  const auto made = blocks(inputs);
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[0].spans, limits::words_block_spans);
  EXPECT_EQ(made[0].words, "same\n");
  EXPECT_LT(made[0].last, made[1].first);
  EXPECT_EQ(made[1].first, made[1].last);
  EXPECT_EQ(made[1].words, "latest\n");
}

TEST(Words, SpansFarApartAreBlocksOfTheirOwn) {
  const std::vector<std::string> inputs(3, "word");
  EXPECT_EQ(blocks(inputs, "", limits::words_gap_nanos_max).size(), 1u);
  EXPECT_EQ(blocks(inputs, "", limits::words_gap_nanos_max + 1).size(), 3u);
}

TEST(Words, TooManyOrTooLongAreAnyWord) {
  EXPECT_EQ(blocks({std::string(limits::word_bytes_max + 1, 'x')}).at(0).words, "**");
  EXPECT_EQ(blocks({std::string(limits::word_bytes_max, 'x')}).at(0).words.size(),
            limits::word_bytes_max + 1);
  std::string many;
  for (int i = 0; many.size() < 2 * limits::words_block_bytes_max; ++i)
    many += "w" + std::to_string(1'000'000 + i) + ' ';
  EXPECT_EQ(blocks({many}).at(0).words, "**");
}

// Eight bytes at a time finds what one byte at a time does.
TEST(Words, AreThoseOfEachByteWhateverTheText) {
  std::mt19937 random(7);
  constexpr std::string_view kBytes = "aZzA09@[`{/: \n\x80\xff\xc3";
  for (std::size_t round = 0; round < 3'000; ++round) {
    std::string text(random() % 200, ' ');
    for (char& c : text)
      c = round % 3 == 0 ? static_cast<char>(random() % 256) : kBytes[random() % kBytes.size()];
    std::string expected, word;
    std::set<std::string> seen;
    for (const char c : text + ' ') {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x80 || std::isalnum(byte) != 0) {
        word += static_cast<char>(byte >= 0x80 ? byte : std::tolower(byte));
        continue;
      }
      if (word.size() >= limits::word_bytes_min && seen.insert(word).second)
        expected += word + '\n';
      word.clear();
    }
    WordSet words;
    words.add_text(text);
    ASSERT_EQ(words.words(), expected) << text;
  }
}

TEST(Words, TableOfWordsGrows) {
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "w" + std::to_string(1'000'000 + i) + ' ';
  const auto made = blocks({many, many});
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].words.size(), 20'000u * 9);
  std::string longer = many;
  for (char& c : longer)
    if (c == 'w') c = 'x';
  std::string both;
  for (int i = 0; i < 2'000; ++i)
    both += "averylongwordindeed" + std::to_string(1'000'000 + i) + ' ';
  EXPECT_EQ(blocks({both, longer + both}).at(0).words.size(), 2'000u * 27 + 20'000u * 9);
}

}  // namespace
}  // namespace catalejo::store
