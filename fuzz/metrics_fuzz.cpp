// Bodies of metrics from a stranger, JSON and protobuf: each point is accounted for, and sketches
// hold together.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "intake/dd_metrics/payloads.hpp"
#include "intake/dd_metrics/series.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catalejo;
  if (size == 0) return 0;
  const std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
  constexpr Result<model::Batch> (*kParsers[])(std::string) = {
      intake::dd_metrics::parse_series_v1, intake::dd_metrics::parse_series_v2,
      intake::dd_metrics::parse_distribution_points, intake::dd_metrics::parse_metric_payload,
      intake::dd_metrics::parse_sketch_payload};
  const auto batch = kParsers[data[0] % std::size(kParsers)](body);
  if (!batch) return 0;
  std::uint64_t accounted = batch->points.size();
  for (const auto& [reason, count] : batch->points_rejected) accounted += count;
  if (accounted != batch->points_received) std::abort();
  for (const model::MetricPoint& point : batch->points) {
    const double middle = point.sketch.quantile(0.5);
    if (middle != middle && point.sketch.sum() == point.sketch.sum()) std::abort();
  }
  return 0;
}
