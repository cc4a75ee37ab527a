#include "store/clickhouse/client.hpp"

#include <fmt/format.h>

#include <charconv>

#include "store/clickhouse/exceptions.hpp"

namespace catalejo::store {
namespace {

// The text before and behind the first `at`; everything is before when there is none.
std::pair<std::string_view, std::string_view> split(std::string_view text, char at) {
  const std::size_t found = text.find(at);
  if (found == std::string_view::npos) return {text, {}};
  return {text.substr(0, found), text.substr(found + 1)};
}

int number_of(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// A parameter of a container type holds quoted literals, which escape for themselves.
bool takes_escapes(std::string_view sql, const std::string& name) {
  const std::string before = fmt::format("{{{}:", name);
  const std::size_t at = sql.find(before);
  if (at == std::string_view::npos) return true;
  const std::string_view type = sql.substr(at + before.size());
  return !type.starts_with("Array(") && !type.starts_with("Map(") && !type.starts_with("Tuple(");
}

// Exceptions come with a stack of hints; one line of at most this is enough for a person.
constexpr std::size_t kMessageBytesMax = 1'000;

}  // namespace

std::string Endpoint::name() const {
  return unix_path.empty() ? fmt::format("{} database {}", url, database) : unix_path;
}

Endpoint Endpoint::embedded(const std::string& socket_path) {
  return {.unix_path = socket_path,
          .url = "http://localhost",
          .user = {},
          .password = {},
          .database = "default"};
}

Result<Endpoint> Endpoint::parse(const std::string& url) {
  const std::size_t scheme_end = url.find("://");
  const std::string scheme = url.substr(0, scheme_end);
  if (scheme_end == std::string::npos || (scheme != "http" && scheme != "https"))
    return Error{Code::config,
                 "CATALEJO_CLICKHOUSE_URL must be http(s)://user:password@host:port/"
                 "database"};
  const std::string_view rest = std::string_view(url).substr(scheme_end + 3);
  auto [authority, path] = split(rest, '/');
  Endpoint endpoint;
  std::string_view host = authority;
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const auto [user, password] = split(authority.substr(0, at), ':');
    endpoint.user = net::percent_decode(user, false).value_or(std::string(user));
    endpoint.password = net::percent_decode(password, false).value_or(std::string(password));
    host = authority.substr(at + 1);
  }
  if (host.empty()) return Error{Code::config, "CATALEJO_CLICKHOUSE_URL names no host"};
  endpoint.url = fmt::format("{}://{}", scheme, host);
  endpoint.database = path.empty() ? "default" : std::string(split(path, '?').first);
  return endpoint;
}

std::string escape_parameter(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  for (const char c : value) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\0':
        out += "\\0";
        break;
      default:
        out += c;
    }
  }
  return out;
}

ClickHouse::ClickHouse(Endpoint endpoint, int timeout_ms)
    : endpoint_(std::move(endpoint)),
      client_({.unix_path = endpoint_.unix_path, .timeout_ms = timeout_ms}) {
  if (!endpoint_.user.empty()) headers_.emplace_back("X-ClickHouse-User", endpoint_.user);
  if (!endpoint_.password.empty()) headers_.emplace_back("X-ClickHouse-Key", endpoint_.password);
}

bool ClickHouse::ping() {
  auto response = client_.request("GET", endpoint_.url + "/ping", {}, {});
  return response && response->status == 200;
}

Error ClickHouse::failure(const net::ClientResponse& response) {
  last_exception_ = number_of(response.header("X-ClickHouse-Exception-Code"));
  std::string message = response.body.substr(0, kMessageBytesMax);
  while (!message.empty() && message.back() == '\n') message.pop_back();
  if (last_exception_ == 0 && response.status >= 500)
    return {Code::store_unavailable,
            fmt::format("the database answered {}: {}", response.status, message)};
  return {code_of_exception(last_exception_), std::move(message)};
}

Result<std::string> ClickHouse::post(const std::string& query,
                                     std::span<const std::string_view> body) {
  last_exception_ = 0;
  const std::string url = fmt::format("{}/?database={}{}", endpoint_.url,
                                      net::percent_encode(endpoint_.database), query);
  auto response = client_.post(url, headers_, body);
  if (!response) {
    const Code code = response.error().code == Code::timeout          ? Code::timeout
                      : response.error().code == Code::body_too_large ? Code::bad_request
                                                                      : Code::store_unavailable;
    return Error{code, response.error().message};
  }
  if (response->status != 200) return failure(*response);
  return std::move(response->body);
}

Result<std::string> ClickHouse::run(const std::string& sql, const QueryParameters& parameters,
                                    const QueryParameters& settings) {
  std::string query;
  for (const auto& [name, value] : parameters)
    query += fmt::format(
        "&param_{}={}", net::percent_encode(name),
        net::percent_encode(takes_escapes(sql, name) ? escape_parameter(value) : value));
  for (const auto& [name, value] : settings)
    query += fmt::format("&{}={}", name, net::percent_encode(value));
  const std::string_view body = sql;
  return post(query, {&body, 1});
}

Result<void> ClickHouse::insert(const std::string& sql, std::span<const std::string_view> rows) {
  auto answer = post("&query=" + net::percent_encode(sql), rows);
  if (!answer) return answer.error();
  return {};
}

}  // namespace catalejo::store
