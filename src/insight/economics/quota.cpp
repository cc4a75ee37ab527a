#include "insight/economics/quota.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/ascii.hpp"
#include "base/money.hpp"
#include "insight/economics/statements.hpp"
#include "query/row_reader.hpp"
#include "query/saturate.hpp"

namespace catalejo::insight::economics {
namespace {

using query::RowReader;
using query::StatementBuilder;

struct Unit {
  std::string_view model;
  std::int64_t tokens, requests;
};
// One unit of capacity. "Older chat models" are those that were there when quota began.
constexpr std::array kUnits = {
    Unit{"gpt-35-turbo", 1'000, 6}, Unit{"gpt-4", 1'000, 6},      Unit{"gpt-4-32k", 1'000, 6},
    Unit{"o1", 6'000, 1},           Unit{"o1-preview", 6'000, 1}, Unit{"o3", 1'000, 1},
    Unit{"o4-mini", 1'000, 1},      Unit{"o3-mini", 10'000, 1},   Unit{"o1-mini", 10'000, 1},
    Unit{"o3-pro", 10'000, 1},
};
// Of any other model: tokens are given out in thousands, and requests as the model has it.
constexpr std::int64_t kTokensPerUnit = 1'000;

bool has_token_quota(std::string_view sku) {
  const auto type = model::deployment_type_of_sku(sku);
  return type == model::DeploymentType::global || type == model::DeploymentType::data_zone ||
         type == model::DeploymentType::regional;
}

std::int64_t times(std::int64_t capacity, std::int64_t unit) {
  return saturate_to_64(static_cast<Int128>(capacity) * unit);
}

// JSON of metadata is read only where it can say so.
constexpr std::string_view kFailed =
    "(error != 0 AND (positionCaseInsensitive(error_type, 'RateLimit') > 0 OR "
    "JSONExtractInt(metadata, 'azure', 'status') = 429))";
constexpr std::string_view kRetried =
    "(position(metadata, 'retry_status') > 0 AND "
    "JSONExtractInt(metadata, 'azure', 'retry_status') = 429)";
// "Please retry after 6 seconds", where the tracer keeps no headers.
constexpr std::string_view kWait =
    "toInt64(multiIf(JSONHas(metadata, 'azure', 'retry_after_ms'), "
    "JSONExtractInt(metadata, 'azure', 'retry_after_ms'), "
    "match(error_message, '(?i)retry after \\\\d{1,9} second'), "
    "1000 * toInt64OrZero(extract(error_message, '(?i)retry after (\\\\d{1,9}) second')), -1))";

}  // namespace

std::string_view limit_from_name(LimitFrom from) {
  constexpr std::array<std::string_view, 3> kNames = {"", "azure", "capacity"};
  return kNames[static_cast<std::size_t>(from)];
}

Limits limits_of(const Place& place) {
  Limits limits;
  if (!has_token_quota(place.sku)) return limits;
  if (place.tokens_per_minute > 0) limits.tokens = {place.tokens_per_minute, LimitFrom::azure};
  if (place.requests_per_minute > 0)
    limits.requests = {place.requests_per_minute, LimitFrom::azure};
  if (place.capacity <= 0) return limits;
  const auto unit = std::ranges::find(kUnits, lower_ascii(place.model), &Unit::model);
  const bool known = unit != kUnits.end();
  if (limits.tokens.from == LimitFrom::nowhere)
    limits.tokens = {times(place.capacity, known ? unit->tokens : kTokensPerUnit),
                     LimitFrom::capacity};
  if (limits.requests.from == LimitFrom::nowhere && known)
    limits.requests = {times(place.capacity, unit->requests), LimitFrom::capacity};
  return limits;
}

query::Statement plan_peaks(const Span& span) {
  StatementBuilder out;
  out << "SELECT " << kPlaceNames
      << ", max(tokens), argMax(minute, tokens), max(requests), argMax(minute, requests)\nFROM (\n"
         "  SELECT "
      << kPlaceNames << ", minute, sumIf(v, name != " << out.bind_text(metric_of(Counter::requests))
      << ") AS tokens, sumIf(v, name = " << out.bind_text(metric_of(Counter::requests))
      << ") AS requests\n  FROM (\n    SELECT name, " << place_columns()
      << ", minutes, sums FROM (\n      SELECT toString(name) AS name, series, "
      << "any(CAST(tags, 'Array(String)')) AS labels, groupArray(toUnixTimestamp(time)) AS "
         "minutes, "
         "groupArray(value) AS sums\n      FROM metrics\n      WHERE ";
  write_metrics(out, span,
                {std::string(metric_of(Counter::prompt_tokens)),
                 std::string(metric_of(Counter::completion_tokens)),
                 std::string(metric_of(Counter::requests))});
  out << "\n      GROUP BY name, series))\n  ARRAY JOIN minutes AS minute, sums AS v\n  GROUP BY "
      << kPlaceNames << ", minute)\nGROUP BY " << kPlaceNames << "\nFORMAT RowBinary";
  return std::move(out).finish();
}

Result<std::vector<AzurePeak>> read_peaks(std::string_view body) {
  std::vector<AzurePeak> all;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    AzurePeak one{.place = read_place(row)};
    one.peak.tokens = whole_of(row.f64());
    one.peak.tokens_at_s = row.u32();
    one.peak.requests = whole_of(row.f64());
    one.peak.requests_at_s = row.u32();
    if (row.failed()) return broken_rows();
    all.push_back(std::move(one));
  }
  if (row.failed()) return broken_rows();
  return all;
}

query::Statement plan_throttling(const Span& span, const std::vector<std::string>& resources) {
  StatementBuilder out;
  out << "SELECT u_resource, u_deployment, u_model, toInt64(countIf(u_failed)), "
         "toInt64(countIf(u_retried)), toInt64(sum(u_retries)), max(u_wait), "
      << fmt::format(
             "groupArraySorted({})((-u_at, trace_id, span_id, u_request, u_wait, "
             "toUInt8(u_failed)))",
             kThrottledNewest)
      << "\nFROM (\n  SELECT " << kCallNames << ", " << kFailed << " AS u_failed, " << kRetried
      << " AS u_retried, if(u_retried, greatest(JSONExtractInt(metadata, 'azure', 'retries'), 1), "
         "0) AS u_retries, "
      << kWait << " AS u_wait, JSONExtractString(metadata, 'azure', 'request_id') AS u_request, "
      << "toUnixTimestamp64Nano(start) AS u_at, trace_id, span_id\n  FROM spans\n  WHERE ";
  write_calls(out, span, resources);
  out << "\n  AND (u_failed OR u_retried))\nGROUP BY u_resource, u_deployment, u_model\n"
      << fmt::format("ORDER BY count() DESC LIMIT {}\nFORMAT RowBinary", kTracedRowsMax);
  return std::move(out).finish();
}

Result<std::vector<TracedThrottling>> read_throttling(std::string_view body) {
  std::vector<TracedThrottling> all;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    TracedThrottling one;
    for (std::string* text : {&one.resource, &one.deployment, &one.model}) *text = row.text();
    for (std::int64_t* number : {&one.failed, &one.retried, &one.retries})
      *number = std::max<std::int64_t>(row.i64(), 0);
    one.retry_after_ms_max = row.i64();
    for (std::size_t left = row.count(42); left > 0; --left) {
      ThrottledCall call;
      call.start = {-row.i64()};
      call.trace_id = row.trace_id();
      call.span_id = {row.u64()};
      call.request_id = row.text();
      call.retry_after_ms = row.i64();
      call.failed = row.u8() != 0;
      one.newest.push_back(std::move(call));
    }
    if (row.failed()) return broken_rows();
    all.push_back(std::move(one));
  }
  if (row.failed()) return broken_rows();
  return all;
}

void Throttled::add(const TracedThrottling& more) {
  failed = query::add_saturated(failed, more.failed);
  retried = query::add_saturated(retried, more.retried);
  retries = query::add_saturated(retries, more.retries);
  retry_after_ms_max = std::max(retry_after_ms_max, more.retry_after_ms_max);
  newest.insert(newest.end(), more.newest.begin(), more.newest.end());
  std::ranges::sort(newest, std::ranges::greater(), &ThrottledCall::start);
  if (newest.size() > kThrottledNewest) newest.resize(kThrottledNewest);
}

}  // namespace catalejo::insight::economics
