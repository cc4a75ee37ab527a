// How many tokens of what were used: summed in the database by everything that a price depends on
// (model, deployment, resource, the times at which prices change), so that some dozens of rows come
// back and are priced here. No price is ever written into SQL, and none is stored: a correction
// prices all of history anew (docs/decisions/010-cost.md).
#pragma once

#include <cstdint>

#include <string>
#include <string_view>
#include <vector>

#include "cost/span_cost.hpp"
#include "query/plans.hpp"
#include "query/row_reader.hpp"

namespace catalejo::query {

// What calls have in common that are priced alike.
struct UsageKey {
  std::string model, deployment, resource;
  UnixNanos time;  // one at which all of them have the same price
  bool long_context = false;
  std::uint8_t parts = 0;    // which kinds of tokens occur: 1 audio in, 2 audio out, 4 text out
  bool application = false;  // the spans brought their cost
  std::int64_t day = -1;     // of a provisioned deployment: days since 1970; else -1
  auto operator<=>(const UsageKey&) const = default;
};

// Sums over calls of one key.
struct Usage {
  std::uint64_t calls = 0;
  std::int64_t application_nano_usd = 0;
  std::uint64_t counted_calls = 0;  // with the token counts that a cost needs
  std::uint64_t failed_uncounted_calls = 0;
  cost::TokenSplit tokens;  // of counted_calls
};

// One row of an answer: up to two texts to group by, a time, and what was used.
struct UsageRow {
  std::string group;
  std::int64_t bucket_ms = 0;
  TraceId key, llm_trace;
  UsageKey usage_key;
  Usage usage;
};

// What the SQL must know of the prices to tell calls apart.
struct PriceClasses {
  std::vector<UnixNanos> changes;  // sorted; inside the time that is asked about
  UnixNanos from;                  // of that time
  std::int64_t long_context_above = 0;
  std::vector<std::string> provisioned;  // names of deployments, in lower case
};
PriceClasses classes_of(const cost::PriceBook& book, UnixNanos from, UnixNanos to);

// A call of a model: agents and workflows repeat the sums of their children.
inline constexpr std::string_view kModelCall = "half != 2 AND kind IN ('llm', 'embedding')";
// With the token counts that a cost needs.
std::string counted_condition();
// Expressions over the columns of a span: which of the price times, whether its prompt is long, the
// day of a provisioned deployment, UsageKey::parts.
struct KeyParts {
  std::string era, long_context, day, kinds_of_tokens;
};
KeyParts key_parts(StatementBuilder& out, const PriceClasses& classes);
// Model, deployment, resource and the parts, as they stand in a row.
UsageKey read_key(RowReader& reader, const PriceClasses& classes);

// Usage of the model calls that the filter finds, by bucket (0 = one for all) and field (nullptr =
// none). `by` may be kResource. At most limits::series_groups_max groups for a series.
struct UsagePlan {
  Filter filter;
  PriceClasses classes;
  std::int64_t interval_ms = 0;
  const Field* by = nullptr;
  std::size_t groups_max = 0;  // 0 = all; else those with the most spans, the rest as "(other)"
};
Statement plan_usage(const UsagePlan& plan);

// Usage of each trace of a page; each span once, although its halves may be two rows.
Statement plan_page_usage(const TraceIds& ids, const PriceClasses& classes);

// Usage for some values of some fields.
struct FacetUsagePlan {
  Filter filter;
  PriceClasses classes;
  std::vector<const Field*> fields;
  std::vector<std::vector<std::string>> values;  // per field
};
Statement plan_facet_usage(const FacetUsagePlan& plan);

// (deployment, resource, number of the slice, tokens) of provisioned deployments, whatever a filter
// says.
struct ProvisionedPlan {
  std::vector<std::string> deployments;  // in lower case
  std::vector<search::Stretch> times;
  std::int64_t slice_ns = 0;
};
Statement plan_provisioned(const ProvisionedPlan& plan);
struct ProvisionedUse {
  std::string deployment, resource;
  std::int64_t slice = 0, tokens = 0;
};

// `classes` as they were given to the plan. Error database when the body is of another shape.
Result<std::vector<UsageRow>> read_usage(std::string_view body, const PriceClasses& classes);
Result<std::vector<ProvisionedUse>> read_provisioned(std::string_view body);

}  // namespace catalejo::query
