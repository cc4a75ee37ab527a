// What one span is worth in metrics. Pure functions over an aggregator.
#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <tuple>

#include "cost/price_book.hpp"
#include "cost/span_cost.hpp"
#include "model/span.hpp"
#include "model/trace_stats.hpp"
#include "pipeline/metric_aggregator.hpp"

namespace catalejo::pipeline {

// Quotes of one batch: most of its calls are of a few models.
class Quotes {
 public:
  // Times between which prices may change are looked for among [from, to].
  Quotes(std::shared_ptr<const cost::PriceBook> book, UnixNanos from, UnixNanos to);
  const cost::Quote& of(const model::Span& span, std::int64_t input_tokens);

 private:
  using Key = std::tuple<std::string_view, std::string_view, std::string_view, bool, std::size_t>;
  std::shared_ptr<const cost::PriceBook> book_;
  std::vector<UnixNanos> changes_;
  std::map<Key, cost::Quote> known_;
};

// Where the values of one span go.
struct SpanSink {
  MetricAggregator& aggregator;
  std::uint64_t& refused;  // values that found no place
  UnixNanos time;          // when the span ended
};

// `quotes` may be null.
void put_llm_half(const model::Span& span, Quotes* quotes, SpanSink sink);

// Whether a span counts in trace.*: those that the Agent makes statistics of.
bool is_counted(const model::Span& span);
void put_apm_half(const model::Span& span, SpanSink sink);
void put_stats(const model::TraceStatsGroup& group, SpanSink sink);

// Characters of what is said in a JSON of messages, documents or a value: its strings behind
// "content", "text" and "value".
std::size_t said_characters(std::string_view json);

}  // namespace catalejo::pipeline
