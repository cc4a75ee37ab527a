#include "azure/crawl/stored.hpp"

#include <fmt/format.h>

#include "base/task_blocking.hpp"
#include "pipeline/metric_names.hpp"
#include "query/row_reader.hpp"
#include "query/statement.hpp"

namespace catalejo::azure {
namespace {

constexpr std::string_view kPrefix = "azure_metric:";

const Metric* metric_of(const std::vector<std::string>& tags, const Metrics& metrics) {
  for (const std::string& tag : tags) {
    if (!tag.starts_with(kPrefix)) continue;
    const auto found = metrics.find(std::string_view(tag).substr(kPrefix.size()));
    return found == metrics.end() ? nullptr : &found->second;
  }
  return nullptr;
}

}  // namespace

Result<Stored> read_stored_rows(std::string_view body, const Metrics& metrics) {
  query::RowReader row(body);
  Stored stored;
  while (!row.at_end() && !row.failed()) {
    std::vector<std::string> tags(row.count(1));
    for (std::string& tag : tags) tag = row.text();
    std::vector<std::int64_t> minutes(row.count(sizeof(std::uint32_t)));
    for (std::int64_t& minute : minutes) minute = row.u32();
    std::vector<StoredValue> values(row.count(sizeof(double)));
    for (StoredValue& value : values) value.sum = row.f64();
    const std::size_t points = row.count(sizeof(std::uint64_t));
    if (row.failed() || values.size() != minutes.size() || points != minutes.size()) break;
    for (StoredValue& value : values) value.points = row.u64();
    const Metric* metric = metric_of(tags, metrics);
    if (metric == nullptr) continue;
    auto& series = stored[identity_of(tags, *metric)];
    for (std::size_t i = 0; i < minutes.size(); ++i) {
      series[minutes[i]].sum += values[i].sum;
      series[minutes[i]].points += values[i].points;
    }
  }
  if (!row.at_end() || row.failed())
    return Error{Code::database, "the rows of stored metrics are not what was asked for", {}};
  return stored;
}

Result<Stored> read_stored(store::Store& store, const std::string& subscription,
                           const Metrics& metrics, const std::vector<std::string>& rest_names,
                           std::int64_t from_s, std::int64_t to_s) {
  std::vector<std::string> names;
  for (const std::string& rest_name : rest_names)
    if (const auto found = metrics.find(pipeline::normal_metric_tag(rest_name));
        found != metrics.end())
      names.push_back(found->second.name);
  query::StatementBuilder sql;
  sql << "SELECT labels, groupArray(minute), groupArray(total), groupArray(points) FROM ("
         "SELECT name, series, CAST(tags, 'Array(String)') AS labels, toUnixTimestamp(time) AS "
         "minute, sum(value) AS total, count() AS points FROM metrics WHERE name IN "
      << sql.bind_texts(names) << " AND time >= toDateTime(" << sql.bind_int(from_s)
      << ", 'UTC') AND time < toDateTime(" << sql.bind_int(to_s)
      << ", 'UTC') AND source = " << sql.bind_text(kPointSource) << " AND has(tags, "
      << sql.bind_text(pipeline::normal_metric_tag(fmt::format("subscription_id:{}", subscription)))
      << ") GROUP BY name, series, labels, minute) GROUP BY name, series, labels FORMAT RowBinary";
  auto body = wait_blocking(query::ask(store, std::move(sql).finish()));
  if (!body) return body.error();
  return read_stored_rows(*body, metrics);
}

}  // namespace catalejo::azure
