#include "query/metrics/bands.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "query/metrics/over_time.hpp"
#include "query/metrics/reduce.hpp"

namespace catalejo::query::metrics {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kOfDeviation =
    1.4826;  // the deviation of a normal distribution, of its median one
// Of basic: as many places before; of the level that agile follows.
constexpr std::size_t kLagging = 60, kRecent = 6;
// Neighbours in a season are taken together: few seasons say little about one place alone.
constexpr std::size_t kNeighbours = 2;
constexpr std::size_t kSeasonsMost = 6;

double median_of(std::span<const double> values) {
  return quantile_of_values(values, 0.5);
}

double deviation_of(std::span<const double> values, double middle) {
  std::vector<double> distances;
  distances.reserve(values.size());
  for (const double value : values) distances.push_back(std::abs(value - middle));
  return kOfDeviation * median_of(distances);
}

// A line that never moved has no deviation: what is a thousandth off is unusual then.
double at_least(double deviation, double middle) {
  return std::max(deviation, std::abs(middle) / 1'000);
}

struct Expected {
  double middle = kNone, deviation = kNone;
};

// The same phase and its neighbours in the seasons before `at`; what is not there is left out.
std::vector<double> seasons_before(std::span<const double> values, std::size_t at,
                                   std::size_t season) {
  std::vector<double> found;
  for (std::size_t back = 1; back <= kSeasonsMost; ++back) {
    if (at < back * season) break;
    const std::size_t place = at - back * season;
    const std::size_t from = place > kNeighbours ? place - kNeighbours : 0;
    const std::size_t to = std::min(place + kNeighbours + 1, at);
    for (std::size_t i = from; i < to; ++i)
      if (!std::isnan(values[i])) found.push_back(values[i]);
  }
  return found;
}

Expected lagging(std::span<const double> values, std::size_t at) {
  const std::size_t from = at > kLagging ? at - kLagging : 0;
  const std::span<const double> before = values.subspan(from, at - from);
  const double middle = median_of(before);
  // Nine of ten lie between these; as a deviation.
  const double spread =
      (quantile_of_values(before, 0.95) - quantile_of_values(before, 0.05)) / 3.29;
  return {.middle = middle, .deviation = spread};
}

// Middles of all places by their seasons before; NaN where there are none.
std::vector<Expected> seasonal(std::span<const double> values, std::size_t season) {
  std::vector<Expected> all(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::vector<double> before = seasons_before(values, i, season);
    if (before.empty()) continue;
    all[i].middle = median_of(before);
    all[i].deviation = deviation_of(before, all[i].middle);
  }
  return all;
}

// The level has moved since the seasons before: by the median of what the last `span` places
// differ. What differs by much more than is usual does not move a level that is followed quickly.
double level_before(std::span<const double> differences, std::size_t at, std::size_t span) {
  const std::size_t from = at > span ? at - span : 0;
  const double level = median_of(differences.subspan(from, at - from));
  return std::isnan(level) ? 0 : level;
}

std::vector<Expected> seasonal_band(std::span<const double> values, std::size_t season,
                                    std::size_t level_span) {
  std::vector<Expected> all = seasonal(values, season);
  std::vector<double> differences(values.size(), kNone);
  // What a long window says changes slowly: it is looked at now and then.
  const std::size_t level_every = level_span / 24 + 1, lately_every = season / 24 + 1;
  double level = 0, lately = kNone;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(all[i].middle)) {
      all[i] = lagging(values, i);
      continue;
    }
    differences[i] = values[i] - all[i].middle;
    if (i % level_every == 0) level = level_before(differences, i, level_span);
    all[i].middle += level;
  }
  // How far values were from what was expected, lately; steadier than one phase's own deviation.
  std::vector<double> residuals(values.size(), kNone);
  for (std::size_t i = 0; i < values.size(); ++i) {
    residuals[i] = values[i] - all[i].middle;
    const std::size_t from = i > season ? i - season : 0;
    if (i % lately_every == 0 || std::isnan(lately))
      lately = deviation_of(std::span(residuals).subspan(from, i - from), 0);
    all[i].deviation = std::fmax(lately, all[i].deviation / 2);
  }
  return all;
}

std::vector<Expected> expected_of(std::span<const double> values, const BandOptions& options,
                                  std::int64_t step_s) {
  if (options.method == BandMethod::basic) {
    std::vector<Expected> all(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) all[i] = lagging(values, i);
    return all;
  }
  const auto season =
      static_cast<std::size_t>(std::max<std::int64_t>(options.season_s / step_s, 1));
  // Agile goes with a new level within some places, robust within half a season: then most of the
  // last one is at it.
  const std::size_t level = options.method == BandMethod::agile ? kRecent : season;
  return seasonal_band(values, season, level);
}

// A line beside another, for as long as the grid is.
Line beside(const Line& line, Role role) {
  return {.tags = line.tags,
          .values = std::vector<double>(line.values.size(), kNone),
          .role = role,
          .outlier = false};
}

std::size_t behind_last(const Line& line) {
  for (std::size_t i = line.values.size(); i > 0; --i)
    if (!std::isnan(line.values[i - 1])) return i;
  return 0;
}

struct Future {
  Line forecast, lower, upper;
};

// By a line through the past that odd values do not move; `base` is what comes on top in a place.
void go_on(const Line& line, std::span<const double> base, double width, Future& future) {
  const std::size_t begin = behind_last(line);
  Lines past{
      .grid = {.begin_s = 0, .step_s = 1, .size = line.values.size()}, .by = {}, .lines = {}};
  past.lines.push_back(line);
  for (std::size_t i = 0; i < line.values.size(); ++i) past.lines[0].values[i] -= base[i];
  const std::vector<double> flat = past.lines[0].values;
  const Lines trend = over_time("robust_trend", std::move(past));
  const std::vector<double>& middle = trend.lines[0].values;
  std::vector<double> residuals;
  for (std::size_t i = 0; i < begin; ++i) residuals.push_back(flat[i] - middle[i]);
  const double deviation = deviation_of(residuals, 0);
  for (std::size_t i = begin; i < line.values.size(); ++i) {
    // The further ahead, the less is known.
    const double ahead = static_cast<double>(i - begin + 1) / static_cast<double>(begin);
    const double bound = width * deviation * std::sqrt(1 + ahead);
    future.forecast.values[i] = middle[i] + base[i];
    future.lower.values[i] = future.forecast.values[i] - bound;
    future.upper.values[i] = future.forecast.values[i] + bound;
  }
}

// What a season looks like around its middle: of each phase the median of what is known of it.
std::vector<double> season_of(const Line& line, std::size_t season) {
  const std::size_t end = behind_last(line);
  const double all = median_of(std::span(line.values).first(end));
  std::vector<double> base(line.values.size(), 0);
  std::vector<double> phases(season, 0), found;
  for (std::size_t phase = 0; phase < season; ++phase) {
    found.clear();
    for (std::size_t at = phase; at < end; at += season)
      for (std::size_t i = at > kNeighbours ? at - kNeighbours : 0;
           i < std::min(at + kNeighbours + 1, end); ++i)
        if (!std::isnan(line.values[i])) found.push_back(line.values[i]);
    if (!found.empty()) phases[phase] = median_of(found) - all;
  }
  for (std::size_t i = 0; i < base.size(); ++i) base[i] = phases[i % season];
  return base;
}

// Points of lines, for distances between them; a gap is no distance.
double distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!std::isnan(a[i]) && !std::isnan(b[i])) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

std::vector<double> median_line(const std::vector<Line>& lines, std::size_t size) {
  std::vector<double> middle(size, kNone), column;
  for (std::size_t i = 0; i < size; ++i) {
    column.clear();
    for (const Line& line : lines) column.push_back(line.values[i]);
    middle[i] = median_of(column);
  }
  return middle;
}

// Those that no chain of near lines joins to the largest company.
void mark_apart(std::vector<Line>& lines, double near) {
  constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> company(lines.size(), kNobody), sizes, waiting;
  for (std::size_t start = 0; start < lines.size(); ++start) {
    if (company[start] != kNobody) continue;
    sizes.push_back(0);
    company[start] = sizes.size() - 1;
    waiting.push_back(start);
    while (!waiting.empty()) {
      const std::size_t at = waiting.back();
      waiting.pop_back();
      ++sizes.back();
      for (std::size_t other = 0; other < lines.size(); ++other) {
        if (company[other] != kNobody) continue;
        if (distance(lines[at].values, lines[other].values) > near) continue;
        company[other] = sizes.size() - 1;
        waiting.push_back(other);
      }
    }
  }
  const auto largest = static_cast<std::size_t>(std::ranges::max_element(sizes) - sizes.begin());
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i].outlier = company[i] != largest;
}

void mark_by_deviation(std::vector<Line>& lines, const std::vector<double>& middle,
                       const OutlierOptions& options) {
  std::vector<double> distances;
  for (const Line& line : lines)
    for (std::size_t i = 0; i < middle.size(); ++i)
      distances.push_back(std::abs(line.values[i] - middle[i]));
  const double far = options.tolerance * median_of(distances);
  for (Line& line : lines) {
    std::size_t known = 0, off = 0;
    for (std::size_t i = 0; i < middle.size(); ++i) {
      if (std::isnan(line.values[i])) continue;
      ++known;
      off += std::abs(line.values[i] - middle[i]) > far ? 1 : 0;
    }
    line.outlier = known > 0 &&
                   100.0 * static_cast<double>(off) > options.percent * static_cast<double>(known);
  }
}

}  // namespace

Lines with_bands(Lines lines, const BandOptions& options) {
  std::vector<Line> all;
  for (Line& line : lines.lines) {
    const std::vector<Expected> expected = expected_of(line.values, options, lines.grid.step_s);
    Line lower = beside(line, Role::lower), upper = beside(line, Role::upper);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const double bound = options.width * at_least(expected[i].deviation, expected[i].middle);
      lower.values[i] = expected[i].middle - bound;
      upper.values[i] = expected[i].middle + bound;
    }
    all.push_back(std::move(line));
    all.push_back(std::move(lower));
    all.push_back(std::move(upper));
  }
  lines.lines = std::move(all);
  return trimmed(std::move(lines));
}

Lines with_forecast(Lines lines, const ForecastOptions& options) {
  std::vector<Line> all;
  const auto season =
      static_cast<std::size_t>(std::max<std::int64_t>(options.season_s / lines.grid.step_s, 1));
  for (Line& line : lines.lines) {
    Future future{.forecast = beside(line, Role::forecast),
                  .lower = beside(line, Role::lower),
                  .upper = beside(line, Role::upper)};
    const std::vector<double> base =
        options.seasonal ? season_of(line, season) : std::vector<double>(line.values.size(), 0);
    if (behind_last(line) > 0) go_on(line, base, options.width, future);
    all.push_back(std::move(line));
    for (Line* made : {&future.forecast, &future.lower, &future.upper})
      all.push_back(std::move(*made));
  }
  lines.lines = std::move(all);
  return trimmed(std::move(lines));
}

Lines with_outliers(Lines lines, const OutlierOptions& options) {
  if (lines.lines.size() < 3) return lines;  // of two, nobody knows which
  std::vector<Line> compared = lines.lines;
  if (options.scaled) {
    for (Line& line : compared) {
      const double size = reduced(line.values, Reducer::l2norm, 1);
      for (double& value : line.values) value = size > 0 ? value / size : value;
    }
  }
  const std::vector<double> middle = median_line(compared, lines.grid.size);
  if (options.dbscan) {
    std::vector<double> distances;
    distances.reserve(compared.size());
    for (const Line& line : compared) distances.push_back(distance(line.values, middle));
    mark_apart(compared, options.tolerance * median_of(distances));
  } else {
    mark_by_deviation(compared, middle, options);
  }
  for (std::size_t i = 0; i < compared.size(); ++i) lines.lines[i].outlier = compared[i].outlier;
  return lines;
}

}  // namespace catalejo::query::metrics
