#include "insight/economics/statements.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>

#include "azure/crawl/points.hpp"
#include "query/usage.hpp"

namespace catalejo::insight::economics {

Error broken_rows() {
  return Error{Code::database, "the rows are not what was asked for", {}};
}

std::int64_t whole_of(double sum) {
  if (!(sum > 0)) return 0;
  return sum >= 9.2e18 ? INT64_MAX : std::llround(sum);
}

std::string_view metric_of(Counter counter) {
  constexpr std::array<std::string_view, 3> kMetrics = {
      "azure.cognitiveservices_accounts.processed_prompt_tokens",
      "azure.cognitiveservices_accounts.generated_completion_tokens",
      "azure.cognitiveservices_accounts.azure_open_ai_requests",
  };
  return kMetrics[static_cast<std::size_t>(counter)];
}

std::string tag_column(std::string_view key) {
  return fmt::format("substring(arrayFirst(t -> startsWith(t, '{}:'), labels), {})", key,
                     key.size() + 2);
}

std::string place_columns() {
  return fmt::format("{} AS c_subscription, {} AS c_group, {} AS c_account, {} AS c_deployment",
                     tag_column("subscription_id"), tag_column("resource_group"),
                     tag_column("name"), tag_column("modeldeploymentname"));
}

MetricPlace read_place(query::RowReader& row) {
  MetricPlace place;
  for (std::string* text : {&place.subscription, &place.group, &place.account, &place.deployment})
    *text = row.text();
  return place;
}

void write_metrics(query::StatementBuilder& out, const Span& span,
                   std::vector<std::string> metrics) {
  out << "name IN " << out.bind_texts(metrics) << " AND time >= toDateTime("
      << out.bind_int(span.window.from_s) << ", 'UTC') AND time < toDateTime("
      << out.bind_int(span.window.to_s)
      << ", 'UTC') AND source = " << out.bind_text(azure::kPointSource);
}

void write_calls(query::StatementBuilder& out, const Span& span,
                 const std::vector<std::string>& resources) {
  out << query::kModelCall
      << " AND start >= " << out.bind_time({span.window.from_s * kNanosPerSecond})
      << " AND start < " << out.bind_time({span.window.to_s * kNanosPerSecond})
      << "\n  AND (positionCaseInsensitive(provider, 'azure') > 0 OR azure_resource IN "
      << out.bind_texts(resources) << ")";
}

std::string era_of(query::StatementBuilder& out, std::string_view seconds, const Span& span) {
  if (span.bounds.empty()) return "toUInt8(0)";
  const std::string bounds =
      out.bind("Array(Int64)", fmt::format("[{}]", fmt::join(span.bounds, ",")));
  return fmt::format("toUInt8(arrayCount(x -> toInt64({}) >= x, {}))", seconds, bounds);
}

}  // namespace catalejo::insight::economics
