#include "query/metrics/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/limits.hpp"
#include "model/ddsketch.hpp"
#include "query/row_reader.hpp"
#include "query/span_row.hpp"

namespace catalejo::query::metrics {
namespace {

// Groups and places of the grid together: some 10 MB.
constexpr std::size_t kRowsMax = 200'000;
constexpr std::int64_t kPointsWanted = 400;

// "env:pr*" as a pattern of LIKE.
std::string pattern_of(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c == '*' ? '%' : c;
  }
  return pattern;
}

std::string condition_of_tag(StatementBuilder& out, std::string_view tag) {
  constexpr std::string_view kHost = "host:";
  const bool wildcard = tag.find('*') != std::string_view::npos;
  if (tag.starts_with(kHost)) {
    const std::string_view value = tag.substr(kHost.size());
    return wildcard ? fmt::format("host LIKE {}", out.bind_text(pattern_of(value)))
                    : fmt::format("host = {}", out.bind_text(value));
  }
  if (wildcard)
    return fmt::format("arrayExists(t -> t LIKE {}, tags)", out.bind_text(pattern_of(tag)));
  return fmt::format("has(tags, {})", out.bind_text(tag));
}

std::string condition_of(StatementBuilder& out, const Scope& scope) {
  switch (scope.kind) {
    case Scope::Kind::everything:
      return "1";
    case Scope::Kind::tag:
      return condition_of_tag(out, scope.tag);
    case Scope::Kind::none_of:
      return fmt::format("NOT ({})", condition_of(out, scope.children.front()));
    case Scope::Kind::all_of:
    case Scope::Kind::any_of:
      break;
  }
  std::string joined;
  for (const Scope& child : scope.children) {
    if (!joined.empty()) joined += scope.kind == Scope::Kind::all_of ? " AND " : " OR ";
    joined += fmt::format("({})", condition_of(out, child));
  }
  return joined;
}

// The value of a tag by its key, several joined; "N/A" where there is none, as Datadog has it.
std::string group_of(StatementBuilder& out, const std::string& key) {
  if (key == "host") return "if(host = '', 'N/A', toString(host))";
  const std::string prefix = out.bind_text(key + ":");
  return fmt::format(
      "if(arrayExists(t -> startsWith(t, {0}), tags), arrayStringConcat(arrayMap(t -> "
      "substring(t, length({0}) + 1), arrayFilter(t -> startsWith(t, {0}), tags)), ','), 'N/A')",
      prefix);
}

// What a series of a sketch has in one place of the grid. Every aggregate here and below stands in
// the projections of the table (0051_metric_rollups.sql), word by word.
std::string_view value_of_sketch(Method space) {
  switch (space) {
    case Method::sum:
      return "sum(sum)";
    case Method::min:
      return "minIf(min, kind = 4)";
    case Method::max:
      return "maxIf(max, kind = 4)";
    case Method::count:
    case Method::percentile:
      return "sum(count)";
    case Method::avg:
      break;
  }
  return "sum(sum) / sum(count)";
}

// A rate as a count, a count as a rate.
constexpr std::string_view kAsCount = "if(kind = 2, value * interval, value)";
constexpr std::string_view kAsRate = "if(kind = 1, value / greatest(interval, 1), value)";

std::string over_time(Method method, std::string_view value) {
  switch (method) {
    case Method::avg:
      return fmt::format("sum({}) / count()", value);
    case Method::sum:
      return fmt::format("sum({})", value);
    case Method::min:
      return fmt::format("min({})", value);
    case Method::max:
      return fmt::format("max({})", value);
    case Method::count:
    case Method::percentile:
      break;
  }
  return "toFloat64(count())";
}

// What any other series has there. A count is summed, a rate and a gauge are averaged, unless the
// query says otherwise.
std::string value_of_plain(const Metric& metric, std::int64_t step_s) {
  if (metric.space == Method::count) return "toFloat64(count())";
  std::string_view value = "value";
  if (metric.as_count) value = kAsCount;
  if (metric.as_rate && metric.rollup) value = kAsRate;
  if (metric.rollup) return over_time(*metric.rollup, value);
  const std::string count =
      metric.as_rate ? fmt::format("sum(value) / {}", step_s) : std::string("sum(value)");
  return fmt::format("multiIf(min(kind) = 1, {}, min(kind) = 2, {}, {})", count,
                     over_time(metric.as_count ? Method::sum : Method::avg, value),
                     over_time(Method::avg, "value"));
}

std::string_view over_series(Method space) {
  switch (space) {
    case Method::avg:
      return "sum(v * w) / sum(w)";
    case Method::min:
      return "min(v)";
    case Method::max:
      return "max(v)";
    case Method::sum:
    case Method::count:
    case Method::percentile:
      break;
  }
  return "sum(v)";
}

// What a question reads: rows as they came, or what they come to in five minutes or an hour.
// The database keeps those as projections and takes one when the SELECT is grouped by the same
// function of time (decision 054).
std::string_view time_of(Unit unit) {
  switch (unit) {
    case Unit::five_minutes:
      return "toStartOfFiveMinutes(time)";
    case Unit::hour:
      return "toStartOfHour(time)";
    case Unit::point:
      break;
  }
  return "time";
}

struct Times {
  std::int64_t begin = 0, end = 0;
};

Times times_of(const Metric& metric, const Grid& grid) {
  const std::int64_t begin = grid.begin_s + metric.shift_s;
  return {.begin = begin, .end = begin + static_cast<std::int64_t>(grid.size) * grid.step_s};
}

std::string within(StatementBuilder& out, std::string_view time, Times times) {
  return fmt::format("{0} >= toDateTime({1}, 'UTC') AND {0} < toDateTime({2}, 'UTC')", time,
                     out.bind_int(std::max<std::int64_t>(times.begin, 0)),
                     out.bind_int(std::max<std::int64_t>(times.end, 0)));
}

struct Parts {
  std::string place;   // expression AS place
  std::string group;   // ", expression AS g": the values of all keys in one text, or empty
  std::string names;   // ", expression AS g0, …", out of g
  std::string where;   // of rows
  std::string series;  // SELECT of the series and their groups; empty when rows say it themselves
};

// The values of all keys; none of them has a byte 0.
std::string group_text(StatementBuilder& out, const Metric& metric) {
  std::string values;
  for (const std::string& key : metric.by)
    values += (values.empty() ? "" : ", ") + group_of(out, key);
  return metric.by.size() == 1 ? values : fmt::format("arrayStringConcat([{}], '\\0')", values);
}

// Series that had points in these days, with their groups: also such that have none in the time
// itself.
std::string series_of(StatementBuilder& out, const Metric& metric, Times times) {
  return fmt::format(
      "SELECT series, {} AS g FROM metrics WHERE name = {} AND toStartOfDay(time) >= "
      "toStartOfDay(toDateTime({}, 'UTC')) AND toStartOfDay(time) < toDateTime({}, 'UTC') AND ({}) "
      "GROUP BY series, host, tags",
      metric.by.empty() ? "''" : group_text(out, metric), out.bind_text(metric.name),
      out.bind_int(std::max<std::int64_t>(times.begin, 0)),
      out.bind_int(std::max<std::int64_t>(times.end, 0)), condition_of(out, metric.scope));
}

Parts parts_of(StatementBuilder& out, const Metric& metric, const Grid& grid, Unit unit) {
  Parts parts;
  const Times times = times_of(metric, grid);
  const std::string_view time = time_of(unit);
  parts.place = fmt::format("intDiv(toInt64(toUnixTimestamp({})) - {}, {}) AS place", time,
                            out.bind_int(times.begin), grid.step_s);
  for (std::size_t i = 0; i < metric.by.size(); ++i)
    parts.names += metric.by.size() == 1
                       ? std::string(", g AS g0")
                       : fmt::format(", splitByChar('\\0', g)[{}] AS g{}", i + 1, i);
  parts.where =
      fmt::format("name = {} AND {}", out.bind_text(metric.name), within(out, time, times));
  const bool all = metric.scope.kind == Scope::Kind::everything;
  if (unit == Unit::point) {
    if (!metric.by.empty()) parts.group = fmt::format(", {} AS g", group_text(out, metric));
    if (!all) parts.where += fmt::format(" AND ({})", condition_of(out, metric.scope));
    return parts;
  }
  if (all && metric.by.empty()) return parts;
  parts.series = series_of(out, metric, times);
  if (!metric.by.empty()) parts.group = ", transform(series, named.1, named.2, '') AS g";
  if (!all) parts.where += " AND series IN (SELECT arrayJoin(named.1))";
  return parts;
}

std::int64_t wanted_step_s(std::int64_t from_s, std::int64_t to_s) {
  return (to_s - from_s + kPointsWanted - 1) / kPointsWanted;
}

// What people draw: at least as long.
std::int64_t nice_step_s(std::int64_t step_s) {
  for (const std::int64_t nice :
       {10, 20, 30, 60, 120, 300, 600, 1'200, 1'800, 3'600, 7'200, 14'400, 28'800})
    if (nice >= step_s) return nice;
  return 86'400;
}

double read_quantile(RowReader& row, double quantile) {
  model::DDSketch sketch;
  const std::size_t keys = row.count(8);
  std::vector<std::int64_t> read(keys);
  for (std::int64_t& key : read) key = row.i64();
  const std::size_t counts = row.count(8);
  for (std::size_t i = 0; i < counts && i < keys; ++i)
    sketch.add_bin(static_cast<model::DDSketch::Key>(read[i]), row.f64());
  const double count = row.f64(), sum = row.f64(), min = row.f64(), max = row.f64();
  sketch.add_sums(count, sum, min, max);
  return sketch.quantile(quantile);
}

}  // namespace

Result<Grid> grid_of(const Metric& metric, std::int64_t from_s, std::int64_t to_s) {
  if (metric.one_place) return Grid{.begin_s = from_s, .step_s = to_s - from_s, .size = 1};
  std::int64_t step_s = metric.rollup_s;
  if (step_s == 0) step_s = nice_step_s(std::max(wanted_step_s(from_s, to_s), metric.step_s_min));
  Grid grid{.step_s = step_s};
  grid.begin_s = from_s - from_s % grid.step_s;
  grid.size = static_cast<std::size_t>((to_s - grid.begin_s + grid.step_s - 1) / grid.step_s);
  if (grid.size > limits::metric_query_buckets_max)
    return error_at(
        fmt::format("a rollup of {} s makes {} points of this time, an answer has up to {}",
                    grid.step_s, grid.size, limits::metric_query_buckets_max),
        metric.begin);
  grid.before = static_cast<std::size_t>((metric.history_s + step_s - 1) / step_s);
  if (grid.before > limits::metric_history_points_max)
    return error_at(fmt::format("a rollup of {} s makes {} points of the past that is learned "
                                "from, up to {} are; ask for a longer one",
                                grid.step_s, grid.before, limits::metric_history_points_max),
                    metric.begin);
  grid.begin_s -= static_cast<std::int64_t>(grid.before) * step_s;
  grid.size += grid.before;
  return grid;
}

Unit unit_of(const Metric& metric, const Grid& grid) {
  // What a rollup does not hold: the least and the most of what is converted first.
  const bool extreme = metric.rollup == Method::min || metric.rollup == Method::max;
  if (extreme && (metric.as_count || metric.as_rate)) return Unit::point;
  const std::int64_t begin = times_of(metric, grid).begin;
  for (const Unit unit : {Unit::hour, Unit::five_minutes}) {
    const auto seconds = static_cast<std::int64_t>(unit);
    if (begin >= 0 && begin % seconds == 0 && grid.step_s % seconds == 0) return unit;
  }
  return Unit::point;
}

Statement plan(const Metric& metric, const Grid& grid) {
  return plan(metric, grid, unit_of(metric, grid));
}

Statement plan(const Metric& metric, const Grid& grid, Unit unit) {
  StatementBuilder out;
  const Parts parts = parts_of(out, metric, grid, unit);
  const std::string_view g = metric.by.empty() ? "" : ", g";
  // As one constant: groups are looked up in it where a join would have to be above the roll-ups.
  if (!parts.series.empty())
    out << fmt::format("WITH (SELECT (groupArray(series), groupArray(g)) FROM ({})) AS named\n",
                       parts.series);
  out << fmt::format("SELECT place{}, ", parts.names);
  if (metric.space == Method::percentile) {
    // Maps are slow to merge: once is enough.
    out << fmt::format(
        "arrayMap(k -> toInt64(k), bins.1), bins.2, c, s, lowest, highest\nFROM (SELECT {}{}, "
        "sumMap(bin_keys, bin_counts) AS bins, sum(count) AS c, sum(sum) AS s, minIf(min, kind = "
        "4) AS lowest, maxIf(max, kind = 4) AS highest\n  FROM metrics WHERE {}\n  "
        "GROUP BY place{} HAVING c > 0)",
        parts.place, parts.group, parts.where, g);
  } else {
    const bool looked_up = !parts.series.empty() && !metric.by.empty();
    out << fmt::format(
        "result\nFROM (SELECT place{}, {} AS result\n  FROM (SELECT series, {}{}, if(min(kind) = "
        "4, "
        "{}, {}) AS v, if(min(kind) = 4, sum(count), 1) AS w\n    FROM metrics WHERE {}\n    GROUP "
        "BY series, place{})\n  GROUP BY place{})",
        looked_up ? parts.group : std::string(g), over_series(metric.space), parts.place,
        looked_up ? std::string() : parts.group, value_of_sketch(metric.space),
        value_of_plain(metric, grid.step_s), parts.where, looked_up ? std::string_view() : g, g);
  }
  std::string order;
  for (std::size_t i = 0; i < metric.by.size(); ++i) order += fmt::format("g{}, ", i);
  out << fmt::format("\nORDER BY {}place\nLIMIT {}\nFORMAT RowBinary", order, kRowsMax + 1);
  return std::move(out).finish();
}

Result<std::vector<Line>> read_lines(std::string_view body, const Metric& metric,
                                     const Grid& grid) {
  std::vector<Line> lines;
  RowReader row(body);
  std::size_t rows = 0;
  while (!row.at_end() && !row.failed()) {
    const auto place = static_cast<std::size_t>(row.i64());
    std::vector<std::string> tags;
    for (const std::string& key : metric.by) tags.push_back(key + ":" + std::string(row.text()));
    const double value =
        metric.space == Method::percentile ? read_quantile(row, metric.quantile) : row.f64();
    if (row.failed() || place >= grid.size) return broken_answer();
    if (lines.empty() || lines.back().tags != tags)
      lines.push_back(
          {.tags = std::move(tags),
           .values = std::vector<double>(grid.size, std::numeric_limits<double>::quiet_NaN())});
    lines.back().values[place] = value;
    if (++rows > kRowsMax || lines.size() > limits::metric_query_groups_max)
      return error_at(fmt::format("the answer has more than {} groups or {} points; ask for fewer "
                                  "groups or a longer rollup",
                                  limits::metric_query_groups_max, kRowsMax),
                      metric.begin);
  }
  if (row.failed()) return broken_answer();
  for (Line& line : lines) fill_gaps(line, metric.fill, grid);
  return lines;
}

Statement plan_names(std::int64_t from_s, std::string_view part, std::string_view host) {
  StatementBuilder out;
  out << fmt::format(
      "SELECT DISTINCT toString(name) AS metric FROM metrics WHERE time >= toDateTime({}, 'UTC')",
      out.bind_int(from_s));
  if (!host.empty()) out << fmt::format(" AND host = {}", out.bind_text(host));
  if (!part.empty())
    out << fmt::format(" AND positionCaseInsensitive(name, {}) > 0", out.bind_text(part));
  out << fmt::format("\nORDER BY metric\nLIMIT {}\nFORMAT RowBinary", limits::metric_names_max);
  return std::move(out).finish();
}

Statement plan_tags(std::int64_t from_s, std::string_view name) {
  StatementBuilder out;
  out << fmt::format(
      "SELECT DISTINCT arrayJoin(arrayConcat(arrayMap(t -> toString(t), tags), if(host = '', "
      "emptyArrayString(), [concat('host:', toString(host))]))) AS tag\nFROM (SELECT host, tags "
      "FROM metrics WHERE name = {} AND toStartOfDay(time) >= toStartOfDay(toDateTime({}, 'UTC')) "
      "GROUP BY host, tags)\nORDER BY tag\nLIMIT {}\nFORMAT RowBinary",
      out.bind_text(name), out.bind_int(from_s), limits::metric_names_max);
  return std::move(out).finish();
}

}  // namespace catalejo::query::metrics
