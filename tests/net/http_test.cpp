// Requests, parameters and error answers as values.
#include "net/http.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace catalejo::net {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(PercentDecode, TakesEscapesAndPlusOnlyInQueries) {
  EXPECT_EQ(percent_decode("/a%2Fb%c3%a9+", false), "/a/b\xC3\xA9+");
  EXPECT_EQ(percent_decode("a+b%2B", true), "a b+");
  EXPECT_EQ(percent_decode("", false), "");
}

TEST(PercentDecode, RefusesBrokenEscapesAndNul) {
  for (const char* text : {"%", "%4", "%zz", "a%4g", "%00", "%%41"})
    EXPECT_FALSE(percent_decode(text, true)) << text;
  EXPECT_FALSE(percent_decode(std::string_view("a\0b", 3), false));
}

TEST(PercentEncode, IsUndoneByDecode) {
  std::string all;
  for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(percent_decode(percent_encode(all), true), all);
  EXPECT_EQ(percent_encode("a b/ñ"), "a%20b%2F%C3%B1");
}

TEST(FindHeader, IgnoresCaseAndTakesTheFirst) {
  const Headers headers{{"DD-API-KEY", "one"}, {"dd-api-key", "two"}, {"Dd-Api-Key2", "three"}};
  EXPECT_EQ(find_header(headers, "dd-Api-Key"), "one");
  EXPECT_EQ(find_header(headers, "dd-api-key2"), "three");
  EXPECT_EQ(find_header(headers, "dd-api"), "");
}

TEST(Parameters, AreDecodedInOrder) {
  Request request;
  request.query = "filter%5Bquery%5D=a+b&x=1&x=2&&flag&broken=%zz&empty=&=v";
  EXPECT_THAT(
      request.parameters(),
      ElementsAre(Pair("filter[query]", "a b"), Pair("x", "1"), Pair("x", "2"), Pair("flag", ""),
                  Pair("broken", "%zz"), Pair("empty", ""), Pair("", "v")));
  EXPECT_EQ(request.parameter("x"), "1");
  EXPECT_EQ(request.parameter("flag"), "");
  EXPECT_EQ(request.parameter("none"), std::nullopt);
}

TEST(ErrorResponse, IsJsonWhateverTheMessageQuotes) {
  const Response response = error_response(
      {Code::malformed, "a \"quote\" \\ \n \x01 \xFF \xC3\xB1 \xED\xA0\x80", "span[3]"});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(find_header(response.headers, "Content-Type"), "application/json");
  EXPECT_EQ(response.body,
            "{\"errors\":[{\"code\":\"malformed\",\"number\":100,\"detail\":"
            "\"a \\\"quote\\\" \\\\ \\u000a \\u0001 \xEF\xBF\xBD \xC3\xB1 "
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD [span[3]]\"}]}");
}

TEST(ErrorResponse, HasTheStatusOfItsCodeAndSaysWhenToTryAgain) {
  struct Case {
    Code code;
    int status;
    const char* retry_after;
  };
  for (const Case& c :
       {Case{Code::malformed, 400, ""}, Case{Code::too_deep, 400, ""},
        Case{Code::body_too_large, 413, ""}, Case{Code::unsupported_encoding, 415, ""},
        Case{Code::not_found, 404, ""}, Case{Code::method_not_allowed, 405, ""},
        Case{Code::unauthorized, 403, ""}, Case{Code::forbidden, 403, ""},
        Case{Code::busy, 503, "1"}, Case{Code::disk_full, 503, "10"},
        Case{Code::store_unavailable, 503, "2"}, Case{Code::shutting_down, 503, "2"},
        Case{Code::timeout, 504, ""}, Case{Code::io, 500, ""}, Case{Code::internal, 500, ""}}) {
    const Response response = error_response({c.code, "x", {}});
    EXPECT_EQ(response.status, c.status) << code_name(c.code);
    EXPECT_EQ(find_header(response.headers, "Retry-After"), c.retry_after) << code_name(c.code);
  }
}

}  // namespace
}  // namespace catalejo::net
