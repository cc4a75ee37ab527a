// The server over real sockets: what a well-behaved client sees.
#include "net/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "net/client.hpp"
#include "support/raw_client.hpp"
#include "support/test_server.hpp"

namespace catalejo::net {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::RawClient;
using ::testing::StartsWith;
using testing::TestServer;

TEST(Server, AnswersEveryMethodWithItsBodyOnOneConnection) {
  TestServer server;
  Client client({});
  for (const char* method : {"GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    const std::string sent = std::string(method) == "GET" ? "" : std::string("a\0b", 3);
    auto answer = client.request(method, server.url("/echo?x=1"), {{"X-Test", "yes"}}, sent);
    ASSERT_TRUE(answer) << to_string(answer.error());
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, std::string(method) + " /echo x=1 yes " + sent);
  }
  EXPECT_EQ(server.counted("catalejo_http_connections_total"), 1);
  EXPECT_EQ(server.counted("catalejo_http_requests_total"), 6);
}

TEST(Server, AnswersHeadWithTheLengthAndWithoutTheBody) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  raw.send("HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\nGET /echo HTTP/1.1\r\n\r\n");
  EXPECT_THAT(raw.read_until("\r\n\r\n"), HasSubstr("Content-Length: 13\r\n"));
  EXPECT_THAT(raw.read_response(), EndsWith("GET /echo   "));
}

TEST(Server, TakesChunkedBodiesCutAnywhere) {
  TestServer server;
  const std::string request =
      "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n00A;name=value\r\n0123456789\r\n0\r\nX-Test: trailer\r\n\r\n";
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    auto raw = RawClient::tcp(server.port());
    raw.send(request.substr(0, cut));
    raw.send(request.substr(cut));
    EXPECT_THAT(raw.read_response(), EndsWith("POST /echo   abc0123456789")) << cut;
  }
}

TEST(Server, AnswersPipelinedRequestsInOrderHoweverMany) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  std::string requests;
  constexpr int kCount = 5'000;  // an answer that recursed into the next would end the stack
  for (int i = 0; i < kCount; ++i)
    requests += "GET /echo?" + std::to_string(i) + " HTTP/1.1\r\n\r\n";
  std::thread sender([&] { raw.send(requests); });
  int right = 0;
  for (int i = 0; i < kCount; ++i)
    right += raw.read_response().ends_with("GET /echo " + std::to_string(i) + "  ");
  sender.join();
  EXPECT_EQ(right, kCount);
}

TEST(Server, KeepsPipelinedRequestsWaitingBehindASlowOne) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  raw.send("GET /wait HTTP/1.1\r\n\r\nGET /echo HTTP/1.1\r\n\r\n");
  server.await_waiting(1);
  server.release();  // on this thread, which is no event loop
  EXPECT_THAT(raw.read_response(), EndsWith("waited"));
  EXPECT_THAT(raw.read_response(), EndsWith("GET /echo   "));
}

TEST(Server, ClosesWhenTheClientAsksForItAndAfterHttp10) {
  TestServer server;
  for (const char* request :
       {"GET /echo HTTP/1.1\r\nConnection: close\r\n\r\n", "GET /echo HTTP/1.0\r\n\r\n"}) {
    auto raw = RawClient::tcp(server.port());
    raw.send(request);
    const std::string answer = raw.read_all();
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(answer, EndsWith("GET /echo   "));
  }
  auto raw = RawClient::tcp(server.port());
  raw.send("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(raw.read_response(), HasSubstr("Connection: keep-alive\r\n"));
  raw.send("GET /echo HTTP/1.0\r\n\r\n");
  EXPECT_THAT(raw.read_all(), EndsWith("GET /echo   "));
}

TEST(Server, AnswersAClientThatHasFinishedSending) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  raw.send("GET /wait HTTP/1.1\r\n\r\n");
  raw.finish_sending();
  server.await_waiting(1);
  server.release();
  EXPECT_THAT(raw.read_all(), EndsWith("waited"));
}

TEST(Server, InvitesTheBodyOnlyWhenTheClientWaitsForIt) {
  TestServer server;
  auto raw = RawClient::tcp(server.port());
  const std::string head =
      "POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
  raw.send(head);
  EXPECT_EQ(raw.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  raw.send("abc");
  EXPECT_THAT(raw.read_response(), EndsWith("POST /echo   abc"));
  raw.send(head + "abc");
  EXPECT_THAT(raw.read_response(), StartsWith("HTTP/1.1 200"));
  raw.send("POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 99999999999\r\n\r\n");
  EXPECT_THAT(raw.read_response(), StartsWith("HTTP/1.1 413"));
}

TEST(Server, SurvivesClientsThatLeaveWhileTheirHandlerRuns) {
  TestServer server;
  for (int i = 0; i < 20; ++i) {
    auto raw = RawClient::tcp(server.port());
    raw.send("GET /wait HTTP/1.1\r\n\r\n");
    server.await_waiting(1);
    raw.reset();
    server.release();
  }
  ASSERT_TRUE(server.await_counted("catalejo_http_requests_total", "", 20));
  Client client({});
  EXPECT_EQ(client.request("GET", server.url("/echo"), {}, "")->status, 200);
}

TEST(Server, AnswersForAHandlerThatThrows) {
  TestServer server;
  Client client({});
  auto answer = client.request("POST", server.url("/throw"), {}, "x");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 500);
  EXPECT_THAT(answer->body, HasSubstr("\"code\":\"internal\""));
  EXPECT_EQ(server.counted("catalejo_http_handler_failures_total"), 1);
  EXPECT_EQ(client.request("GET", server.url("/echo"), {}, "")->status, 200);
}

TEST(Server, LetsNoHeaderOfAHandlerBreakTheFraming) {
  TestServer server({}, [](Listener& listener) {
    listener.handler = [](Request) -> Task<Response> {
      Response response = text_response(200, "body");
      response.headers.emplace_back("Content-Length", "999");
      response.headers.emplace_back("transfer-encoding", "chunked");
      response.headers.emplace_back("X-Bad", "a\r\nX-Injected: b");
      response.headers.emplace_back("X-Good", "yes");
      co_return response;
    };
  });
  auto raw = RawClient::tcp(server.port());
  raw.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(raw.read_response(),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nX-Good: yes\r\n"
            "Content-Length: 4\r\n\r\nbody");
}

TEST(Server, SendsAnswersLargerThanAnySocketBuffer) {
  TestServer server;
  Client client({});
  auto answer = client.request("GET", server.url("/big?n=30000000"), {}, "");
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->body.size(), 30'000'000u);
}

TEST(Server, TellsTheHandlerWhoAsks) {
  TestServer server({}, [](Listener& listener) {
    listener.handler = [](Request request) -> Task<Response> {
      co_return text_response(200, request.peer + (request.tls ? " tls" : " plain"));
    };
  });
  Client client({});
  EXPECT_THAT(client.request("GET", server.url("/"), {}, "")->body,
              ::testing::MatchesRegex("127.0.0.1:[0-9]+ plain"));
}

TEST(Server, SaysWhichListenerCannotBeOpened) {
  TestServer server;
  Listener taken;
  taken.name = "second";
  taken.address = "127.0.0.1";
  taken.port = server.port();
  std::vector<Listener> listeners;
  listeners.push_back(taken);
  auto opened = Server::open({}, listeners);
  ASSERT_FALSE(opened);
  EXPECT_THAT(to_string(opened.error()), HasSubstr("listener second"));
  listeners[0].address = "localhost";
  EXPECT_EQ(Server::open({}, listeners).error().code, Code::config);
}

}  // namespace
}  // namespace catalejo::net
