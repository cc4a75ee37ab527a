// Queries of metrics: whatever is typed is understood or refused with a place inside the text, and
// the SQL made from it binds what it uses and closes what it opens.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "query/metrics/parser.hpp"
#include "query/metrics/plan.hpp"

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catalejo::query::metrics;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = parse(text);
  if (const auto* problem = std::get_if<Problem>(&read)) {
    if (problem->message.empty() || problem->position > size) std::abort();
    return 0;
  }
  const Query& query = std::get<Query>(read);
  std::vector<Lines> answers;
  for (const Metric& metric : query.metrics) {
    if (metric.end > size || metric.begin >= metric.end) std::abort();
    const auto grid = grid_of(metric, 1'700'000'000, 1'700'000'600);
    if (!grid) return 0;
    check(plan(metric, *grid));
    Line line{.tags = {}, .values = std::vector<double>(grid->size, 2.5)};
    fill_gaps(line, metric.fill, *grid);
    answers.push_back({.grid = *grid, .by = {}, .lines = {line}});
  }
  for (const Expression& expression : query.expressions) (void)evaluate(expression, answers);
  return 0;
}
