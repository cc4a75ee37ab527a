#include "query/plans.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "query/price_table.hpp"
#include "query/saturate.hpp"

namespace catalejo::query {
namespace {

// Reading in the order of the key stops after the page is full; without buffering it stops after
// tens of thousands of rows instead of most of the table (measured: docs of this room).
constexpr std::string_view kInOrder = "read_in_order_use_buffering = 0";

// The indexes leave a handful of granules; going over each twice, ids first, and sharing them among
// threads costs more than it saves (measured: 16 ms against 8).
void set_few_granules(StatementBuilder& out) {
  out.set("optimize_move_to_prewhere = 0");
  out.set("max_threads = 1");
}

// Belongs to the trace by either id.
void write_belongs(StatementBuilder& out, const std::vector<TraceId>& llm,
                   const std::vector<TraceId>& apm) {
  out << "(";
  if (!llm.empty()) out << fmt::format("trace_id IN {}", out.bind_trace_ids(llm));
  if (!llm.empty() && !apm.empty()) out << " OR ";
  if (!apm.empty()) out << fmt::format("apm_trace_id IN {}", out.bind_trace_ids(apm));
  out << ")";
}

void write_between(StatementBuilder& out, UnixNanos from, UnixNanos to) {
  out << fmt::format("start >= {} AND start <= {}", out.bind_time(from), out.bind_time(to));
}

}  // namespace

void write_side(StatementBuilder& out, const Cursor& row, std::string_view way) {
  const std::string_view strict = way.substr(0, 1);
  const std::string start = out.bind_time(row.start);
  // The first half lets the key skip; the second says exactly which rows are meant.
  out << fmt::format("\n  AND start {}= {}", strict, start);
  out << fmt::format(
      "\n  AND (start {0} {1} OR span_id {0} {2} OR (span_id = {2} AND trace_id {4} "
      "toFixedString({3}, 16)))",
      strict, start, out.bind("UInt64", to_decimal(row.span_id)), out.bind_trace_id(row.trace_id),
      way);
}

Statement plan_list(const ListPlan& list) {
  StatementBuilder out;
  out << "SELECT " << span_columns(list.columns) << "\nFROM spans\nWHERE ";
  write_condition(out, list.filter);
  if (list.after) write_side(out, *list.after, list.order == Order::newest_first ? "<" : ">");
  const std::string_view way = list.order == Order::newest_first ? "DESC" : "ASC";
  out << fmt::format("\nORDER BY start {0}, span_id {0}, trace_id {0}\nLIMIT {1}", way,
                     list.rows_max);
  out.set(kInOrder);
  out << "\nFORMAT RowBinary";
  return std::move(out).finish();
}

namespace {

std::string cost_of_row(StatementBuilder& out, const Filter& filter) {
  return filter.prices ? cost_expression(out, *filter.prices) : "cost_nano_usd";
}

// Of one row; of a trace `whole` is joined to its root.
std::string value_of(StatementBuilder& out, SortBy by, const Filter& filter) {
  const bool of_traces = filter.view == View::traces;
  switch (by) {
    case SortBy::cost:
      return of_traces ? "whole.cost" : cost_of_row(out, filter);
    case SortBy::tokens:
      return of_traces ? "whole.tokens" : "total_tokens";
    case SortBy::errors:
      return of_traces ? "whole.errors" : "toInt64(error)";
    case SortBy::duration:
      break;
    case SortBy::start:
      break;
  }
  return "duration_ns";
}

// Tokens, cost or errors of every trace with a span in the time of the filter, and a while after.
void write_join_of_wholes(StatementBuilder& out, const Filter& filter, SortBy by) {
  out << "ANY LEFT JOIN (\n  SELECT trace_id, ";
  if (by == SortBy::errors) {
    out << "toInt64(countIf(error != 0)) AS errors";
  } else {
    const std::string of_call =
        by == SortBy::cost ? cost_of_row(out, filter) : std::string("total_tokens");
    out << fmt::format(
        "if(max(of_call) < 0, -1, sumIf(of_call, of_call >= 0)) AS {}\n  FROM (\n    SELECT "
        "trace_id, start, half, if(kind IN ('llm', 'embedding'), {}, -1) AS of_call",
        by == SortBy::cost ? "cost" : "tokens", of_call);
  }
  out << "\n  FROM spans\n  WHERE half != 2 AND ";
  write_between(out, filter.from, shifted(filter.to, limits::trace_slack_nanos));
  if (by != SortBy::errors) out << ")";
  out << "\n  GROUP BY trace_id) AS whole USING (trace_id)\n";
}

}  // namespace

Statement plan_sorted_keys(const ListPlan& list) {
  const bool of_traces = list.filter.view == View::traces;
  const bool with_wholes = of_traces && list.by != SortBy::duration;
  const bool largest = list.order == Order::newest_first;
  StatementBuilder out;
  const std::string value = value_of(out, list.by, list.filter);
  out << "SELECT " << value << " AS sort_value, start, span_id, trace_id\nFROM spans\n";
  if (with_wholes) write_join_of_wholes(out, list.filter, list.by);
  out << "WHERE ";
  write_condition(out, list.filter);
  if (list.after) {
    out << fmt::format(
        "\n  AND (sort_value, start, span_id, trace_id) {} ({}, {}, {}, toFixedString({}, 16))",
        largest ? "<" : ">", out.bind_int(list.after->value.value_or(0)),
        out.bind_time(list.after->start), out.bind("UInt64", to_decimal(list.after->span_id)),
        out.bind_trace_id(list.after->trace_id));
  }
  out << fmt::format(
      "\nORDER BY sort_value {0}, start {0}, span_id {0}, trace_id {0}\nLIMIT {1}\n"
      "FORMAT RowBinary",
      largest ? "DESC" : "ASC", list.rows_max);
  return std::move(out).finish();
}

Result<std::vector<Cursor>> read_sorted_keys(std::string_view body) {
  std::vector<Cursor> keys;
  RowReader reader(body);
  while (!reader.at_end()) {
    const std::int64_t value = reader.i64();
    const UnixNanos start{reader.i64()};
    const SpanId span{reader.u64()};
    keys.push_back({start, span, reader.trace_id(), value});
  }
  if (reader.failed()) return broken_answer();
  return keys;
}

Statement plan_rows(const std::vector<Cursor>& keys, Columns columns) {
  std::vector<UnixNanos> starts;
  std::vector<SpanId> spans;
  for (const Cursor& key : keys) {
    starts.push_back(key.start);
    spans.push_back(key.span_id);
  }
  StatementBuilder out;
  out << "SELECT " << span_columns(columns) << "\nFROM spans\nWHERE start IN "
      << out.bind_times(starts) << " AND span_id IN " << out.bind_span_ids(spans)
      << fmt::format("\nLIMIT {}\nFORMAT RowBinary", 4 * keys.size());
  return std::move(out).finish();
}

void write_trace_condition(StatementBuilder& out, const TraceIds& ids) {
  write_between(out, ids.from, ids.to);
  out << " AND ";
  write_belongs(out, ids.llm, ids.apm);
}

std::pair<UnixNanos, UnixNanos> times_of(const std::vector<SpanRow>& rows) {
  if (rows.empty()) return {};
  const auto [first, last] = std::ranges::minmax_element(rows, {}, &SpanRow::start);
  return {first->start, last->start};
}

PageTraces traces_of(const std::vector<SpanRow>& rows) {
  PageTraces page;
  TraceIds& ids = page.ids;
  ids.from = {INT64_MAX};
  ids.to = {INT64_MIN};
  for (const SpanRow& row : rows) {
    page.keys.push_back({row.trace_id, row.apm_trace_id});
    ids.llm.push_back(row.trace_id);
    if (!row.apm_trace_id.empty()) ids.apm.push_back(row.apm_trace_id);
    ids.from = std::min(ids.from, row.start);
    ids.to = std::max(ids.to, shifted(row.start, row.duration_ns));
  }
  ids.from = shifted(ids.from, -limits::trace_slack_nanos);
  ids.to = shifted(ids.to, limits::trace_slack_nanos);
  return page;
}

Statement plan_page_totals(const TraceIds& ids) {
  StatementBuilder out;
  // The inner query makes one span of its two halves, so that nothing is counted twice.
  out << fmt::format(
      "SELECT key, llm_trace, count(), sum(failed), sum(llm_call),\n"
      "  if(countIf(tokens >= 0) = 0, -1, sumIf(tokens, tokens >= 0))\n"
      "FROM (\n"
      "  SELECT if(apm_trace_id = {}, trace_id, apm_trace_id) AS key, span_id,\n"
      "    maxIf(trace_id, half != 2) AS llm_trace, max(error) AS failed,\n"
      "    max(half != 2 AND kind = 'llm') AS llm_call,\n"
      "    max(if(kind IN ('llm', 'embedding'), total_tokens, -1)) AS tokens\n"
      "  FROM spans\n  WHERE ",
      kNoTrace);
  write_trace_condition(out, ids);
  out << "\n  GROUP BY key, span_id)\nGROUP BY key, llm_trace\nFORMAT RowBinary";
  return std::move(out).finish();
}

Statement plan_find_trace(TraceId id, std::optional<std::pair<UnixNanos, UnixNanos>> between) {
  StatementBuilder out;
  out << "SELECT half, trace_id, apm_trace_id, count(), min(start), max(start)\n"
         "FROM spans\nWHERE ";
  if (between) {
    write_between(out, between->first, between->second);
    out << " AND ";
    out.set_brief();
  }
  write_belongs(out, {id}, {id});
  out << fmt::format("\nGROUP BY half, trace_id, apm_trace_id\nLIMIT {}", limits::trace_ids_max);
  set_few_granules(out);
  out << "\nFORMAT RowBinary";
  return std::move(out).finish();
}

std::optional<UnixNanos> start_of_id(TraceId id, UnixNanos now) {
  constexpr std::uint64_t kOldest = 1'420'070'400;  // 2015: before there were such ids
  const std::uint64_t seconds = id.high >> 32;
  const auto latest = static_cast<std::uint64_t>(now.value / kNanosPerSecond + 86'400);
  if (seconds < kOldest || seconds > latest) return std::nullopt;
  return UnixNanos{static_cast<std::int64_t>(seconds) * kNanosPerSecond};
}

Statement plan_trace(const TraceIds& ids, std::size_t rows_max) {
  StatementBuilder out;
  out << "SELECT " << span_columns(Columns::all) << "\nFROM spans\nWHERE ";
  write_trace_condition(out, ids);
  out << fmt::format("\nLIMIT {}", rows_max);
  set_few_granules(out);
  out.set_brief();
  out << "\nFORMAT RowBinary";
  return std::move(out).finish();
}

Statement plan_trace_shape(const TraceIds& ids, std::size_t rows_max) {
  StatementBuilder out;
  out << "SELECT half, error, trace_id, apm_trace_id, span_id, parent_id, apm_parent_id, start, "
         "duration_ns,\n  toUInt8(indexOf(['"
      << fmt::format("{}", fmt::join(kShapeKinds, "', '"))
      << "'], kind)), flags, input_tokens, output_tokens, total_tokens\nFROM spans\nWHERE ";
  write_trace_condition(out, ids);
  out << fmt::format("\nORDER BY start, received\nLIMIT {}\nFORMAT RowBinary", rows_max);
  return std::move(out).finish();
}

Statement plan_trace_part(const TraceIds& ids, const PartPlan& part) {
  std::string columns = span_columns(part.columns);
  StatementBuilder out;
  if (part.text_bytes_max > 0) {
    const std::string whole = out.bind("UInt64", to_decimal(part.whole));
    for (const std::string_view name : {"input", "output", "metadata", "extra", "error_stack"}) {
      const std::string listed = fmt::format(", {}, ", name);
      const std::size_t at = columns.find(listed);
      CATALEJO_INVARIANT(at != std::string::npos);
      columns.replace(at, listed.size(),
                      fmt::format(", if(length({0}) <= {1} OR span_id = {2}, {0}, ''), ", name,
                                  part.text_bytes_max, whole));
    }
  }
  out << "SELECT " << columns << "\nFROM spans\nWHERE ";
  if (!part.starts.empty()) out << "start IN " << out.bind_times(part.starts) << " AND ";
  out << "span_id IN " << out.bind_span_ids(part.spans) << " AND ";
  write_trace_condition(out, ids);
  // The same span may have come twice; the shape took the first of a half.
  out << fmt::format("\nORDER BY start, received\nLIMIT {}\nFORMAT RowBinary",
                     4 * part.spans.size());
  return std::move(out).finish();
}

Statement plan_trace_services(const TraceIds& ids) {
  StatementBuilder out;
  out << "SELECT DISTINCT service\nFROM spans\nWHERE ";
  write_trace_condition(out, ids);
  out << fmt::format(" AND service != ''\nORDER BY service\nLIMIT {}\nFORMAT RowBinary",
                     limits::facet_values_max);
  return std::move(out).finish();
}

Statement plan_trace_costly(const TraceIds& ids) {
  StatementBuilder out;
  // A token of an answer costs about four of a prompt, with every model of the catalogue.
  out << "SELECT greatest(input_tokens, 0) + 4 * greatest(output_tokens, 0) AS sort_value, start, "
         "span_id, trace_id\nFROM spans\nWHERE ";
  write_trace_condition(out, ids);
  out << "\n  AND half != 2 AND kind IN ('llm', 'embedding')\n"
         "ORDER BY cost_nano_usd DESC, sort_value DESC, start\nLIMIT 5 BY model, deployment\n"
         "LIMIT 100\nFORMAT RowBinary";
  return std::move(out).finish();
}

Statement plan_trace_count(const TraceIds& ids) {
  StatementBuilder out;
  out << "SELECT uniqExact(span_id)\nFROM spans\nWHERE ";
  write_trace_condition(out, ids);
  out << "\nFORMAT RowBinary";
  return std::move(out).finish();
}

Statement plan_evaluations(const EvaluationTargets& targets) {
  StatementBuilder out;
  out << "SELECT " << evaluation_columns() << "\nFROM evaluations\nWHERE ";
  bool first = true;
  const auto either = [&] {
    if (!first) out << " OR ";
    first = false;
  };
  if (!targets.traces.empty()) {
    either();
    out << fmt::format("trace_id IN {}", out.bind_trace_ids(targets.traces));
  }
  if (!targets.sessions.empty()) {
    either();
    out << fmt::format("(session_id != '' AND session_id IN {} AND trace_id = {})",
                       out.bind_texts(targets.sessions), kNoTrace);
  }
  if (!targets.spans.empty()) {
    either();
    out << fmt::format("(span_id IN {} AND trace_id = {})", out.bind_span_ids(targets.spans),
                       kNoTrace);
  }
  if (targets.tags.empty()) out.set_brief();
  if (!targets.tags.empty()) {
    either();
    out << fmt::format("(join_key != '' AND concat(join_key, ':', join_value) IN {})",
                       out.bind_texts(targets.tags));
  }
  if (first) out << "false";
  out << fmt::format("\nORDER BY timestamp, id\nLIMIT 1 BY id\nLIMIT {}\nFORMAT RowBinary",
                     limits::trace_evaluations_max);
  return std::move(out).finish();
}

Statement plan_any_loose_evaluation() {
  StatementBuilder out;
  out << fmt::format(
      "SELECT count() FROM (SELECT 1 FROM evaluations WHERE trace_id = {} LIMIT 1)\n"
      "FORMAT RowBinary",
      kNoTrace);
  out.set_brief();
  return std::move(out).finish();
}

namespace {

// One pass that counts by each field alone, and by none.
struct FacetSets {
  std::string aliases, sets, field, value;
};

// `with` stands in every set.
FacetSets facet_sets(const std::vector<const Field*>& fields, std::string_view with) {
  CATALEJO_INVARIANT(fields.size() <= limits::facet_fields_max);
  FacetSets facets;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    facets.aliases += fmt::format("{} AS f{}, ", fields[i]->column, i);
    facets.sets += fmt::format("({}f{}), ", with, i);
    // grouping() is 0 for the set that groups by the column.
    facets.field += fmt::format("grouping(f{0}) = 0, {0}, ", i);
    facets.value += fmt::format("grouping(f{0}) = 0, toString(f{0}), ", i);
  }
  facets.field = fmt::format("toUInt8(multiIf({}255)) AS field", facets.field);
  facets.value = fmt::format("multiIf({}'') AS value", facets.value);
  return facets;
}

}  // namespace

Statement plan_facets(const Filter& filter, const std::vector<const Field*>& fields,
                      std::size_t values_max) {
  const FacetSets facets = facet_sets(fields, "");
  StatementBuilder out;
  out << fmt::format(
      "SELECT {}, {}, count() AS spans\nFROM (\n  SELECT {}1 AS one\n  FROM spans\n  WHERE ",
      facets.field, facets.value, facets.aliases);
  write_condition(out, filter);
  out << fmt::format(
      ")\nGROUP BY GROUPING SETS ({}())\nORDER BY field, spans DESC, value\nLIMIT {} BY field\n"
      "FORMAT RowBinary",
      facets.sets, values_max);
  return std::move(out).finish();
}

Statement plan_sliced_facets(const Filter& filter, const std::vector<const Field*>& fields,
                             std::int64_t slice_seconds) {
  const FacetSets facets = facet_sets(fields, "slice, ");
  StatementBuilder out;
  out << fmt::format(
      "SELECT slice, {}, {}, count() AS spans\nFROM (\n  SELECT {}"
      "toUInt32(intDiv(toUnixTimestamp64Second(start), {})) AS slice\n  FROM spans\n  WHERE ",
      facets.field, facets.value, facets.aliases, out.bind_int(slice_seconds));
  write_condition(out, filter);
  out << fmt::format(
      ")\nGROUP BY GROUPING SETS ({}(slice))\nLIMIT {} BY slice, field\nLIMIT {}\n"
      "FORMAT RowBinary",
      facets.sets, limits::slice_values_max, limits::slice_rows_max);
  return std::move(out).finish();
}

Statement plan_series(const SeriesPlan& series, Groups groups) {
  StatementBuilder out;
  const std::string interval_ms = out.bind_int(series.interval_ms);
  // A short key is grouped a third faster than a long one.
  const std::string number =
      fmt::format("{}(intDiv(toUnixTimestamp64Milli(start), {}))",
                  series.filter.from.value >= 0 ? "toUInt32" : "toInt64", interval_ms);
  out << fmt::format("SELECT toInt64({} AS number) * {} AS bucket,\n  ", number, interval_ms);
  if (series.by == nullptr) {
    out << "'' AS series_group";
  } else if (groups == Groups::all) {
    out << fmt::format("{} AS series_group", series.by->column);
  } else {
    // The rest is one series: a chart of a thousand lines tells nothing and costs a thousand.
    out << fmt::format("if(toString({0}) IN (SELECT toString({0}) FROM spans WHERE ",
                       series.by->column);
    write_condition(out, series.filter);
    out << fmt::format(
        " GROUP BY toString({0}) ORDER BY count() DESC, toString({0}) LIMIT {1}), "
        "toString({0}), '(other)') AS series_group",
        series.by->column, limits::series_groups_max);
  }
  out << ",\n  count(), countIf(error != 0),\n"
         "  arrayMap(x -> toFloat64(x), quantilesTDigest(0.5, 0.95, 0.99)(duration_ns)),\n"
         "  sumIf(total_tokens, total_tokens >= 0), countIf(total_tokens >= 0),\n"
         "  sumIf(cost_nano_usd, cost_nano_usd >= 0), countIf(cost_nano_usd >= 0)\n"
         "FROM spans\nWHERE ";
  write_condition(out, series.filter);
  out << "\nGROUP BY number, series_group";
  out << (groups == Groups::all ? fmt::format("\nLIMIT {}", limits::series_rows_max)
                                : "\nORDER BY number, series_group");
  out << "\nFORMAT RowBinary";
  return std::move(out).finish();
}

std::int64_t choose_interval_ms(UnixNanos from, UnixNanos to) {
  constexpr std::array<std::int64_t, 22> kSeconds = {
      1,    2,    5,     10,     15,     30,     60,     120,     300,     600,       900,
      1800, 3600, 7'200, 10'800, 21'600, 43'200, 86'400, 172'800, 604'800, 2'592'000, 31'536'000};
  constexpr std::int64_t kBuckets = 60;
  const std::int64_t wanted_ms = distance_saturated(from, to) / kNanosPerMilli / kBuckets;
  for (const std::int64_t seconds : kSeconds)
    if (seconds * 1000 >= wanted_ms) return seconds * 1000;
  return kSeconds.back() * 1000;
}

}  // namespace catalejo::query
