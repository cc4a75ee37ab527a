#include "query/matching.hpp"

#include <fmt/format.h>

#include "query/row_reader.hpp"
#include "query/span_row.hpp"

namespace catalejo::query {

Statement plan_matching(const Filter& filter, const std::vector<SpanId>& spans) {
  StatementBuilder out;
  out << "SELECT trace_id, span_id\nFROM spans\nWHERE ";
  write_condition(out, filter);
  out << fmt::format("\n  AND span_id IN {}\nFORMAT RowBinary", out.bind_span_ids(spans));
  return std::move(out).finish();
}

Result<std::set<SpanKey>> read_matching(std::string_view body) {
  std::set<SpanKey> found;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    const TraceId trace = row.trace_id();
    found.emplace(trace, SpanId{row.u64()});
  }
  if (row.failed()) return broken_answer();
  return found;
}

Statement plan_span_count(const Filter& filter) {
  StatementBuilder out;
  out << "SELECT count()\nFROM spans\nWHERE ";
  write_condition(out, filter);
  out << "\nFORMAT RowBinary";
  return std::move(out).finish();
}

Result<std::uint64_t> read_span_count(std::string_view body) {
  RowReader row(body);
  const std::uint64_t count = row.u64();
  if (row.failed()) return broken_answer();
  return count;
}

Statement plan_stored_evaluations(const std::vector<TraceId>& ids, UnixNanos from, UnixNanos to) {
  StatementBuilder out;
  // An evaluation has the milliseconds of its span's start only.
  const UnixNanos first{from.value / kNanosPerMilli * kNanosPerMilli};
  out << fmt::format(
      "SELECT id\nFROM evaluations\nWHERE timestamp >= {} AND timestamp <= {} AND id IN {}\n"
      "FORMAT RowBinary",
      out.bind_time(first), out.bind_time(to), out.bind_trace_ids(ids));
  return std::move(out).finish();
}

Result<std::set<TraceId>> read_stored_evaluations(std::string_view body) {
  std::set<TraceId> ids;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) ids.insert(row.trace_id());
  if (row.failed()) return broken_answer();
  return ids;
}

}  // namespace catalejo::query
