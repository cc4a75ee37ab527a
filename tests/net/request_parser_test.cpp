// The parser without a socket: what is a request, and what is refused because two servers could
// read it differently.
#include "net/request_parser.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace catalejo::net {
namespace {

using State = RequestParser::State;

constexpr RequestParser::Bounds kBounds{.head_bytes_max = 1'000, .body_bytes_max = 100};

// Feeds `bytes` in pieces of `piece`; what was not taken is in `rest`.
void feed(RequestParser& parser, std::string_view bytes, std::size_t piece, std::string* rest) {
  while (!bytes.empty() && parser.state() != State::done && parser.state() != State::refused) {
    const std::string copy(bytes.substr(0, piece));  // a buffer of its own: overruns show
    bytes.remove_prefix(parser.feed(copy));
  }
  *rest = bytes;
}

std::string outcome(std::string_view bytes, std::size_t piece) {
  RequestParser parser(kBounds);
  std::string rest;
  feed(parser, bytes, piece, &rest);
  switch (parser.state()) {
    case State::head:
      return "waits for the head";
    case State::body:
      return "waits for the body";
    case State::refused:
      return fmt::format("{} {}", parser.refusal().status, parser.refusal().reason);
    case State::done:
      break;
  }
  const Request& request = parser.request();
  return fmt::format("{} {}?{} [{}] rest [{}]", request.method, request.path, request.query,
                     request.body, rest);
}

TEST(RequestParser, ReadsTheSameHoweverTheBytesAreCut) {
  struct Case {
    std::string_view bytes;
    std::string_view expected;
  };
  for (const auto& [bytes, expected] : {
           Case{"GET / HTTP/1.1\r\n\r\n", "GET /? [] rest []"},
           Case{"\r\n\r\nGET /a%20b?c=%20 HTTP/1.1\r\nHost: x\r\n\r\nGET",
                "GET /a b?c=%20 [] rest [GET]"},
           Case{"GET http://host:80/a?b HTTP/1.1\r\n\r\n", "GET /a?b [] rest []"},
           Case{"GET http://host HTTP/1.1\r\n\r\n", "GET /? [] rest []"},
           Case{"OPTIONS * HTTP/1.1\r\n\r\n", "OPTIONS *? [] rest []"},
           Case{"GET / HTTP/1.1\r\nHost: \x01"
                "ff00\r\n\r\n",
                "400 malformed"},
           Case{"GET / HTTP/1.1\r\nHost: 2f746d702f782e736f636b\r\n\r\n", "GET /? [] rest []"},
           Case{"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcPOST", "POST /? [abc] rest [POST]"},
           Case{"POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\nx", "POST /? [] rest [x]"},
           Case{"PUT / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                "PUT /? [abc] rest []"},
           Case{"PUT / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n"
                "3;a=b\r\nabc\r\n000\r\nA: b\r\n\r\nrest",
                "PUT /? [abc] rest [rest]"},
           Case{"GET / HTTP/1.1\r\n", "waits for the head"},
           Case{"PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc", "waits for the body"},
       })
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece)
      EXPECT_EQ(outcome(bytes, piece), expected) << bytes << " in pieces of " << piece;
}

void expect_refused(const std::string& bytes) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()})
    EXPECT_THAT(outcome(bytes, piece), ::testing::StartsWith("400 "))
        << bytes << " in pieces of " << piece;
}

TEST(RequestParser, RefusesWhatAnotherServerMayReadDifferently) {
  const auto with = [](std::string_view headers, std::string_view body = "0\r\n\r\n") {
    return fmt::format("POST / HTTP/1.1\r\n{}\r\n\r\n{}", headers, body);
  };
  const std::string cases[] = {
      with("Content-Length: 5\r\nTransfer-Encoding: chunked"),
      with("Transfer-Encoding: chunked\r\nContent-Length: 5"),
      with("Content-Length: 5\r\nContent-Length: 6"),
      with("Content-Length: +5"),
      with("Content-Length: -5"),
      with("Content-Length: 0x5"),
      with("Content-Length: 5 5"),
      with("Content-Length: 5, 5"),
      with("Content-Length: 5,6"),
      with("Content-Length: 5;"),
      with("Content-Length:"),
      with("Content-Length: "),
      with("Content-Length: 99999999999999999999"),
      with("Content-Length: 18446744073709551616"),
      with("Content-Length : 5"),
      with("Content-Length\t: 5"),
      with("Content-Length: 5\x0b"),
      with(" Content-Length: 5"),
      with("A: b\r\n Content-Length: 5"),
      with("A: b\r\n\tc"),
      with("A: b\r\n \r\nContent-Length: 5"),
      with("A: b\nContent-Length: 5"),
      with("A: b\rContent-Length: 5"),
      with("A: b\r\rContent-Length: 5"),
      with(std::string_view("A: b\0c", 6)),
      with("A"),
      with(": b"),
      with("A b: c"),
      with("A[]: c"),
      with("Transfer-Encoding: gzip"),
      with("Transfer-Encoding: gzip, chunked"),
      with("Transfer-Encoding: chunked, chunked"),
      with("Transfer-Encoding: chunked, identity"),
      with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
      with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
      with("Transfer-Encoding: xchunked"),
      with("Transfer-Encoding: \"chunked\""),
      with("Transfer-Encoding: chunked;q=1"),
      with("Transfer-Encoding: \x0b"
           "chunked"),
      with("Transfer-Encoding:"),
      with("Transfer-Encoding : chunked"),
  };
  for (const std::string& bytes : cases) expect_refused(bytes);
}

TEST(RequestParser, RefusesRequestLinesAnotherServerMayReadDifferently) {
  const std::string cases[] = {
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\nContent-Length: 0\n\n",
      "POST / HTTP/1.1\r\nContent-Length: 0\n\r\n",
      "POST  / HTTP/1.1\r\n\r\n",
      "POST / HTTP/1.1 \r\n\r\n",
      "POST / HTTP/2.0\r\n\r\n",
      "POST / HTTP/1.2\r\n\r\n",
      "POST / http/1.1\r\n\r\n",
      "POST /\r\n\r\n",
      "POST / a HTTP/1.1\r\n\r\n",
      " POST / HTTP/1.1\r\n\r\n",
      "POST /%zz HTTP/1.1\r\n\r\n",
      "POST /%00 HTTP/1.1\r\n\r\n",
      "\x16\x03\x01\x02\r\n\r\n",
  };
  for (const std::string& bytes : cases) expect_refused(bytes);
}

TEST(RequestParser, RefusesBrokenChunks) {
  for (const std::string_view chunks :
       {"x\r\nabc\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n", "+3\r\nabc\r\n0\r\n\r\n",
        "-3\r\nabc\r\n0\r\n\r\n", " 3\r\nabc\r\n0\r\n\r\n", "\r\nabc\r\n0\r\n\r\n",
        "3\r\nabcd\r\n0\r\n\r\n", "3\r\nabcX\r\n0\r\n\r\n", "3\nabc\r\n0\r\n\r\n",
        "3\r\nabc\n0\r\n\r\n", "3 3\r\nabc\r\n0\r\n\r\n", "3;\r\x01\r\nabc\r\n0\r\n\r\n",
        "3;a=b\nabc\r\n0\r\n\r\n", "0\r\nA : b\r\n\r\n", "0\r\nContent-Length: 5\r\n\r\n",
        "0\r\nA: b\nc: d\r\n\r\n"}) {
    const std::string bytes =
        fmt::format("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{}", chunks);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{5}, bytes.size()})
      EXPECT_THAT(outcome(bytes, piece), ::testing::StartsWith("400 "))
          << chunks << " in pieces of " << piece;
  }
  const std::string overflow =
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nabc";
  EXPECT_THAT(outcome(overflow, 1), ::testing::StartsWith("4"));
}

TEST(RequestParser, RefusesMoreThanItsBounds) {
  const std::string long_header = "GET / HTTP/1.1\r\nA: " + std::string(1'000, 'a');
  EXPECT_EQ(outcome(long_header, 1), "431 header_too_large");
  EXPECT_EQ(outcome(long_header + "\r\n\r\n", 5'000), "431 header_too_large");
  EXPECT_EQ(outcome("GET /" + std::string(5'000, 'a'), 5'000), "431 header_too_large");
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 300; ++i) many += "a:\r\n";
  RequestParser roomy({.head_bytes_max = 64'000, .body_bytes_max = 1});
  roomy.feed(many + "\r\n");
  EXPECT_EQ(roomy.refusal().status, 431);

  const std::string exact(100, 'x');
  const std::string head = "POST / HTTP/1.1\r\nContent-Length: ";
  EXPECT_EQ(outcome(head + "100\r\n\r\n" + exact, 9), "POST /? [" + exact + "] rest []");
  EXPECT_EQ(outcome(head + "101\r\n\r\n", 9), "413 body_too_large");  // before any of it came
  const std::string chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(outcome(chunked + "64\r\n" + exact + "\r\n0\r\n\r\n", 9),
            "POST /? [" + exact + "] rest []");
  EXPECT_EQ(outcome(chunked + "64\r\n" + exact + "\r\n1\r\n", 9), "413 body_too_large");
  EXPECT_EQ(outcome(chunked + "65\r\nx", 9), "413 body_too_large");
  EXPECT_EQ(outcome(chunked + "1;" + std::string(70'000, 'a'), 999), "400 malformed");
  EXPECT_EQ(outcome(chunked + "0\r\nA: " + std::string(70'000, 'a'), 999), "400 malformed");
}

TEST(RequestParser, RefusesMethodsItDoesNotKnow) {
  for (const char* method : {"TRACE", "CONNECT", "PRI", "get", "BREW"}) {
    const std::string_view expected = std::string_view(method) == "get" ||
                                              std::string_view(method) == "BREW" ||
                                              std::string_view(method) == "PRI"
                                          ? "4"
                                          : "405 method";
    EXPECT_THAT(outcome(fmt::format("{} / HTTP/1.1\r\n\r\n", method), 99),
                ::testing::StartsWith(std::string(expected)))
        << method;
  }
}

TEST(RequestParser, KeepsTrailersOutOfTheHeaders) {
  RequestParser parser(kBounds);
  std::string rest;
  feed(parser, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nDD-API-KEY: k\r\n\r\n",
       999, &rest);
  ASSERT_EQ(parser.state(), State::done);
  EXPECT_EQ(parser.request().header("DD-API-KEY"), "");
}

TEST(RequestParser, SaysWhetherTheConnectionStays) {
  struct Case {
    std::string_view head;
    bool stays;
  };
  for (const auto& [head, stays] :
       {Case{"GET / HTTP/1.1\r\n", true}, Case{"GET / HTTP/1.1\r\nConnection: close\r\n", false},
        Case{"GET / HTTP/1.1\r\nConnection: Close, x\r\n", false},
        Case{"GET / HTTP/1.0\r\n", false},
        Case{"GET / HTTP/1.0\r\nConnection: keep-alive\r\n", true}}) {
    RequestParser parser(kBounds);
    parser.feed(fmt::format("{}\r\n", head));
    EXPECT_EQ(parser.keep_alive(), stays) << head;
  }
}

TEST(RequestParser, DoesNotReserveWhatContentLengthClaims) {
  RequestParser parser({.head_bytes_max = 1'000, .body_bytes_max = 25u << 20});
  std::string rest;
  feed(parser, "POST / HTTP/1.1\r\nContent-Length: 26000000\r\n\r\nx", 999, &rest);
  ASSERT_EQ(parser.request().body, "x");
  EXPECT_LE(parser.request().body.capacity(), 128u << 10);
}

}  // namespace
}  // namespace catalejo::net
