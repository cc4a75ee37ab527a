// What is usual of a line, what it will be, and which lines behave unlike the others: anomalies(),
// forecast(), outliers(). Learns from the places before the time that was asked for. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "query/metrics/ast.hpp"
#include "query/metrics/series.hpp"

namespace catalejo::query::metrics {

enum class BandMethod : std::uint8_t { basic, agile, robust };

struct BandOptions {
  BandMethod method = BandMethod::basic;
  double width = 2;  // in deviations
  std::int64_t season_s = 86'400;
};

// Of each line three: the values, then the lower and the upper bound of what is usual.
Lines with_bands(Lines lines, const BandOptions& options);

struct ForecastOptions {
  bool seasonal = false;
  double width = 1;
  std::int64_t season_s = 86'400;
};

// Of each line four: the values, then what is expected behind the last of them, with its bounds.
Lines with_forecast(Lines lines, const ForecastOptions& options);

struct OutlierOptions {
  bool dbscan = true;
  bool scaled = false;
  double tolerance = 3;
  double percent = 50;  // of a line's points that must be far off; MAD only
};

// The same lines; those that are outliers say so.
Lines with_outliers(Lines lines, const OutlierOptions& options);

// What calls of these functions say, with their defaults; what they ask of the metrics inside.
BandOptions band_options(const Expression& call);
ForecastOptions forecast_options(const Expression& call);
OutlierOptions outlier_options(const Expression& call);
std::int64_t history_of(const Expression& call);  // seconds; 0 for other functions
// The interval='' of a call, or one that keeps the history within its bound.
std::int64_t step_of(const Expression& call);
// What is wrong with the arguments of one of these calls; each of them is called `is_banded`.
bool is_banded(std::string_view function);
std::optional<Problem> problem_of_band(const Expression& call);

}  // namespace catalejo::query::metrics
