// Question → SELECT. Each function here is pure: the tests compare its text and parameters. Every
// statement ends in FORMAT RowBinary; answers.hpp reads what comes back.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "query/cursor.hpp"
#include "query/filter.hpp"
#include "query/span_row.hpp"
#include "query/statement.hpp"

namespace catalejo::query {

enum class Order { newest_first, oldest_first };

struct ListPlan {
  Filter filter;
  Order order = Order::newest_first;
  Columns columns = Columns::list;
  std::optional<Cursor> after;
  std::size_t rows_max = 0;
};
Statement plan_list(const ListPlan& list);

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
// The rows of the trace, first ones first. Between `from` and `to` there should be little else:
// whole granules are read. `texts_cut` leaves out texts above
// limits::trace_text_bytes_max, for traces of very many spans.
Statement plan_trace(const TraceIds& ids, std::size_t rows_max, bool texts_cut);
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
Statement plan_series(const SeriesPlan& series);
// About 60 buckets of a length a person would choose.
std::int64_t choose_interval_ms(UnixNanos from, UnixNanos to);

}  // namespace catalejo::query
