#include "codec/parquet_join.hpp"

#include <gtest/gtest.h>

namespace catalejo::codec {
namespace {

// A file as parquet.thrift lays it out, no longer than it has to be: one column chunk whose pages
// begin at byte 4, one row group of `rows` rows.
std::string file(std::string_view data, int rows, std::string_view column = "a") {
  const auto twice = [](int value) { return static_cast<char>(2 * value); };  // zigzag
  std::string footer;
  footer += std::string("\x15\x02", 2);  // 1: version, i32 1
  footer += std::string("\x19\x1c", 2);  // 2: schema, one struct
  footer += std::string("\x48\x01", 2);  //    4: name, one byte
  footer += column;
  footer += '\0';
  footer += std::string("\x16", 1) + twice(rows);  // 3: num_rows
  footer += std::string("\x19\x1c", 2);            // 4: row_groups, one struct
  footer += std::string("\x19\x1c", 2);            //    1: columns, one struct
  footer += std::string("\x26\x08", 2);            //       2: file_offset 4
  footer += std::string("\x1c", 1);                //       3: meta_data
  footer += std::string("\x15\x02", 2);            //          1: type
  footer += std::string("\x86\x08", 2);            //          9: data_page_offset 4
  footer += std::string("\x26\x00", 2);            //          11: dictionary_page_offset: none
  footer += '\0';
  footer += std::string("\x16\x64", 2);  //       4: offset_index_offset 50
  footer += '\0';
  footer += std::string("\x26", 1) + twice(rows);  //    3: num_rows
  footer += std::string("\x26\x08", 2);            //    5: file_offset 4
  footer += '\0';
  footer += '\0';
  std::string out = "PAR1";
  out += data;
  out += footer;
  out += static_cast<char>(footer.size());
  out += std::string("\0\0\0PAR1", 7);
  return out;
}

std::string joined(const std::vector<std::string>& files) {
  ParquetJoiner joiner;
  std::string out;
  for (const std::string& one : files) {
    auto part = joiner.add(one);
    EXPECT_TRUE(part) << to_string(part.error());
    if (part) out += *part;
  }
  return out + joiner.finish();
}

TEST(ParquetJoiner, LeavesOneFileAsItIsButForItsPageIndex) {
  std::string expected = file("pages", 3);
  const std::size_t index = expected.find(std::string("\x16\x64", 2));
  expected.erase(index, 2);
  char& length = expected[expected.size() - 8];
  length = static_cast<char>(length - 2);
  EXPECT_EQ(joined({file("pages", 3)}), expected);
}

TEST(ParquetJoiner, PlacesOfLaterFilesAreShiftedAndRowsAdded) {
  ParquetJoiner joiner;
  EXPECT_EQ(*joiner.add(file("12345", 3)), "PAR112345");
  EXPECT_EQ(*joiner.add(file("678", 2)), "678");
  EXPECT_EQ(*joiner.add(file("", 0)), "");
  EXPECT_EQ(joiner.rows(), 5);
  const std::string footer = joiner.finish();
  // The second one's pages begin at 9, the third one's at 12: 18 and 24 as zigzag.
  EXPECT_NE(footer.find(std::string("\x26\x12\x1c\x15\x02\x86\x12", 7)), std::string::npos);
  EXPECT_NE(footer.find(std::string("\x26\x18\x1c\x15\x02\x86\x18", 7)), std::string::npos);
  EXPECT_NE(footer.find(std::string("\x16\x0a\x19\x3c", 4)), std::string::npos)
      << "five rows, three row groups";
  EXPECT_EQ(footer.find(std::string("\x26\x02\x00", 3)), std::string::npos)
      << "no place stays none";
}

TEST(ParquetJoiner, ManyFilesMakeALongList) {
  const std::string footer = [] {
    ParquetJoiner joiner;
    for (int i = 0; i < 300; ++i) EXPECT_TRUE(joiner.add(file("x", 1)));
    return joiner.finish();
  }();
  EXPECT_NE(footer.find(std::string("\x19\xfc\xac\x02", 4)), std::string::npos) << "300 groups";
}

TEST(ParquetJoiner, RefusesWhatItCannotJoinAndGoesOn) {
  ParquetJoiner joiner;
  ASSERT_TRUE(joiner.add(file("one", 1)));
  const std::string good = file("two", 1);
  for (const std::string& bad :
       {std::string(), std::string("PAR1"), good.substr(1), good.substr(0, good.size() - 1),
        file("two", 1, "b"), "PAR1" + std::string("\xff\xff\xff\x7fPAR1", 8),
        "PAR1" + std::string("\x0c\x04\0\0\0PAR1", 9)})
    EXPECT_EQ(joiner.add(bad).error().code, Code::malformed) << bad;
  // Any footer that ends too early.
  for (std::size_t length = 1; length < good.size() - 15; ++length) {
    std::string cut = good.substr(0, 7 + length);
    cut += static_cast<char>(length);
    cut += std::string("\0\0\0PAR1", 7);
    (void)joiner.add(cut);
  }
  EXPECT_EQ(*joiner.add(good), "two");
}

}  // namespace
}  // namespace catalejo::codec
