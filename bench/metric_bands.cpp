// metric-bands: lines of metrics in, what the query functions make of them out, for
// bench/metric_anomalies.py. Each line of the input is "<query>\t<step>\t<before>" and a tab before
// each series of values, separated by spaces ("nan" = none); each of the output is one line of the
// result: "<role> <outlier> <values>", then an empty line.
#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <sstream>
#include <string>
#include <variant>

#include "query/metrics/parser.hpp"
#include "query/metrics/series.hpp"

namespace {

using namespace catalejo::query::metrics;

std::vector<double> values_in(const std::string& text) {
  std::istringstream in(text);
  std::vector<double> values;
  for (std::string word; in >> word;)
    values.push_back(word == "nan" ? std::nan("") : std::stod(word));
  return values;
}

bool answer(const std::string& line) {
  std::istringstream in(line);
  std::string text, step, before, values;
  std::getline(in, text, '\t');
  std::getline(in, step, '\t');
  std::getline(in, before, '\t');
  const auto read = parse(text);
  if (const auto* wrong = std::get_if<Problem>(&read)) {
    fmt::print(stderr, "{}\n", wrong->message);
    return false;
  }
  Lines lines{
      .grid = {.begin_s = 0, .step_s = std::stol(step), .size = 0, .before = std::stoul(before)},
      .by = {"n"},
      .lines = {}};
  while (std::getline(in, values, '\t')) {
    lines.lines.push_back(
        {.tags = {fmt::format("n:{}", lines.lines.size())}, .values = values_in(values)});
    lines.grid.size = lines.lines.back().values.size();
  }
  const auto made = evaluate(std::get<Query>(read).expressions.front(), {lines});
  if (!made) {
    fmt::print(stderr, "{}\n", made.error().message);
    return false;
  }
  for (const Line& one : made->lines) {
    fmt::print("{} {}", static_cast<int>(one.role), one.outlier ? 1 : 0);
    for (const double value : one.values) fmt::print(" {}", value);
    fmt::print("\n");
  }
  fmt::print("\n");
  return true;
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);)
    if (!answer(line)) return 1;
  return 0;
}
