#include "codec/csv.hpp"

#include <gtest/gtest.h>

namespace catalejo::codec {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text) {
  CsvReader reader(text);
  Rows rows;
  while (reader.next() == CsvReader::Next::row) rows.push_back(reader.fields());
  EXPECT_EQ(reader.problem(), "") << text;
  return rows;
}

TEST(Csv, ReadsRowsAsTheRfcHasThem) {
  EXPECT_EQ(rows_of(""), Rows{});
  EXPECT_EQ(rows_of("\n\r\n\n"), Rows{});
  EXPECT_EQ(rows_of("a,b"), (Rows{{"a", "b"}}));
  EXPECT_EQ(rows_of("a,b\n"), (Rows{{"a", "b"}}));
  EXPECT_EQ(rows_of("a,b\r\nc,d\r\n"), (Rows{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(rows_of("\xEF\xBB\xBF"
                    "a\n"),
            (Rows{{"a"}}));
  EXPECT_EQ(rows_of(",\n"), (Rows{{"", ""}}));
  EXPECT_EQ(rows_of("\"\"\n"), (Rows{{""}}));
  EXPECT_EQ(rows_of("\"a,\"\"b\"\"\r\nc\",d"), (Rows{{"a,\"b\"\r\nc", "d"}}));
  EXPECT_EQ(rows_of("ñ,\"¿?\"\n"), (Rows{{"ñ", "¿?"}}));
  EXPECT_EQ(rows_of("a\rb,c"), (Rows{{"a\rb", "c"}}));
}

TEST(Csv, SaysTheLineOfABadRowAndGoesOn) {
  CsvReader reader("a,b\n\"x\ny\",1\n\"x\"z,2\nc\"d,3\nlast,4\n\"open");
  EXPECT_EQ(reader.next(), CsvReader::Next::row);
  EXPECT_EQ(reader.next(), CsvReader::Next::row);
  EXPECT_EQ(reader.line(), 2u);
  EXPECT_EQ(reader.next(), CsvReader::Next::bad);
  EXPECT_EQ(reader.line(), 4u);
  EXPECT_EQ(reader.next(), CsvReader::Next::bad);
  EXPECT_EQ(reader.line(), 5u);
  EXPECT_EQ(reader.next(), CsvReader::Next::row);
  EXPECT_EQ(reader.fields()[0], "last");
  EXPECT_EQ(reader.next(), CsvReader::Next::bad);
  EXPECT_EQ(reader.problem(), "a quote is not closed");
  EXPECT_EQ(reader.next(), CsvReader::Next::end);
}

TEST(Csv, WhatIsWrittenReadsBack) {
  for (const std::string_view field :
       {"", "a", "a,b", "\"", "a\nb", "\r\n", " x ", "\xEF\xBB\xBF"}) {
    std::string text = "first,";
    append_csv_field(text, field);
    text += ",last\r\n";
    EXPECT_EQ(rows_of(text), (Rows{{"first", std::string(field), "last"}})) << field;
  }
}

}  // namespace
}  // namespace catalejo::codec
