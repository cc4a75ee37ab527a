#include "api/parameters.hpp"

#include <fmt/format.h>

#include "base/ids.hpp"
#include "base/limits.hpp"

namespace catalejo::api {

Result<std::size_t> parse_limit(std::string_view name, std::string_view text, std::size_t max) {
  const auto value = parse_decimal64(text);
  if (value && *value >= 1 && *value <= max) return static_cast<std::size_t>(*value);
  return Error{Code::bad_request,
               fmt::format("'{}' is no limit: write a number from 1 to {}", text, max),
               std::string(name)};
}

Result<query::Order> parse_order(std::string_view text, std::string_view column) {
  if (text == column) return query::Order::oldest_first;
  if (text.starts_with('-') && text.substr(1) == column) return query::Order::newest_first;
  return Error{Code::bad_request,
               fmt::format("'{}' is no order: write {} or -{}", text, column, column), "sort"};
}

Result<query::Parameters> parameters_of(const net::Request& request) {
  query::Parameters parameters = request.parameters();
  if (parameters.size() <= limits::parameters_max) return parameters;
  return Error{Code::bad_request,
               fmt::format("more than {} query parameters", limits::parameters_max), ""};
}

Result<std::size_t> limit_of(const query::Parameters& parameters, std::size_t otherwise,
                             std::size_t max) {
  const std::string* text = find_parameter(parameters, "limit");
  if (text == nullptr) return otherwise;
  return parse_limit("limit", *text, max);
}

const std::string* find_parameter(const query::Parameters& parameters, std::string_view name) {
  const std::string* found = nullptr;
  for (const auto& [key, value] : parameters)
    if (key == name) found = &value;
  return found;
}

std::string next_link(const net::Request& request, const std::string& cursor) {
  std::string link = fmt::format("{}://{}{}?", request.tls ? "https" : "http",
                                 request.header("Host"), request.path);
  for (const auto& [name, value] : request.parameters()) {
    if (name == "page[cursor]" || name == "api_key") continue;
    link += fmt::format("{}={}&", net::percent_encode(name), net::percent_encode(value));
  }
  return link + net::percent_encode("page[cursor]") + "=" + cursor;
}

}  // namespace catalejo::api
