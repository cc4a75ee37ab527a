#include "http_client.hpp"

#include <charconv>
#include <cstddef>

namespace catalejo::tracer {
namespace {

constexpr std::size_t kReadBytes = 16u << 10;
// Body and head in one segment up to here.
constexpr std::size_t kOneWriteBytes = 64u << 10;

std::string head_of(std::string_view method, const Url& url, const Headers& headers,
                    std::size_t body_bytes) {
  std::string head;
  head.append(method).append(" ").append(url.path.empty() ? "/" : url.path).append(" HTTP/1.1\r\n");
  head.append("host: ").append(url.authority).append("\r\n");
  for (const auto& [name, value] : headers) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (method != "GET") head.append("content-length: ").append(std::to_string(body_bytes) + "\r\n");
  head.append("\r\n");
  return head;
}

// Seconds; the form with a date is not worth a parser here.
int seconds_of(std::string_view text) {
  int seconds = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return result.ec == std::errc() && seconds > 0 ? seconds : 0;
}

}  // namespace

Answer HttpClient::attempt(std::string_view head, std::string_view body,
                           Clock::time_point deadline) {
  Answer answer;
  bool written = false;
  if (head.size() + body.size() <= kOneWriteBytes) {
    written = socket_.write(std::string(head).append(body), deadline);
  } else {
    written = socket_.write(head, deadline) && socket_.write(body, deadline);
  }
  answer.written = written;
  if (!written) {
    answer.error = socket_.error();
    return answer;
  }
  ResponseParser parser;
  char buffer[kReadBytes];
  ResponseParser::State state = parser.state();
  while (state != ResponseParser::State::done && state != ResponseParser::State::broken) {
    const long received = socket_.read(buffer, sizeof buffer, deadline);
    if (received < 0) {
      answer.error = socket_.error();
      return answer;
    }
    state =
        received == 0 ? parser.end() : parser.feed({buffer, static_cast<std::size_t>(received)});
    if (received == 0 && state == ResponseParser::State::broken) answer.error = "cut by the peer";
  }
  if (!parser.keep_alive() || state == ResponseParser::State::broken) socket_.close();
  if (state == ResponseParser::State::broken && parser.status() == 0) {
    if (answer.error.empty()) answer.error = "what came is not an HTTP response";
    return answer;
  }
  // With a status, a broken body changes nothing: the peer has taken what was sent, or not.
  answer.error.clear();
  answer.status = parser.status();
  answer.body = parser.body();
  answer.retry_after_s = seconds_of(parser.header("retry-after"));
  return answer;
}

Answer HttpClient::request(std::string_view method, const Url& url, const Headers& headers,
                           std::string_view body, Clock::time_point deadline) {
  const std::string head = head_of(method, url, headers, body.size());
  const bool kept = socket_.is_open() && connected_.same_origin(url) && socket_.is_quiet();
  if (kept) {
    Answer answer = attempt(head, body, deadline);
    // The peer may close a kept connection at any moment: that is not a failure, once.
    const bool closed_meanwhile = answer.status == 0 && Clock::now() < deadline &&
                                  answer.error != "given up" && answer.error != "timed out";
    if (!closed_meanwhile) {
      if (answer.status == 0) socket_.close();
      return answer;
    }
  }
  connected_ = url;
  if (!socket_.connect(url, ca_file_, deadline)) {
    Answer answer;
    answer.error = socket_.error();
    return answer;
  }
  Answer answer = attempt(head, body, deadline);
  if (answer.status == 0) socket_.close();
  return answer;
}

}  // namespace catalejo::tracer
