// What Azure counted of each deployment, and what was traced of it: SELECTs over the metrics that
// are read from Azure Monitor and over the spans, and their answers. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "insight/economics/directory.hpp"
#include "query/statement.hpp"

namespace catalejo::insight::economics {

// A time and where it is cut, as the Directory has them.
struct Span {
  Window window;
  std::vector<std::int64_t> bounds;
};

enum class Counter : std::uint8_t { prompt_tokens, completion_tokens, requests };

// Tags as they are stored.
struct MetricPlace {
  std::string subscription, group, account, deployment;
};
struct AzureCount {
  Counter counter = Counter::requests;
  MetricPlace place;
  std::size_t era = 0;   // so many of the bounds are before it
  std::string status;    // of requests: "200"
  bool spilled = false;  // of requests: they came from a provisioned deployment that was full
  double sum = 0;
};
query::Statement plan_azure_counts(const Span& span);
Result<std::vector<AzureCount>> read_azure_counts(std::string_view body);

struct TracedCount {
  std::string resource, deployment,
      model;  // as the spans have them; the model without a deployment
  std::size_t era = 0;
  std::int64_t calls = 0, failed = 0;
  std::int64_t counted = 0;  // of the calls, those with token counts
  std::int64_t prompt = 0, cached = 0, completion = 0;
};
// Those with the most calls; one row more than kTracedRowsMax when there are more.
inline constexpr std::size_t kTracedRowsMax = 2'000;
query::Statement plan_traced_counts(const Span& span, const std::vector<std::string>& resources);
Result<std::vector<TracedCount>> read_traced_counts(std::string_view body);

}  // namespace catalejo::insight::economics
