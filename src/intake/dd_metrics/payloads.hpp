// Metrics as Datadog's Agent sends them, in protobuf: /api/v2/series (MetricPayload) and
// /api/beta/sketches (SketchPayload). Pure functions; a body that is no protobuf is an error.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/batch.hpp"

namespace catalejo::intake::dd_metrics {

Result<model::Batch> parse_metric_payload(std::string body);
Result<model::Batch> parse_sketch_payload(std::string body);

}  // namespace catalejo::intake::dd_metrics
