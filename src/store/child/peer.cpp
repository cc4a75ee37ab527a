#include "store/child/peer.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/ids.hpp"

namespace catalejo::store {
namespace {

constexpr std::size_t kReadBytes = 1u << 20;
// Parameters of a query travel in the URL; this is ClickHouse's own bound for it.
constexpr std::size_t kHeadBytesMax = 1u << 20;

// "Name: value" lines behind the request line; false when one is none.
bool parse_headers(std::string_view lines, net::Headers& headers) {
  while (!lines.empty()) {
    const std::size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    headers.emplace_back(line.substr(0, colon), value);
    if (end == std::string_view::npos) break;
    lines.remove_prefix(end + 2);
  }
  return true;
}

}  // namespace

Result<void> Peer::fill() {
  buffer_.erase(0, taken_);
  taken_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kReadBytes);
  ssize_t got;
  do {
    got = ::recv(socket_.get(), buffer_.data() + before, kReadBytes, 0);
  } while (got < 0 && errno == EINTR);
  buffer_.resize(before + static_cast<std::size_t>(got > 0 ? got : 0));
  if (got < 0) return errno_error("receive", "socket");
  if (got == 0) return Error{Code::io, "the peer has closed the connection"};
  return {};
}

Result<net::Request> Peer::read_head() {
  std::size_t end;
  while ((end = buffer_.find("\r\n\r\n", taken_)) == std::string::npos) {
    if (buffer_.size() - taken_ > kHeadBytesMax)
      return Error{Code::malformed, "the head of the request is too long"};
    CATALEJO_TRY(fill());
  }
  const std::string head = buffer_.substr(taken_, end - taken_);
  taken_ = end + 4;
  const std::size_t line_end = std::min(head.find("\r\n"), head.size());
  const std::string_view line = std::string_view(head).substr(0, line_end);
  const std::size_t first = line.find(' '), second = line.rfind(' ');
  net::Request request;
  if (first == second || !line.ends_with("HTTP/1.1") ||
      !parse_headers(std::string_view(head).substr(std::min(line_end + 2, head.size())),
                     request.headers))
    return Error{Code::malformed, "this is no HTTP/1.1 request"};
  request.method = std::string(line.substr(0, first));
  const std::string_view target = line.substr(first + 1, second - first - 1);
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = std::string(target.substr(0, question));
  request.query = std::string(target.substr(std::min(question + 1, target.size())));
  if (!request.header("Transfer-Encoding").empty())
    return Error{Code::malformed, "send the body with a Content-Length"};
  const std::string_view length = request.header("Content-Length");
  const auto bytes = parse_decimal64(length.empty() ? "0" : length);
  if (!bytes) return Error{Code::malformed, "Content-Length is no number"};
  body_left_ = *bytes;
  expects_continue_ = !request.header("Expect").empty();
  return request;
}

Result<std::string_view> Peer::read_body() {
  if (body_left_ == 0) return std::string_view{};
  if (taken_ == buffer_.size()) {
    if (expects_continue_) CATALEJO_TRY(write_all("HTTP/1.1 100 Continue\r\n\r\n"));
    expects_continue_ = false;
    CATALEJO_TRY(fill());
  }
  std::string_view piece = std::string_view(buffer_).substr(taken_);
  if (piece.size() > body_left_) piece = piece.substr(0, body_left_);
  taken_ += piece.size();
  body_left_ -= piece.size();
  return piece;
}

Result<std::string> Peer::read_whole_body(std::size_t bytes_max) {
  if (body_left_ > bytes_max) return Error{Code::body_too_large, "the statement is too long"};
  std::string body;
  while (body_left_ > 0) {
    auto piece = read_body();
    if (!piece) return piece.error();
    body.append(*piece);
  }
  return body;
}

Result<void> Peer::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno_error("send", "socket");
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> Peer::answer(int status, const net::Headers& headers, std::string_view body) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\nContent-Length: {}\r\n", status,
                                 status == 200 ? "OK" : "Failed", body.size());
  for (const auto& [name, value] : headers) head += fmt::format("{}: {}\r\n", name, value);
  head += "\r\n";
  CATALEJO_TRY(write_all(head));
  // What an idle connection keeps of a large request is given back.
  if (buffer_.capacity() > 2 * kReadBytes && taken_ == buffer_.size()) {
    buffer_ = {};
    taken_ = 0;
  }
  return write_all(body);
}

}  // namespace catalejo::store
