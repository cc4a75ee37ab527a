// TLS listeners, with a certificate made here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <memory>
#include <thread>

#include "net/client.hpp"
#include "support/certificate.hpp"
#include "support/raw_client.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_server.hpp"

namespace catalejo::net {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::RawClient;
using ::testing::StartsWith;
using testing::TestServer;

class Tls : public ::testing::Test {
 protected:
  std::string url(const TestServer& server, const std::string& path) {
    return "https://localhost:" + std::to_string(server.port()) + path;
  }
  void use_tls(Listener& listener) const { listener.tls = files_; }

  TemporaryFolder folder_;
  const TlsFiles files_ = testing::make_certificate(folder_.path());
};

// A handshake with OpenSSL's own client on a raw socket.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, int version_max, bool offer_h2)
      : raw_(RawClient::tcp(port)), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), version_max);
    SSL_CTX_set_cipher_list(context_.get(), "DEFAULT@SECLEVEL=0");
    ssl_.reset(SSL_new(context_.get()));
    static constexpr unsigned char kBoth[] = "\x02h2\x08http/1.1";
    if (offer_h2) SSL_set_alpn_protos(ssl_.get(), kBoth, sizeof(kBoth) - 1);
    SSL_set_fd(ssl_.get(), raw_.fd());
    connected_ = SSL_connect(ssl_.get()) == 1;
  }
  bool connected() const { return connected_; }
  RawClient& raw() { return raw_; }
  SSL* ssl() { return ssl_.get(); }
  std::string protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
  }

 private:
  RawClient raw_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
  bool connected_ = false;
};

TEST_F(Tls, CarriesRequestsAndLargeBodiesOnOneConnection) {
  TestServer server({}, [&](Listener& listener) { use_tls(listener); });
  Client client({.ca_file = files_.certificate_chain_pem_path});
  const std::string body(5'000'000, 'x');
  for (int i = 0; i < 3; ++i) {
    auto posted = client.request("POST", url(server, "/length"), {}, body);
    ASSERT_TRUE(posted) << to_string(posted.error());
    EXPECT_EQ(posted->body, "5000000");
    auto got = client.request("GET", url(server, "/big?n=5000000"), {}, "");
    ASSERT_TRUE(got) << to_string(got.error());
    EXPECT_EQ(got->body, body);
  }
  EXPECT_EQ(server.counted("catalejo_http_connections_total"), 1);
}

TEST_F(Tls, ServesManyClientsAtOnce) {
  TestServer server({}, [&](Listener& listener) { use_tls(listener); });
  std::vector<std::thread> clients;
  std::atomic<int> right{0};
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] {
      Client client({.ca_file = files_.certificate_chain_pem_path});
      for (int j = 0; j < 50; ++j) {
        auto answer = client.request("POST", url(server, "/echo"), {}, std::string(20'000, 'y'));
        right += answer && answer->body.size() > 20'000;
      }
    });
  for (auto& client : clients) client.join();
  EXPECT_EQ(right, 400);
}

TEST_F(Tls, IsRefusedByAClientThatDoesNotKnowTheCertificate) {
  TestServer server({}, [&](Listener& listener) { use_tls(listener); });
  Client client({});
  auto answer = client.request("GET", url(server, "/echo"), {}, "");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::io);
  EXPECT_TRUE(server.await_counted("catalejo_http_refused_total", "tls_handshake", 1));
}

TEST_F(Tls, TakesNothingBelowTls12AndNoPlainText) {
  TestServer server({}, [&](Listener& listener) { use_tls(listener); });
  EXPECT_FALSE(TlsClient(server.port(), TLS1_1_VERSION, false).connected());
  EXPECT_TRUE(TlsClient(server.port(), TLS1_2_VERSION, false).connected());
  EXPECT_TRUE(TlsClient(server.port(), TLS1_3_VERSION, false).connected());
  auto raw = RawClient::tcp(server.port());
  raw.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(raw.read_all().find("HTTP/1.1"), std::string::npos);
  EXPECT_TRUE(server.await_counted("catalejo_http_refused_total", "tls_handshake", 2));
}

TEST_F(Tls, ChoosesHttp11WhenTheClientWouldRatherSpeakHttp2) {
  TestServer server({}, [&](Listener& listener) { use_tls(listener); });
  TlsClient client(server.port(), TLS1_3_VERSION, true);
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.protocol(), "http/1.1");
}

TEST_F(Tls, SurvivesClientsThatLeaveWithoutGoodbye) {
  TestServer server({}, [&](Listener& listener) { use_tls(listener); });
  for (int i = 0; i < 10; ++i) {
    TlsClient client(server.port(), TLS1_3_VERSION, false);
    static constexpr std::string_view kRequest = "GET /wait HTTP/1.1\r\n\r\n";
    SSL_write(client.ssl(), kRequest.data(), static_cast<int>(kRequest.size()));
    server.await_waiting(1);
    client.raw().reset();
    server.release();
  }
  EXPECT_TRUE(server.await_counted("catalejo_http_requests_total", "", 10));
}

TEST_F(Tls, ClosesAClientThatDoesNotShakeHands) {
  TestServer server({.handshake_timeout_ms = 50}, [&](Listener& listener) { use_tls(listener); });
  auto silent = RawClient::tcp(server.port());
  EXPECT_EQ(silent.read_all(), "");
  EXPECT_EQ(server.counted("catalejo_http_refused_total", "handshake_timeout"), 1);
}

TEST_F(Tls, SaysWhichFileIsWrong) {
  for (const bool wrong_key : {false, true}) {
    Listener listener;
    listener.address = "127.0.0.1";
    listener.tls = files_;
    (wrong_key ? listener.tls->private_key_pem_path : listener.tls->certificate_chain_pem_path) =
        "/nowhere.pem";
    auto opened = Server::open({}, {listener});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::config);
    EXPECT_EQ(opened.error().where, "/nowhere.pem");
  }
}

}  // namespace
}  // namespace catalejo::net
