// Question → SELECT. Each function here is pure: the tests compare its text and parameters. Every
// statement ends in FORMAT RowBinary; answers.hpp reads what comes back.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "query/cursor.hpp"
#include "query/filter.hpp"
#include "query/span_row.hpp"
#include "query/statement.hpp"

namespace catalejo::query {

// Kinds as the number a shape row has for them, from 1.
inline constexpr std::array<std::string_view, 7> kShapeKinds = {
    "llm", "embedding", "agent", "workflow", "tool", "retrieval", "task"};
constexpr std::string_view shape_kind(std::uint8_t number) {
  return number == 0 || number > kShapeKinds.size() ? std::string_view{} : kShapeKinds[number - 1u];
}
inline constexpr std::size_t kShapeRowBytes = 103;

enum class Order { newest_first, oldest_first };
// What a list is sorted by before the start of its rows; in a list of traces tokens, cost and
// errors are those of the whole trace. What is not known is least.
enum class SortBy { start, duration, tokens, cost, errors };

struct ListPlan {
  Filter filter;
  Order order = Order::newest_first;  // newest first is also largest first
  SortBy by = SortBy::start;
  Columns columns = Columns::list;
  std::optional<Cursor> after;
  std::size_t rows_max = 0;
};

// The rows of a list by start that stand on one side of a row: `way` is "<" or ">", or "<=" or ">="
// for the row itself too.
void write_side(StatementBuilder& out, const Cursor& row, std::string_view way);

Statement plan_list(const ListPlan& list);
// (value, start, span_id, trace_id) of the rows of a page sorted by a value: narrow columns only,
// over everything the filter finds. plan_rows() reads the rows then.
Statement plan_sorted_keys(const ListPlan& list);
Result<std::vector<Cursor>> read_sorted_keys(std::string_view body);
Statement plan_rows(const std::vector<Cursor>& keys, Columns columns);

struct TraceIds {
  std::vector<TraceId> llm, apm;
  UnixNanos from, to;
  std::uint64_t rows = 0;  // that name the id asked for
  bool empty() const { return llm.empty() && apm.empty(); }
};

// The ids of one row of a list, to ask for figures of its trace.
struct TraceKey {
  TraceId trace_id, apm_trace_id;
};
// The traces of the rows of a list, to ask for their figures.
struct PageTraces {
  std::vector<TraceKey> keys;  // one per row
  TraceIds ids;                // of all of them, and the time in which their spans are looked for
};
// Starts of the first and the last of them.
std::pair<UnixNanos, UnixNanos> times_of(const std::vector<SpanRow>& rows);
PageTraces traces_of(const std::vector<SpanRow>& rows);
// Figures of the traces of one page: (apm_trace_id or trace_id, LLM trace id, spans, errors,
// LLM calls, tokens or -1). Spans are looked for in the time of `ids` only.
Statement plan_page_totals(const TraceIds& ids);

// Which ids belong to a trace: (half, trace_id, apm_trace_id, spans, first start, last start).
// `id` may be either id of it.
Statement plan_find_trace(TraceId id, std::optional<std::pair<UnixNanos, UnixNanos>> between);
// When the trace with this id began, if the id tells: the high 32 bits of a 128-bit id of
// Datadog's clients are Unix seconds.
std::optional<UnixNanos> start_of_id(TraceId id, UnixNanos now);

// The condition of the rows that belong to these traces by either id, within their time.
void write_trace_condition(StatementBuilder& out, const TraceIds& ids);
// The rows of the trace, in no order. Between `from` and `to` there should be little else:
// whole granules are read.
Statement plan_trace(const TraceIds& ids, std::size_t rows_max);
// What read_shape_rows() of outline.hpp reads, of all rows of a trace, first ones first.
Statement plan_trace_shape(const TraceIds& ids, std::size_t rows_max);
// Some spans of a trace, by their ids.
struct PartPlan {
  std::vector<SpanId> spans;
  // When every row that is wanted begins at one of these times: then little else is read.
  std::vector<UnixNanos> starts;
  Columns columns = Columns::all;
  // Texts above it are left out, but for those of `whole`; 0 = none is.
  std::size_t text_bytes_max = 0;
  SpanId whole;
};
Statement plan_trace_part(const TraceIds& ids, const PartPlan& part);
// The names of the services of a trace, one text a row.
Statement plan_trace_services(const TraceIds& ids);
// Keys, as of plan_sorted_keys(), of the model calls of a trace that may have cost the most: of
// each model those with the most tokens.
Statement plan_trace_costly(const TraceIds& ids);
Statement plan_trace_count(const TraceIds& ids);

// Evaluations that name one of these traces, sessions, tags ("key:value"), or one of these spans
// without its trace, as feedback does.
struct EvaluationTargets {
  std::vector<TraceId> traces;
  std::vector<std::string> sessions;
  std::vector<std::string> tags;
  std::vector<SpanId> spans;
};
Statement plan_evaluations(const EvaluationTargets& targets);
// 1 when any evaluation names no trace, else 0.
Statement plan_any_loose_evaluation();

// (index of the field, value, count) for the most frequent values of each field, and one row
// with index 255 and the number of all spans. At most 32 fields.
Statement plan_facets(const Filter& filter, const std::vector<const Field*>& fields,
                      std::size_t values_max);

struct SeriesPlan {
  Filter filter;
  std::int64_t interval_ms = 0;
  const Field* by = nullptr;  // nullptr = one series
};
// (bucket start in ms, group, count, errors, p50, p95, p99, tokens, spans with tokens, cost,
// spans with a cost).
// With the largest groups and the rest of them as one, or all of them, up to
// limits::series_rows_max rows.
enum class Groups { largest, all };
Statement plan_series(const SeriesPlan& series, Groups groups = Groups::largest);
// (number of the slice, field, value, count); field 255 is all of the slice.
Statement plan_sliced_facets(const Filter& filter, const std::vector<const Field*>& fields,
                             std::int64_t slice_seconds);
// About 60 buckets of a length a person would choose.
std::int64_t choose_interval_ms(UnixNanos from, UnixNanos to);

}  // namespace catalejo::query
