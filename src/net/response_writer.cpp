#include "net/response_writer.hpp"

#include <fmt/format.h>

#include <array>

namespace catalejo::net {
namespace {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

bool is_framing(const std::pair<std::string, std::string>& header) {
  static constexpr std::array<std::string_view, 3> kNames{"content-length", "connection",
                                                          "transfer-encoding"};
  for (const std::string_view name : kNames)
    if (header.first.size() == name.size() && !find_header({header}, name).empty()) return true;
  return false;
}

bool breaks_out(const std::pair<std::string, std::string>& header) {
  static constexpr std::string_view kBreaks("\r\n\0", 3);
  return header.first.empty() || header.first.find_first_of(":\r\n") != std::string::npos ||
         header.second.find_first_of(kBreaks) != std::string::npos;
}

}  // namespace

bool may_have_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

std::string encode_head(const Response& response, const HeadOptions& options) {
  std::string head;
  head.reserve(256);
  head += fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  for (const auto& header : response.headers) {
    if (is_framing(header) || breaks_out(header)) continue;
    head += header.first;
    head += ": ";
    head += header.second;
    head += "\r\n";
  }
  if (options.streamed) {
    if (options.http_1_1) head += "Transfer-Encoding: chunked\r\n";
  } else if (may_have_body(response.status)) {
    head += fmt::format("Content-Length: {}\r\n", response.body.size());
  }
  if (options.close) {
    head += "Connection: close\r\n";
  } else if (!options.http_1_1) {
    head += "Connection: keep-alive\r\n";
  }
  return head += "\r\n";
}

std::string encode_chunk(std::string_view data) {
  return fmt::format("{:x}\r\n{}\r\n", data.size(), data);
}

}  // namespace catalejo::net
