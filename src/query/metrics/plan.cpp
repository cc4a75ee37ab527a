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

std::string_view function_of(Method method) {
  switch (method) {
    case Method::avg:
      return "avg";
    case Method::sum:
      return "sum";
    case Method::min:
      return "min";
    case Method::max:
      return "max";
    case Method::count:
    case Method::percentile:
      return "count";
  }
  return "avg";
}

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

// What a series of a sketch has in one place of the grid.
std::string_view value_of_sketch(Method space) {
  switch (space) {
    case Method::sum:
      return "sum(sum)";
    case Method::min:
      return "min(min)";
    case Method::max:
      return "max(max)";
    case Method::count:
    case Method::percentile:
      return "sum(count)";
    case Method::avg:
      break;
  }
  return "sum(sum) / sum(count)";
}

// What any other series has there. A count is summed, a rate and a gauge are averaged, unless the
// query says otherwise.
std::string value_of_plain(const Metric& metric, std::int64_t step_s) {
  if (metric.space == Method::count) return "toFloat64(count())";
  std::string value = "value";
  if (metric.as_count) value = "if(kind = 2, value * interval, value)";
  if (metric.as_rate && metric.rollup) value = "if(kind = 1, value / greatest(interval, 1), value)";
  if (metric.rollup) return fmt::format("toFloat64({}({}))", function_of(*metric.rollup), value);
  const std::string count =
      metric.as_rate ? fmt::format("sum(value) / {}", step_s) : std::string("sum(value)");
  return fmt::format("multiIf(any(kind) = 1, {}, any(kind) = 2, {}({}), avg(value))", count,
                     metric.as_count ? "sum" : "avg", value);
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

struct Parts {
  std::string bucket, groups, names, where;
};

Parts parts_of(StatementBuilder& out, const Metric& metric, const Grid& grid) {
  Parts parts;
  const std::int64_t begin = grid.begin_s + metric.shift_s;
  parts.bucket = fmt::format("intDiv(toInt64(toUnixTimestamp(time)) - {}, {}) AS place",
                             out.bind_int(begin), grid.step_s);
  for (std::size_t i = 0; i < metric.by.size(); ++i) {
    parts.groups += fmt::format(", {} AS g{}", group_of(out, metric.by[i]), i);
    parts.names += fmt::format(", g{}", i);
  }
  const std::int64_t end = begin + static_cast<std::int64_t>(grid.size) * grid.step_s;
  parts.where = fmt::format(
      "name = {} AND time >= toDateTime({}, 'UTC') AND time < toDateTime({}, 'UTC') AND ({})",
      out.bind_text(metric.name), out.bind_int(std::max<std::int64_t>(begin, 0)),
      out.bind_int(std::max<std::int64_t>(end, 0)), condition_of(out, metric.scope));
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

Statement plan(const Metric& metric, const Grid& grid) {
  StatementBuilder out;
  const Parts parts = parts_of(out, metric, grid);
  if (metric.space == Method::percentile) {
    out << fmt::format(
        "SELECT place{}, arrayMap(k -> toInt64(k), (sumMap(bin_keys, bin_counts) AS bins).1), "
        "bins.2, sum(count), sum(sum), min(min), max(max)\nFROM (SELECT {}{}, bin_keys, "
        "bin_counts, count, sum, min, max FROM metrics WHERE {} AND kind = 4)",
        parts.names, parts.bucket, parts.groups, parts.where);
  } else {
    out << fmt::format(
        "SELECT place{}, {} AS result\nFROM (SELECT {}{}, series, if(any(kind) = 4, {}, {}) AS v, "
        "if(any(kind) = 4, sum(count), 1) AS w\n  FROM metrics WHERE {}\n  "
        "GROUP BY series, place{})",
        parts.names, over_series(metric.space), parts.bucket, parts.groups,
        value_of_sketch(metric.space), value_of_plain(metric, grid.step_s), parts.where,
        parts.names);
  }
  out << fmt::format("\nGROUP BY place{0}\nORDER BY {1}place\nLIMIT {2}\nFORMAT RowBinary",
                     parts.names, parts.names.empty() ? "" : parts.names.substr(2) + ", ",
                     kRowsMax + 1);
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
      "emptyArrayString(), [concat('host:', toString(host))]))) AS tag\nFROM metrics WHERE name = "
      "{} AND time >= toDateTime({}, 'UTC')\nORDER BY tag\nLIMIT {}\nFORMAT RowBinary",
      out.bind_text(name), out.bind_int(from_s), limits::metric_names_max);
  return std::move(out).finish();
}

}  // namespace catalejo::query::metrics
