#include "query/answers.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "query/saturate.hpp"

namespace catalejo::query {
namespace {

void add(TraceTotals& to, const TraceTotals& from) {
  to.spans += from.spans;
  to.errors += from.errors;
  to.llm_calls += from.llm_calls;
  if (from.tokens >= 0)
    to.tokens = add_saturated(std::max<std::int64_t>(to.tokens, 0), from.tokens);
}

void remember(std::vector<TraceId>& ids, TraceId id) {
  if (!id.empty() && std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
}

// The time around a trace in which its other spans are looked for: the process that called may
// have begun long before, background work may end long after.
constexpr std::int64_t kBeforeNanos = 3600 * kNanosPerSecond;
constexpr std::int64_t kAfterNanos = 6 * 3600 * kNanosPerSecond;

TraceIds no_ids() {
  TraceIds ids;
  ids.from = {INT64_MAX};
  ids.to = {INT64_MIN};
  return ids;
}

void remember(TraceIds& ids, std::uint8_t half, TraceId trace, TraceId apm) {
  if ((half & 1) != 0) remember(ids.llm, trace);
  if ((half & 2) != 0 || !apm.empty()) remember(ids.apm, apm.empty() ? trace : apm);
}

TraceIds with_time_around(TraceIds ids) {
  if (ids.empty()) return {};
  ids.from = shifted(ids.from, -kBeforeNanos);
  ids.to = shifted(ids.to, kAfterNanos);
  return ids;
}

}  // namespace

Result<std::vector<TraceTotals>> read_page_totals(std::string_view body,
                                                  const std::vector<TraceKey>& keys) {
  std::vector<TraceTotals> totals(keys.size());
  RowReader reader(body);
  while (!reader.at_end()) {
    const TraceId key = reader.trace_id(), llm = reader.trace_id();
    TraceTotals group{reader.u64(), reader.u64(), reader.u64(), reader.i64()};
    if (reader.failed()) break;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      // The LLM trace's own spans, and what the process did around it that is in no LLM trace.
      const bool own = !llm.empty() && llm == keys[i].trace_id;
      const bool around = llm.empty() && !key.empty() && key == keys[i].apm_trace_id;
      if (own || around) add(totals[i], group);
    }
  }
  if (reader.failed()) return broken_answer();
  return totals;
}

Result<TraceIds> read_find_trace(std::string_view body) {
  TraceIds ids = no_ids();
  RowReader reader(body);
  while (!reader.at_end()) {
    const std::uint8_t half = reader.u8();
    const TraceId trace = reader.trace_id(), apm = reader.trace_id();
    ids.rows += reader.u64();
    const UnixNanos first{reader.i64()}, last{reader.i64()};
    if (reader.failed()) return broken_answer();
    remember(ids, half, trace, apm);
    ids.from = std::min(ids.from, first);
    ids.to = std::max(ids.to, last);
  }
  return with_time_around(std::move(ids));
}

TraceIds ids_of(TraceId id, const std::vector<SpanRow>& rows) {
  TraceIds ids = no_ids();
  for (const SpanRow& row : rows) {
    if (row.trace_id != id && row.apm_trace_id != id) continue;
    ++ids.rows;
    remember(ids, row.half, row.trace_id, row.apm_trace_id);
    ids.from = std::min(ids.from, row.start);
    ids.to = std::max(ids.to, row.start);
  }
  return with_time_around(std::move(ids));
}

Result<std::vector<std::string>> read_texts(std::string_view body) {
  std::vector<std::string> texts;
  RowReader reader(body);
  while (!reader.at_end()) texts.emplace_back(reader.text());
  if (reader.failed()) return broken_answer();
  return texts;
}

Result<std::uint64_t> read_count(std::string_view body) {
  RowReader reader(body);
  const std::uint64_t count = reader.u64();
  if (reader.failed() || !reader.at_end()) return broken_answer();
  return count;
}

Result<Facets> read_facets(std::string_view body, std::size_t fields) {
  Facets facets;
  facets.fields.resize(fields);
  RowReader reader(body);
  while (!reader.at_end()) {
    const std::uint8_t field = reader.u8();
    const std::string_view value = reader.text();
    const std::uint64_t count = reader.u64();
    if (reader.failed()) break;
    if (field < fields) {
      if (!value.empty()) facets.fields[field].push_back({std::string(value), count});
    } else {
      facets.total = count;
    }
  }
  if (reader.failed()) return broken_answer();
  return facets;
}

Result<SlicedFacets> read_sliced_facets(std::string_view body, std::size_t fields) {
  SlicedFacets sliced;
  RowReader reader(body);
  std::size_t rows = 0;
  while (!reader.at_end()) {
    Facets& facets = sliced.slices[reader.u32()];
    facets.fields.resize(fields);
    const std::uint8_t field = reader.u8();
    std::string value(reader.text());
    const std::uint64_t count = reader.u64();
    if (reader.failed()) return broken_answer();
    if (++rows == limits::slice_rows_max) sliced.complete = false;
    if (field >= fields) {
      facets.total = count;
      continue;
    }
    if (!value.empty()) facets.fields[field].push_back({std::move(value), count});
    if (facets.fields[field].size() + 1 >= limits::slice_values_max) sliced.complete = false;
  }
  return sliced;
}

Result<std::vector<SeriesBucket>> read_series(std::string_view body) {
  std::vector<SeriesBucket> buckets;
  RowReader reader(body);
  while (!reader.at_end()) {
    SeriesBucket bucket;
    bucket.start_ms = reader.i64();
    bucket.group = std::string(reader.text());
    bucket.count = reader.u64();
    bucket.errors = reader.u64();
    if (reader.count(8) != 3) return broken_answer();
    for (double* quantile : {&bucket.p50_ns, &bucket.p95_ns, &bucket.p99_ns})
      *quantile = reader.f64();
    const std::int64_t tokens = reader.i64();
    if (reader.u64() > 0) bucket.tokens = tokens;
    const std::int64_t cost = reader.i64();
    if (reader.u64() > 0) bucket.cost_nano_usd = cost;
    if (reader.failed()) break;
    buckets.push_back(std::move(bucket));
  }
  if (reader.failed()) return broken_answer();
  return buckets;
}

}  // namespace catalejo::query
