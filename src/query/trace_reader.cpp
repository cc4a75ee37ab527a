// Reading one trace: whole when it is small, by parts and windows when it is large.
#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/limits.hpp"
#include "query/reader.hpp"
#include "query/saturate.hpp"

namespace catalejo::query {
namespace {

// How far from the time in its id a trace is looked for before the whole table is.
constexpr std::int64_t kHintBeforeNanos = 600 * kNanosPerSecond;
constexpr std::int64_t kHintAfterNanos = 6 * 3600 * kNanosPerSecond;
// Of a trace that begins within a minute of the time in its id and takes less than ten, all that
// belongs to it lies within this of that time (with_time_around() of answers.cpp).
constexpr std::int64_t kLikelyBeforeNanos = (3600 + 60) * kNanosPerSecond;
constexpr std::int64_t kLikelyAfterNanos = kHintAfterNanos + 600 * kNanosPerSecond;

// For this long an outline is taken as complete although rows were inserted since: they are other
// traces' nearly always, and finding out reads the ids of all of its rows.
constexpr std::int64_t kTrustNanos = 2 * kNanosPerSecond;
// A trace that grows is laid out again at most this often, by how long that takes: so it costs a
// fifth of a core at most, however often it is asked for.
constexpr std::int64_t kRemakeShare = 4;

Error no_such_trace(TraceId id) {
  return {Code::not_found,
          "no span of this trace is here; it may not have arrived yet, or be older "
          "than the retention",
          to_hex(id)};
}

// Of a large trace's evaluations what its parts show: failures, those of the spans in the part, and
// those of no single span.
void keep_shown(std::vector<EvaluationRow>& evaluations, const std::vector<SpanRow>& rows) {
  std::set<SpanId> shown;
  for (const SpanRow& row : rows) shown.insert(row.span_id);
  std::erase_if(evaluations, [&](const EvaluationRow& row) {
    return row.span_id.value != 0 && !shown.contains(row.span_id) && !evaluation_failed(row);
  });
  if (evaluations.size() <= limits::trace_part_evaluations_max) return;
  std::ranges::stable_sort(evaluations, {},
                           [](const EvaluationRow& row) { return evaluation_failed(row) ? 0 : 1; });
  evaluations.resize(limits::trace_part_evaluations_max);
}

// A trace that is longer still goes on for days.
constexpr int kTurnsMax = 8;

// What belongs to the trace if it has this id only, and the time in it is right.
TraceIds likely_ids(TraceId id, UnixNanos began) {
  return {.llm = {id},
          .apm = {id},
          .from = shifted(began, -kLikelyBeforeNanos),
          .to = shifted(began, kLikelyAfterNanos)};
}

// Whether rows that were looked for by `asked` are all that belongs to a trace.
bool covers(const TraceIds& asked, const TraceIds& whole) {
  const auto within = [](const std::vector<TraceId>& some, const std::vector<TraceId>& all) {
    return std::ranges::all_of(some,
                               [&](TraceId id) { return std::ranges::find(all, id) != all.end(); });
  };
  return within(whole.llm, asked.llm) && within(whole.apm, asked.apm) && asked.from <= whole.from &&
         whole.to <= asked.to;
}

// By start and receipt. The database would sort all columns for it.
Result<Rows<SpanRow>> read_trace_rows(std::string body) {
  auto rows = read_span_rows(std::move(body));
  if (rows)
    std::ranges::stable_sort(
        rows->rows, {}, [](const SpanRow& row) { return std::pair(row.start, row.received_ms); });
  return rows;
}

bool is_fresh(const Shelved& shelved, std::uint64_t rows_inserted) {
  const std::int64_t age_ns = steady_now_nanos() - shelved.checked_ns;
  return shelved.rows_inserted == rows_inserted || age_ns < kTrustNanos ||
         age_ns < kRemakeShare * shelved.made_in_ns;
}

// The rows of some spans of an outline as a tree of their own: parents are the nearest ancestors
// among them.
TraceTree partial_tree(const Outline& outline, const std::vector<std::uint32_t>& positions,
                       const std::vector<SpanRow>& rows) {
  TraceTree tree;
  tree.sums = outline.sums();
  tree.notes = outline.notes();
  tree.spans_left_out = outline.left_out();
  std::unordered_map<std::uint64_t, std::vector<const SpanRow*>> by_span;
  for (const SpanRow& row : rows) by_span[row.span_id.value].push_back(&row);
  std::unordered_map<std::uint32_t, std::int32_t> places;
  for (const std::uint32_t position : positions) {
    TraceNode node;
    for (const SpanRow* row : by_span[outline.nodes()[position].span_id.value]) {
      if (row->has_llm() && node.llm == nullptr) node.llm = row;
      if (row->has_apm() && node.apm == nullptr) node.apm = row;
    }
    if (node.llm == nullptr && node.apm == nullptr) continue;
    node.depth = outline.nodes()[position].depth;
    for (const std::uint32_t above : outline.path(position)) {
      const auto place = places.find(above);
      if (place == places.end()) continue;
      node.parent = place->second;
      break;
    }
    places[position] = static_cast<std::int32_t>(tree.nodes.size());
    tree.nodes.push_back(node);
  }
  return tree;
}

}  // namespace

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

Task<Result<Trace>> Reader::trace(TraceId id, UnixNanos now, TracePart part) {
  if (shelf_.find(id)) {
    auto shelved = co_await outline(id, now);
    if (!shelved) co_return shelved.error();
    co_return co_await part_of(id, *std::move(shelved), part);
  }
  // Nearly always these are all the evaluations of it, and they are read beside its rows.
  const EvaluationTargets own{.traces = {id}, .sessions = {}, .tags = {}, .spans = {}};
  auto rows_asked = start_trace(id, now);
  auto judged_asked = start(plan_evaluations(own));
  auto loose_asked = start_loose();
  Trace trace;
  trace.id = id;
  auto rows = co_await trace_rows(id, std::move(rows_asked));
  if (!rows) co_return rows.error();
  if (rows->rows.empty()) co_return no_such_trace(id);
  if (rows->rows.size() > limits::trace_whole_rows_max) {
    auto shelved = co_await outline(id, now);
    if (!shelved) co_return shelved.error();
    co_return co_await part_of(id, *std::move(shelved), part);
  }
  trace.rows = *std::move(rows);
  trace.ids = ids_of(id, trace.rows.rows);
  trace.tree = assemble_trace(trace.rows.rows);
  trace.spans_total = trace.tree.nodes.size();
  EvaluationTargets targets = targets_of(trace.rows.rows);
  auto body = co_await judged_asked;
  auto loose = co_await any_loose(std::move(loose_asked));
  if (!body) co_return body.error();
  if (!loose) co_return loose.error();
  const bool all_own =
      std::ranges::all_of(targets.traces, [&](TraceId each) { return each == id; });
  if (*loose || !all_own) {
    body = co_await run(plan_evaluations(targets));
    if (!body) co_return body.error();
  }
  auto judged = read_evaluation_rows(*std::move(body));
  if (!judged) co_return judged.error();
  keep_current(judged->rows);
  trace.evaluations = *std::move(judged);
  co_return trace;
}

Reader::AskedLoose Reader::start_loose() {
  AskedLoose asked{.rows = store_.status().rows_inserted, .count = {}};
  const bool nobody_else = store_.inserted_times() != nullptr;
  if (!nobody_else || none_loose_at_ != asked.rows + 1)
    asked.count = start(plan_any_loose_evaluation());
  return asked;
}

Task<Result<bool>> Reader::any_loose(AskedLoose asked) {
  if (!asked.count) co_return false;
  auto body = co_await *asked.count;
  if (!body) co_return body.error();
  auto count = read_count(*body);
  if (!count) co_return count.error();
  none_loose_at_ = *count == 0 ? asked.rows + 1 : 0;
  co_return *count > 0;
}

std::optional<Reader::AskedTrace> Reader::start_trace(TraceId id, UnixNanos now) {
  const auto began = start_of_id(id, now);
  if (!began) return std::nullopt;
  TraceIds ids = likely_ids(id, *began);
  auto body = start(plan_trace(ids, limits::trace_whole_rows_max + 1));
  return AskedTrace{.ids = std::move(ids), .body = std::move(body)};
}

Task<Result<Rows<SpanRow>>> Reader::trace_rows(TraceId id, std::optional<AskedTrace> asked) {
  Rows<SpanRow> rows;
  TraceIds known, whole;
  if (asked) {
    auto body = co_await asked->body;
    if (!body) co_return body.error();
    auto guess = read_trace_rows(*std::move(body));
    if (!guess) co_return guess.error();
    rows = *std::move(guess);
    known = std::move(asked->ids);
    whole = ids_of(id, rows.rows);
  }
  // There is no time in the id, or it is another than that of its spans.
  if (whole.empty()) {
    auto body = co_await run(plan_find_trace(id, std::nullopt));
    if (!body) co_return body.error();
    auto found = read_find_trace(*body);
    if (!found) co_return found.error();
    whole = *std::move(found);
  }
  // Each turn may find spans further away, and those may name other ids.
  for (int turn = 0; turn < kTurnsMax && !whole.empty() && !covers(known, whole); ++turn) {
    if (rows.rows.size() > limits::trace_whole_rows_max) break;
    for (std::vector<TraceId>* ids : {&whole.llm, &whole.apm})
      if (std::ranges::find(*ids, id) == ids->end()) ids->push_back(id);
    auto body = co_await run(plan_trace(whole, limits::trace_whole_rows_max + 1));
    if (!body) co_return body.error();
    auto read = read_trace_rows(*std::move(body));
    if (!read) co_return read.error();
    rows = *std::move(read);
    known = std::move(whole);
    whole = ids_of(id, rows.rows);
  }
  co_return rows;
}

Task<Result<Shelved>> Reader::outline(TraceId id, UnixNanos now) {
  const std::uint64_t rows_inserted = store_.status().rows_inserted;
  std::optional<Shelved> kept = shelf_.find(id);
  if (kept && is_fresh(*kept, rows_inserted)) co_return *std::move(kept);
  auto ids = co_await find_trace(id, now);
  if (!ids) co_return ids.error();
  if (ids->empty()) co_return no_such_trace(id);
  if (kept && kept->ids.rows == ids->rows) {
    kept->rows_inserted = rows_inserted;
    kept->checked_ns = steady_now_nanos();
    shelf_.put(id, *kept);
    co_return *std::move(kept);
  }
  co_return co_await make_outline(id, *std::move(ids));
}

Task<Result<Shelved>> Reader::make_outline(TraceId id, TraceIds ids) {
  Shelved shelved{.ids = std::move(ids),
                  .outline = {},
                  .rows_inserted = store_.status().rows_inserted,
                  .checked_ns = steady_now_nanos()};
  auto body = co_await run(plan_trace_shape(shelved.ids, limits::trace_shape_rows_max));
  if (!body) co_return body.error();
  auto made = co_await shelf_.make(*std::move(body));
  if (!made) co_return made.error();
  shelved.outline = *std::move(made);
  body = co_await run(plan_trace_services(shelved.ids));
  if (!body) co_return body.error();
  auto services = read_texts(*body);
  if (!services) co_return services.error();
  shelved.services = *std::move(services);
  shelved.made_in_ns = steady_now_nanos() - shelved.checked_ns;
  shelf_.put(id, shelved);
  co_return shelved;
}

Task<Result<Trace>> Reader::part_of(TraceId id, Shelved shelved, TracePart part) {
  const Outline& outline = *shelved.outline;
  std::vector<std::uint32_t> positions;
  PartPlan plan{.spans = {},
                .starts = {},
                .columns = Columns::all,
                .text_bytes_max = limits::trace_part_text_bytes_max,
                .whole = part.around.value_or(SpanId{})};
  if (part.around) {
    const auto position = outline.position_of(*part.around);
    if (!position) {
      co_return Error{Code::not_found, "this trace has no such span", to_decimal(*part.around)};
    }
    positions = outline.around(*position);
  } else if (part.steps_from) {
    const auto& steps = outline.steps();
    const std::size_t first = std::min(*part.steps_from, steps.size());
    const std::size_t behind = std::min(first + limits::trace_part_spans_max, steps.size());
    positions.assign(steps.begin() + static_cast<std::ptrdiff_t>(first),
                     steps.begin() + static_cast<std::ptrdiff_t>(behind));
    std::ranges::sort(positions);
  } else {
    positions = outline.notable();
  }
  for (const std::uint32_t position : positions)
    plan.spans.push_back(outline.nodes()[position].span_id);
  auto body = co_await run(plan_trace_part(shelved.ids, plan));
  if (!body) co_return body.error();
  auto rows = read_span_rows(*std::move(body));
  if (!rows) co_return rows.error();
  Trace trace;
  trace.id = id;
  trace.rows = *std::move(rows);
  trace.tree = partial_tree(outline, positions, trace.rows.rows);
  trace.spans_total = outline.nodes().size() + outline.left_out();
  if (shelved.ids.rows > limits::trace_shape_rows_max) {
    body = co_await run(plan_trace_count(shelved.ids));
    if (!body) co_return body.error();
    auto total = read_count(*body);
    if (!total) co_return total.error();
    trace.spans_total = std::max(trace.spans_total, *total);
  }
  trace.services = shelved.services;
  EvaluationTargets targets = targets_of(trace.rows.rows);
  targets.traces = shelved.ids.llm;
  auto judged = co_await evaluations(std::move(targets));
  if (!judged) co_return judged.error();
  trace.evaluations = *std::move(judged);
  keep_shown(trace.evaluations.rows, trace.rows.rows);
  trace.outline = shelved.outline;
  trace.ids = std::move(shelved.ids);
  co_return trace;
}

Task<Result<TraceLines>> Reader::lines(Shelved trace, OutlineWindow window) {
  const std::vector<OutlineNode>& nodes = trace.outline->nodes();
  PartPlan plan{.spans = {}, .starts = {}, .columns = Columns::line};
  for (const std::uint32_t position : window.positions) {
    plan.spans.push_back(nodes[position].span_id);
    plan.starts.push_back(nodes[position].start);
  }
  TraceLines lines{std::move(trace), std::move(window), {}, {}};
  lines.by_line.resize(lines.window.positions.size(), nullptr);
  if (plan.spans.empty()) co_return lines;
  auto body = co_await run(plan_trace_part(lines.trace.ids, plan));
  if (!body) co_return body.error();
  auto rows = read_span_rows(*std::move(body));
  if (!rows) co_return rows.error();
  lines.rows = *std::move(rows);
  std::unordered_map<std::uint64_t, std::size_t> line_of;
  for (std::size_t i = 0; i < plan.spans.size(); ++i) line_of[plan.spans[i].value] = i;
  for (const SpanRow& row : lines.rows.rows) {
    const SpanRow*& line = lines.by_line[line_of[row.span_id.value]];
    // The LLM half's words win.
    if (line == nullptr || (!line->has_llm() && row.has_llm())) line = &row;
  }
  co_return lines;
}

Task<Result<Rows<SpanRow>>> Reader::costly(TraceIds ids) {
  auto body = co_await run(plan_trace_costly(ids));
  if (!body) co_return body.error();
  auto keys = read_sorted_keys(*body);
  if (!keys) co_return keys.error();
  if (keys->empty()) co_return Rows<SpanRow>{std::make_unique<const std::string>(), {}};
  body = co_await run(plan_rows(*keys, Columns::line));
  if (!body) co_return body.error();
  co_return read_span_rows(*std::move(body));
}

}  // namespace catalejo::query
