#include "codec/msgpack.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "codec/msgpack_json.hpp"

namespace catalejo::codec {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using Type = MsgpackReader::Type;

std::string as_json(const std::string& bytes, Notes* notes = nullptr) {
  MsgpackReader reader(bytes);
  std::string out;
  Result<Notes> result = append_msgpack_as_json(out, reader);
  if (notes && result) *notes = *result;
  return result ? out : std::string(code_name(result.error().code));
}

TEST(MsgpackReader, ReadsEveryWidthOfInteger) {
  struct Case {
    std::string bytes;
    std::uint64_t expected;
  };
  for (const Case& c : {Case{"\x00"s, 0},
                        {"\x7f"s, 127},
                        {"\xcc\xff"s, 255},
                        {"\xcd\xff\xfe"s, 0xfffe},
                        {"\xce\x01\x02\x03\x04"s, 0x01020304},
                        {"\xcf\xff\xff\xff\xff\xff\xff\xff\xff"s, ~0ull},
                        {"\xd0\x05"s, 5},
                        {"\xd3\x00\x00\x00\x00\x00\x00\x00\x07"s, 7}}) {
    MsgpackReader reader(c.bytes);
    EXPECT_EQ(reader.read_unsigned(), c.expected);
    EXPECT_FALSE(reader.failed());
    EXPECT_TRUE(reader.at_end());
  }
}

TEST(MsgpackReader, ReadsNegativeIntegersAndRefusesThemAsUnsigned) {
  struct Case {
    std::string bytes;
    std::int64_t expected;
  };
  for (const Case& c :
       {Case{"\xff"s, -1},
        {"\xe0"s, -32},
        {"\xd0\x80"s, -128},
        {"\xd1\x80\x00"s, -32768},
        {"\xd2\x80\x00\x00\x00"s, std::numeric_limits<std::int32_t>::min()},
        {"\xd3\x80\x00\x00\x00\x00\x00\x00\x00"s, std::numeric_limits<std::int64_t>::min()}}) {
    MsgpackReader reader(c.bytes);
    EXPECT_EQ(reader.read_signed(), c.expected);
    EXPECT_FALSE(reader.failed());
    MsgpackReader as_unsigned(c.bytes);
    as_unsigned.read_unsigned();
    EXPECT_TRUE(as_unsigned.failed());
  }
  MsgpackReader too_large("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"sv);
  too_large.read_signed();
  EXPECT_TRUE(too_large.failed());
}

TEST(MsgpackReader, ReadsTextBinaryFloatsAndContainers) {
  MsgpackReader reader(
      "\x82\xa1"
      "a\xd9\x02hi\xa1"
      "b\x93\xca\x3f\x80\x00\x00\xc4\x01z\xc3"sv);
  EXPECT_EQ(reader.read_map(), 2u);
  EXPECT_EQ(reader.read_text(), "a");
  EXPECT_EQ(reader.read_text(), "hi");
  EXPECT_EQ(reader.read_text(), "b");
  EXPECT_EQ(reader.read_array(), 3u);
  EXPECT_EQ(reader.read_number(), 1.0);
  EXPECT_EQ(reader.read_binary(), "z");
  EXPECT_TRUE(reader.read_bool());
  EXPECT_TRUE(reader.at_end());
  EXPECT_FALSE(reader.failed());
}

TEST(MsgpackReader, FailsOnceAndThenGivesEmptyValues) {
  MsgpackReader reader(
      "\xa5"
      "abc\x01"sv);
  EXPECT_EQ(reader.read_text(), "");
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.read_unsigned(), 0u);
  EXPECT_EQ(reader.read_map(), 0u);
  EXPECT_EQ(reader.peek(), Type::invalid);
  EXPECT_EQ(reader.error().where, "byte 1");
}

TEST(MsgpackReader, RefusesCountsLargerThanTheBytesThatAreLeft) {
  for (const std::string& bytes :
       {"\xdd\xff\xff\xff\xff"s, "\xdf\xff\xff\xff\xff"s, "\xdc\xff\xff\x01"s, "\x92\x01"s,
        "\x81\x01"s, "\xdb\xff\xff\xff\xff"s, "\xc6\xff\xff\xff\xff"s}) {
    MsgpackReader reader(bytes);
    reader.skip();
    EXPECT_TRUE(reader.failed());
  }
}

TEST(MsgpackReader, SkipsAnyDepthWithoutRecursion) {
  const std::string deep(1'000'000, '\x91');
  MsgpackReader reader(deep);
  reader.skip();
  EXPECT_TRUE(reader.failed());
  const std::string closed = deep + "\xc0";
  MsgpackReader whole(closed);
  whole.skip();
  EXPECT_FALSE(whole.failed());
  EXPECT_TRUE(whole.at_end());
}

TEST(MsgpackReader, TakesTheBytesOfOneValue) {
  MsgpackReader reader("\x92\x01\xa1x\x05"sv);
  EXPECT_EQ(reader.take_value(), "\x92\x01\xa1x"s);
  EXPECT_EQ(reader.read_unsigned(), 5u);
}

TEST(MsgpackToJson, WritesEveryType) {
  struct Case {
    std::string bytes, expected;
  };
  for (const Case& c : {Case{"\xc0"s, "null"},
                        {"\xc2"s, "false"},
                        {"\xc3"s, "true"},
                        {"\x07"s, "7"},
                        {"\xff"s, "-1"},
                        {"\xcf\xff\xff\xff\xff\xff\xff\xff\xff"s, "18446744073709551615"},
                        {"\xca\x3d\xcc\xcc\xcd"s, "0.1"},
                        {"\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00"s, "1.0"},
                        {"\xa3"
                         "a\"b"s,
                         R"("a\"b")"},
                        {"\xc4\x04\x00\x01\x02\xff"s, R"("AAEC/w==")"},
                        {"\xd6\xff\x00\x00\x00\x00"s, "null"},
                        {"\xc7\x02\x01zz"s, "null"},
                        {"\x90"s, "[]"},
                        {"\x80"s, "{}"},
                        {"\x92\x01\x92\xa0\xc0"s, R"([1,["",null]])"},
                        {"\x82\xa1"
                         "a\x01\xa1"
                         "b\x80"s,
                         R"({"a":1,"b":{}})"},
                        // keys that are no text
                        {"\x81\x05\x01"s, R"({"5":1})"},
                        {"\x81\xc0\x01"s, R"({"null":1})"},
                        {"\x81\x91\xa1x\x01"s, R"({"[array]":1})"},
                        {"\x81\x81\x01\x02\x03"s, R"({"[map]":3})"},
                        {"\x81\xc4\x01z\x01"s, R"({"eg==":1})"},
                        // a key twice: both stay, in order
                        {"\x82\xa1"
                         "a\x01\xa1"
                         "a\x02"s,
                         R"({"a":1,"a":2})"}}) {
    EXPECT_EQ(as_json(c.bytes), c.expected);
  }
}

TEST(MsgpackToJson, NotesWhatJsonCannotHold) {
  Notes notes = 0;
  EXPECT_EQ(as_json("\x92\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00\xca\x7f\x80\x00\x00"s, &notes),
            "[null,null]");
  EXPECT_EQ(notes, note_number_text);
  EXPECT_EQ(as_json("\xa3"
                    "a\xff"
                    "b"s,
                    &notes),
            "\"a\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(notes, note_invalid_utf8);
  EXPECT_EQ(as_json("\xa1x"s, &notes), "\"x\"");
  EXPECT_EQ(notes, 0u);
}

TEST(MsgpackToJson, BoundsTheDepthInArraysMapsAndKeys) {
  const auto nested = [](std::size_t depth, const std::string& open) {
    std::string bytes;
    for (std::size_t i = 0; i < depth; ++i) bytes += open;
    return bytes + "\xc0";
  };
  EXPECT_EQ(as_json(nested(128, "\x91")), std::string(128, '[') + "null" + std::string(128, ']'));
  EXPECT_EQ(as_json(nested(129, "\x91")), "too_deep");
  EXPECT_EQ(as_json(nested(129, "\x81\xa1k")), "too_deep");
  EXPECT_EQ(as_json(nested(200, "\x81") + std::string(200, '\xc0')), R"({"[map]":null})");
}

TEST(MsgpackToJson, RefusesEveryTruncation) {
  const std::string whole =
      "\x84\xa1"
      "a\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00\xa1"
      "b\x92\xc4\x02zz\xd9\x03xyz"
      "\xa1"
      "c\xc7\x02\x01zz\xa1"
      "d\xcd\x01\x02"s;
  EXPECT_EQ(as_json(whole), R"({"a":1.0,"b":["eno=","xyz"],"c":null,"d":258})");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(as_json(whole.substr(0, size)), "malformed") << size;
}

}  // namespace
}  // namespace catalejo::codec
