// The client, against servers that answer badly or not at all.
#include "net/client.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <thread>

#include "base/file.hpp"
#include "support/test_server.hpp"

namespace catalejo::net {
namespace {

using testing::TestServer;

// Listens and answers the first request with given bytes, or never when there are none.
class BytesServer {
 public:
  explicit BytesServer(std::string answer) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    ::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), size);
    ::listen(fd_.get(), 8);
    ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    url_ = fmt::format("http://127.0.0.1:{}/", ntohs(address.sin_port));
    if (!answer.empty())
      thread_ = std::thread([this, answer = std::move(answer)] {
        const UniqueFd peer(::accept(fd_.get(), nullptr, nullptr));
        char request[1'024];
        if (::recv(peer.get(), request, sizeof(request), 0) > 0)
          ::send(peer.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
      });
  }
  ~BytesServer() {
    if (thread_.joinable()) thread_.join();
  }
  const std::string& url() const { return url_; }

 private:
  UniqueFd fd_;
  std::string url_;
  std::thread thread_;
};

TEST(Client, SendsBodiesByteForByteAndItsHeadersOnce) {
  TestServer server({}, [](Listener& listener) {
    listener.handler = [](Request request) -> Task<Response> {
      std::string seen;
      for (const auto& [name, value] : request.headers)
        if (name != "Host" && name != "Accept") seen += fmt::format("{}={};", name, value);
      co_return text_response(200, seen + request.body);
    };
  });
  Client client({});
  std::string body(300'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 7);
  auto answer = client.request("POST", server.url("/"), {{"X-A", "1"}, {"X-Empty", ""}}, body);
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->body, "X-A=1;X-Empty=;Content-Length=300000;" + body);
  EXPECT_EQ(client.request("DELETE", server.url("/"), {}, "")->body, "");
  EXPECT_EQ(client.request("POST", server.url("/"), {}, "")->body, "Content-Length=0;");
}

TEST(Client, SendsABodyInPiecesAsOne) {
  TestServer server({}, [](Listener& listener) {
    listener.handler = [](Request request) -> Task<Response> {
      co_return text_response(200, std::string(request.header("Content-Length")) + request.body);
    };
  });
  Client client({});
  std::string large(700'000, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 11);
  const std::vector<std::string_view> lists[] = {
      {"one"}, {}, {""}, {"", "a", "", large, "b", std::string_view(large).substr(5), ""}};
  for (const auto& pieces : lists) {
    std::string whole;
    for (const std::string_view piece : pieces) whole += piece;
    auto answer = client.post(server.url("/"), {}, pieces);  // all on one connection
    ASSERT_TRUE(answer) << to_string(answer.error());
    EXPECT_EQ(answer->body, std::to_string(whole.size()) + whole);
  }
}

TEST(Client, GivesAnyStatusAndItsHeadersAsAValue) {
  BytesServer moved(
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
      "X-Spaces: \t a b \r\nContent-Length: 2\r\n\r\nhi");
  Client client({});
  auto answer = client.request("GET", moved.url(), {}, "");
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(answer->header("location"), "http://127.0.0.1:1/");
  EXPECT_EQ(answer->body, "hi");
}

TEST(Client, SaysWhyThereIsNoAnswer) {
  Client hurried({.timeout_ms = 100});
  BytesServer silent("");
  EXPECT_EQ(hurried.request("GET", silent.url(), {}, "").error().code, Code::timeout);
  Client client({.body_bytes_max = 10});
  EXPECT_EQ(client.request("GET", "http://127.0.0.1:1/", {}, "").error().code, Code::io);
  EXPECT_EQ(client.request("GET", "file:///etc/passwd", {}, "").error().code, Code::bad_request);
  EXPECT_EQ(client.request("GET", "http://", {}, "").error().code, Code::bad_request);
  BytesServer cut("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
  EXPECT_EQ(client.request("GET", cut.url(), {}, "").error().code, Code::io);
  BytesServer large("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n01234567890");
  EXPECT_EQ(client.request("GET", large.url(), {}, "").error().code, Code::body_too_large);
  Client nowhere({.unix_path = "/nowhere/socket"});
  EXPECT_EQ(nowhere.request("GET", "http://localhost/", {}, "").error().code, Code::io);
}

TEST(Client, GoesOnAfterAFailureAndMayBeMoved) {
  TestServer server;
  Client first({});
  EXPECT_FALSE(first.request("GET", "http://127.0.0.1:1/", {}, ""));
  Client client(std::move(first));
  EXPECT_EQ(client.request("HEAD", server.url("/echo"), {}, "")->body, "");
  EXPECT_EQ(client.request("GET", server.url("/echo"), {}, "")->status, 200);
}

TEST(Client, KeepsProxiesOfTheEnvironmentAwayFromLoopback) {
  TestServer server;
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  Client client({});
  auto answer = client.request("GET", server.url("/echo"), {}, "");
  ::unsetenv("http_proxy");
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->status, 200);
}

}  // namespace
}  // namespace catalejo::net
