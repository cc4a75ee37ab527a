#include "monitor/readings.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace catalejo::monitor {

namespace metrics = query::metrics;

namespace {

using metrics::Line;
using metrics::Lines;
using metrics::Role;

constexpr std::int64_t kHour = 3'600, kDay = 86'400;

// Some hundred to a thousand values in a window, so that its ends are where they should be.
std::int64_t rollup_for(std::int64_t window_s) {
  if (window_s <= kHour) return 10;
  if (window_s <= kDay) return 60;
  return window_s <= 8 * kDay ? 600 : kHour;
}

std::optional<double> known(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

bool belongs(const Line& line, const std::vector<std::string>& tags) {
  return line.tags.empty() || line.tags == tags;
}

std::int64_t first_point(const std::vector<Lines>& answers, const std::vector<std::string>& tags) {
  std::int64_t first = 0;
  for (const Lines& lines : answers) {
    for (const Line& line : lines.lines) {
      if (!belongs(line, tags)) continue;
      const auto found =
          std::ranges::find_if(line.values.begin() + static_cast<std::ptrdiff_t>(lines.grid.before),
                               line.values.end(), [](double value) { return !std::isnan(value); });
      if (found == line.values.end()) continue;
      const std::int64_t at =
          lines.grid.begin_s + (found - line.values.begin()) * lines.grid.step_s;
      if (first == 0 || at < first) first = at;
    }
  }
  return first;
}

Result<Lines> window_value(const MonitorQuery& query, std::vector<Lines> answers) {
  if (!query.reducers.empty())
    return metrics::over_window(query.expression(), std::move(answers), query.reducers,
                                /*reckon_first=*/true);
  const std::vector<metrics::Reducer> reducers(answers.size(), query.reducer);
  return metrics::over_window(query.expression(), std::move(answers), reducers,
                              metrics::counts_first(query.metrics));
}

using ByGroup = std::map<std::vector<std::string>, double>;

ByGroup by_group(const Lines& lines) {
  ByGroup groups;
  for (const Line& line : lines.lines)
    if (line.role == Role::value && !line.values.empty()) groups[line.tags] = line.values.front();
  return groups;
}

// No span is no point, though there are zero of them.
std::vector<Lines> without_zeros_of_spans(const MonitorQuery& query, std::vector<Lines> answers) {
  for (std::size_t i = 0; i < answers.size() && i < query.metrics.metrics.size(); ++i) {
    if (!query.metrics.metrics[i].spans) continue;
    for (Line& line : answers[i].lines) std::ranges::replace(line.values, 0.0, std::nan(""));
  }
  return answers;
}

Result<std::vector<Reading>> of_window(const MonitorQuery& query, std::vector<Lines> now,
                                       std::vector<Lines> before) {
  const std::vector<Lines> points = without_zeros_of_spans(query, now);
  auto values = window_value(query, std::move(now));
  if (!values) return values.error();
  ByGroup earlier;
  if (query.change != Change::none) {
    auto read = window_value(query, std::move(before));
    if (!read) return read.error();
    earlier = by_group(*read);
  }
  std::vector<Reading> readings;
  for (const auto& [tags, value] : by_group(*values)) {
    Reading reading{.tags = tags, .value = known(value), .recovery = {}, .first_s = 0};
    reading.first_s = first_point(points, tags);
    if (query.change != Change::none && reading.value) {
      const auto found = earlier.find(tags);
      double change = found == earlier.end() ? std::nan("") : value - found->second;
      // From nothing, no percentage is known.
      if (query.change == Change::percent && found != earlier.end())
        change = found->second == 0 ? std::nan("") : 100 * change / std::fabs(found->second);
      reading.value = known(change);
    }
    readings.push_back(std::move(reading));
  }
  return readings;
}

// Of one group: the values and their bounds.
struct Banded {
  const Line* value = nullptr;
  const Line* lower = nullptr;
  const Line* upper = nullptr;
};

std::map<std::vector<std::string>, Banded> banded(const Lines& lines) {
  std::map<std::vector<std::string>, Banded> groups;
  for (const Line& line : lines.lines) {
    Banded& group = groups[line.tags];
    if (line.role == Role::value) group.value = &line;
    if (line.role == Role::lower) group.lower = &line;
    if (line.role == Role::upper) group.upper = &line;
  }
  return groups;
}

enum class Direction : std::uint8_t { both, above, below };

Direction direction_of(const metrics::Expression& call) {
  for (const metrics::Argument& argument : call.arguments)
    if (argument.name == "direction")
      return argument.text == "above"   ? Direction::above
             : argument.text == "below" ? Direction::below
                                        : Direction::both;
  return Direction::both;
}

bool gaps_are_zero(const MonitorQuery& query) {
  for (const metrics::Argument& argument : query.expression().arguments)
    if (argument.name == "count_default_zero") return argument.text == "true" && query.counts();
  return query.counts();
}

std::int64_t last_point_in(const Banded& group, const metrics::Grid& grid, std::int64_t window_s) {
  const auto& values = group.value->values;
  const auto places = static_cast<std::size_t>(std::max<std::int64_t>(window_s / grid.step_s, 1));
  for (std::size_t i = values.size(); i > values.size() - std::min(values.size(), places); --i)
    if (!std::isnan(values[i - 1]))
      return grid.begin_s + static_cast<std::int64_t>(i - 1) * grid.step_s;
  return 0;
}

// The part of the last `window_s` that lies outside of its bounds.
std::optional<double> part_outside(const Banded& group, const metrics::Grid& grid,
                                   std::int64_t window_s, Direction direction, bool zero) {
  const std::size_t size = group.value->values.size();
  const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(window_s / grid.step_s, 1));
  std::size_t outside = 0, seen = 0;
  for (std::size_t i = size - std::min(size, wanted); i < size; ++i) {
    double value = group.value->values[i];
    if (std::isnan(value) && zero) value = 0;
    const double lower = group.lower->values[i], upper = group.upper->values[i];
    if (std::isnan(value) || std::isnan(lower) || std::isnan(upper)) continue;
    ++seen;
    const bool above = value > upper && direction != Direction::below;
    const bool below = value < lower && direction != Direction::above;
    if (above || below) ++outside;
  }
  if (seen == 0) return std::nullopt;
  return static_cast<double>(outside) / static_cast<double>(seen);
}

// The edge of what is expected that comes nearest to the threshold.
std::optional<double> edge_of(const Banded& group, Compare compare) {
  const bool up = upwards(compare);
  const Line* bound = up ? group.upper : group.lower;
  if (bound == nullptr) return std::nullopt;
  return known(
      metrics::reduced(bound->values, up ? metrics::Reducer::max : metrics::Reducer::min, 1));
}

std::int64_t last_known_first(const std::vector<Lines>& answers,
                              const std::vector<std::string>& tags) {
  std::vector<Lines> whole = answers;
  for (Lines& lines : whole) lines.grid.before = 0;
  return first_point(whole, tags);
}

Result<std::vector<Reading>> of_band(const Definition& definition, const std::vector<Lines>& now) {
  const MonitorQuery& query = *definition.query;
  auto lines = metrics::evaluate(query.expression(), now);
  if (!lines) return lines.error();
  std::vector<Reading> readings;
  const Direction direction = direction_of(query.expression());
  const bool zero = gaps_are_zero(query);
  for (const auto& [tags, group] : banded(*lines)) {
    if (group.value == nullptr) continue;
    Reading reading{.tags = tags, .value = {}, .recovery = {}, .first_s = first_point(now, tags)};
    if (query.band() == "outliers") {
      if (reading.first_s != 0) reading.value = group.value->outlier ? 1 : 0;
    } else if (query.band() == "forecast") {
      reading.value = edge_of(group, query.compare);
      reading.first_s = last_known_first(now, tags);
    } else if (group.lower != nullptr && group.upper != nullptr) {
      reading.first_s = last_point_in(group, lines->grid, definition.trigger_window_s);
      reading.value =
          part_outside(group, lines->grid, definition.trigger_window_s, direction, zero);
      reading.recovery =
          part_outside(group, lines->grid, definition.recovery_window_s, direction, zero);
    }
    readings.push_back(std::move(reading));
  }
  return readings;
}

}  // namespace

std::vector<Reading> read_figures(const MonitorQuery& query,
                                  const std::vector<query::FigureRow>& rows) {
  const std::vector<std::string> by = query.by();
  std::vector<Reading> readings;
  for (const query::FigureRow& row : rows) {
    Reading reading{.tags = {}, .value = row.value, .recovery = {}, .first_s = row.first_s};
    for (std::size_t i = 0; i < by.size(); ++i) reading.tags.push_back(by[i] + ":" + row.groups[i]);
    readings.push_back(std::move(reading));
  }
  return readings;
}

std::string name_of_group(const std::vector<std::string>& tags) {
  std::string name;
  for (const std::string& tag : tags) name += (name.empty() ? "" : ",") + tag;
  return name.empty() ? "*" : name;
}

std::vector<std::string> tags_of(const std::string& name, const std::vector<std::string>& by) {
  std::vector<std::string> tags;
  if (name == "*") return tags;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < by.size() && begin < name.size(); ++i) {
    const std::size_t end =
        i + 1 < by.size() ? name.find("," + by[i + 1] + ":", begin) : std::string::npos;
    tags.push_back(name.substr(begin, end == std::string::npos ? end : end - begin));
    begin = end == std::string::npos ? name.size() : end + 1;
  }
  return tags;
}

Asked asked_at(const MonitorQuery& query, std::int64_t end_s) {
  Asked asked{.metrics = query.metrics.metrics, .window = {}};
  std::int64_t longest = 10;
  for (metrics::Metric& metric : asked.metrics) {
    if (metric.one_place) continue;
    if (metric.rollup_s == 0 && metric.history_s == 0) metric.rollup_s = rollup_for(query.window_s);
    longest = std::max({longest, metric.rollup_s, metric.step_s_min});
  }
  // Of a rollup that is not over, a count says too little. One of hours is not waited for.
  if (longest <= 1'800) end_s -= end_s % longest;
  asked.window = {.from_s = query.future ? end_s : end_s - query.window_s,
                  .to_s = query.future ? end_s + query.window_s : end_s,
                  .step_s_min = 0};
  return asked;
}

Result<std::vector<Reading>> read_groups(const Definition& definition, std::vector<Lines> now,
                                         std::vector<Lines> before) {
  const MonitorQuery& query = *definition.query;
  auto readings = query.band().empty() ? of_window(query, std::move(now), std::move(before))
                                       : of_band(definition, now);
  if (!readings) return readings.error();
  // Without groups there is always one, whether it has points or not.
  if (readings->empty() && !query.grouped()) readings->push_back({});
  return readings;
}

}  // namespace catalejo::monitor
