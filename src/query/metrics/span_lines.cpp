#include "query/metrics/span_lines.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace catalejo::query::metrics {
namespace {

double total(const Line& line) {
  double sum = 0;
  for (const double value : line.values)
    if (std::isfinite(value)) sum += value;
  return sum;
}

bool counts(const Metric& metric) {
  return metric.spans->figure == Figure::count || metric.spans->figure == Figure::cardinality;
}

Line line_of(const Metric& metric, const Grid& grid, std::vector<std::string> tags) {
  const double usual = counts(metric) ? 0 : std::numeric_limits<double>::quiet_NaN();
  return {.tags = std::move(tags), .values = std::vector<double>(grid.size, usual)};
}

// Lines come by their tags, and go so.
void keep_the_first(const Metric& metric, std::vector<Line>& lines) {
  if (metric.lines_max == 0 || lines.size() <= metric.lines_max) return;
  std::ranges::stable_sort(lines, [&](const Line& a, const Line& b) {
    return metric.highest ? total(a) > total(b) : total(a) < total(b);
  });
  lines.resize(metric.lines_max);
  std::ranges::sort(lines, {}, &Line::tags);
}

}  // namespace

std::vector<Line> lines_of_figures(const Metric& metric, const Grid& grid,
                                   const std::vector<FigureRow>& rows) {
  std::map<std::vector<std::string>, Line> lines;
  for (const FigureRow& row : rows) {
    if (row.place < 0 || row.place >= static_cast<std::int64_t>(grid.size) || !row.value) continue;
    std::vector<std::string> tags;
    for (std::size_t i = 0; i < metric.by.size(); ++i)
      tags.push_back(metric.by[i] + ":" + row.groups[i]);
    auto found = lines.find(tags);
    if (found == lines.end()) found = lines.emplace(tags, line_of(metric, grid, tags)).first;
    found->second.values[static_cast<std::size_t>(row.place)] = *row.value;
  }
  if (lines.empty() && metric.by.empty() && counts(metric))
    lines.emplace(std::vector<std::string>(), line_of(metric, grid, {}));
  std::vector<Line> all;
  all.reserve(lines.size());
  for (auto& [tags, line] : lines) all.push_back(std::move(line));
  keep_the_first(metric, all);
  return all;
}

Task<Result<std::vector<Line>>> ask_span_lines(store::Store& store, CostReader* costs,
                                               Metric metric, Grid grid) {
  const std::int64_t begin = grid.begin_s + metric.shift_s;
  const std::int64_t end = begin + static_cast<std::int64_t>(grid.size) * grid.step_s;
  const FigureSteps steps{.begin_s = begin, .step_s = grid.step_s};
  SpanFigure figure = *metric.spans;
  auto rows = co_await ask_span_figure(store, costs, std::move(figure), begin, end, steps);
  if (!rows) co_return rows.error();
  co_return lines_of_figures(metric, grid, *rows);
}

void complete_counts(const std::vector<Metric>& metrics, std::vector<Lines>& answers) {
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const Metric& metric = metrics[i];
    Lines& lines = answers[i];
    // Where lines were left out, nothing is known of what is not there.
    const bool cut = metric.lines_max > 0 && lines.lines.size() >= metric.lines_max;
    if (!metric.spans || !counts(metric) || metric.by.empty() || cut) continue;
    std::set<std::vector<std::string>> known;
    for (const Line& line : lines.lines) known.insert(line.tags);
    for (const Lines& other : answers) {
      if (other.by != lines.by || &other == &lines) continue;
      for (const Line& line : other.lines)
        if (known.insert(line.tags).second)
          lines.lines.push_back(line_of(metric, lines.grid, line.tags));
    }
  }
}

}  // namespace catalejo::query::metrics
