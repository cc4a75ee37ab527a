#include "model/evaluation.hpp"

namespace catalejo::model {

std::string_view metric_type_name(MetricType type) {
  switch (type) {
    case MetricType::categorical:
      return "categorical";
    case MetricType::score:
      return "score";
    case MetricType::boolean:
      return "boolean";
    case MetricType::json:
      return "json";
    case MetricType::text:
      return "text";
  }
  return "unknown";
}

std::optional<MetricType> metric_type_of(std::string_view name) {
  for (const MetricType type : {MetricType::categorical, MetricType::score, MetricType::boolean,
                                MetricType::json, MetricType::text})
    if (name == metric_type_name(type)) return type;
  return std::nullopt;
}

}  // namespace catalejo::model
