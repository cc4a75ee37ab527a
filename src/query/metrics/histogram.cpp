#include "query/metrics/histogram.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>

#include "model/ddsketch.hpp"
#include "query/row_reader.hpp"
#include "query/span_row.hpp"

namespace catalejo::query::metrics {
namespace {

using Key = model::DDSketch::Key;
using Bins = std::map<std::int64_t, double>;  // by key: they rise with the value

Bins read_bins(RowReader& row) {
  std::vector<std::int64_t> keys(row.count(8));
  for (std::int64_t& key : keys) key = row.i64();
  const std::size_t counts = row.count(8);
  Bins bins;
  for (std::size_t i = 0; i < counts; ++i) {
    const double count = row.f64();
    if (i < keys.size() && count > 0) bins[keys[i]] += count;
  }
  return bins;
}

double middle_of(std::int64_t key) {
  constexpr std::int64_t kLeast = std::numeric_limits<Key>::min() + 1;
  constexpr std::int64_t kMost = std::numeric_limits<Key>::max();
  return model::DDSketch::value_of(static_cast<Key>(std::clamp(key, kLeast, kMost)));
}

// Between a bin and the one below it.
double lower_bound_of(std::int64_t key) {
  return (middle_of(key - 1) + middle_of(key)) / 2;
}

Histogram histogram_of(const std::vector<std::pair<std::size_t, Bins>>& places, const Grid& grid) {
  Histogram histogram{.grid = grid, .bounds = {}, .counts = {}};
  histogram.counts.resize(grid.size);
  std::int64_t least = std::numeric_limits<std::int64_t>::max(), most = -least;
  for (const auto& [place, bins] : places) {
    if (bins.empty()) continue;
    least = std::min(least, bins.begin()->first);
    most = std::max(most, bins.rbegin()->first);
  }
  if (least > most) return histogram;
  const auto bins_max = static_cast<std::int64_t>(kHistogramBinsMax);
  const std::int64_t each = (most - least + bins_max) / bins_max;
  const auto size = static_cast<std::size_t>((most - least) / each + 1);
  for (std::size_t i = 0; i <= size; ++i)
    histogram.bounds.push_back(lower_bound_of(least + static_cast<std::int64_t>(i) * each));
  for (const auto& [place, bins] : places) {
    std::vector<double>& counts = histogram.counts[place];
    counts.resize(size);
    for (const auto& [key, count] : bins)
      counts[static_cast<std::size_t>((key - least) / each)] += count;
  }
  return histogram;
}

}  // namespace

Result<Histogram> read_histogram(std::string_view body, const Grid& grid) {
  std::vector<std::pair<std::size_t, Bins>> places;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    const auto place = static_cast<std::size_t>(row.i64());
    Bins bins = read_bins(row);
    for (int sums = 0; sums < 4; ++sums) row.f64();
    if (row.failed() || place >= grid.size) return broken_answer();
    places.emplace_back(place, std::move(bins));
  }
  if (row.failed()) return broken_answer();
  return histogram_of(places, grid);
}

}  // namespace catalejo::query::metrics
