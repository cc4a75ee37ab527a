// HTTP/1.1 with one trusted peer over a Unix socket: our own client, or curl in the hand of the
// same user. Blocking, one thread per connection. Its reason to be, next to net::Server: the body
// of an INSERT (tens of MB) goes into the engine as it arrives and is never held here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/file.hpp"
#include "base/result.hpp"
#include "net/http.hpp"

namespace catalejo::store {

class Peer {
 public:
  explicit Peer(UniqueFd socket) : socket_(std::move(socket)) {}

  // The next request without its body; Error when the peer has gone or does not speak HTTP.
  Result<net::Request> read_head();
  // The next piece of the body, empty at its end. Valid until the next call.
  Result<std::string_view> read_body();
  Result<std::string> read_whole_body(std::size_t bytes_max);
  std::uint64_t body_left() const { return body_left_; }
  Result<void> answer(int status, const net::Headers& headers, std::string_view body);

 private:
  Result<void> fill();
  Result<void> write_all(std::string_view bytes);

  UniqueFd socket_;
  std::string buffer_;     // received, not yet taken
  std::size_t taken_ = 0;  // of buffer_
  std::uint64_t body_left_ = 0;
  bool expects_continue_ = false;
};

}  // namespace catalejo::store
