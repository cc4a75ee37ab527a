// Metrics as Datadog's API takes them, in JSON: /api/v1/series, /api/v2/series and
// /api/v1/distribution_points. Pure functions; a body that is none of it is an error, a bad point
// in a good body is refused alone.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/batch.hpp"

namespace catalejo::intake::dd_metrics {

Result<model::Batch> parse_series_v1(std::string body);
Result<model::Batch> parse_series_v2(std::string body);
Result<model::Batch> parse_distribution_points(std::string body);

}  // namespace catalejo::intake::dd_metrics
