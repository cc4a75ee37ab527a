// The values of a line as one number: for a figure, a table, a rank, a monitor's window.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "query/metrics/series.hpp"

namespace catalejo::query::metrics {

enum class Reducer : std::uint8_t { avg, sum, min, max, last, area, l2norm };

// "avg", "mean", "sum", …
std::optional<Reducer> reducer_of(std::string_view word);

// NaN when there is no value. Gaps count for nothing.
double reduced(std::span<const double> values, Reducer reducer, std::int64_t step_s);
// The value below which the part `q` of the values lies, between two of them if need be.
double quantile_of_values(std::span<const double> values, double q);

// Each line as a line of one place.
Lines reduced(Lines lines, Reducer reducer);

// An expression over one window of time, for figures and monitors. Where it only reckons
// (+ - * / and functions of single values), each metric is reduced first and the sum of errors
// divided by the sum of requests; else the line that it comes to is reduced. Without any
// as_count() a monitor asks for the second in any case (`reckon_first` is false): a mean of ratios.
Result<Lines> over_window(const Expression& expression, std::vector<Lines> metrics,
                          const std::vector<Reducer>& reducers, bool reckon_first);
// Whether an expression only reckons, so that each of its metrics may be one value.
bool only_reckons(const Expression& expression);
// Whether a monitor reduces the metrics of a query first.
bool counts_first(const Query& query);

}  // namespace catalejo::query::metrics
