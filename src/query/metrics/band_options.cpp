#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "query/metrics/bands.hpp"

namespace catalejo::query::metrics {
namespace {

constexpr std::int64_t kHour = 3'600, kDay = 24 * kHour, kWeek = 7 * kDay;

// By its name, or by its place among those without one.
const Argument* argument_of(const Expression& call, std::string_view name, std::size_t place) {
  std::size_t at = 0;
  for (const Argument& argument : call.arguments) {
    if (argument.name == name) return &argument;
    if (argument.name.empty() && at++ == place) return &argument;
  }
  return nullptr;
}
constexpr std::size_t kOnlyByName = 1'000;

std::string text_of(const Expression& call, std::string_view name, std::size_t place) {
  const Argument* found = argument_of(call, name, place);
  return found != nullptr ? lower_ascii(found->text) : std::string();
}

std::optional<double> number_of(const Expression& call, std::string_view name, std::size_t place) {
  const Argument* found = argument_of(call, name, place);
  return found != nullptr ? found->number : std::nullopt;
}

std::int64_t season_of(const Expression& call) {
  const std::string season = text_of(call, "seasonality", kOnlyByName);
  return season == "hourly" ? kHour : season == "weekly" ? kWeek : kDay;
}

// '4h', '1d', '2w' in seconds.
std::optional<std::int64_t> length_of(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count < 1 || count > 1'000) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit == "h") return count * kHour;
  if (unit == "d") return count * kDay;
  if (unit == "w") return count * kWeek;
  if (unit == "mo") return count * 30 * kDay;
  return std::nullopt;
}

struct Known {
  std::string_view name, values;  // |a|b|; empty = any
};
constexpr std::array kOfAnomalies{
    Known{"direction", "|both|above|below|"},
    Known{"alert_window", ""},
    Known{"interval", ""},
    Known{"count_default_zero", "|true|false|"},
    Known{"seasonality", "|hourly|daily|weekly|"},
    Known{"timezone", "|utc|"},
};
constexpr std::array kOfForecast{
    Known{"interval", ""},
    Known{"history", ""},
    Known{"model", "|default|simple|reactive|"},
    Known{"seasonality", "|hourly|daily|weekly|"},
};

template <typename Table>
std::optional<Problem> problem_of_named(const Expression& call, const Table& known) {
  for (const Argument& argument : call.arguments) {
    if (argument.name.empty()) continue;
    const auto found = std::ranges::find(known, argument.name, &Known::name);
    if (found == known.end())
      return Problem{
          .message = fmt::format("{}() has no argument {}", call.function, argument.name),
          .position = argument.position};
    const std::string value = fmt::format("|{}|", lower_ascii(argument.text));
    if (!found->values.empty() && found->values.find(value) == std::string_view::npos)
      return Problem{.message = fmt::format("{} is one of {}", argument.name,
                                            found->values.substr(1, found->values.size() - 2)),
                     .position = argument.position};
  }
  return std::nullopt;
}

std::optional<Problem> wrong_at(const Expression& call, const Argument* argument,
                                std::string message) {
  return Problem{.message = std::move(message),
                 .position = argument != nullptr ? argument->position : call.begin};
}

std::optional<Problem> problem_of_kind(const Expression& call, std::string_view values) {
  const Argument* kind = argument_of(call, "algorithm", 0);
  const std::string value = kind != nullptr ? fmt::format("|{}|", lower_ascii(kind->text)) : "";
  if (kind != nullptr && values.find(value) != std::string_view::npos) return std::nullopt;
  return wrong_at(call, kind,
                  fmt::format("{}() takes a query and one of {}", call.function,
                              values.substr(1, values.size() - 2)));
}

std::optional<Problem> problem_of_width(const Expression& call) {
  const Argument* width =
      argument_of(call, call.function == "outliers" ? "tolerance" : "bounds", 1);
  constexpr double kMost = 100;
  if (width == nullptr || (width->number && *width->number > 0 && *width->number <= kMost))
    return std::nullopt;
  return wrong_at(call, width, "a number above 0, up to 100, belongs here");
}

}  // namespace

bool is_banded(std::string_view function) {
  return function == "anomalies" || function == "forecast" || function == "outliers";
}

std::optional<Problem> problem_of_band(const Expression& call) {
  const auto unnamed = std::ranges::count_if(
      call.arguments, [](const Argument& argument) { return argument.name.empty(); });
  if (unnamed > (call.function == "outliers" ? 3 : 2))
    return Problem{.message = fmt::format("{}() has no such further argument", call.function),
                   .position = call.begin};
  if (call.function == "anomalies") {
    if (auto wrong = problem_of_kind(call, "|basic|agile|robust|")) return wrong;
    if (auto wrong = problem_of_named(call, kOfAnomalies)) return wrong;
  } else if (call.function == "forecast") {
    if (auto wrong = problem_of_kind(call, "|linear|seasonal|")) return wrong;
    if (auto wrong = problem_of_named(call, kOfForecast)) return wrong;
    const Argument* history = argument_of(call, "history", kOnlyByName);
    if (history != nullptr && !length_of(history->text))
      return wrong_at(call, history, "history is like '1d' or '2w'");
  } else {
    if (auto wrong = problem_of_kind(call, "|dbscan|mad|scaleddbscan|scaledmad|")) return wrong;
    if (auto wrong = problem_of_named(call, std::array<Known, 0>{})) return wrong;
  }
  if (const Argument* interval = argument_of(call, "interval", kOnlyByName);
      interval != nullptr && !(interval->number && *interval->number >= 1 &&
                               *interval->number <= static_cast<double>(kWeek)))
    return wrong_at(call, interval, "interval is a number of seconds");
  return problem_of_width(call);
}

BandOptions band_options(const Expression& call) {
  const std::string method = text_of(call, "algorithm", 0);
  return {.method = method == "agile"    ? BandMethod::agile
                    : method == "robust" ? BandMethod::robust
                                         : BandMethod::basic,
          .width = number_of(call, "bounds", 1).value_or(2),
          .season_s = season_of(call)};
}

ForecastOptions forecast_options(const Expression& call) {
  return {.seasonal = text_of(call, "algorithm", 0) == "seasonal",
          .width = number_of(call, "bounds", 1).value_or(1),
          .season_s = season_of(call)};
}

OutlierOptions outlier_options(const Expression& call) {
  const std::string method = text_of(call, "algorithm", 0);
  return {.dbscan = method.ends_with("dbscan"),
          .scaled = method.starts_with("scaled"),
          .tolerance = number_of(call, "tolerance", 1).value_or(3),
          .percent = number_of(call, "percentage", 2).value_or(50)};
}

std::int64_t history_of(const Expression& call) {
  // So many seasons: three at least are needed, and some are a holiday.
  const auto seasons = [&] {
    const std::int64_t season = season_of(call);
    return season == kWeek ? 5 * season : 6 * season;
  };
  if (call.function == "anomalies")
    return band_options(call).method == BandMethod::basic ? 6 * kHour : seasons();
  if (call.function != "forecast") return 0;
  const Argument* history = argument_of(call, "history", kOnlyByName);
  if (history != nullptr) return length_of(history->text).value_or(kDay);
  return forecast_options(call).seasonal ? seasons() : kDay;
}

std::int64_t step_of(const Expression& call) {
  if (const auto interval = number_of(call, "interval", kOnlyByName))
    return static_cast<std::int64_t>(*interval);
  const auto most = static_cast<std::int64_t>(limits::metric_history_points_max);
  return (history_of(call) + most - 1) / most;
}

}  // namespace catalejo::query::metrics
