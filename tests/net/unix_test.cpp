// Unix sockets, and the file that stands for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include "net/client.hpp"
#include "support/certificate.hpp"
#include "support/raw_client.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_server.hpp"

namespace catalejo::net {
namespace {

using testing::RawClient;
using testing::TestServer;

class UnixSocket : public ::testing::Test {
 protected:
  void use_unix(Listener& listener) const {
    listener.address.clear();
    listener.unix_path = path_;
  }
  Listener listener() const {
    Listener listener;
    use_unix(listener);
    listener.handler = [](Request) -> Task<Response> { co_return text_response(200, "second"); };
    return listener;
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.file("apm.socket");
};

TEST_F(UnixSocket, ServesClientsWhateverHostTheySend) {
  TestServer server({}, [&](Listener& listener) { use_unix(listener); });
  Client client({.unix_path = path_});
  auto answer = client.request("PUT", "http://localhost/echo?a", {}, "body");
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->body, "PUT /echo a  body");
  auto raw = RawClient::unix_socket(path_);
  raw.send("GET /echo HTTP/1.1\r\nHost: 2f746d702f61706d2e736f636b6574\r\n\r\n");
  EXPECT_THAT(raw.read_response(), ::testing::StartsWith("HTTP/1.1 200"));
}

TEST_F(UnixSocket, IsOnlyForTheGroupUnlessAskedOtherwise) {
  for (const unsigned mode : {0660u, 0666u}) {
    TestServer server({}, [&](Listener& listener) {
      use_unix(listener);
      if (mode != 0660u) listener.unix_mode = mode;
    });
    struct stat status {};
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777u, mode);
  }
}

TEST_F(UnixSocket, IsRemovedAtStop) {
  TestServer server({}, [&](Listener& listener) { use_unix(listener); });
  EXPECT_TRUE(std::filesystem::exists(path_));
  server.server().stop(1'000);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(UnixSocket, ReplacesAStaleFileButNotALiveServerOrAnotherFile) {
  {
    const UniqueFd left(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    ASSERT_EQ(::bind(left.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  ASSERT_TRUE(std::filesystem::exists(path_));
  {
    TestServer server({}, [&](Listener& listener) { use_unix(listener); });
    EXPECT_TRUE(RawClient::unix_socket(path_).connected());
    auto second = Server::open({}, {listener()});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::busy);
    EXPECT_TRUE(RawClient::unix_socket(path_).connected());
  }
  std::ofstream(path_) << "precious";
  EXPECT_FALSE(Server::open({}, {listener()}));
  EXPECT_EQ(std::filesystem::file_size(path_), 8u);
}

TEST_F(UnixSocket, SaysThatAPathIsTooLong) {
  Listener too_long = listener();
  too_long.unix_path = std::string(200, 'x');
  EXPECT_EQ(Server::open({}, {too_long}).error().code, Code::config);
}

}  // namespace
}  // namespace catalejo::net
