// Time per span of reading a stored span and judging it with every evaluator, on spans of 2.5 KB:
// a system prompt, a question with a document, an answer. One figure each, and of all together.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "codec/json_writer.hpp"
#include "evaluate/registry.hpp"
#include "evaluate/subject_reader.hpp"

namespace catalejo {
namespace {

constexpr std::string_view kSentences[] = {
    "The delivery for room 4 arrives on Tuesday between nine and eleven, and somebody has to "
    "sign. ",
    "Revenue in the north rose by 4.2 % while costs stayed where they were in the last quarter. ",
    "If the pump does not start, close the valve, wait a minute and press the green button again. ",
    "Our office in Vigo keeps the contracts of the last seven years in the second cabinet. ",
    "El informe dice que la inversión en transporte sube y que las obras acaban en octubre. ",
    "Customers who pay by card get an e-mail with the invoice on the first day of the month. ",
    "The reader asks for a table of all stations with their height, their line and their year. "};

std::string text(std::size_t seed, std::size_t bytes) {
  std::string made;
  for (std::size_t i = seed; made.size() < bytes; ++i) made += kSentences[i * 5 % 7];
  return made;
}

struct Stored {
  std::string input, output;
};

std::vector<Stored> spans() {
  std::vector<Stored> all;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::string system = "You are the assistant of a water company. " + text(i, 300);
    const std::string user = "What do I have to do about the pump?\n" + text(i + 1, 1'200);
    all.push_back({"{\"messages\":[{\"role\":\"system\",\"content\":" + codec::json_quoted(system) +
                       "},{\"role\":\"user\",\"content\":" + codec::json_quoted(user) + "}]}",
                   "{\"messages\":[{\"role\":\"assistant\",\"content\":" +
                       codec::json_quoted(text(i + 2, 800)) + "}]}"});
  }
  return all;
}

void judge(benchmark::State& state, const std::vector<const evaluate::Evaluator*>& evaluators) {
  const std::vector<Stored> stored = spans();
  evaluate::SubjectReader reader;
  std::vector<evaluate::Verdict> verdicts;
  std::size_t next = 0;
  const auto one = [&] {
    query::SpanRow row;
    row.half = 1;
    row.kind = "llm";
    row.input = stored[next % stored.size()].input;
    row.output = stored[next++ % stored.size()].output;
    const evaluate::Subject& subject = reader.read(row);
    verdicts.clear();
    for (const evaluate::Evaluator* each : evaluators) each->judge(subject, verdicts);
    benchmark::DoNotOptimize(verdicts.data());
  };
  one();  // compiles the rules
  for (auto _ : state) one();
  state.SetItemsProcessed(state.iterations());
}

void all_evaluators(benchmark::State& state) {
  judge(state, evaluate::evaluators());
}
BENCHMARK(all_evaluators)->Unit(benchmark::kMicrosecond);

const bool registered = [] {
  for (const evaluate::Evaluator* each : evaluate::evaluators())
    benchmark::RegisterBenchmark(std::string(each->id()).c_str(), [each](benchmark::State& state) {
      judge(state, {each});
    })->Unit(benchmark::kMicrosecond);
  return true;
}();

}  // namespace
}  // namespace catalejo
