#include "query/cursor.hpp"

#include <fmt/format.h>

namespace catalejo::query {
namespace {

// A version, then numbers of 16 hex digits: readable in a log, nothing to escape in a URL.
constexpr std::string_view kVersion = "c1", kVersionWithValue = "v1";
constexpr std::size_t kDigits = 16;

}  // namespace

std::string encode_cursor(const Cursor& cursor) {
  const std::string value =
      cursor.value ? fmt::format("{:016x}", static_cast<std::uint64_t>(*cursor.value)) : "";
  return fmt::format("{}{}{:016x}{:016x}{}", cursor.value ? kVersionWithValue : kVersion, value,
                     static_cast<std::uint64_t>(cursor.start.value), cursor.span_id.value,
                     to_hex(cursor.trace_id));
}

Result<Cursor> parse_cursor(std::string_view text) {
  const Error wrong{Code::bad_request,
                    "this is no cursor: take the one of the page before, or leave it out",
                    "cursor"};
  const bool with_value = text.starts_with(kVersionWithValue);
  if (text.size() != kVersion.size() + (with_value ? 5 : 4) * kDigits ||
      (!with_value && !text.starts_with(kVersion)))
    return wrong;
  text.remove_prefix(kVersion.size());
  Cursor cursor;
  if (with_value) {
    const auto value = parse_hex64(text.substr(0, kDigits));
    if (!value) return wrong;
    cursor.value = static_cast<std::int64_t>(*value);
    text.remove_prefix(kDigits);
  }
  const auto start = parse_hex64(text.substr(0, kDigits));
  const auto span = parse_hex64(text.substr(kDigits, kDigits));
  const auto trace = parse_trace_id(text.substr(2 * kDigits));
  if (!start || !span || !trace) return wrong;
  cursor.start = {static_cast<std::int64_t>(*start)};
  cursor.span_id = {*span};
  cursor.trace_id = *trace;
  return cursor;
}

}  // namespace catalejo::query
