// HTTP as the rest of the program sees it: a request is a value, a handler is a coroutine that
// returns a response. No product word and no library header in here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"

namespace catalejo::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The first value of `name` (case-insensitive), empty when there is none.
std::string_view find_header(const Headers& headers, std::string_view name);

struct Request {
  std::string method;  // "POST"
  std::string path;    // decoded, without query: "/v0.4/traces"
  std::string query;   // undecoded, without '?'
  Headers headers;
  std::string body;  // as sent: Content-Encoding is not undone here
  std::string peer;  // "127.0.0.1:40312", "unix"
  bool tls = false;

  std::string_view header(std::string_view name) const { return find_header(headers, name); }
  // Decoded value of a query parameter; nullopt when it is not there.
  std::optional<std::string> parameter(std::string_view name) const;
  // All decoded query parameters in order.
  std::vector<std::pair<std::string, std::string>> parameters() const;
};

// Server-Sent Events: the handler makes one and gives it to its response; any thread may send.
// A client that does not read fast enough is closed after `buffered_max` waiting events.
class EventStream {
 public:
  virtual ~EventStream() = default;
  // False when the client has gone; then the sender forgets the stream.
  virtual bool send(std::string_view event, std::string_view data) = 0;
  virtual void close() = 0;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  // Set for a Server-Sent Events answer: called once, on the connection's thread, when the head
  // has been sent. `body` is ignored.
  std::function<void(std::shared_ptr<EventStream>)> on_event_stream;
  // Set for a body that is never whole in memory: `body` is its beginning, and this is asked for
  // each further part when the one before has been written. An empty part is the end; after an
  // error the connection is cut, so that nobody takes what there is for the whole.
  std::function<Task<Result<std::string>>()> next_part;
};

using Handler = std::function<Task<Response>(Request)>;

Response text_response(int status, std::string body);
Response json_response(int status, std::string body);
// {"errors":[{"code":"body_too_large","number":102,"detail":"…"}]} with the status that fits the
// code, Retry-After for those that may be tried again.
Response error_response(const Error& error);
int status_for(Code code);

// "%41" to "A"; '+' to ' ' only in queries. nullopt on a broken escape or a NUL.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
std::string percent_encode(std::string_view text);

}  // namespace catalejo::net
