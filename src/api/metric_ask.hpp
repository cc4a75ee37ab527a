// Queries of metrics to the store, and what they come to. For this folder only.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/routes.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "query/metrics/parser.hpp"
#include "query/metrics/series.hpp"

namespace catalejo::api {

// Time that is asked about, and how long a rollup is at least (0 = as the time makes it).
struct MetricWindow {
  std::int64_t from_s = 0, to_s = 0, step_s_min = 0;
};

// Answers that one request has had already: formulas ask for the same queries.
using MetricAnswers = std::map<std::string, query::metrics::Lines>;

// What a line says, as answers have it.
std::string_view role_name(query::metrics::Role role);

// The answers to all metrics of a query, in their order.
Task<Result<std::vector<query::metrics::Lines>>> ask_metrics(
    ApiPtr api, std::vector<query::metrics::Metric> wanted, MetricWindow window,
    std::shared_ptr<MetricAnswers> known);

}  // namespace catalejo::api
