// Sessions: all spans that name the same session, added up. A plan and its reader.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "query/filter.hpp"
#include "query/span_row.hpp"
#include "query/statement.hpp"

namespace catalejo::query {

enum class SessionSort { last, cost, duration, tokens, errors };

// Where a page of sessions ended: its last one, and by what it was sorted.
struct SessionCursor {
  std::int64_t value = 0;  // for `last` nanoseconds since 1970
  std::string id;
  bool operator==(const SessionCursor&) const = default;
};
std::string encode_session_cursor(const SessionCursor& cursor);
Result<SessionCursor> parse_session_cursor(std::string_view text);

struct SessionsPlan {
  Filter filter;  // of the spans that count; its view is View::spans
  SessionSort by = SessionSort::last;
  bool largest_first = true;  // also: last active first
  std::optional<SessionCursor> after;
  std::size_t rows_max = 0;
};
Statement plan_sessions(const SessionsPlan& plan);

// (session, input of its first trace, output of its last), which are long texts: read only for the
// sessions of one page.
Statement plan_session_texts(const Filter& filter, const std::vector<std::string>& sessions);

struct SessionRow {
  std::string id;
  UnixNanos start, last;     // starts of its first and its last span
  std::int64_t busy_ns = 0;  // durations of its traces, added up
  std::uint64_t traces = 0, failed_traces = 0, spans = 0, errors = 0, llm_calls = 0;
  std::int64_t input_tokens = kUnknown, output_tokens = kUnknown, total_tokens = kUnknown;
  std::int64_t cost_nano_usd = kUnknown;
  std::string user, ml_app;
  std::string input, output;  // JSON, from plan_session_texts
};
std::int64_t value_of(const SessionRow& row, SessionSort by);
// Error database when the body is not what its plan promises.
Result<std::vector<SessionRow>> read_sessions(std::string_view body);
Result<void> read_session_texts(std::string_view body, std::vector<SessionRow>& sessions);

}  // namespace catalejo::query
