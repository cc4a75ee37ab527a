// Queries of metrics and formulas: whatever is typed is understood or refused with a place inside
// the text, and the SQL made from it binds what it uses and closes what it opens.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "query/metrics/parser.hpp"
#include "query/metrics/plan.hpp"
#include "query/metrics/reduce.hpp"

namespace {

void check(const catalejo::query::Statement& statement) {
  int depth = 0;
  for (const char c : statement.sql) {
    if (c == '(') ++depth;
    if (c == ')' && --depth < 0) std::abort();
  }
  if (depth != 0) std::abort();
  for (const auto& [name, value] : statement.parameters)
    if (statement.sql.find("{" + name + ":") == std::string::npos) std::abort();
}

using namespace catalejo::query::metrics;

// What is understood is asked for and reckoned with; a formula says its own text's places.
void use(const Query& query, std::size_t size) {
  std::vector<Lines> answers;
  std::vector<Reducer> reducers;
  for (const Metric& metric : query.metrics) {
    if (metric.end > size || metric.begin > metric.end) std::abort();
    const auto grid = grid_of(metric, 1'700'000'000, 1'700'000'600);
    if (!grid) return;
    check(plan(metric, *grid));
    Line line{.tags = {}, .values = std::vector<double>(grid->size, 2.5)};
    for (std::size_t i = 0; i < line.values.size(); i += 3) line.values[i] = std::nan("");
    fill_gaps(line, metric.fill, *grid);
    Lines answer{.grid = *grid, .by = {}, .lines = {line, line}};
    if (!metric.by.empty()) {
      answer.by = metric.by;
      answer.lines[0].tags = {metric.by.front() + ":a"};
      answer.lines[1].tags = {metric.by.front() + ":N/A"};
    }
    answers.push_back(std::move(answer));
    reducers.push_back(Reducer::last);
  }
  for (const Expression& expression : query.expressions) {
    const auto lines = evaluate(expression, answers);
    if (lines)
      for (const Line& line : lines->lines)
        if (line.values.size() != lines->grid.size) std::abort();
    const auto window = over_window(expression, answers, reducers, counts_first(query));
    if (window)
      for (const Line& line : window->lines)
        if (line.values.size() != window->grid.size) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const std::vector<NamedQuery> named = {
      {.name = "a", .query = std::get<Query>(parse("sum:a{*} by {m}.as_count()"))},
      {.name = "query1", .query = std::get<Query>(parse("default_zero(avg:b{*})"))}};
  for (const bool formula : {false, true}) {
    const auto read = formula ? parse_formula(text, named) : parse(text);
    if (const auto* problem = std::get_if<Problem>(&read)) {
      if (problem->message.empty() || problem->position > size) std::abort();
    } else {
      use(std::get<Query>(read), size);
    }
  }
  return 0;
}
