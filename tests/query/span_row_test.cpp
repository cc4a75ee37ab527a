#include "query/span_row.hpp"

#include <gtest/gtest.h>

#include "row_writer.hpp"

namespace catalejo::query {
namespace {

TEST(SpanRows, AreReadColumnByColumn) {
  const std::string one = test::span_bytes({});
  const auto rows = read_span_rows(one + one);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->rows.size(), 2u);
  const SpanRow& row = rows->rows[1];
  EXPECT_EQ(row.half, 3);
  EXPECT_EQ(row.trace_id, (TraceId{1, 1}));
  EXPECT_EQ(row.span_id.value, 10u);
  EXPECT_EQ(row.start.value, 1'795'472'913'308'242'728);
  EXPECT_EQ(row.kind, "llm");
  EXPECT_EQ(row.source, "dd_apm/v0.4");
  EXPECT_EQ(row.resource, "createChatCompletion");
  EXPECT_EQ(row.tags, (TextMap{{"team", "core"}}));
  EXPECT_EQ(row.metrics, (NumberMap{{"input_tokens", 10.0}}));
  EXPECT_EQ(row.cost_nano_usd, 1'500'000);
  EXPECT_EQ(row.flags, 1u);
}

TEST(SpanRows, KeepTheirTextsWhenMoved) {
  auto rows = read_span_rows(test::span_bytes({}));
  ASSERT_TRUE(rows);
  const Rows<SpanRow> moved = *std::move(rows);
  EXPECT_EQ(moved.rows[0].service, "shop");
}

TEST(SpanRows, AreRefusedWhenCutAtAnyByte) {
  const std::string whole = test::span_bytes({});
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const auto rows = read_span_rows(whole.substr(0, size));
    ASSERT_FALSE(rows) << size;
    EXPECT_EQ(rows.error().code, Code::database);
  }
  EXPECT_TRUE(read_span_rows(""));
}

TEST(RowReader, RefusesLengthsThatTheRestCannotHold) {
  for (const std::uint64_t length : {std::uint64_t{4}, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    const std::string bytes = test::RowWriter().length(length).bytes() + "abc";
    RowReader text(bytes);
    EXPECT_TRUE(text.text().empty());
    EXPECT_TRUE(text.failed());
    RowReader count(bytes);
    EXPECT_EQ(count.count(2), 0u);
    EXPECT_TRUE(count.failed());
  }
}

TEST(RowReader, RefusesAVarintThatNeverEnds) {
  RowReader reader(std::string_view("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12));
  EXPECT_TRUE(reader.text().empty());
  EXPECT_TRUE(reader.failed());
}

TEST(RowReader, ReadsNothingMoreAfterAFailure) {
  RowReader reader("\x05\x01");
  reader.u64();
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.u8(), 0);
  EXPECT_TRUE(reader.at_end());
}

}  // namespace
}  // namespace catalejo::query
