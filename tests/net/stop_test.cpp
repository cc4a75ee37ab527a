// How a server ends: running requests first, then everything.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>

#include "support/raw_client.hpp"
#include "support/test_server.hpp"

namespace catalejo::net {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::RawClient;
using testing::TestServer;

TEST(Stop, LetsRunningRequestsFinishAndClosesTheRest) {
  TestServer server;
  auto idle = RawClient::tcp(server.port());
  idle.send("GET /echo HTTP/1.1\r\n\r\n");
  idle.read_response();
  auto busy = RawClient::tcp(server.port());
  busy.send("GET /wait HTTP/1.1\r\n\r\n");
  server.await_waiting(1);
  std::atomic<bool> stopped{false};
  std::thread stopping([&] {
    server.server().stop(20'000);
    stopped = true;
  });
  EXPECT_EQ(idle.read_all(), "");  // the stop has begun
  EXPECT_FALSE(stopped);
  server.release();
  EXPECT_THAT(busy.read_all(), AllOf(HasSubstr("Connection: close\r\n"), EndsWith("waited")));
  stopping.join();
  EXPECT_FALSE(RawClient::tcp(server.port()).connected());
}

TEST(Stop, CutsWhatOutlivesTheDeadlineAndDropsItsLateAnswer) {
  std::optional<TestServer> server(std::in_place);
  auto busy = RawClient::tcp(server->port());
  busy.send("GET /wait HTTP/1.1\r\n\r\n");
  server->await_waiting(1);
  server->server().stop(10);
  EXPECT_EQ(busy.read_all(), "");
  server->release();  // comes back to a loop that has ended
}

TEST(Stop, EndsEventStreams) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  raw.send("GET /events HTTP/1.1\r\n\r\n");
  auto stream = server.await_stream();
  ASSERT_TRUE(stream);
  EXPECT_TRUE(stream->send("a", "b"));
  raw.read_until("data: b");
  server.server().stop(20'000);
  EXPECT_THAT(raw.read_all(), EndsWith("0\r\n\r\n"));
  EXPECT_FALSE(stream->send("a", "b"));
}

TEST(Stop, MayComeTwiceAndUnderLoad) {
  TestServer server;
  std::atomic<bool> end{false};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([&] {
      while (!end) {
        auto raw = RawClient::tcp(server.port());
        if (!raw.connected()) continue;
        raw.send("POST /echo HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
        raw.read_response();
      }
    });
  EXPECT_TRUE(server.await_counted("catalejo_http_requests_total", "200", 100));
  server.server().stop(20'000);
  server.server().stop(20'000);
  end = true;
  for (auto& client : clients) client.join();
  EXPECT_EQ(server.counted("catalejo_http_connections"), 0);
}

}  // namespace
}  // namespace catalejo::net
