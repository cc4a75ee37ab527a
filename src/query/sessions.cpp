#include "query/sessions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "query/price_table.hpp"
#include "query/row_reader.hpp"

namespace catalejo::query {
namespace {

constexpr std::string_view kVersion = "s1";
constexpr std::size_t kDigits = 16;
// Of SessionSort, as the SELECT names them.
constexpr std::array<std::string_view, 5> kSortColumns = {"toUnixTimestamp64Nano(last)", "cost",
                                                          "busy", "tokens", "toInt64(errors)"};

// Only what talked to a model is added up: agents and workflows repeat their children's sums.
std::string sum_of(std::string_view column) {
  return fmt::format("if(countIf(calls AND {0} >= 0) = 0, -1, sumIf({0}, calls AND {0} >= 0))",
                     column);
}

// The text of one root; nothing when it is too long to be parsed for a preview.
std::string text_of(std::string_view which, std::string_view column) {
  return fmt::format("{0}(if(length({1}) <= {2}, {1}, ''), start)", which, column,
                     limits::preview_json_bytes_max);
}

}  // namespace

std::string encode_session_cursor(const SessionCursor& cursor) {
  std::string text = fmt::format("{}{:016x}", kVersion, static_cast<std::uint64_t>(cursor.value));
  for (const char c : cursor.id) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

Result<SessionCursor> parse_session_cursor(std::string_view text) {
  const Error wrong{Code::bad_request,
                    "this is no cursor: take the one of the page before, or leave it out",
                    "cursor"};
  if (text.size() <= kVersion.size() + kDigits || text.size() % 2 != 0 ||
      !text.starts_with(kVersion))
    return wrong;
  text.remove_prefix(kVersion.size());
  const auto last = parse_hex64(text.substr(0, kDigits));
  if (!last) return wrong;
  SessionCursor cursor{static_cast<std::int64_t>(*last), {}};
  for (text.remove_prefix(kDigits); !text.empty(); text.remove_prefix(2)) {
    const auto byte = parse_hex64(text.substr(0, 2));
    if (!byte) return wrong;
    cursor.id += static_cast<char>(*byte);
  }
  return cursor;
}

Statement plan_sessions(const SessionsPlan& plan) {
  StatementBuilder out;
  out << "SELECT session_id, min(start), max(start) AS last, sumIf(duration_ns, root) AS busy,\n"
         "  uniqExact(trace_id), uniqExactIf(trace_id, root AND error != 0), count(),\n"
         "  countIf(error != 0) AS errors, countIf(kind = 'llm'),\n  ";
  for (const std::string_view column : {"input_tokens", "output_tokens"})
    out << sum_of(column) << ",\n  ";
  out << sum_of("total_tokens") << " AS tokens,\n  " << sum_of("call_cost")
      << " AS cost,\n  anyIf(user_id, user_id != ''), any(ml_app)"
      << "\nFROM (\n  SELECT *, parent_id = 0 AS root, kind IN ('llm', 'embedding') AS calls,\n    "
      << (plan.filter.prices ? cost_expression(out, *plan.filter.prices)
                             : std::string("cost_nano_usd"))
      << " AS call_cost\n  FROM spans\n  WHERE ";
  write_condition(out, plan.filter);
  out << "\n  AND session_id != '')\nGROUP BY session_id";
  const std::string_view value = kSortColumns[static_cast<std::size_t>(plan.by)];
  if (plan.after) {
    out << fmt::format("\nHAVING ({}, session_id) {} ({}, {})", value,
                       plan.largest_first ? "<" : ">", out.bind_int(plan.after->value),
                       out.bind_text(plan.after->id));
  }
  const std::string_view way = plan.largest_first ? "DESC" : "ASC";
  out << fmt::format("\nORDER BY {0} {1}, session_id {1}\nLIMIT {2}\nFORMAT RowBinary", value, way,
                     plan.rows_max);
  return std::move(out).finish();
}

std::int64_t value_of(const SessionRow& row, SessionSort by) {
  switch (by) {
    case SessionSort::last:
      return row.last.value;
    case SessionSort::cost:
      return row.cost_nano_usd;
    case SessionSort::duration:
      return row.busy_ns;
    case SessionSort::tokens:
      return row.total_tokens;
    case SessionSort::errors:
      break;
  }
  return static_cast<std::int64_t>(row.errors);
}

Statement plan_session_texts(const Filter& filter, const std::vector<std::string>& sessions) {
  StatementBuilder out;
  out << "SELECT session_id, " << text_of("argMin", "input") << ", " << text_of("argMax", "output")
      << "\nFROM spans\nWHERE ";
  write_condition(out, filter);
  out << fmt::format("\n  AND parent_id = 0 AND session_id IN {}\nGROUP BY session_id\n",
                     out.bind_texts(sessions))
      << "FORMAT RowBinary";
  return std::move(out).finish();
}

Result<std::vector<SessionRow>> read_sessions(std::string_view body) {
  std::vector<SessionRow> sessions;
  RowReader reader(body);
  while (!reader.at_end()) {
    SessionRow row;
    row.id = std::string(reader.text());
    row.start = {reader.i64()};
    row.last = {reader.i64()};
    row.busy_ns = reader.i64();
    for (std::uint64_t* count :
         {&row.traces, &row.failed_traces, &row.spans, &row.errors, &row.llm_calls})
      *count = reader.u64();
    for (std::int64_t* sum :
         {&row.input_tokens, &row.output_tokens, &row.total_tokens, &row.cost_nano_usd})
      *sum = reader.i64();
    for (std::string* text : {&row.user, &row.ml_app}) *text = std::string(reader.text());
    if (reader.failed()) return broken_answer();
    sessions.push_back(std::move(row));
  }
  return sessions;
}

Result<void> read_session_texts(std::string_view body, std::vector<SessionRow>& sessions) {
  RowReader reader(body);
  while (!reader.at_end()) {
    const std::string_view id = reader.text(), input = reader.text(), output = reader.text();
    if (reader.failed()) return broken_answer();
    const auto found = std::ranges::find(sessions, id, &SessionRow::id);
    if (found == sessions.end()) continue;
    found->input = std::string(input);
    found->output = std::string(output);
  }
  return {};
}

}  // namespace catalejo::query
