// Blocking HTTP/1.1 on one kept connection per origin. Used by one thread.
#pragma once

#include <string>
#include <string_view>

#include "http_response.hpp"
#include "socket.hpp"
#include "target.hpp"

namespace catalejo::tracer {

struct Answer {
  int status = 0;        // 0: none came
  bool written = false;  // the whole request left this machine
  int retry_after_s = 0;
  std::string body = {};
  std::string error = {};  // why no answer came
};

class HttpClient {
 public:
  HttpClient(std::string ca_file, const Abort* abort)
      : ca_file_(std::move(ca_file)), socket_(abort) {}

  // `headers` and the lines that every request has, then `body`; all within `deadline`.
  Answer request(std::string_view method, const Url& url, const Headers& headers,
                 std::string_view body, Clock::time_point deadline);
  void abandon_after_fork() { socket_.abandon_after_fork(); }

 private:
  Answer attempt(std::string_view head, std::string_view body, Clock::time_point deadline);

  std::string ca_file_;
  Socket socket_;
  Url connected_;
};

}  // namespace catalejo::tracer
