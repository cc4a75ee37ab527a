#include "query/wholes.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "query/plans.hpp"
#include "query/row_reader.hpp"

namespace catalejo::query {
namespace {

std::string_view name_column(const WholesPlan& wholes) {
  return wholes.sessions.empty() ? "trace_id" : "session_id";
}

// Sessions come as texts, traces as bytes.
std::string names(StatementBuilder& out, const WholesPlan& wholes) {
  return wholes.sessions.empty() ? out.bind_trace_ids(wholes.traces)
                                 : out.bind_texts(wholes.sessions);
}

Cursor read_place(RowReader& row) {
  Cursor at;
  at.start.value = row.i64();
  at.span_id.value = row.u64();
  at.trace_id = row.trace_id();
  return at;
}

// Every row by `read`, which takes a reader.
template <typename Row, typename Read>
Result<Rows<Row>> read_rows(std::string body, Read read) {
  Rows<Row> rows;
  rows.body = std::make_unique<const std::string>(std::move(body));
  RowReader reader(*rows.body);
  while (!reader.at_end() && !reader.failed()) rows.rows.push_back(read(reader));
  if (reader.failed()) return broken_answer();
  return rows;
}

}  // namespace

Statement plan_whole_steps(const WholesPlan& wholes) {
  StatementBuilder out;
  out << fmt::format(
      "SELECT trace_id, span_id, parent_id, session_id, ml_app, kind, name, start, error,\n"
      "  input = '' ? 0 : sipHash64(input), output = '' ? 0 : sipHash64(output),\n"
      "  length(input), length(output)\n"
      "FROM spans\nWHERE start >= {} AND start <= {} AND half IN (1, 3) AND {} IN {}\n"
      "ORDER BY start DESC, span_id DESC\nLIMIT {} BY {}\nFORMAT RowBinary",
      out.bind_time(wholes.from), out.bind_time(wholes.to), name_column(wholes), names(out, wholes),
      limits::whole_steps_max, name_column(wholes));
  return std::move(out).finish();
}

Result<Rows<WholeStep>> read_whole_steps(std::string body) {
  return read_rows<WholeStep>(std::move(body), [](RowReader& row) {
    WholeStep step;
    step.trace_id = row.trace_id();
    step.span_id.value = row.u64();
    step.parent_id.value = row.u64();
    for (std::string_view* text : {&step.session_id, &step.ml_app, &step.kind, &step.name})
      *text = row.text();
    step.start.value = row.i64();
    step.error = row.u8() != 0;
    for (std::uint64_t* number :
         {&step.input_hash, &step.output_hash, &step.input_bytes, &step.output_bytes})
      *number = row.u64();
    return step;
  });
}

Statement plan_whole_verdicts(const WholesPlan& wholes, std::string_view source) {
  StatementBuilder out;
  out << fmt::format(
      "SELECT id, trace_id, session_id, toUnixTimestamp64Milli(timestamp)\nFROM evaluations\n"
      "WHERE timestamp >= {} AND source = {}{} AND {} IN {}\nFORMAT RowBinary",
      out.bind_time(wholes.from), out.bind_text(source),
      wholes.sessions.empty() ? std::string() : fmt::format(" AND trace_id = {}", kNoTrace),
      name_column(wholes), names(out, wholes));
  return std::move(out).finish();
}

Result<Rows<WholeVerdict>> read_whole_verdicts(std::string body) {
  return read_rows<WholeVerdict>(std::move(body), [](RowReader& row) {
    WholeVerdict verdict;
    verdict.id = row.trace_id();
    verdict.trace_id = row.trace_id();
    verdict.session_id = row.text();
    verdict.timestamp_ms = row.i64();
    return verdict;
  });
}

Statement plan_whole_mentions(const Filter& filter, const std::optional<Cursor>& after,
                              std::size_t rows_max) {
  StatementBuilder out;
  out << "SELECT start, span_id, trace_id, session_id, kind\nFROM spans\nWHERE ";
  write_condition(out, filter);
  if (after) write_side(out, *after, ">");
  out << fmt::format("\nORDER BY start, span_id, trace_id\nLIMIT {}\nFORMAT RowBinary", rows_max);
  return std::move(out).finish();
}

Result<Rows<WholeMention>> read_whole_mentions(std::string body) {
  return read_rows<WholeMention>(std::move(body), [](RowReader& row) {
    WholeMention mention;
    mention.at = read_place(row);
    mention.session_id = row.text();
    mention.kind = row.text();
    return mention;
  });
}

Statement plan_whole_firsts(const Filter& filter, const WholesPlan& wholes, std::string_view kind) {
  StatementBuilder out;
  // A tuple comes as its parts, one behind the other.
  out << fmt::format(
      "SELECT min((start, span_id, trace_id)), any(session_id), any(kind)\n"
      "FROM spans\nWHERE {} IN {}\n  AND ",
      name_column(wholes), names(out, wholes));
  write_condition(out, filter);
  if (!kind.empty()) out << fmt::format("\n  AND kind = {}", out.bind_text(kind));
  out << fmt::format("\nGROUP BY {}\nFORMAT RowBinary", name_column(wholes));
  return std::move(out).finish();
}

Result<Rows<WholeMention>> read_whole_firsts(std::string body) {
  return read_whole_mentions(std::move(body));
}

}  // namespace catalejo::query
