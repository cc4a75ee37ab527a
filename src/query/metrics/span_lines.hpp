// Answers to questions about spans, as the lines that formulas reckon with.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "query/cost_reader.hpp"
#include "query/metrics/ast.hpp"
#include "query/metrics/series.hpp"
#include "query/span_figure.hpp"
#include "store/store.hpp"

namespace catalejo::query::metrics {

// A metric that has `spans`. Errors: of the store; bad_request for too many groups.
Task<Result<std::vector<Line>>> ask_span_lines(store::Store& store, CostReader* costs,
                                               Metric metric, Grid grid);

// Rows of a grid with this step as lines; how many there are is 0 where nothing is.
std::vector<Line> lines_of_figures(const Metric& metric, const Grid& grid,
                                   const std::vector<FigureRow>& rows);

// Of groups that one answer of a formula has, another that counts spans by the same keys has none:
// zero of them.
void complete_counts(const std::vector<Metric>& metrics, std::vector<Lines>& answers);

}  // namespace catalejo::query::metrics
