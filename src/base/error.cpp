#include "base/error.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace catalejo {

std::string_view code_name(Code code) {
  switch (code) {
    case Code::malformed:
      return "malformed";
    case Code::too_deep:
      return "too_deep";
    case Code::body_too_large:
      return "body_too_large";
    case Code::wrong_type:
      return "wrong_type";
    case Code::missing_field:
      return "missing_field";
    case Code::unsupported_encoding:
      return "unsupported_encoding";
    case Code::out_of_range:
      return "out_of_range";
    case Code::bad_request:
      return "bad_request";
    case Code::not_found:
      return "not_found";
    case Code::method_not_allowed:
      return "method_not_allowed";
    case Code::unauthorized:
      return "unauthorized";
    case Code::forbidden:
      return "forbidden";
    case Code::busy:
      return "busy";
    case Code::disk_full:
      return "disk_full";
    case Code::store_unavailable:
      return "store_unavailable";
    case Code::timeout:
      return "timeout";
    case Code::shutting_down:
      return "shutting_down";
    case Code::io:
      return "io";
    case Code::corrupt:
      return "corrupt";
    case Code::database:
      return "database";
    case Code::config:
      return "config";
    case Code::internal:
      return "internal";
    case Code::peer:
      return "peer";
  }
  return "unknown";
}

Error bad(std::string_view where, std::string message) {
  return {Code::bad_request, std::move(message), std::string(where)};
}

std::string to_string(const Error& error) {
  std::string text = fmt::format("{} ({}): {}", code_name(error.code),
                                 static_cast<unsigned>(error.code), error.message);
  if (!error.where.empty()) text += fmt::format(" [{}]", error.where);
  return text;
}

void invariant_failed(const char* expression, const char* file, int line) {
  fmt::print(stderr, "catalejo: broken invariant {} at {}:{}\n", expression, file, line);
  std::abort();
}

}  // namespace catalejo
