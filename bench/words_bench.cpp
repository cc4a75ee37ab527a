// Time per span of taking the words of a batch (store/batch/words.hpp), of the spans of the load
// generator.
#include <benchmark/benchmark.h>

#include "intake/dd_llmobs/events.hpp"
#include "payload.hpp"
#include "store/batch/words.hpp"

namespace catalejo {
namespace {

void words_of_a_batch(benchmark::State& state) {
  constexpr std::uint32_t kBodies = 40, kSpans = 500;
  store::BatchRows rows;
  for (std::uint32_t i = 0; i < kBodies; ++i) {
    bench::Payload payload = bench::make_payload(bench::Encoding::llmobs_json, i, kSpans);
    bench::patch(payload, i * kSpans + 1, 1'795'472'913'308'242'728);
    Result<model::Batch> batch = intake::dd_llmobs::parse_events(payload.body);
    if (!batch || !rows.add(store::kRowVersion, store::encode(*batch, {1})->payload)) {
      state.SkipWithError("the payload was not read");
      return;
    }
  }
  for (auto _ : state) benchmark::DoNotOptimize(store::word_blocks(rows.parts().front()).data());
  state.counters["time_per_span"] =
      benchmark::Counter(static_cast<double>(state.iterations() * kBodies * kSpans),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK(words_of_a_batch)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace catalejo
