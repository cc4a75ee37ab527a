// Server-Sent Events over real sockets.
#include "net/event_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "support/raw_client.hpp"
#include "support/test_server.hpp"

namespace catalejo::net {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::RawClient;
using ::testing::StartsWith;
using testing::TestServer;

TEST(EncodeEvent, KeepsEachLineInItsField) {
  EXPECT_EQ(encode_event("name", "data"), "event: name\ndata: data\n\n");
  EXPECT_EQ(encode_event("", "a\nb\r\nc\rd"), "data: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(encode_event("a\ndata: forged", ""), "event: adata: forged\ndata: \n\n");
}

TEST(EventStream, SendsFromAnyThreadInOrder) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  raw.send("GET /events HTTP/1.1\r\n\r\n");
  EXPECT_THAT(
      raw.read_until("\r\n\r\n"),
      AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Content-Type: text/event-stream\r\n"),
            HasSubstr("Cache-Control: no-cache\r\n"), HasSubstr("Transfer-Encoding: chunked\r\n")));
  auto stream = server.await_stream();
  ASSERT_TRUE(stream);
  std::thread sender([&] {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(stream->send("n", std::to_string(i)));
    stream->close();
  });
  sender.join();
  const std::string text = raw.read_all();
  std::size_t at = 0;
  for (int i = 0; i < 100 && at != text.npos; ++i)
    at = text.find("event: n\ndata: " + std::to_string(i) + "\n\n", at);
  EXPECT_NE(at, text.npos);
  EXPECT_THAT(text, EndsWith("0\r\n\r\n"));
  EXPECT_FALSE(stream->send("n", "after the end"));
}

TEST(EventStream, IsNotChunkedForHttp10) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  raw.send("GET /events HTTP/1.0\r\n\r\n");
  auto stream = server.await_stream();
  ASSERT_TRUE(stream);
  stream->send("", "x");
  stream->close();
  EXPECT_THAT(raw.read_all(), EndsWith("\r\n\r\ndata: x\n\n"));
}

TEST(EventStream, NoticesAClientThatLeaves) {
  TestServer server;
  for (const bool reset : {false, true}) {
    auto raw = RawClient::tcp(server.port());
    raw.send("GET /events HTTP/1.1\r\n\r\n");
    auto stream = server.await_stream();
    ASSERT_TRUE(stream);
    raw.read_until("\r\n\r\n");
    if (reset) {
      raw.reset();
    } else {
      raw = RawClient::tcp(server.port());
    }
    bool gone = false;
    for (int i = 0; i < 1'000'000 && !gone; ++i) {
      gone = !stream->send("n", "x");
      std::this_thread::yield();
    }
    EXPECT_TRUE(gone);
  }
}

TEST(EventStream, ClosesAClientThatDoesNotRead) {
  TestServer server({.events_waiting_max = 8});
  auto raw = RawClient::tcp(server.port());
  raw.send("GET /events HTTP/1.1\r\n\r\n");
  auto stream = server.await_stream();
  ASSERT_TRUE(stream);
  const std::string data(400'000, 'x');
  int sent = 0;
  while (sent < 10'000 && stream->send("n", data)) ++sent;
  EXPECT_LT(sent, 10'000);
  EXPECT_TRUE(server.await_counted("catalejo_http_refused_total", "slow_event_reader", 1));
  EXPECT_FALSE(stream->send("n", "x"));
}

TEST(EventStream, SendsCommentsWhileNothingHappens) {
  TestServer server({.event_comment_ms = 20});
  auto raw = RawClient::tcp(server.port());
  raw.send("GET /events HTTP/1.1\r\n\r\n");
  auto stream = server.await_stream();
  EXPECT_THAT(raw.read_until(": keep-alive\n\n"), EndsWith(": keep-alive\n\n"));
  EXPECT_TRUE(stream->send("n", "still there"));
  EXPECT_THAT(raw.read_until("still there"), EndsWith("still there"));
}

TEST(EventStream, MayOutliveItsServer) {
  std::shared_ptr<EventStream> stream;
  {
    TestServer server;
    auto raw = RawClient::tcp(server.port());
    raw.send("GET /events HTTP/1.1\r\n\r\n");
    stream = server.await_stream();
    ASSERT_TRUE(stream);
  }
  EXPECT_FALSE(stream->send("n", "x"));
  stream->close();
}

}  // namespace
}  // namespace catalejo::net
