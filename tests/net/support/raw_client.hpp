// A socket that sends bytes as they are written here, for what no proper client would send.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/file.hpp"

namespace catalejo::net::testing {

class RawClient {
 public:
  static RawClient tcp(std::uint16_t port);
  static RawClient unix_socket(const std::string& path);

  bool connected() const { return static_cast<bool>(fd_); }
  int fd() const { return fd_.get(); }
  bool send(std::string_view bytes);
  void finish_sending();
  void reset();  // closes with a TCP reset
  // Until `end` has come, the peer closes, or 20 s pass (then the text says so).
  std::string read_until(std::string_view end);
  // One answer with Content-Length: its head and body.
  std::string read_response();
  std::string read_all();

 private:
  explicit RawClient(UniqueFd fd) : fd_(std::move(fd)) {}
  bool read_some();

  UniqueFd fd_;
  std::string received_;
};

}  // namespace catalejo::net::testing
