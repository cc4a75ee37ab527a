#include "pipeline/metric_points.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/limits.hpp"
#include "pipeline/metric_names.hpp"

namespace catalejo::pipeline {
namespace {

// Why it is refused; empty when it is not.
std::string_view problem_of(const model::MetricPoint& point, Times times) {
  if (point.name.empty()) return "no_name";
  const bool spread = point.kind == model::MetricKind::distribution;
  if (spread && !(point.sketch.count() > 0)) return "empty_sketch";
  for (const double number :
       {point.value, point.sketch.sum(), point.sketch.min(), point.sketch.max()})
    if (!std::isfinite(number)) return "not_a_number";
  return time_problem(point.time, times);
}

}  // namespace

void normalise_points(model::Batch& batch, Times times) {
  for (model::MetricPoint& point : batch.points) {
    point.name = normal_metric_name(point.name);
    for (std::string& tag : point.tags) tag = normal_metric_tag(tag);
    point.host = normal_metric_tag(point.host);
    put_in_order(point.tags);
  }
  std::erase_if(batch.points, [&](const model::MetricPoint& point) {
    const std::string_view problem = problem_of(point, times);
    if (!problem.empty()) ++batch.points_rejected[std::string(problem)];
    return !problem.empty();
  });
}

}  // namespace catalejo::pipeline
