// ClickHouse SQL over HTTP: the same for the embedded child (Unix socket) and for a cluster. One
// object per thread; not thread-safe. Blocks.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/client.hpp"
#include "store/store.hpp"

namespace catalejo::store {

// Where the database is.
struct Endpoint {
  std::string unix_path;  // the child's socket, or empty
  std::string url;        // "http://localhost", "https://db.example:8443", no path, no password
  std::string user, password, database;
  std::string name() const;  // for people: without the password

  static Endpoint embedded(const std::string& socket_path);
  // From CATALEJO_CLICKHOUSE_URL: http(s)://user:password@host:port/database
  static Result<Endpoint> parse(const std::string& url);
};

class ClickHouse {
 public:
  explicit ClickHouse(Endpoint endpoint, int timeout_ms);

  bool embedded() const { return !endpoint_.unix_path.empty(); }
  bool ping();
  // Errors: bad_request, timeout, store_unavailable, database.
  Result<std::string> run(const std::string& sql, const QueryParameters& parameters,
                          const QueryParameters& settings = {});
  // `sql` ends with its FORMAT. On an error, last_exception() says which.
  Result<void> insert(const std::string& sql, std::span<const std::string_view> rows);
  int last_exception() const { return last_exception_; }

 private:
  Result<std::string> post(const std::string& query, std::span<const std::string_view> body);
  Error failure(const net::ClientResponse& response);

  Endpoint endpoint_;
  net::Client client_;
  net::Headers headers_;
  int last_exception_ = 0;
};

// A parameter's value as the database reads it: backslash, tab and line ends escaped.
std::string escape_parameter(std::string_view value);

}  // namespace catalejo::store
