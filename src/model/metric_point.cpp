#include "model/metric_point.hpp"

#include "base/hash.hpp"

namespace catalejo::model {

std::uint64_t series_of(const MetricPoint& point) {
  std::string key = point.name + '\0' + point.host;
  for (const std::string& tag : point.tags) (key += '\0') += tag;
  return hash128(key).low;
}

}  // namespace catalejo::model
