// A SELECT and its parameters. Text of a person's never becomes part of the SQL: bind() gives the
// placeholder to write and keeps the value beside it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "store/store.hpp"

namespace catalejo::query {

// The id of no trace: zeros, as the columns have it.
inline constexpr std::string_view kNoTrace = "toFixedString('', 16)";

struct Statement {
  std::string sql;
  store::QueryParameters parameters;
  store::Lane lane = store::Lane::shared;
};

// Its body in the FORMAT it names; errors are Store::query's.
inline Future<Result<std::string>> ask(store::Store& store, Statement statement) {
  return store.query(std::move(statement.sql), std::move(statement.parameters), statement.lane);
}

class StatementBuilder {
 public:
  // "{p0:String}"
  std::string bind(std::string_view type, std::string value);
  std::string bind_text(std::string_view value) { return bind("String", std::string(value)); }
  std::string bind_int(std::int64_t value);
  // An expression of type DateTime64(9, 'UTC').
  std::string bind_time(UnixNanos time);
  // An expression of type String with the 16 bytes of the id.
  std::string bind_trace_id(TraceId id);
  // What stands behind IN.
  std::string bind_times(const std::vector<UnixNanos>& times);
  std::string bind_trace_ids(const std::vector<TraceId>& ids);
  std::string bind_span_ids(const std::vector<SpanId>& ids);
  std::string bind_texts(const std::vector<std::string>& values);

  StatementBuilder& operator<<(std::string_view text) {
    sql_ += text;
    return *this;
  }
  // A setting of the whole statement ("max_threads = 1"), once however often it is asked for.
  void set(std::string_view setting);
  // It reads little wherever its rows are, and does not wait for those that read much.
  void set_brief() { lane_ = store::Lane::brief; }
  // Settings stand before the FORMAT at the end, if there is one.
  Statement finish() &&;

 private:
  std::string sql_, settings_;
  store::QueryParameters parameters_;
  store::Lane lane_ = store::Lane::shared;
};

// "['a','it\'s']", the form a parameter of type Array(String) has.
std::string array_literal(const std::vector<std::string>& values);

}  // namespace catalejo::query
