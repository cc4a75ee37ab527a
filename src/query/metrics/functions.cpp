#include "query/metrics/functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "query/metrics/bands.hpp"
#include "query/metrics/over_time.hpp"
#include "query/metrics/reduce.hpp"

namespace catalejo::query::metrics {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kHour = 3'600, kDay = 24 * kHour, kWeek = 7 * kDay;
constexpr double kShiftMost = 3.0 * 366 * kDay;

// n: a number, t: a text or word; small letters are optional, * is any further.
struct Signature {
  std::string_view name, arguments;
};

// Of single values.
constexpr std::array kSingle{
    Signature{"abs", ""},
    Signature{"log2", ""},
    Signature{"log10", ""},
    Signature{"default_zero", ""},
    Signature{"clamp_min", "N"},
    Signature{"clamp_max", "N"},
    Signature{"cutoff_min", "N"},
    Signature{"cutoff_max", "N"},
    Signature{"exclude_null", ""},
    Signature{"top", "Nttn"},
    Signature{"top_offset", "NTTN"},
    Signature{"count_nonzero", ""},
    Signature{"count_not_null", ""},
};
constexpr std::array kOverTime{
    Signature{"per_second", ""},
    Signature{"per_minute", ""},
    Signature{"per_hour", ""},
    Signature{"dt", ""},
    Signature{"diff", ""},
    Signature{"monotonic_diff", ""},
    Signature{"derivative", ""},
    Signature{"throughput", ""},
    Signature{"cumsum", ""},
    Signature{"integral", ""},
    Signature{"moving_rollup", "NT"},
    Signature{"trend_line", ""},
    Signature{"robust_trend", ""},
    Signature{"rollup", "Tn"},
    Signature{"hour_before", ""},
    Signature{"day_before", ""},
    Signature{"week_before", ""},
    Signature{"month_before", ""},
    Signature{"timeshift", "N"},
    Signature{"calendar_shift", "Tt"},
};

struct Instead {
  std::string_view name, advice;
};
// Datadog has them; they are not built.
constexpr std::array kUnsupported{
    Instead{"autosmooth", "ewma_7() or median_7() smooth by a span that you choose"},
    Instead{"piecewise_constant", "robust_trend() follows a line"},
    Instead{"reduce", "/api/v2/query/scalar reduces each query by its aggregator"},
    Instead{"percentile", "p95:metric{…} is a percentile of a distribution"},
};

// "ewma_7" and "median_5": the number behind the prefix.
std::optional<std::size_t> span_of(std::string_view function, std::string_view prefix) {
  if (!function.starts_with(prefix)) return std::nullopt;
  const std::string_view digits = function.substr(prefix.size());
  std::size_t span = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), span);
  const bool all = error == std::errc{} && end == digits.data() + digits.size();
  constexpr std::size_t kSpanMost = 100;
  return all && span >= 1 && span <= kSpanMost ? std::optional(span) : std::nullopt;
}

struct Rank {
  std::size_t count = 0, offset = 0;
  Reducer by = Reducer::avg;
  bool highest = true;
};

// "top10", "bottom5_max": top() with its arguments in its name.
std::optional<Rank> rank_in_name(std::string_view function) {
  Rank rank;
  std::string_view rest = function;
  if (rest.starts_with("bottom")) {
    rank.highest = false;
    rest.remove_prefix(6);
  } else if (rest.starts_with("top")) {
    rest.remove_prefix(3);
  } else {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), rank.count);
  if (error != std::errc{} || rank.count == 0) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  if (rest.empty()) return rank;
  if (!rest.starts_with('_')) return std::nullopt;
  const std::optional<Reducer> by = reducer_of(rest.substr(1));
  if (by) rank.by = *by;
  return by ? std::optional(rank) : std::nullopt;
}

std::optional<std::string_view> signature_of(std::string_view function) {
  for (const Signature& each : kSingle)
    if (each.name == function) return each.arguments;
  for (const Signature& each : kOverTime)
    if (each.name == function) return each.arguments;
  if (span_of(function, "ewma_") || span_of(function, "median_") || rank_in_name(function))
    return "";
  return std::nullopt;
}

Rank rank_of(const Expression& call) {
  if (const std::optional<Rank> named = rank_in_name(call.function)) return *named;
  const std::vector<Argument>& arguments = call.arguments;
  Rank rank{.count = static_cast<std::size_t>(*arguments[0].number)};
  if (arguments.size() > 1) rank.by = *reducer_of(arguments[1].text);
  if (arguments.size() > 2) rank.highest = arguments[2].text == "desc";
  if (arguments.size() > 3) rank.offset = static_cast<std::size_t>(*arguments[3].number);
  return rank;
}

Lines ranked(Lines lines, const Rank& rank) {
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < lines.lines.size(); ++i) {
    const double value = reduced(lines.lines[i].values, rank.by, lines.grid.step_s);
    // What has no value comes last.
    order.emplace_back(std::isnan(value) ? std::numeric_limits<double>::infinity()
                       : rank.highest    ? -value
                                         : value,
                       i);
  }
  std::ranges::stable_sort(order, {}, &std::pair<double, std::size_t>::first);
  std::vector<Line> kept;
  for (std::size_t i = rank.offset; i < order.size() && kept.size() < rank.count; ++i)
    kept.push_back(std::move(lines.lines[order[i].second]));
  lines.lines = std::move(kept);
  return lines;
}

template <typename Change>  // double(double)
Lines each_value(Lines lines, Change&& change) {
  for (Line& line : lines.lines)
    for (double& value : line.values) value = change(value);
  return lines;
}

// A metric that nobody sent is 0, too, unless it is asked for by groups: which, nobody knows.
Lines without_gaps(Lines lines) {
  if (lines.lines.empty() && lines.by.empty())
    lines.lines.push_back({.tags = {}, .values = std::vector<double>(lines.grid.size, kNone)});
  return each_value(std::move(lines), [](double value) { return std::isnan(value) ? 0 : value; });
}

// All lines as one: how many have a value, or one that is not 0.
Lines counted(Lines lines, bool zero_counts) {
  Line all{.tags = {}, .values = std::vector<double>(lines.grid.size, 0)};
  for (const Line& line : lines.lines)
    for (std::size_t i = 0; i < line.values.size(); ++i)
      if (!std::isnan(line.values[i]) && (zero_counts || line.values[i] != 0)) all.values[i] += 1;
  lines.by.clear();
  lines.lines.clear();
  lines.lines.push_back(std::move(all));
  return lines;
}

std::optional<Lines> apply_single(const Expression& call, Lines& lines) {
  const std::string_view name = call.function;
  if (name == "abs") return each_value(std::move(lines), [](double v) { return std::abs(v); });
  if (name == "log2")
    return each_value(std::move(lines), [](double v) { return v > 0 ? std::log2(v) : kNone; });
  if (name == "log10")
    return each_value(std::move(lines), [](double v) { return v > 0 ? std::log10(v) : kNone; });
  if (name == "default_zero") return without_gaps(std::move(lines));
  if (name == "count_nonzero") return counted(std::move(lines), false);
  if (name == "count_not_null") return counted(std::move(lines), true);
  if (name == "exclude_null") {
    std::erase_if(lines.lines, [](const Line& line) {
      return std::ranges::any_of(line.tags,
                                 [](const std::string& tag) { return tag.ends_with(":N/A"); });
    });
    return std::move(lines);
  }
  if (name.starts_with("top") || name.starts_with("bottom"))
    return ranked(std::move(lines), rank_of(call));
  if (!name.starts_with("clamp") && !name.starts_with("cutoff")) return std::nullopt;
  const double limit = *call.arguments.front().number;
  // A gap becomes the limit, as it does there; default_zero() inside keeps it at 0.
  if (name == "clamp_min")
    return each_value(std::move(lines), [=](double v) { return std::fmax(v, limit); });
  if (name == "clamp_max")
    return each_value(std::move(lines), [=](double v) { return std::fmin(v, limit); });
  if (name == "cutoff_min")
    return each_value(std::move(lines), [=](double v) { return v < limit ? kNone : v; });
  return each_value(std::move(lines), [=](double v) { return v > limit ? kNone : v; });
}

// "-1d", "-2w", "-1mo" in seconds; a month has 30 days.
std::optional<std::int64_t> calendar_seconds(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count >= 0 || count < -3'000) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit == "d") return count * kDay;
  if (unit == "w") return count * kWeek;
  if (unit == "mo" && count >= -36) return count * 30 * kDay;
  return std::nullopt;
}

std::int64_t shift_of(const Expression& call) {
  const std::string_view name = call.function;
  if (name == "hour_before") return -kHour;
  if (name == "day_before") return -kDay;
  if (name == "week_before") return -kWeek;
  if (name == "month_before") return -4 * kWeek;
  if (name == "timeshift") return static_cast<std::int64_t>(*call.arguments.front().number);
  if (name == "calendar_shift") return *calendar_seconds(call.arguments.front().text);
  return 0;
}

std::optional<Method> method_in(const Argument& argument) {
  for (const auto& [word, method] : {std::pair{"avg", Method::avg},
                                     {"sum", Method::sum},
                                     {"min", Method::min},
                                     {"max", Method::max},
                                     {"count", Method::count}})
    if (argument.text == word) return method;
  return std::nullopt;
}

std::string kinds_of(std::string_view signature) {
  std::string kinds;
  for (const char kind : signature)
    kinds += fmt::format("{}{}", kinds.empty() ? "" : ", ",
                         kind == 'N'   ? "a number"
                         : kind == 'T' ? "a 'text'"
                         : kind == 'n' ? "[a number]"
                                       : "['text']");
  return kinds;
}

std::optional<Problem> problem_of_signature(const Expression& call, std::string_view signature) {
  const auto needed = static_cast<std::size_t>(
      std::ranges::count_if(signature, [](char c) { return c == 'N' || c == 'T'; }));
  if (call.arguments.size() < needed || call.arguments.size() > signature.size())
    return Problem{.message = signature.empty() ? fmt::format("{}() takes a query and nothing else",
                                                              call.function)
                                                : fmt::format("{}() takes a query and {}",
                                                              call.function, kinds_of(signature)),
                   .position = call.begin};
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const Argument& argument = call.arguments[i];
    const bool number = signature[i] == 'N' || signature[i] == 'n';
    if (!argument.name.empty() || number != argument.number.has_value())
      return Problem{.message = fmt::format("{} belongs here", number ? "a number" : "a 'text'"),
                     .position = argument.position};
  }
  return std::nullopt;
}

bool is_whole(double number, double from, double to) {
  return number >= from && number <= to && number == std::floor(number);
}

// What the types of the arguments do not say.
std::optional<std::string> problem_of_value(const Expression& call, std::size_t at) {
  const std::string_view name = call.function;
  const Argument& argument = call.arguments[at];
  if (name.starts_with("top")) {
    if (at == 1 && !reducer_of(argument.text)) return "mean, min, max, sum, last, area or l2norm";
    if (at == 2 && argument.text != "asc" && argument.text != "desc") return "'asc' or 'desc'";
    if ((at == 0 || at == 3) && !is_whole(*argument.number, at == 0 ? 1 : 0, 1e6))
      return "a whole number of lines";
  }
  if (name == "timeshift" && !is_whole(*argument.number, -kShiftMost, kShiftMost))
    return "a whole number of seconds, below 0 for the past,";
  if (name == "calendar_shift") {
    if (at == 0 && !calendar_seconds(argument.text)) return "'-1d', '-1w' or '-1mo'";
    if (at == 1 && argument.text != "UTC") return "'UTC': other time zones are not known here; it";
  }
  if (name == "moving_rollup") {
    if (at == 0 && !is_whole(*argument.number, 1, kDay * 31)) return "a whole number of seconds";
    if (at == 1 && !moving_of(argument.text)) return "'avg', 'sum', 'min', 'max' or 'median'";
  }
  if (name == "rollup") {
    if (at == 0 && !method_in(argument)) return "'avg', 'sum', 'min', 'max' or 'count'";
    if (at == 1 && !is_whole(*argument.number, 1, kDay * 366)) return "a whole number of seconds";
  }
  return std::nullopt;
}

// The metrics that an expression is about.
template <typename Visit>
void each_metric(const Expression& expression, Query& query, Visit&& visit) {
  if (expression.kind == Expression::Kind::metric) visit(query.metrics[expression.metric]);
  for (const Expression& child : expression.children) each_metric(child, query, visit);
}

}  // namespace

std::string why_not(std::string_view function) {
  if (signature_of(function) || is_banded(function)) return {};
  for (const Instead& each : kUnsupported)
    if (each.name == function)
      return fmt::format("the function {}() is not supported: {}", function, each.advice);
  return fmt::format(
      "the function {}() is not known; take it away, or one of docs/formats/metric-queries.md",
      function);
}

std::optional<Problem> problem_of(const Expression& call) {
  if (is_banded(call.function)) return problem_of_band(call);
  const std::optional<std::string_view> signature = signature_of(call.function);
  if (!signature) return Problem{.message = why_not(call.function), .position = call.begin};
  if (auto wrong = problem_of_signature(call, *signature)) return wrong;
  for (std::size_t i = 0; i < call.arguments.size(); ++i)
    if (const auto wanted = problem_of_value(call, i))
      return Problem{.message = fmt::format("{} belongs here", *wanted),
                     .position = call.arguments[i].position};
  return std::nullopt;
}

bool is_of_single_values(std::string_view function) {
  constexpr std::array kOtherTimes{"hour_before",  "day_before", "week_before",
                                   "month_before", "timeshift",  "calendar_shift"};
  if (std::ranges::find(kOtherTimes, function) != kOtherTimes.end()) return true;
  return std::ranges::any_of(kSingle, [&](const Signature& s) { return s.name == function; }) ||
         rank_in_name(function).has_value();
}

void ask_for_functions(const Expression& expression, Query& query) {
  for (const Expression& child : expression.children) ask_for_functions(child, query);
  if (expression.kind != Expression::Kind::call) return;
  if (const std::int64_t shift = shift_of(expression); shift != 0)
    each_metric(expression, query, [=](Metric& metric) { metric.shift_s += shift; });
  if (const std::int64_t history = history_of(expression); history > 0) {
    const std::int64_t step = step_of(expression);
    each_metric(expression, query, [=](Metric& metric) {
      metric.history_s = std::max(metric.history_s, history);
      metric.step_s_min = std::max(metric.step_s_min, step);
    });
  }
  if (expression.function != "rollup") return;
  const std::optional<Method> method = method_in(expression.arguments.front());
  const std::int64_t seconds = expression.arguments.size() > 1
                                   ? static_cast<std::int64_t>(*expression.arguments[1].number)
                                   : 0;
  each_metric(expression, query, [=](Metric& metric) {
    if (!metric.rollup) metric.rollup = method;
    if (metric.rollup_s == 0) metric.rollup_s = seconds;
  });
}

namespace {

Result<Lines> apply_band(const Expression& call, Lines lines) {
  if (call.function == "anomalies") return with_bands(std::move(lines), band_options(call));
  if (call.function == "forecast") return with_forecast(std::move(lines), forecast_options(call));
  // Each line is compared with each other.
  constexpr std::size_t kComparedMost = 50'000'000;
  const std::size_t count = lines.lines.size();
  if (count * count * lines.grid.size > kComparedMost)
    return error_at(fmt::format("outliers() among {} lines of {} points is too much; ask for fewer "
                                "groups or a longer rollup",
                                count, lines.grid.size),
                    call.begin);
  return with_outliers(std::move(lines), outlier_options(call));
}

bool has_bounds(const Lines& lines) {
  return std::ranges::any_of(lines.lines,
                             [](const Line& line) { return line.role != Role::value; });
}

}  // namespace

Result<Lines> apply_function(const Expression& call, Lines lines) {
  if (has_bounds(lines))
    return error_at(fmt::format("{}() of a band means nothing; anomalies() and forecast() stand "
                                "outermost",
                                call.function),
                    call.begin);
  if (is_banded(call.function)) return apply_band(call, std::move(lines));
  if (auto made = apply_single(call, lines)) return *std::move(made);
  if (const auto span = span_of(call.function, "ewma_")) return ewma(std::move(lines), *span);
  std::optional<std::size_t> places = span_of(call.function, "median_");
  Moving method = Moving::median;
  if (call.function == "moving_rollup") {
    const auto seconds = static_cast<std::int64_t>(*call.arguments[0].number);
    places = static_cast<std::size_t>(std::max<std::int64_t>(seconds / lines.grid.step_s, 1));
    method = *moving_of(call.arguments[1].text);
  }
  if (!places) return over_time(call.function, std::move(lines));
  // Each place looks at all of its window.
  constexpr std::size_t kLooksMost = 20'000'000;
  const std::size_t seen = std::min(*places, lines.grid.size);
  if (lines.lines.size() * lines.grid.size * seen > kLooksMost)
    return error_at(
        fmt::format("{}() over {} points of {} lines is too much; ask for fewer groups, "
                    "a longer rollup or a shorter window",
                    call.function, seen, lines.lines.size()),
        call.begin);
  return moving(std::move(lines), *places, method);
}

}  // namespace catalejo::query::metrics
