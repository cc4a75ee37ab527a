// The bytes of one connection, cut into requests. Boost.Beast's parser does the grammar; what it
// forgives and an intermediary may read differently (request smuggling) is refused here. Knows no
// socket: it is fed bytes, in pieces of any size. One object per connection, on its thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "net/http.hpp"

namespace catalejo::net {

// Why a request is not given to a handler, and with which status it is answered.
struct Refusal {
  int status = 400;
  Error error;
  const char* reason = "malformed";  // of the counter catalejo_http_refused_total
};

class RequestParser {
 public:
  struct Bounds {
    std::size_t head_bytes_max;
    std::size_t body_bytes_max;
  };
  enum class State { head, body, done, refused };

  explicit RequestParser(Bounds bounds);
  ~RequestParser();

  // Takes bytes up to the end of the request and says how many. Bytes that are not taken belong
  // to the next request: after done or refused nothing is taken until restart().
  std::size_t feed(std::string_view bytes);

  State state() const { return state_; }
  bool started() const;         // some byte of this request has come
  bool wants_continue() const;  // the client waits for "100 Continue" before it sends the body
  bool keep_alive() const;      // valid once state is body or done
  bool http_1_1() const;
  std::size_t body_bytes() const { return request_.body.size(); }
  const Refusal& refusal() const { return refusal_; }
  Request& request() { return request_; }
  void restart();

 private:
  class Machine;

  std::size_t feed_head(std::string_view bytes);
  std::size_t feed_body(std::string_view bytes);
  void parse_head(std::string_view head);
  void refuse(int status, Code code, const char* reason, std::string message);

  const Bounds bounds_;
  State state_ = State::head;
  std::string kept_;  // an incomplete head, or an incomplete chunk line
  std::unique_ptr<Machine> machine_;
  Request request_;
  Refusal refusal_;
};

}  // namespace catalejo::net
