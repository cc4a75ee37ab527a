// One HTTP/1.1 response, fed in pieces as they arrive. Bounded: 64 KiB of header, 1 MiB of body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catalejo::tracer {

class ResponseParser {
 public:
  enum class State : std::uint8_t { header, body, chunk_size, chunk, trailer, done, broken };

  // Bytes after the end of the response are ignored, and keep_alive() is then false.
  State feed(std::string_view bytes);
  State end();  // the peer closed the connection

  State state() const { return state_; }
  int status() const { return status_; }
  bool keep_alive() const { return keep_alive_; }
  const std::string& body() const { return body_; }
  std::string_view header(std::string_view name) const;  // lower case; empty when absent

 private:
  bool parse_header(std::string_view header);
  bool parse_line(std::string_view line);
  void choose_body();
  bool step();
  bool take_line(std::string_view& line);
  bool append_body(std::string_view bytes);

  State state_ = State::header;
  std::string pending_;  // received, not yet understood
  std::size_t at_ = 0;   // of pending_
  std::uint64_t left_ = 0;
  bool until_end_ = false;
  int status_ = 0;
  bool keep_alive_ = true;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::string body_;
};

}  // namespace catalejo::tracer
