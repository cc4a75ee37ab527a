#include "query/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/limits.hpp"
#include "query/saturate.hpp"
#include "query/search/judged.hpp"

namespace catalejo::query {
namespace {

Cursor cursor_of(const SpanRow& row) {
  return {row.start, row.span_id, row.trace_id, row.sort_value};
}

// The same span may have come by two ways (two rows); equal keys stand next to each other.
void drop_repeats(std::vector<SpanRow>& rows) {
  const auto same = [](const SpanRow& a, const SpanRow& b) { return cursor_of(a) == cursor_of(b); };
  rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
}

// The part of the time where the list begins. When that fills a page, the rest of a day need not
// even be looked up in the index, which is half of the time of such a question.
std::optional<ListPlan> edge_of(const ListPlan& plan) {
  constexpr std::int64_t kParts = 24;
  constexpr std::int64_t kRangeMin = 7'200 * kNanosPerSecond;
  ListPlan edge = plan;
  UnixNanos& from = edge.filter.from;
  UnixNanos& to = edge.filter.to;
  const bool newest = plan.order == Order::newest_first;
  if (plan.after && newest) to = std::min(to, plan.after->start);
  if (plan.after && !newest) from = std::max(from, plan.after->start);
  if (to <= from || distance_saturated(from, to) < kRangeMin) return std::nullopt;
  // A search that looks at the other spans of a trace would see only those of this part.
  if (!question_of(plan.filter)) return std::nullopt;
  const std::int64_t part = distance_saturated(from, to) / kParts;
  if (newest) {
    from = shifted(to, -part);
  } else {
    to = shifted(from, part);
  }
  return edge;
}

// Then it is asked as if nothing were known: the answers about slices serve.
bool is_most(const std::vector<search::Stretch>& stretches, const Filter& filter) {
  std::int64_t covered = 0;
  for (const auto& [first, last] : stretches) {
    const UnixNanos from = std::max(first, filter.from), to = std::min(last, filter.to);
    if (from < to) covered += to.value - from.value;
  }
  return covered > distance_saturated(filter.from, filter.to) / 2;
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
  return ask(store_, std::move(statement));
}

Task<Result<std::string>> Reader::run(Statement statement) {
  co_return co_await start(std::move(statement));
}

Task<Result<Filter>> narrowed(store::Store& store, Filter filter) {
  if (filter.stretches) co_return filter;
  const search::Scope scope{.from = filter.from, .to = filter.to, .apm = filter.view == View::apm};
  std::vector<search::Term*> terms;
  if (filter.search) terms = search::unjudged_terms(filter.search->root);
  for (search::Term* term : terms) {
    Statement statement = search::plan_judged(*term, scope);
    auto body = co_await ask(store, std::move(statement));
    if (!body) co_return body.error();
    auto judged = search::read_judged(*body);
    if (!judged) co_return judged.error();
    term->judged = *std::move(judged);
  }
  std::vector<search::Tag> tags;
  for (const TagFilter& tag : filter.tags)
    if (!tag.excluded) tags.emplace_back(tag.key, tag.value);
  auto statement = search::plan_stretches(filter.search ? &*filter.search : nullptr, tags, scope);
  if (!statement) co_return filter;
  auto body = co_await ask(store, *std::move(statement));
  if (!body) co_return body.error();
  auto stretches = search::read_stretches(*body);
  if (!stretches) co_return stretches.error();
  if (!is_most(*stretches, filter)) filter.stretches = *std::move(stretches);
  co_return filter;
}

Task<Result<Rows<SpanRow>>> Reader::list_rows(ListPlan plan) {
  if (plan.by == SortBy::start) {
    if (const auto edge = edge_of(plan)) {
      auto body = co_await run(plan_list(*edge));
      if (!body) co_return body.error();
      auto rows = read_span_rows(*std::move(body));
      if (!rows || rows->rows.size() >= plan.rows_max) co_return rows;
    }
    auto body = co_await run(plan_list(plan));
    if (!body) co_return body.error();
    co_return read_span_rows(*std::move(body));
  }
  auto body = co_await run(plan_sorted_keys(plan));
  if (!body) co_return body.error();
  auto keys = read_sorted_keys(*body);
  if (!keys) co_return keys.error();
  if (keys->empty()) co_return Rows<SpanRow>{std::make_unique<const std::string>(), {}};
  body = co_await run(plan_rows(*keys, plan.columns));
  if (!body) co_return body.error();
  auto rows = read_span_rows(*std::move(body));
  if (!rows) co_return rows.error();
  Rows<SpanRow> sorted{std::move(rows->body), {}};
  for (const Cursor& key : *keys) {
    const auto row = std::ranges::find_if(rows->rows, [&](const SpanRow& each) {
      return each.span_id == key.span_id && each.trace_id == key.trace_id &&
             each.start == key.start;
    });
    if (row == rows->rows.end()) continue;
    sorted.rows.push_back(*row);
    sorted.rows.back().sort_value = key.value;
  }
  co_return sorted;
}

Task<Result<ListPage>> Reader::list(ListPlan plan) {
  auto filter = co_await narrowed(store_, std::move(plan.filter));
  if (!filter) co_return filter.error();
  plan.filter = *std::move(filter);
  const std::size_t wanted = plan.rows_max;
  plan.rows_max = wanted + 1;  // one more tells whether there is a next page
  auto spans = co_await list_rows(plan);
  if (!spans) co_return spans.error();
  ListPage page{*std::move(spans), {}};
  if (page.spans.rows.size() > wanted) {
    page.spans.rows.resize(wanted);
    page.next = encode_cursor(cursor_of(page.spans.rows.back()));
  }
  drop_repeats(page.spans.rows);
  co_return page;
}

Task<Result<Facets>> Reader::facets(Filter filter, std::vector<const Field*> fields,
                                    std::size_t values_max) {
  const std::size_t count = fields.size();
  auto narrow = co_await narrowed(store_, std::move(filter));
  if (!narrow) co_return narrow.error();
  auto sliced = co_await sliced_facets(*narrow, fields, values_max);
  if (!sliced) co_return sliced.error();
  if (*sliced) co_return **std::move(sliced);
  auto body = co_await run(plan_facets(*narrow, fields, values_max));
  if (!body) co_return body.error();
  co_return read_facets(*body, count);
}

Task<Result<std::vector<SeriesBucket>>> Reader::series(SeriesPlan plan) {
  auto filter = co_await narrowed(store_, std::move(plan.filter));
  if (!filter) co_return filter.error();
  plan.filter = *std::move(filter);
  auto sliced = co_await sliced_series(plan);
  if (!sliced) co_return sliced.error();
  if (*sliced) co_return **std::move(sliced);
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
  auto found = read_evaluation_rows(*std::move(body));
  if (found) keep_current(found->rows);
  co_return found;
}

}  // namespace catalejo::query
