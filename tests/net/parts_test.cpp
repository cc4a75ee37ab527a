// Bodies that are sent part by part, over real sockets.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/raw_client.hpp"
#include "support/test_server.hpp"

namespace catalejo::net {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawClient;
using testing::TestServer;

std::string chunks(int count) {
  std::string text = "5\r\nhead\n\r\n";
  for (int i = 0; i < count; ++i) {
    const std::string part = fmt::format("part {}\n", i);
    text += fmt::format("{:x}\r\n{}\r\n", part.size(), part);
  }
  return text;
}

TEST(Parts, AreChunksAndTheConnectionGoesOn) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  raw.send("GET /parts?n=12 HTTP/1.1\r\n\r\nGET /echo?next HTTP/1.1\r\nConnection: close\r\n\r\n");
  const std::string text = raw.read_all();
  EXPECT_THAT(text, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("Content-Length: 5")));
  EXPECT_THAT(text, HasSubstr("\r\n\r\n" + chunks(12) + "0\r\n\r\nHTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(text, HasSubstr("GET /echo next"));
}

TEST(Parts, EndWithTheConnectionForHttp10) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  raw.send("GET /parts?n=2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const std::string text = raw.read_all();
  EXPECT_THAT(text, Not(HasSubstr("chunked")));
  EXPECT_THAT(text, EndsWith("\r\n\r\nhead\npart 0\npart 1\n"));
}

TEST(Parts, AreOnlyDescribedToHead) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  raw.send("HEAD /parts?n=2 HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(raw.read_all(), EndsWith("\r\n\r\n"));
}

TEST(Parts, AnErrorCutsTheAnswerSoThatNobodyTakesItForWhole) {
  for (const char* then : {"error", "throw"}) {
    TestServer server;
    auto raw = RawClient::tcp(server.port());
    raw.send(fmt::format("GET /parts?n=3&then={} HTTP/1.1\r\n\r\n", then));
    EXPECT_THAT(raw.read_all(), EndsWith(chunks(3))) << "no last chunk";
    EXPECT_EQ(server.counted("catalejo_http_refused_total", "cut_off_answer"), 1) << then;
  }
}

TEST(Parts, AreNotAskedForAClientThatHasGone) {
  TestServer server;
  {
    auto raw = RawClient::tcp(server.port());
    raw.send("GET /parts?n=100000000 HTTP/1.1\r\n\r\n");
    EXPECT_THAT(raw.read_until("part 1"), HasSubstr("head"));
  }
  // It ends by itself, long before the hundred millionth part: the server can be stopped.
  auto other = RawClient::tcp(server.port());
  other.send("GET /echo HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(other.read_all(), HasSubstr("200 OK"));
  server.server().stop(20'000);
}

TEST(Parts, AServerThatStopsSendsThemToTheEnd) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  raw.send("GET /parts?n=200 HTTP/1.1\r\n\r\n");
  EXPECT_THAT(raw.read_until("part 1\n"), HasSubstr("head"));
  server.server().stop(20'000);
  EXPECT_THAT(raw.read_all(), EndsWith("part 199\n\r\n0\r\n\r\n"));
}

}  // namespace
}  // namespace catalejo::net
