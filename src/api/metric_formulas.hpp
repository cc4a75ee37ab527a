// What POST /api/v2/query/scalar and …/timeseries ask for. For this folder only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/metric_ask.hpp"
#include "query/metrics/reduce.hpp"

namespace catalejo::api {

struct AskedFormula {
  query::metrics::Query query;
  std::string name;                 // the formula as it was written
  std::optional<std::size_t> rows;  // of a table: how many, those with the highest value or …
  bool highest = true;
};

struct AskedFormulas {
  MetricWindow window;
  std::vector<query::metrics::Reducer> reducers;  // of each query
  std::vector<AskedFormula> formulas;
};

// Errors: bad_request, malformed.
Result<AskedFormulas> read_formulas(std::string body);

}  // namespace catalejo::api
