// The query of a monitor: a window of time, a query of metrics or a figure of spans
// (span_query.hpp), a comparison.
//   avg(last_5m):avg:cpu{*} by {host} > 90
//   pct_change(avg(last_5m),last_1h):sum:tokens{*}.as_count() > 50
//   max(next_1w):forecast(avg:disk{*}, 'linear', 1) >= 90
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "query/metrics/ast.hpp"
#include "query/metrics/reduce.hpp"
#include "query/span_figure.hpp"

namespace catalejo::monitor {

enum class Compare : std::uint8_t { above, at_least, below, at_most, equal, unequal };
bool holds(double value, Compare compare, double threshold);
std::string_view sign_of(Compare compare);  // ">="
// Whether values above a threshold are the bad ones; what is equal or not counts as such.
bool upwards(Compare compare);

enum class Change : std::uint8_t { none, absolute, percent };

struct MonitorQuery {
  query::metrics::Reducer reducer = query::metrics::Reducer::avg;
  std::int64_t window_s = 0;
  bool future = false;  // next_1w
  Change change = Change::none;
  std::int64_t change_s = 0;      // compared with so long ago
  query::metrics::Query metrics;  // one expression; of spans none
  std::optional<query::SpanFigure> spans;
  // Of a formula: how each of its metrics becomes one value of the window. It only reckons.
  std::vector<query::metrics::Reducer> reducers;
  Compare compare = Compare::above;
  double critical = 0;

  const query::metrics::Expression& expression() const { return metrics.expressions.front(); }
  // "anomalies", "forecast", "outliers", or empty.
  std::string_view band() const;
  bool counts() const;  // with as_count(), or of spans: what came not is zero
  bool grouped() const { return !by().empty(); }
  std::vector<std::string> by() const;
};

// Errors: bad_request with the place.
Result<MonitorQuery> parse_query(std::string_view text);
// The comparison at the end of a query, and the text before it.
Result<std::string_view> take_comparison(std::string_view text, MonitorQuery& made);
// "last_5m", "5m", "1h_ago" in seconds; 0 when it is none of these.
std::int64_t window_of(std::string_view text);

}  // namespace catalejo::monitor
