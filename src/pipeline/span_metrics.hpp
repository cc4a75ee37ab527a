// Metrics made of spans, before anything is left out: `ml_obs.*` of LLM halves, `trace.*` of APM
// halves and of the statistics of tracers that make their own (docs/decisions/041). Spans are taken
// after the log said which are new, so that one sent twice counts once. Summed up over ten seconds
// by the time a span ended, as DogStatsD's values are; a thread gives on what is complete.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <vector>

#include "base/counters.hpp"
#include "cost/prices.hpp"
#include "model/batch.hpp"
#include "model/trace_stats.hpp"
#include "pipeline/metric_aggregator.hpp"

namespace catalejo::pipeline {

class Pipeline;

class SpanMetrics {
 public:
  // Both outlive it. Without prices there are no metrics of costs.
  SpanMetrics(std::size_t series_per_metric_max, cost::Prices* prices, Counters& counters);
  ~SpanMetrics();

  // The pipeline outlives the thread, which ends with stop(): everything is given on then.
  void start(Pipeline& pipeline);
  void stop();

  // A batch that is durable; `new_halves` as store::Appended has it. From any thread.
  void take(const model::Batch& batch, const std::vector<std::uint8_t>& new_halves,
            UnixNanos received);
  // False when a request with this hash was taken already.
  bool take(const model::TraceStats& stats, const Hash128& request, UnixNanos received);

  // What is complete at `until`, with what found no place.
  struct Due {
    std::vector<MetricInterval> intervals;
    model::Rejections dropped;
    bool empty() const { return intervals.empty() && dropped.empty(); }
  };
  Due due(UnixNanos until);

 private:
  void run(Pipeline& pipeline);

  cost::Prices* const prices_;
  Counters& counters_;
  std::mutex mutex_;  // guards the members below
  MetricAggregator aggregator_;
  model::Rejections dropped_;
  std::unordered_set<std::uint64_t> requests_;  // of statistics, the newest
  std::deque<std::uint64_t> requests_in_order_;
  bool stopping_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace catalejo::pipeline
