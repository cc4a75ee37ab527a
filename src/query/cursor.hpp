// Where a page of a list ended. It names the last row rather than a number of rows, so new spans
// that arrive between two pages neither repeat a row nor hide one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::query {

struct Cursor {
  UnixNanos start;
  SpanId span_id;
  TraceId trace_id;
  // Of the column that comes before the start, in a list sorted by one.
  std::optional<std::int64_t> value = {};
  bool operator==(const Cursor&) const = default;
};

// URL-safe text.
std::string encode_cursor(const Cursor& cursor);
Result<Cursor> parse_cursor(std::string_view text);

}  // namespace catalejo::query
