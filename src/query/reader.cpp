#include "query/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/limits.hpp"
#include "query/saturate.hpp"

namespace catalejo::query {
namespace {

// How far from the time in its id a trace is looked for before the whole table is.
constexpr std::int64_t kHintBeforeNanos = 600 * kNanosPerSecond;
constexpr std::int64_t kHintAfterNanos = 6 * 3600 * kNanosPerSecond;
// Most traces lie within this of that time.
constexpr std::int64_t kGuessBeforeNanos = 60 * kNanosPerSecond;
constexpr std::int64_t kGuessAfterNanos = 300 * kNanosPerSecond;

// Each span may come as two rows, one per half.
constexpr std::size_t kTraceRowsMax = 2 * limits::trace_spans_max;

Cursor cursor_of(const SpanRow& row) {
  return {row.start, row.span_id, row.trace_id};
}

// The same span may have come by two ways (two rows); equal keys stand next to each other.
void drop_repeats(std::vector<SpanRow>& rows) {
  const auto same = [](const SpanRow& a, const SpanRow& b) { return cursor_of(a) == cursor_of(b); };
  rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
}

template <typename T>
bool contains(const std::vector<T>& values, const T& value) {
  return std::ranges::find(values, value) != values.end();
}

}  // namespace

EvaluationTargets targets_of(const std::vector<SpanRow>& rows) {
  EvaluationTargets targets;
  std::set<std::string> sessions, tags;
  for (const SpanRow& row : rows) {
    if (!row.has_llm()) continue;
    if (!contains(targets.traces, row.trace_id) && targets.traces.size() < limits::trace_ids_max)
      targets.traces.push_back(row.trace_id);
    if (targets.spans.size() < limits::trace_ids_max) targets.spans.push_back(row.span_id);
    if (!row.session_id.empty() && sessions.size() < limits::trace_ids_max)
      sessions.emplace(row.session_id);
    for (const auto& [key, value] : row.tags)
      if (tags.size() < limits::trace_join_tags_max && value.size() < limits::name_bytes_max)
        tags.insert(fmt::format("{}:{}", key, value));
  }
  targets.sessions.assign(sessions.begin(), sessions.end());
  targets.tags.assign(tags.begin(), tags.end());
  return targets;
}

Future<Result<std::string>> Reader::start(Statement statement) {
  return store_.query(std::move(statement.sql), std::move(statement.parameters));
}

Task<Result<std::string>> Reader::run(Statement statement) {
  co_return co_await start(std::move(statement));
}

Task<Result<Filter>> narrowed(store::Store& store, Filter filter) {
  if (!filter.search) co_return filter;
  auto statement =
      search::plan_stretches(*filter.search, {filter.from, filter.to, filter.view == View::apm});
  if (!statement) co_return filter;
  auto body = co_await store.query(std::move(statement->sql), std::move(statement->parameters));
  if (!body) co_return body.error();
  auto stretches = search::read_stretches(*body);
  if (!stretches) co_return stretches.error();
  filter.stretches = *std::move(stretches);
  co_return filter;
}

Task<Result<ListPage>> Reader::list(ListPlan plan) {
  auto filter = co_await narrowed(store_, std::move(plan.filter));
  if (!filter) co_return filter.error();
  plan.filter = *std::move(filter);
  const std::size_t wanted = plan.rows_max;
  plan.rows_max = wanted + 1;  // one more tells whether there is a next page
  auto body = co_await run(plan_list(plan));
  if (!body) co_return body.error();
  auto spans = read_span_rows(*std::move(body));
  if (!spans) co_return spans.error();
  ListPage page{*std::move(spans), {}};
  if (page.spans.rows.size() > wanted) {
    page.spans.rows.resize(wanted);
    page.next = encode_cursor(cursor_of(page.spans.rows.back()));
  }
  drop_repeats(page.spans.rows);
  co_return page;
}

Task<Result<TraceIds>> Reader::find_trace(TraceId id, UnixNanos now) {
  if (const auto began = start_of_id(id, now)) {
    const std::pair between{UnixNanos{began->value - kHintBeforeNanos},
                            UnixNanos{began->value + kHintAfterNanos}};
    auto body = co_await run(plan_find_trace(id, between));
    if (!body) co_return body.error();
    auto ids = read_find_trace(*body);
    if (!ids || !ids->empty()) co_return ids;
  }
  auto body = co_await run(plan_find_trace(id, std::nullopt));
  if (!body) co_return body.error();
  co_return read_find_trace(*body);
}

Task<Result<Trace>> Reader::trace(TraceId id, UnixNanos now) {
  // Read while it is still being found out what belongs to the trace; right if nothing else does.
  std::optional<Future<Result<std::string>>> guess;
  if (const auto began = start_of_id(id, now)) {
    const TraceIds likely{.llm = {id},
                          .apm = {id},
                          .from = {began->value - kGuessBeforeNanos},
                          .to = {began->value + kGuessAfterNanos}};
    guess = start(plan_trace(likely, limits::trace_whole_rows_max + 1, false));
  }
  auto ids = co_await find_trace(id, now);
  if (!ids) co_return ids.error();
  if (ids->empty()) {
    co_return Error{Code::not_found,
                    "no span of this trace is here; it may not have arrived yet, or be older "
                    "than the retention",
                    to_hex(id)};
  }
  auto rows = co_await trace_rows(id, *ids, std::move(guess));
  if (!rows) co_return rows.error();
  Trace trace;
  trace.id = id;
  trace.texts_left_out = rows->rows.size() > limits::trace_whole_rows_max;
  trace.rows = *std::move(rows);
  trace.tree = assemble_trace(trace.rows.rows);
  trace.spans_total = trace.tree.nodes.size() + trace.tree.spans_left_out;
  if (trace.rows.rows.size() == kTraceRowsMax) {
    auto body = co_await run(plan_trace_count(*ids));
    if (!body) co_return body.error();
    auto total = read_count(*body);
    if (!total) co_return total.error();
    trace.spans_total = std::max(trace.spans_total, *total);
  }
  auto judged = co_await evaluations(targets_of(trace.rows.rows));
  if (!judged) co_return judged.error();
  trace.evaluations = *std::move(judged);
  trace.ids = *std::move(ids);
  co_return trace;
}

Task<Result<Rows<SpanRow>>> Reader::trace_rows(TraceId id, TraceIds ids,
                                               std::optional<Future<Result<std::string>>> guess) {
  const auto only_id = [&](const std::vector<TraceId>& all) {
    return std::ranges::all_of(all, [&](const TraceId& each) { return each == id; });
  };
  if (guess && only_id(ids.llm) && only_id(ids.apm)) {
    auto body = co_await *guess;
    if (!body) co_return body.error();
    auto rows = read_span_rows(*std::move(body));
    if (!rows ||
        (rows->rows.size() >= ids.rows && rows->rows.size() <= limits::trace_whole_rows_max))
      co_return rows;
  }
  auto body = co_await run(plan_trace(ids, limits::trace_whole_rows_max + 1, false));
  if (!body) co_return body.error();
  auto rows = read_span_rows(*std::move(body));
  if (!rows || rows->rows.size() <= limits::trace_whole_rows_max) co_return rows;
  // A trace this large is rare; it pays for a second look, without its long texts.
  body = co_await run(plan_trace(ids, kTraceRowsMax, true));
  if (!body) co_return body.error();
  co_return read_span_rows(*std::move(body));
}

Task<Result<Facets>> Reader::facets(Filter filter, std::vector<const Field*> fields,
                                    std::size_t values_max) {
  const std::size_t count = fields.size();
  auto narrow = co_await narrowed(store_, std::move(filter));
  if (!narrow) co_return narrow.error();
  auto body = co_await run(plan_facets(*narrow, fields, values_max));
  if (!body) co_return body.error();
  co_return read_facets(*body, count);
}

Task<Result<std::vector<SeriesBucket>>> Reader::series(SeriesPlan plan) {
  auto filter = co_await narrowed(store_, std::move(plan.filter));
  if (!filter) co_return filter.error();
  plan.filter = *std::move(filter);
  auto body = co_await run(plan_series(plan));
  if (!body) co_return body.error();
  co_return read_series(*body);
}

Task<Result<std::vector<search::Suggestion>>> Reader::suggestions(search::Completion completion,
                                                                  search::Scope scope) {
  std::vector<search::Suggestion> found = search::known_suggestions(completion);
  std::string body;
  if (auto statement = search::plan_suggest(completion, scope)) {
    auto answer = co_await run(*std::move(statement));
    if (!answer) co_return answer.error();
    body = *std::move(answer);
  }
  const auto added = search::add_suggestions(found, completion, body);
  if (!added) co_return added.error();
  co_return found;
}

Task<Result<Rows<EvaluationRow>>> Reader::evaluations(EvaluationTargets targets) {
  auto body = co_await run(plan_evaluations(targets));
  if (!body) co_return body.error();
  co_return read_evaluation_rows(*std::move(body));
}

}  // namespace catalejo::query
