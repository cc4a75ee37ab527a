// Time per span of redaction with all built-in rules: spans of the load generator, about 2.5 KB
// each, as they are and with a card number and an e-mail address in their input.
#include <benchmark/benchmark.h>

#include <string>

#include "intake/dd_llmobs/events.hpp"
#include "payload.hpp"
#include "pipeline/redact.hpp"

namespace catalejo {
namespace {

constexpr std::uint32_t kSpans = 50;

pipeline::Redactor all_rules(const char* action) {
  return {{{.app = "*", .target = "pii", .action = action},
           {.app = "*", .target = "secrets", .action = action}},
          std::string(32, 'k')};
}

std::size_t bytes_of(const model::Batch& batch) {
  std::size_t bytes = 0;
  for (const model::Span& span : batch.spans) {
    bytes += span.input_json.size() + span.output_json.size() + span.metadata_json.size() +
             span.extra_json.size();
    for (const model::Tag& tag : span.tags) bytes += tag.key.size() + tag.value.size();
  }
  return bytes;
}

void measure(benchmark::State& state, const char* action, const std::string& leak) {
  bench::Payload payload = bench::make_payload(bench::Encoding::llmobs_json, 1, kSpans);
  bench::patch(payload, 1, 1'795'472'913'308'242'728);
  auto batch = intake::dd_llmobs::parse_events(payload.body);
  if (!batch) return state.SkipWithError("the payload was not read");
  std::vector<std::string> inputs;
  for (model::Span& span : batch->spans) {
    std::string input(span.input_json);
    if (!leak.empty() && input.ends_with("}"))
      input.insert(input.size() - 1, ",\"note\":\"" + leak + "\"");
    inputs.push_back(std::move(input));
  }
  const pipeline::Redactor redactor = all_rules(action);
  const std::size_t tags = batch->spans[0].tags.size();
  std::size_t spans = 0, bytes = 0, struck = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      batch->spans[i].input_json = inputs[i];
      batch->spans[i].tags.resize(std::min(batch->spans[i].tags.size(), tags));
    }
    bytes += bytes_of(*batch);
    pipeline::Redactor::Counts counts;
    redactor.apply(*batch, counts);
    spans += batch->spans.size();
    for (const auto& [key, times] : counts) struck += times;
  }
  state.counters["cpu_s_per_1m_spans"] = benchmark::Counter(
      static_cast<double>(spans) / 1e6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["found_per_span"] = static_cast<double>(struck) / static_cast<double>(spans);
  state.counters["bytes_per_span"] = static_cast<double>(bytes) / static_cast<double>(spans);
}

void clean(benchmark::State& state) {
  measure(state, "mask", "");
}
void leaking_masked(benchmark::State& state) {
  measure(state, "mask", "card 4111 1111 1111 1111 of ana@example.com");
}
void leaking_hashed(benchmark::State& state) {
  measure(state, "hash", "card 4111 1111 1111 1111 of ana@example.com");
}

BENCHMARK(clean);
BENCHMARK(leaking_masked)->Iterations(2'000);
BENCHMARK(leaking_hashed)->Iterations(2'000);

}  // namespace
}  // namespace catalejo
