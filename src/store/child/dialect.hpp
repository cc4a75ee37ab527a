// The part of ClickHouse's HTTP dialect that the child speaks: what a request asks for, and how an
// exception of the engine becomes an answer. Pure functions.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/http.hpp"
#include "store/child/libchdb.hpp"

namespace catalejo::store {

struct Statement {
  std::string sql;
  std::string format = "TabSeparated";  // for a SELECT that names none; of the data of an INSERT
  bool insert = false;                  // the body is data, not SQL
  Parameters parameters;                // {name:Type} → escaped value
  std::map<std::string, std::string> settings;
};

// `request.body` is not looked at: an INSERT's is still on the wire.
Result<Statement> parse_statement(const net::Request& request);

// The number in "Code: 60. DB::Exception: …"; 0 when there is none.
int exception_code(std::string_view text);
int status_of_exception(int code);

}  // namespace catalejo::store
