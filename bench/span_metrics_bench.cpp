// Time per span of making metrics of it: spans of the load generator, LLM halves alone and both
// halves, with the prices of the catalogue; points are made of what is complete.
#include <benchmark/benchmark.h>

#include "intake/dd_apm/traces.hpp"
#include "intake/dd_llmobs/events.hpp"
#include "payload.hpp"
#include "pipeline/span_metrics.hpp"

namespace catalejo {
namespace {

constexpr std::uint32_t kSpans = 50;
constexpr std::int64_t kStart = 1'795'472'913'308'242'728;

void measure(benchmark::State& state, bench::Encoding encoding) {
  bench::Payload payload = bench::make_payload(encoding, 1, kSpans);
  bench::patch(payload, 1, kStart);
  auto batch = encoding == bench::Encoding::llmobs_json
                   ? intake::dd_llmobs::parse_events(payload.body)
                   : intake::dd_apm::parse_v04(payload.body);
  auto prices = cost::Prices::open({});
  if (!batch || !prices) return state.SkipWithError("the payload or the prices were not read");
  Counters counters;
  pipeline::SpanMetrics metrics(20'000, prices->get(), counters);
  const std::vector<std::uint8_t> all_new(batch->spans.size(), 3);
  std::size_t spans = 0, points = 0;
  for (auto _ : state) {
    // 20 000 spans a second.
    const std::int64_t time = kStart + static_cast<std::int64_t>(spans) * 50'000;
    for (model::Span& span : batch->spans) span.start = {time};
    metrics.take(*batch, all_new, {time + kNanosPerDay});
    spans += batch->spans.size();
    for (pipeline::MetricInterval& interval : metrics.due({time}).intervals)
      points += pipeline::points_of(std::move(interval)).size();
  }
  state.counters["cpu_s_per_1m_spans"] = benchmark::Counter(
      static_cast<double>(spans) / 1e6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["points_per_1m_spans"] =
      static_cast<double>(points) / static_cast<double>(spans) * 1e6;
}

void llm_halves(benchmark::State& state) {
  measure(state, bench::Encoding::llmobs_json);
}
void both_halves(benchmark::State& state) {
  measure(state, bench::Encoding::apm_v04);
}

BENCHMARK(llm_halves);
BENCHMARK(both_halves);

}  // namespace
}  // namespace catalejo
