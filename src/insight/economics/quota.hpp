// Quota: how much of its limits a deployment used in its busiest minute, and the calls that Azure
// sent away with 429. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "insight/economics/counted.hpp"

namespace catalejo::insight::economics {

// Where a limit is said.
enum class LimitFrom : std::uint8_t {
  nowhere,
  azure,     // the deployment's rate limits
  capacity,  // Microsoft's table of units of capacity ("Manage Azure OpenAI quota", 09/16/2026)
};
struct Limit {
  std::int64_t per_minute = 0;
  LimitFrom from = LimitFrom::nowhere;
};
struct Limits {
  Limit tokens, requests;
};
std::string_view limit_from_name(LimitFrom from);
// Of a provisioned deployment none: its limit is its utilisation.
Limits limits_of(const Place& place);

struct Peak {
  std::int64_t tokens = 0, tokens_at_s = 0, requests = 0, requests_at_s = 0;
};
// Of one deployment, each its busiest minute; 0 when there was none.
struct AzurePeak {
  MetricPlace place;
  Peak peak;
};
query::Statement plan_peaks(const Span& span);
Result<std::vector<AzurePeak>> read_peaks(std::string_view body);

// A call that Azure sent away, or that was tried again because of it.
struct ThrottledCall {
  UnixNanos start;
  TraceId trace_id;
  SpanId span_id;
  std::string request_id;            // apim-request-id of the last answer; empty = not told
  std::int64_t retry_after_ms = -1;  // -1 = not told
  bool failed = false;               // it ended so
};
struct TracedThrottling {
  std::string resource, deployment, model;
  std::int64_t failed = 0, retried = 0, retries = 0;  // calls, calls, tries
  std::int64_t retry_after_ms_max = -1;
  std::vector<ThrottledCall> newest;  // first
};
inline constexpr std::size_t kThrottledNewest = 5;
query::Statement plan_throttling(const Span& span, const std::vector<std::string>& resources);
Result<std::vector<TracedThrottling>> read_throttling(std::string_view body);

struct Throttled {
  std::int64_t failed = 0, retried = 0, retries = 0;
  std::int64_t retry_after_ms_max = -1;
  std::vector<ThrottledCall> newest;  // first, kThrottledNewest at most
  void add(const TracedThrottling& more);
};
// What a search adds to that for a row's calls.
inline constexpr std::string_view kThrottledSearch =
    "(@meta.metadata.azure.status:429 OR @meta.metadata.azure.retry_status:429 OR "
    "@meta.error.type:*RateLimit*)";

}  // namespace catalejo::insight::economics
