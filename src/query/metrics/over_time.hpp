// Functions whose value in one place comes of several places of the line: rates, sums, means that
// move, trends. Gaps are passed over: what is before a gap is the value before. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "query/metrics/series.hpp"

namespace catalejo::query::metrics {

enum class Moving : std::uint8_t { avg, sum, min, max, median };
std::optional<Moving> moving_of(std::string_view word);

Lines ewma(Lines lines, std::size_t span);  // weight 2 / (span + 1) of the newest
Lines moving(Lines lines, std::size_t places, Moving method);

// per_second, per_minute, per_hour, dt, diff, monotonic_diff, derivative, throughput, cumsum,
// integral, trend_line, robust_trend; any other leaves the lines as they are.
Lines over_time(std::string_view function, Lines lines);

}  // namespace catalejo::query::metrics
