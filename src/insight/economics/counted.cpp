#include "insight/economics/counted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "insight/economics/statements.hpp"
#include "query/usage.hpp"

namespace catalejo::insight::economics {
namespace {

using query::RowReader;
using query::StatementBuilder;

constexpr std::array kCounters = {Counter::prompt_tokens, Counter::completion_tokens,
                                  Counter::requests};

}  // namespace

query::Statement plan_azure_counts(const Span& span) {
  StatementBuilder out;
  const std::string era = era_of(out, "toUnixTimestamp(time)", span);
  out << "SELECT name, c_era, " << place_columns() << ", " << tag_column("statuscode")
      << " AS c_status, toUInt8(" << tag_column("isspillover")
      << " = 'true') AS c_spilled, sum(total)\nFROM (\n  SELECT toString(name) AS name, series, "
      << era
      << " AS c_era, any(CAST(tags, 'Array(String)')) AS labels, sum(value) AS total\n"
         "  FROM metrics\n  WHERE ";
  std::vector<std::string> metrics;
  for (const Counter counter : kCounters) metrics.emplace_back(metric_of(counter));
  write_metrics(out, span, std::move(metrics));
  out << "\n  GROUP BY name, series, c_era)\nGROUP BY name, c_era, " << kPlaceNames
      << ", c_status, c_spilled\nFORMAT RowBinary";
  return std::move(out).finish();
}

Result<std::vector<AzureCount>> read_azure_counts(std::string_view body) {
  std::vector<AzureCount> all;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    const auto counter = std::ranges::find(kCounters, row.text(), metric_of);
    AzureCount count{.era = row.u8()};
    count.place = read_place(row);
    count.status = row.text();
    count.spilled = row.u8() != 0;
    count.sum = row.f64();
    if (row.failed() || counter == kCounters.end()) return broken_rows();
    count.counter = *counter;
    all.push_back(std::move(count));
  }
  if (row.failed()) return broken_rows();
  return all;
}

query::Statement plan_traced_counts(const Span& span, const std::vector<std::string>& resources) {
  StatementBuilder out;
  const std::string era = era_of(out, "toUnixTimestamp64Second(start)", span);
  out << "SELECT u_resource, u_deployment, u_model, u_era, toInt64(count()) AS calls, "
         "toInt64(countIf(error != 0)), toInt64(countIf(u_counted)), sum(if(u_counted, "
         "input_tokens, 0)), sum(if(u_counted, cached_tokens, 0)), sum(if(u_counted, "
         "greatest(output_tokens, 0), 0))\nFROM (\n  SELECT "
      << kCallNames << ", error, input_tokens, cached_tokens, output_tokens, "
      << query::counted_condition() << " AS u_counted, " << era
      << " AS u_era\n  FROM spans\n  WHERE ";
  write_calls(out, span, resources);
  out << ")\nGROUP BY u_resource, u_deployment, u_model, u_era\n"
      << fmt::format("ORDER BY calls DESC, u_resource, u_deployment, u_model LIMIT {}\n",
                     kTracedRowsMax + 1)
      << "FORMAT RowBinary";
  return std::move(out).finish();
}

Result<std::vector<TracedCount>> read_traced_counts(std::string_view body) {
  std::vector<TracedCount> all;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    TracedCount count;
    for (std::string* text : {&count.resource, &count.deployment, &count.model}) *text = row.text();
    count.era = row.u8();
    for (std::int64_t* number : {&count.calls, &count.failed, &count.counted, &count.prompt,
                                 &count.cached, &count.completion})
      *number = std::max<std::int64_t>(row.i64(), 0);
    if (row.failed()) return broken_rows();
    all.push_back(std::move(count));
  }
  if (row.failed()) return broken_rows();
  return all;
}

}  // namespace catalejo::insight::economics
