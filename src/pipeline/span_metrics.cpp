#include "pipeline/span_metrics.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <utility>

#include "base/limits.hpp"
#include "pipeline/ledger_metrics.hpp"
#include "pipeline/metric_keeper.hpp"
#include "pipeline/pipeline.hpp"
#include "pipeline/span_values.hpp"

namespace catalejo::pipeline {
namespace {

constexpr auto kLookEvery = std::chrono::seconds(1);
// Clients send a second or two after a span has ended; what comes later makes a point of its own.
constexpr std::int64_t kWaitNanos = 5 * kNanosPerSecond;
constexpr UnixNanos kEverything{std::numeric_limits<std::int64_t>::max()};

UnixNanos end_of(const model::Span& span, UnixNanos received) {
  return {std::min(span.start.value + span.duration_ns, received.value)};
}

// Of all model calls of a batch.
std::optional<Quotes> quotes_for(const model::Batch& batch, cost::Prices* prices) {
  if (prices == nullptr) return std::nullopt;
  UnixNanos from{std::numeric_limits<std::int64_t>::max()}, to{0};
  for (const auto* spans : {&batch.spans, &batch.sampled_out}) {
    for (const model::Span& span : *spans) {
      from = std::min(from, span.start);
      to = std::max(to, span.start);
    }
  }
  return Quotes(prices->current(), from, to);
}

}  // namespace

SpanMetrics::SpanMetrics(std::size_t series_per_metric_max, cost::Prices* prices,
                         Counters& counters)
    : prices_(prices), counters_(counters), aggregator_(series_per_metric_max) {}

SpanMetrics::~SpanMetrics() {
  stop();
}

void SpanMetrics::start(Pipeline& pipeline) {
  thread_ = std::thread([this, at = &pipeline] { run(*at); });
}

void SpanMetrics::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void SpanMetrics::take(const model::Batch& batch, const std::vector<std::uint8_t>& new_halves,
                       UnixNanos received) {
  std::optional<Quotes> quotes = quotes_for(batch, prices_);
  const std::lock_guard lock(mutex_);
  std::uint64_t refused = 0, behind = 0;
  const auto put = [&](const model::Span& span, model::Halves halves) {
    if (aggregator_.series() >= limits::span_metric_series_most) {
      ++behind;
      return;
    }
    const SpanSink sink{
        .aggregator = aggregator_, .refused = refused, .time = end_of(span, received)};
    if (model::has_llm(halves)) put_llm_half(span, quotes ? &*quotes : nullptr, sink);
    if (model::has_apm(halves) && !batch.client_computed_stats && is_counted(span))
      put_apm_half(span, sink);
  };
  const std::size_t known = std::min(batch.spans.size(), new_halves.size());
  for (std::size_t i = 0; i < known; ++i)
    put(batch.spans[i], static_cast<model::Halves>(
                            new_halves[i] & static_cast<std::uint8_t>(batch.spans[i].halves)));
  for (const model::Span& span : batch.sampled_out) put(span, span.halves);
  if (refused > 0) dropped_["too_many_series"] += refused;
  if (behind > 0) dropped_["log_behind"] += behind;
  if (aggregator_.series() >= limits::span_metric_series_early) wake_.notify_one();
}

bool SpanMetrics::take(const model::TraceStats& stats, const Hash128& request, UnixNanos received) {
  const std::lock_guard lock(mutex_);
  if (!requests_.insert(request.low).second) return false;
  requests_in_order_.push_back(request.low);
  if (requests_in_order_.size() > limits::trace_stats_remembered) {
    requests_.erase(requests_in_order_.front());
    requests_in_order_.pop_front();
  }
  std::uint64_t refused = 0;
  for (const model::TraceStatsGroup& group : stats.groups)
    put_stats(group, {.aggregator = aggregator_,
                      .refused = refused,
                      .time = {std::min(group.start.value, received.value)}});
  if (refused > 0) dropped_["too_many_series"] += refused;
  return true;
}

SpanMetrics::Due SpanMetrics::due(UnixNanos until) {
  const std::lock_guard lock(mutex_);
  Due due{.intervals = {}, .dropped = std::exchange(dropped_, {})};
  while (std::optional<MetricInterval> interval = aggregator_.take(until))
    due.intervals.push_back(*std::move(interval));
  return due;
}

void SpanMetrics::run(Pipeline& pipeline) {
  LedgerMetrics ledger(now());
  for (bool stopping = false; !stopping;) {
    {
      std::unique_lock lock(mutex_);
      if (!stopping_) wake_.wait_for(lock, kLookEvery);
      stopping = stopping_;
    }
    Due due = this->due(stopping ? kEverything : UnixNanos{now().value - kWaitNanos});
    if (!due.empty())
      keep_metrics(pipeline, counters_,
                   {.intervals = std::move(due.intervals),
                    .points = {},
                    .dropped = std::move(due.dropped),
                    .source = "spans"});
    // The ledger last: it counts those, too.
    auto counts = ledger.due(pipeline.ledger(), now(), stopping);
    if (counts.empty()) continue;
    keep_metrics(pipeline, counters_,
                 {.intervals = {}, .points = std::move(counts), .dropped = {}, .source = "ledger"});
  }
}

}  // namespace catalejo::pipeline
