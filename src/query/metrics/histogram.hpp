// How the values of a distribution lie, time by time: the bins of its sketches, as many of them
// together as leave few enough to look at.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "query/metrics/ast.hpp"
#include "query/metrics/series.hpp"

namespace catalejo::query::metrics {

// What an eye tells apart from the lowest value to the highest.
inline constexpr std::size_t kHistogramBinsMax = 40;

struct Histogram {
  Grid grid;
  std::vector<double> bounds;               // rising; one more than there are bins, or none
  std::vector<std::vector<double>> counts;  // by place, then bin
};

// The answer to plan() of a percentile without groups. Error: database.
Result<Histogram> read_histogram(std::string_view body, const Grid& grid);

}  // namespace catalejo::query::metrics
