#include "codec/json.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "codec/json_dom.hpp"
#include "codec/json_repair.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::codec {
namespace {

// The document written back, or the name of the error.
std::string round_trip(std::string text, Notes* notes = nullptr) {
  JsonDocument document;
  if (Result<void> parsed = document.parse(text); !parsed)
    return std::string(code_name(parsed.error().code)) + " " + parsed.error().where;
  if (notes) *notes = document.notes();
  std::string out;
  append_json(out, root(document));
  return out;
}

TEST(JsonDocument, WritesBackWhatItReadCompactly) {
  struct Case {
    std::string text, expected;
  };
  for (const Case& c : {
           Case{R"( { "a" : [ 1 , -2 , true , null ] , "b" : { } } )",
                R"({"a":[1,-2,true,null],"b":{}})"},
           {"[]", "[]"},
           {"\"x\"", "\"x\""},
           {R"(["\u00bfhola? \ud83d\ude42"])", "[\"¿hola? 🙂\"]"},
           {R"(["\/\b\f\n\r\t\\\"\u0001"])", R"(["/\b\f\n\r\t\\\"\u0001"])"},
           {"[0.1,1.0,1e3,1e300,18446744073709551615,-9223372036854775808]",
            "[0.1,1.0,1000.0,1e+300,18446744073709551615,-9223372036854775808]"},
           // a key twice: both stay, in order; readers let the last one win
           {R"({"a":1,"a":2})", R"({"a":1,"a":2})"},
       }) {
    Notes notes = 99;
    EXPECT_EQ(round_trip(c.text, &notes), c.expected);
    EXPECT_EQ(notes, 0u) << c.text;
  }
}

TEST(JsonDocument, MendsWhatRealClientsGetWrongAndSaysSo) {
  struct Case {
    std::string text, expected;
    Notes notes;
  };
  for (const Case& c : {
           Case{"[\"a\xff\xfe"
                "b\"]",
                "[\"a\xEF\xBF\xBD\xEF\xBF\xBD"
                "b\"]",
                note_invalid_utf8},
           {"{\"k\xc3\":1}", "{\"k\xEF\xBF\xBD\":1}", note_invalid_utf8},
           {R"(["\ud83dx"])", "[\"\xEF\xBF\xBDx\"]", note_invalid_utf8},
           {R"(["\ud83d\u0041"])",
            "[\"\xEF\xBF\xBD"
            "A\"]",
            note_invalid_utf8},
           {R"(["\ud83d\ud83d\ude42"])", "[\"\xEF\xBF\xBD🙂\"]", note_invalid_utf8},
           {R"(["\uDC00"])", "[\"\xEF\xBF\xBD\"]", note_invalid_utf8},
           {"[NaN,Infinity,-Infinity]", "[null,null,null]", note_number_text},
           {"{\"n\": 123456789012345678901234567890 }", R"({"n":"123456789012345678901234567890"})",
            note_number_text},
           {"[-9223372036854775809,1e999,1e-999]", R"(["-9223372036854775809","1e999",0.0])",
            note_number_text},
           {"[\"\xff\",NaN]", "[\"\xEF\xBF\xBD\",null]", note_invalid_utf8 | note_number_text},
       }) {
    Notes notes = 0;
    EXPECT_EQ(round_trip(c.text, &notes), c.expected);
    EXPECT_EQ(notes, c.notes) << c.text;
  }
}

TEST(JsonDocument, RefusesTheRestWithTheByteWhereItWentWrong) {
  struct Case {
    std::string text, expected;
  };
  for (const Case& c : {
           Case{"", "malformed byte 0"},      {"   ", "malformed byte 3"},
           {"{\"a\":1", "malformed byte 6"},  {"[1,2", "malformed byte 4"},
           {"[1] x", "malformed byte 4"},     {"[1][2]", "malformed byte 3"},
           {"[1,]", "malformed byte 3"},      {"{\"a\" 1}", "malformed byte 5"},
           {"{a:1}", "malformed byte 1"},     {"[01]", "malformed byte 1"},
           {"[1.]", "malformed byte 1"},      {"[+1]", "malformed byte 1"},
           {"[-]", "malformed byte 1"},       {"[\"a\nb\"]", "malformed byte 3"},
           {"[\"\\x\"]", "malformed byte 2"}, {"[\"\\u12g4\"]", "malformed byte 2"},
           {"[tru]", "malformed byte 1"},     {"[\xff]", "malformed byte 1"},
           {"[1}", "malformed byte 2"},       {std::string("[\"a\0b\"]", 7), "malformed byte 3"},
       })
    EXPECT_EQ(round_trip(c.text), c.expected) << c.text;
}

TEST(JsonDocument, ReadsToTheDepthLimitAndNoDeeper) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + "1" + std::string(depth, ']');
  };
  EXPECT_EQ(round_trip(nested(128)), nested(128));
  EXPECT_EQ(round_trip(nested(129)), "too_deep byte 128");
  EXPECT_EQ(round_trip(std::string(1'000'000, '[')), "too_deep byte 128");
  EXPECT_EQ(round_trip(std::string(100, '[') + "NaN" + std::string(100, ']')),
            std::string(100, '[') + "null" + std::string(100, ']'));
}

TEST(JsonDocument, RefusesEveryTruncation) {
  const std::string whole = R"({"a":[1,2.5e3,"x\u00e9\n",true],"b":{"c":null}})";
  ASSERT_NE(round_trip(whole).substr(0, 9), "malformed");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(round_trip(whole.substr(0, size)).substr(0, 9), "malformed") << size;
}

TEST(JsonDocument, CanBeUsedAgainForLargerAndSmallerTexts) {
  JsonDocument document;
  for (std::size_t size : {10u, 200'000u, 6'000'000u, 3u}) {
    std::string text = "[\"" + std::string(size, 'x') + "\"]";
    ASSERT_TRUE(document.parse(text));
    EXPECT_EQ(root(document).at(0).get_string().value_unsafe().size(), size);
  }
}

TEST(JsonRepair, AgreesWithTheStrictParserOnGoodTexts) {
  for (const char* text : {"[]", "{}", R"({"a":{"b":[[],{}]}})", "[1,-0.5,1E+2,0]", " true ", "0",
                           R"({"a":"\u00e9","b":[null,false]})"}) {
    Result<RepairedJson> repaired = repair_json(text);
    ASSERT_TRUE(repaired) << text;
    EXPECT_EQ(repaired->notes, 0u);
    EXPECT_EQ(round_trip(repaired->text), round_trip(text));
  }
}

TEST(JsonWriter, EscapesAtEveryPositionAroundTheBlockSize) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a'), out;
      text[at] = '"';
      append_json_string(out, text);
      EXPECT_EQ(out, "\"" + text.substr(0, at) + "\\\"" + text.substr(at + 1) + "\"");
    }
  }
  for (int c = 0; c < 256; ++c) {
    std::string text(17, static_cast<char>(c)), out;
    append_json_string(out, text);
    const bool plain = c >= 0x20 && c != '"' && c != '\\';
    EXPECT_EQ(out.size() == 19, plain) << c;
  }
}

TEST(JsonWriter, WritesNumbersThatReadBackTheSame) {
  std::string out;
  append_json_number(out, 0.1f);
  out += ' ';
  append_json_number(out, 1e22);
  out += ' ';
  append_json_number(out, -0.0);
  out += ' ';
  append_json_number(out, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(out, "0.1 1e+22 -0.0 null");
}

TEST(JsonObjectWriter, WritesFieldsAndTheEmptyObject) {
  std::string out;
  JsonObjectWriter(out).close();
  JsonObjectWriter object(out);
  object.text("a", "x");
  append_json_number(object.key("b"), std::int64_t{-1});
  object.close();
  EXPECT_EQ(out, R"({}{"a":"x","b":-1})");
}

}  // namespace
}  // namespace catalejo::codec
