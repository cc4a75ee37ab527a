#include "net/http.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"

namespace catalejo::net {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none.
std::size_t utf8_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto next = [&](std::size_t i, unsigned low, unsigned high) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return next(1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool second = next(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF);
    return second && next(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool second = next(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF);
    return second && next(2, 0x80, 0xBF) && next(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

// A JSON string with its quotes. Messages may quote a client's bytes, so what is not UTF-8
// becomes U+FFFD.
std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const char c = text.front();
    std::size_t size = utf8_sequence(text);
    if (size == 0) {
      out += "\xEF\xBF\xBD";
      size = 1;
    } else if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return out + '"';
}

Response typed_response(int status, std::string_view type, std::string body) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", type);
  response.body = std::move(body);
  return response;
}

// Seconds after which trying again makes sense, 0 when it does not.
int retry_after_seconds(Code code) {
  switch (code) {
    case Code::busy:
      return 1;
    case Code::disk_full:
      return 10;
    case Code::store_unavailable:
    case Code::shutting_down:
      return 2;
    default:
      return 0;
  }
}

}  // namespace

std::string_view find_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers)
    if (equal_ignoring_case(key, name)) return value;
  return {};
}

std::vector<std::pair<std::string, std::string>> Request::parameters() const {
  std::vector<std::pair<std::string, std::string>> all;
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    // A broken escape is taken as it stands: the reader of the parameter refuses the value.
    all.emplace_back(
        percent_decode(pair.substr(0, equals), true).value_or(std::string(pair.substr(0, equals))),
        percent_decode(value, true).value_or(std::string(value)));
  }
  return all;
}

std::optional<std::string> Request::parameter(std::string_view name) const {
  for (auto& [key, value] : parameters())
    if (key == name) return std::move(value);
  return std::nullopt;
}

Response text_response(int status, std::string body) {
  return typed_response(status, "text/plain; charset=utf-8", std::move(body));
}

Response json_response(int status, std::string body) {
  return typed_response(status, "application/json", std::move(body));
}

Response error_response(const Error& error) {
  std::string detail = error.message;
  if (!error.where.empty()) detail += fmt::format(" [{}]", error.where);
  Response response =
      json_response(status_for(error.code),
                    fmt::format("{{\"errors\":[{{\"code\":{},\"number\":{},\"detail\":{}}}]}}",
                                json_string(code_name(error.code)),
                                static_cast<unsigned>(error.code), json_string(detail)));
  if (const int seconds = retry_after_seconds(error.code); seconds > 0)
    response.headers.emplace_back("Retry-After", std::to_string(seconds));
  return response;
}

int status_for(Code code) {
  switch (code) {
    case Code::malformed:
    case Code::too_deep:
    case Code::wrong_type:
    case Code::missing_field:
    case Code::out_of_range:
    case Code::bad_request:
      return 400;
    case Code::body_too_large:
      return 413;
    case Code::unsupported_encoding:
      return 415;
    case Code::not_found:
      return 404;
    case Code::method_not_allowed:
      return 405;
    // The clients of the agentless protocols know 403 for a wrong or missing key, not 401.
    case Code::unauthorized:
    case Code::forbidden:
      return 403;
    case Code::busy:
    case Code::disk_full:
    case Code::store_unavailable:
    case Code::shutting_down:
      return 503;
    case Code::timeout:
      return 504;
    case Code::io:
    case Code::corrupt:
    case Code::database:
    case Code::config:
    case Code::internal:
    case Code::peer:
      return 500;
  }
  return 500;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0') return std::nullopt;
    out += c;
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace catalejo::net
