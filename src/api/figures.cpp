// GET /api/v1/facets and /api/v1/series.
#include <fmt/format.h>

#include <algorithm>

#include "api/cost_json.hpp"
#include "api/parameters.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "query/saturate.hpp"

namespace catalejo::api {
namespace {

constexpr std::string_view kFacetsDefault =
    "service,ml_app,env,kind,model,deployment,status,error_type";
constexpr std::size_t kFacetValuesDefault = 10;

Result<std::vector<const query::Field*>> parse_fields(std::string_view text) {
  std::vector<const query::Field*> fields;
  while (!text.empty()) {
    const std::string_view name = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), name.size() + 1));
    const query::Field* field = query::find_field(name);
    if (field == nullptr)
      return Error{Code::bad_request, fmt::format("there is no field '{}'", name), "fields"};
    if (std::ranges::find(fields, field) == fields.end()) fields.push_back(field);
  }
  if (fields.empty() || fields.size() > limits::facet_fields_max) {
    return Error{Code::bad_request, fmt::format("name 1 to {} fields", limits::facet_fields_max),
                 "fields"};
  }
  return fields;
}

std::string facets_body(const std::vector<const query::Field*>& fields, const query::Facets& facets,
                        const std::vector<std::vector<query::CostSum>>& costs) {
  std::string body;
  Fields answer(body);
  Fields by_field(answer.key("facets"));
  for (std::size_t i = 0; i < fields.size(); ++i) {
    by_field.key(fields[i]->parameter) += '[';
    for (std::size_t j = 0; j < facets.fields[i].size(); ++j) {
      const query::FacetValue& value = facets.fields[i][j];
      if (body.back() != '[') body += ',';
      Fields entry(body);
      entry.text("value", value.value);
      entry.integer("count", static_cast<std::int64_t>(value.count));
      if (!costs.empty()) append_cost_sum(entry.key("cost"), costs[i][j]);
      entry.close();
    }
    body += ']';
  }
  by_field.close();
  answer.integer("total", static_cast<std::int64_t>(facets.total));
  answer.close();
  return body;
}

Result<std::int64_t> parse_interval_ms(std::string_view text, const query::Filter& filter) {
  const auto seconds = parse_decimal64(text);
  constexpr std::uint64_t kSecondsMax = 366 * 86'400;
  if (!seconds || *seconds == 0 || *seconds > kSecondsMax)
    return Error{Code::bad_request, fmt::format("'{}' is no interval: write whole seconds", text),
                 "interval"};
  const auto interval_ms = static_cast<std::int64_t>(*seconds) * 1000;
  const std::int64_t range_ms = query::distance_saturated(filter.from, filter.to) / kNanosPerMilli;
  if (range_ms / interval_ms > static_cast<std::int64_t>(limits::series_buckets_max)) {
    return Error{Code::bad_request,
                 fmt::format("more than {} buckets: take a longer interval or a shorter time",
                             limits::series_buckets_max),
                 "interval"};
  }
  return interval_ms;
}

Result<query::SeriesPlan> parse_series(const query::Parameters& parameters) {
  auto filter = query::parse_filter(parameters, query::View::traces, now(),
                                    {"interval", "by", "cost", "api_key"});
  if (!filter) return filter.error();
  query::SeriesPlan plan;
  plan.interval_ms = query::choose_interval_ms(filter->from, filter->to);
  if (const std::string* text = find_parameter(parameters, "interval"); text && !text->empty()) {
    auto interval = parse_interval_ms(*text, *filter);
    if (!interval) return interval.error();
    plan.interval_ms = *interval;
  }
  if (const std::string* text = find_parameter(parameters, "by"); text && !text->empty()) {
    plan.by = query::find_field(*text);
    if (plan.by == nullptr)
      return Error{Code::bad_request, fmt::format("there is no field '{}'", *text), "by"};
  }
  plan.filter = *std::move(filter);
  return plan;
}

// `cost` only when it was asked for.
void append_bucket(std::string& body, const query::SeriesBucket& bucket,
                   const query::CostSum* cost) {
  Fields fields(body);
  fields.integer("t", bucket.start_ms);
  fields.text("group", bucket.group);
  fields.integer("count", static_cast<std::int64_t>(bucket.count));
  fields.integer("errors", static_cast<std::int64_t>(bucket.errors));
  codec::append_json_number(fields.key("p50_ns"), bucket.p50_ns);
  codec::append_json_number(fields.key("p95_ns"), bucket.p95_ns);
  codec::append_json_number(fields.key("p99_ns"), bucket.p99_ns);
  fields.known("tokens", bucket.tokens);
  if (cost != nullptr) {
    fields.cost("cost_usd", cost->known_calls() > 0 ? cost->known_cost().value : -1);
    append_cost_sum(fields.key("cost"), *cost);
  }
  fields.close();
}

// Costs read a dozen more columns: only who shows them pays for them.
bool wants_cost(const query::Parameters& parameters) {
  const std::string* wanted = find_parameter(parameters, "cost");
  return wanted != nullptr && *wanted == "true";
}

}  // namespace

Answer get_facets(ApiPtr api, net::Request request, std::string) {
  auto parameters = parameters_of(request);
  if (!parameters) co_return problem(parameters.error());
  auto filter = query::parse_filter(*parameters, query::View::traces, now(),
                                    {"fields", "limit", "cost", "api_key"});
  if (!filter) co_return filter_problem(filter.error(), *parameters);
  const std::string* names = find_parameter(*parameters, "fields");
  auto fields = parse_fields(names && !names->empty() ? std::string_view(*names) : kFacetsDefault);
  if (!fields) co_return problem(fields.error());
  auto values_max = limit_of(*parameters, kFacetValuesDefault, limits::facet_values_max);
  if (!values_max) co_return problem(values_max.error());
  auto priced = co_await api->costs.priced(*std::move(filter));
  if (!priced) co_return problem(priced.error());
  const query::Filter asked = *priced;
  auto facets = co_await api->reader.facets(*std::move(priced), *fields, *values_max);
  if (!facets) co_return problem(facets.error());
  std::vector<std::vector<query::CostSum>> costs;
  if (wants_cost(*parameters)) {
    auto found = co_await api->costs.facets(asked, *fields, *facets);
    if (!found) co_return problem(found.error());
    costs = *std::move(found);
  }
  co_return json_answer(facets_body(*fields, *facets, costs));
}

Answer get_series(ApiPtr api, net::Request request, std::string) {
  auto parameters = parameters_of(request);
  if (!parameters) co_return problem(parameters.error());
  auto plan = parse_series(*parameters);
  if (!plan) co_return filter_problem(plan.error(), *parameters);
  auto priced = co_await api->costs.priced(plan->filter);
  if (!priced) co_return problem(priced.error());
  plan->filter = *std::move(priced);
  const std::int64_t interval_ms = plan->interval_ms;
  const query::SeriesPlan asked = *plan;
  auto buckets = co_await api->reader.series(*std::move(plan));
  if (!buckets) co_return problem(buckets.error());
  query::CostReader::Series costs;
  const bool with_cost = wants_cost(*parameters);
  if (with_cost) {
    auto found = co_await api->costs.series(asked);
    if (!found) co_return problem(found.error());
    costs = *std::move(found);
  }
  std::string body;
  Fields fields(body);
  fields.integer("interval_ms", interval_ms);
  fields.key("buckets") += '[';
  for (const query::SeriesBucket& bucket : *buckets) {
    if (body.back() != '[') body += ',';
    append_bucket(body, bucket, with_cost ? &costs[{bucket.start_ms, bucket.group}] : nullptr);
  }
  body += ']';
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
