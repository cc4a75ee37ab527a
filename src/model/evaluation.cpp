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

}  // namespace catalejo::model
