// Which calls of a series took or cost far more than usual: [nanoseconds, billionths of a dollar]
// on each line of the input, a series ends at an empty line; on each line of the output whether
// latency_outlier and cost_outlier fail, "-" while they are silent. For bench/accuracy/usual.py.
#include <fmt/format.h>

#include <iostream>
#include <string>

#include "codec/json_dom.hpp"
#include "evaluate/usual/outliers.hpp"
#include "evaluate/usual/usual.hpp"

namespace catalejo {
namespace {

char verdict_of(const evaluate::Evaluator& evaluator, const evaluate::Subject& subject) {
  std::vector<evaluate::Verdict> verdicts;
  evaluator.judge(subject, verdicts);
  if (verdicts.empty()) return '-';
  return verdicts[0].assessment == evaluate::Assessment::fail ? '1' : '0';
}

int scan() {
  const evaluate::LatencyOutlier latency;
  const evaluate::CostOutlier cost;
  evaluate::Usuals usuals;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty()) {
      usuals.forget();
      continue;
    }
    codec::JsonDocument document;
    codec::dom::array figures;
    std::int64_t duration = 0, paid = 0;
    if (!document.parse(line) || codec::root(document).get(figures) != simdjson::SUCCESS ||
        figures.at(0).get(duration) != simdjson::SUCCESS ||
        figures.at(1).get(paid) != simdjson::SUCCESS) {
      fmt::print(stderr, "no figures: {}\n", line.substr(0, 80));
      return 1;
    }
    query::SpanRow row;
    row.kind = "llm";
    row.duration_ns = duration;
    row.cost_nano_usd = paid;
    evaluate::Subject subject;
    subject.duration_ns = duration;
    usuals.compare(row, nullptr, subject);
    fmt::print("{}{}\n", verdict_of(latency, subject), verdict_of(cost, subject));
  }
  return 0;
}

}  // namespace
}  // namespace catalejo

int main() {
  return catalejo::scan();
}
