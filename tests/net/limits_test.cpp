// What the server takes of a client, and of all clients together, before it refuses.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>

#include <vector>

#include "net/client.hpp"
#include "net/server.hpp"
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

constexpr const char* kRefused = "catalejo_http_refused_total";

TEST(Limits, AClientThatReadsOnlyAfterSendingStillReadsThe413) {
  TestServer server({.body_bytes_max = 1'000'000});
  const std::string body(20'000'000, 'x');
  for (const bool chunked : {false, true}) {
    auto raw = RawClient::tcp(server.port());
    const std::string framing =
        chunked ? "Transfer-Encoding: chunked" : fmt::format("Content-Length: {}", body.size());
    EXPECT_TRUE(raw.send(fmt::format("POST /length HTTP/1.1\r\n{}\r\n\r\n", framing)));
    const std::string content =
        chunked ? fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", body.size(), body) : body;
    EXPECT_TRUE(raw.send(content));
    EXPECT_THAT(raw.read_all(), AllOf(StartsWith("HTTP/1.1 413 Content Too Large\r\n"),
                                      HasSubstr("\"code\":\"body_too_large\""),
                                      HasSubstr("Connection: close\r\n")));
  }
  EXPECT_EQ(server.counted(kRefused, "body_too_large"), 2);
}

TEST(Limits, ABodyOfExactlyTheLimitIsTaken) {
  TestServer server;
  Client client({});
  const std::string body(limits::intake_body_bytes_max, 'x');
  auto taken = client.request("POST", server.url("/length"), {}, body);
  ASSERT_TRUE(taken) << to_string(taken.error());
  EXPECT_EQ(taken->body, std::to_string(body.size()));
  auto refused = client.request("POST", server.url("/length"), {}, body + "x");
  ASSERT_TRUE(refused) << to_string(refused.error());
  EXPECT_EQ(refused->status, 413);
}

TEST(Limits, SmuggledRequestsAreAnsweredOnceAndTheConnectionEnds) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  raw.send(
      "POST /echo HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\n\r\nGET /echo HTTP/1.1\r\n\r\n");
  const std::string answer = raw.read_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_EQ(answer.find("HTTP/1.1", 1), answer.npos);
  EXPECT_EQ(server.counted(kRefused, "smuggling"), 1);
}

TEST(Limits, AHeaderThatIsTooLargeIsAnswered) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  raw.send("GET / HTTP/1.1\r\nA: " + std::string(70'000, 'a') + "\r\n\r\n");
  EXPECT_THAT(raw.read_all(), StartsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n"));
}

TEST(Limits, ASlowHeaderOrBodyIsAnsweredAndClosed) {
  TestServer server({.header_timeout_ms = 50, .body_timeout_ms = 50});
  auto slow_header = RawClient::tcp(server.port());
  slow_header.send("GET / HTTP/1.1\r\nA");
  EXPECT_THAT(slow_header.read_all(), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
  auto slow_body = RawClient::tcp(server.port());
  slow_body.send("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\na");
  EXPECT_THAT(slow_body.read_all(), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
  EXPECT_EQ(server.counted(kRefused, "header_timeout"), 1);
  EXPECT_EQ(server.counted(kRefused, "body_timeout"), 1);
}

TEST(Limits, ARequestThatIsCutOffIsCounted) {
  TestServer server;
  {
    auto raw = RawClient::tcp(server.port());
    raw.send("GET /echo HTTP/1.1\r\n\r\n");
    raw.finish_sending();
    EXPECT_THAT(raw.read_all(), EndsWith("GET /echo   "));
  }
  EXPECT_EQ(server.counted(kRefused, "cut_off"), 0);
  {
    auto raw = RawClient::tcp(server.port());
    raw.send("POST /echo HTTP/1.1\r\nContent-Length: 3000\r\n\r\nabc");
  }
  EXPECT_TRUE(server.await_counted(kRefused, "cut_off", 1));
}

TEST(Limits, ADripOfHeaderBytesDoesNotExtendTheTimeout) {
  TestServer server({.header_timeout_ms = 200});
  auto raw = RawClient::tcp(server.port());
  raw.send("GET / HTTP/1.1\r\n");
  pollfd answered{.fd = raw.fd(), .events = POLLIN, .revents = 0};
  for (int drips = 0; drips < 2'000 && ::poll(&answered, 1, 2) == 0; ++drips) raw.send("A: b\r\n");
  EXPECT_THAT(raw.read_all(), StartsWith("HTTP/1.1 408"));
}

TEST(Limits, AnIdleConnectionIsClosedWithoutAnAnswer) {
  TestServer server({.keep_alive_ms = 50});
  auto silent = RawClient::tcp(server.port());
  EXPECT_EQ(silent.read_all(), "");
  auto raw = RawClient::tcp(server.port());
  raw.send("GET /echo HTTP/1.1\r\n\r\n");
  EXPECT_THAT(raw.read_all(), EndsWith("GET /echo   "));
}

TEST(Limits, AClientThatDoesNotReadItsAnswerIsClosed) {
  TestServer server({.write_timeout_ms = 50});
  auto raw = RawClient::tcp(server.port());
  raw.send("GET /big?n=50000000 HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(server.await_counted(kRefused, "write_timeout", 1));
}

TEST(Limits, BodiesInFlightAreBoundedOverAllConnections) {
  TestServer server({.bodies_in_flight_bytes_max = 300'000});
  const std::string body(100'000, 'x');
  const std::string request =
      fmt::format("POST /wait HTTP/1.1\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
  std::vector<RawClient> waiting;
  for (int i = 0; i < 2; ++i) {
    waiting.push_back(RawClient::tcp(server.port()));
    waiting.back().send(request);
  }
  server.await_waiting(2);
  auto refused = RawClient::tcp(server.port());
  refused.send("POST /wait HTTP/1.1\r\nContent-Length: 200000\r\n\r\n" + body + body);
  EXPECT_THAT(refused.read_all(), AllOf(StartsWith("HTTP/1.1 503 Service Unavailable\r\n"),
                                        HasSubstr("Retry-After: 1\r\n")));
  EXPECT_EQ(server.counted(kRefused, "bodies_in_flight"), 1);
  for (std::size_t i = 0; i < waiting.size(); ++i) server.release();
  for (auto& client : waiting) EXPECT_THAT(client.read_response(), EndsWith("waited"));
  auto taken = RawClient::tcp(server.port());  // what was taken has been given back
  taken.send("POST /length HTTP/1.1\r\nContent-Length: 200000\r\n\r\n" + body + body);
  EXPECT_THAT(taken.read_response(), EndsWith("200000"));
}

TEST(Limits, MoreConnectionsThanAllowedAreTurnedAway) {
  TestServer server({.connections_max = 3});
  std::vector<RawClient> open;
  for (int i = 0; i < 3; ++i) {
    open.push_back(RawClient::tcp(server.port()));
    open.back().send("GET /echo HTTP/1.1\r\n\r\n");
    EXPECT_THAT(open.back().read_response(), StartsWith("HTTP/1.1 200"));
  }
  auto refused = RawClient::tcp(server.port());
  EXPECT_THAT(refused.read_all(), StartsWith("HTTP/1.1 503"));
  EXPECT_EQ(server.counted(kRefused, "connections"), 1);
  EXPECT_EQ(server.counted("catalejo_http_connections"), 3);
  open.clear();
  // Retried, because the server learns of the closes a moment later.
  Client client({});
  int status = 0;
  for (int i = 0; i < 1'000 && status != 200; ++i)
    if (auto answer = client.request("GET", server.url("/echo"), {}, "")) status = answer->status;
  EXPECT_EQ(status, 200);
}

TEST(Limits, TwoThousandConnectionsAreServedAtOnce) {
  TestServer server;  // raises the soft limit of descriptors
  rlimit descriptors{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &descriptors), 0);
  EXPECT_EQ(descriptors.rlim_cur, descriptors.rlim_max);
  const std::size_t count = std::min<std::size_t>(2'000, (descriptors.rlim_cur - 100) / 2);
  std::vector<RawClient> open;
  for (std::size_t i = 0; i < count; ++i) {
    open.push_back(RawClient::tcp(server.port()));
    ASSERT_TRUE(open.back().connected()) << i;
    open.back().send("GET /wait HTTP/1.1\r\n\r\n");
  }
  server.await_waiting(count);
  EXPECT_EQ(server.counted("catalejo_http_connections"), static_cast<double>(count));
  for (std::size_t i = 0; i < count; ++i) server.release();
  std::size_t answered = 0;
  for (auto& client : open) answered += client.read_response().ends_with("waited");
  EXPECT_EQ(answered, count);
}

}  // namespace
}  // namespace catalejo::net
