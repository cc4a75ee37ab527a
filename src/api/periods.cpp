#include "api/periods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "api/parameters.hpp"
#include "query/saturate.hpp"

namespace catalejo::api {
namespace {

Result<insight::Periods> parse_periods(const query::Parameters& parameters) {
  auto filter = query::parse_filter(parameters, query::View::spans, now(), {"against", "api_key"});
  if (!filter) return filter.error();
  insight::Periods periods{.filter = *std::move(filter)};
  const std::int64_t length = query::distance_saturated(periods.filter.from, periods.filter.to);
  std::int64_t back = length;
  const std::string* against = find_parameter(parameters, "against");
  if (against != nullptr && !against->empty() && *against != "before") {
    if (*against != "day" && *against != "week") {
      return Error{Code::bad_request,
                   fmt::format("'{}' is no period: write before, day or week", *against),
                   "against"};
    }
    // Of a range longer than a day the day before is inside it.
    back = std::max(length, (*against == "day" ? 1 : 7) * kNanosPerDay);
  }
  periods.before_from = query::shifted(periods.filter.from, -back);
  return periods;
}

}  // namespace

Task<AskedPeriods> asked_periods(ApiPtr api, net::Request request) {
  AskedPeriods asked;
  auto parameters = parameters_of(request);
  if (!parameters) {
    asked.refused = problem(parameters.error());
    co_return asked;
  }
  asked.parameters = *std::move(parameters);
  auto periods = parse_periods(asked.parameters);
  if (!periods) {
    asked.refused = filter_problem(periods.error(), asked.parameters);
    co_return asked;
  }
  asked.periods = *std::move(periods);
  auto priced = co_await api->costs.priced(asked.periods.filter, false, asked.periods.before_from);
  if (!priced) {
    asked.refused = problem(priced.error());
    co_return asked;
  }
  asked.periods.filter = *std::move(priced);
  co_return asked;
}

void append_times(Fields& fields, const insight::Periods& periods) {
  fields.time("from_ns", periods.filter.from);
  fields.time("to_ns", periods.filter.to);
  fields.time("before_from_ns", periods.before_from);
  fields.time("before_to_ns", periods.before_to());
}

void append_figures(std::string& out, const insight::Figures& figures,
                    const insight::Sums& judged) {
  const insight::Sums& sums = figures.sums;
  Fields fields(out);
  fields.integer("calls", static_cast<std::int64_t>(sums.calls));
  fields.integer("failed", static_cast<std::int64_t>(sums.failed));
  const bool timed = figures.durations.count() > 0;
  fields.known("p50_ns", timed ? std::llround(figures.durations.quantile(0.5)) : -1);
  fields.known("p95_ns", timed ? std::llround(figures.durations.quantile(0.95)) : -1);
  fields.known("tokens", sums.counted > 0 ? std::llround(sums.tokens) : -1);
  fields.integer("counted_calls", static_cast<std::int64_t>(sums.counted));
  fields.cost("cost_usd", sums.priced > 0 ? std::llround(sums.nano_usd) : -1);
  fields.integer("priced_calls", static_cast<std::int64_t>(sums.priced));
  fields.integer("judged", static_cast<std::int64_t>(judged.calls));
  fields.integer("judged_failing", static_cast<std::int64_t>(judged.failed));
  fields.close();
}

}  // namespace catalejo::api
