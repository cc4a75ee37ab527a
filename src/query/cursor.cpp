#include "query/cursor.hpp"

#include <fmt/format.h>

namespace catalejo::query {
namespace {

// A version, then four numbers of 16 hex digits: readable in a log, nothing to escape in a URL.
constexpr std::string_view kVersion = "c1";
constexpr std::size_t kDigits = 16;

}  // namespace

std::string encode_cursor(const Cursor& cursor) {
  return fmt::format("{}{:016x}{:016x}{}", kVersion, static_cast<std::uint64_t>(cursor.start.value),
                     cursor.span_id.value, to_hex(cursor.trace_id));
}

Result<Cursor> parse_cursor(std::string_view text) {
  const Error wrong{Code::bad_request,
                    "this is no cursor: take the one of the page before, or leave it out",
                    "cursor"};
  if (text.size() != kVersion.size() + 4 * kDigits || !text.starts_with(kVersion)) return wrong;
  text.remove_prefix(kVersion.size());
  const auto start = parse_hex64(text.substr(0, kDigits));
  const auto span = parse_hex64(text.substr(kDigits, kDigits));
  const auto trace = parse_trace_id(text.substr(2 * kDigits));
  if (!start || !span || !trace) return wrong;
  return Cursor{{static_cast<std::int64_t>(*start)}, {*span}, *trace};
}

}  // namespace catalejo::query
