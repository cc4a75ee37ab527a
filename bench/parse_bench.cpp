// Time per span of the translators: LLMObs JSON events, and APM spans with the LLM half as
// MessagePack in meta_struct. The spans are those of the load generator, about 2.5 KB each.
#include <benchmark/benchmark.h>

#include "intake/dd_apm/traces.hpp"
#include "intake/dd_llmobs/events.hpp"
#include "payload.hpp"

namespace catalejo {
namespace {

constexpr std::uint32_t kSpans = 50;  // what a client sends at a time

void measure(benchmark::State& state, bench::Encoding encoding,
             Result<model::Batch> (*parse)(std::string)) {
  bench::Payload payload = bench::make_payload(encoding, 1, kSpans);
  bench::patch(payload, 1, 1'795'472'913'308'242'728);
  std::size_t kept = 0;
  for (auto _ : state) {
    Result<model::Batch> batch = parse(payload.body);
    if (!batch || batch->spans.size() != payload.spans) {
      state.SkipWithError("the payload was not read whole");
      return;
    }
    kept += batch->spans.size();
    benchmark::DoNotOptimize(batch->spans.data());
  }
  state.counters["body_bytes_per_span"] =
      static_cast<double>(payload.body.size()) / static_cast<double>(payload.spans);
  state.counters["time_per_span"] = benchmark::Counter(
      static_cast<double>(kept), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.SetBytesProcessed(static_cast<std::int64_t>(payload.body.size() * kept / payload.spans));
}

void llmobs_json(benchmark::State& state) {
  measure(state, bench::Encoding::llmobs_json, intake::dd_llmobs::parse_events);
}
void apm_v04_with_meta_struct(benchmark::State& state) {
  measure(state, bench::Encoding::apm_v04, intake::dd_apm::parse_v04);
}

BENCHMARK(llmobs_json);
BENCHMARK(apm_v04_with_meta_struct);

}  // namespace
}  // namespace catalejo
