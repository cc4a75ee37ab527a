#include "query/cost_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/limits.hpp"
#include "query/price_table.hpp"
#include "query/saturate.hpp"

namespace catalejo::query {
namespace {

UnixNanos start_of_day(UnixNanos time) {
  return {cost::day_of(time) * kNanosPerDay};
}

constexpr std::int64_t kHour = 3600 * kNanosPerSecond;

// Whole slices between two times: quarters of an hour, hours of more than a week. None of more than
// a year, which is asked for at once.
Slices slices_of_days(UnixNanos from, UnixNanos to) {
  const std::int64_t length = distance_saturated(from, to);
  Slices slices{.length_ns = length > 7 * kNanosPerDay ? kHour : kHour / 4, .whole = {}};
  if (from.value < 0 || length > 366 * kNanosPerDay) return slices;
  slices.whole = cut_into_slices(from, to, slices.length_ns);
  return slices;
}

std::size_t bytes_of(const std::vector<ProvisionedUse>& slice) {
  std::size_t bytes = 0;
  for (const ProvisionedUse& use : slice)
    bytes += sizeof use + use.deployment.size() + use.resource.size();
  return bytes;
}

}  // namespace

Task<Result<Pricing>> CostReader::pricing(UnixNanos from, UnixNanos to) {
  Pricing pricing{.book = prices_.current(), .days = {}, .now = now()};
  if (!pricing.book->has_provisioned()) co_return pricing;
  auto days = co_await provisioned(pricing.book, from, to);
  if (!days) co_return days.error();
  pricing.days = *std::move(days);
  co_return pricing;
}

Task<Result<ProvisionedDays>> CostReader::provisioned(std::shared_ptr<const cost::PriceBook> book,
                                                      UnixNanos from, UnixNanos to) {
  // Whole days, for the cost of a day is shared over all of its tokens.
  Filter time;
  time.from = start_of_day(from);
  time.to = shifted(start_of_day(to), kNanosPerDay - 1);
  const Slices slices = slices_of_days(time.from, std::min(time.to, now()));
  ProvisionedPlan plan{.deployments = classes_of(*book, from, to).provisioned,
                       .times = {},
                       .slice_ns = slices.length_ns};
  const std::string question = fmt::format("{}", fmt::join(plan.deployments, "\n"));
  const store::InsertedTimes* times = store_.inserted_times();
  const std::uint64_t position = times == nullptr ? 0 : times->position();
  Known<std::vector<ProvisionedUse>> known;
  if (times != nullptr) known = find_known(provisioned_, question, slices.whole, *times);
  plan.times = rest_of(time, known.times);
  if (plan.times.size() > limits::search_stretches_max) {
    known = {};
    plan.times = rest_of(time, known.times);
  }
  auto body = co_await ask(store_, plan_provisioned(plan));
  if (!body) co_return body.error();
  auto uses = read_provisioned(*body);
  if (!uses) co_return uses.error();
  std::map<std::int64_t, std::vector<ProvisionedUse>> fresh;
  for (const ProvisionedUse& use : *uses) fresh[use.slice].push_back(use);
  if (times != nullptr)
    keep_fresh(provisioned_, question, position, slices, known, fresh, {}, bytes_of);
  for (const std::vector<ProvisionedUse>& slice : known.answers)
    uses->insert(uses->end(), slice.begin(), slice.end());
  co_return provisioned_days(*book, *uses, slices.length_ns);
}

Task<Result<Filter>> CostReader::priced(Filter filter, bool always, std::optional<UnixNanos> from) {
  if (!always && !(filter.search && search::is_about_cost(*filter.search))) co_return filter;
  const UnixNanos first = shifted(from.value_or(filter.from), -limits::trace_slack_nanos);
  const UnixNanos last = shifted(filter.to, limits::trace_slack_nanos);
  auto pricing = co_await this->pricing(first, last);
  if (!pricing) co_return pricing.error();
  PriceClasses classes = classes_of(*pricing->book, first, last);
  auto body = co_await ask(store_, plan_call_kinds(classes, first, last));
  if (!body) co_return body.error();
  auto table = read_price_table(*body, std::move(classes), *pricing);
  if (!table) co_return table.error();
  filter.prices = std::make_shared<const PriceTable>(*std::move(table));
  co_return filter;
}

Task<Result<std::vector<UsageRow>>> CostReader::usage(Statement statement, PriceClasses classes) {
  auto body = co_await ask(store_, std::move(statement));
  if (!body) co_return body.error();
  co_return read_usage(*body, classes);
}

Future<Result<std::string>> CostReader::ask_page(const std::vector<SpanRow>& rows,
                                                 const Pricing& pricing) {
  const TraceIds ids = traces_of(rows).ids;
  return ask(store_, plan_page_usage(ids, classes_of(*pricing.book, ids.from, ids.to)));
}

Result<std::vector<CostSum>> CostReader::page(std::string_view body,
                                              const std::vector<SpanRow>& rows,
                                              const Pricing& pricing) {
  std::vector<CostSum> sums(rows.size());
  const TraceIds ids = traces_of(rows).ids;
  auto used = read_usage(body, classes_of(*pricing.book, ids.from, ids.to));
  if (!used) return used.error();
  for (const UsageRow& row : *used) {
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (row.llm_trace == rows[i].trace_id) add_usage(sums[i], row.usage_key, row.usage, pricing);
  }
  for (CostSum& sum : sums) sum.finish();
  return sums;
}

Task<Result<CostSum>> CostReader::trace(TraceIds ids, Pricing pricing) {
  PriceClasses classes = classes_of(*pricing.book, ids.from, ids.to);
  Statement statement = plan_page_usage(ids, classes);
  auto used = co_await usage(std::move(statement), std::move(classes));
  if (!used) co_return used.error();
  CostSum sum;
  for (const UsageRow& row : *used) add_usage(sum, row.usage_key, row.usage, pricing);
  sum.finish();
  co_return sum;
}

Task<Result<CostReader::Series>> CostReader::series(SeriesPlan plan, std::size_t groups_max) {
  auto filter = co_await narrowed(store_, std::move(plan.filter));
  if (!filter) co_return filter.error();
  plan.filter = *std::move(filter);
  auto pricing = co_await this->pricing(plan.filter.from, plan.filter.to);
  if (!pricing) co_return pricing.error();
  PriceClasses classes = classes_of(*pricing->book, plan.filter.from, plan.filter.to);
  Statement statement = plan_usage({.filter = plan.filter,
                                    .classes = classes,
                                    .interval_ms = plan.interval_ms,
                                    .by = plan.by,
                                    .groups_max = groups_max});
  auto used = co_await usage(std::move(statement), std::move(classes));
  if (!used) co_return used.error();
  Series series;
  for (const UsageRow& row : *used)
    add_usage(series[{row.bucket_ms, row.group}], row.usage_key, row.usage, *pricing);
  for (auto& [key, sum] : series) sum.finish();
  co_return series;
}

Task<Result<std::vector<std::vector<CostSum>>>> CostReader::facets(Filter filter,
                                                                   std::vector<const Field*> fields,
                                                                   Facets found) {
  std::vector<std::vector<CostSum>> sums(fields.size());
  auto narrow = co_await narrowed(store_, std::move(filter));
  if (!narrow) co_return narrow.error();
  filter = *std::move(narrow);
  FacetUsagePlan plan{.filter = filter, .classes = {}, .fields = fields, .values = {}};
  std::map<std::string, CostSum*> places;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    sums[i].resize(found.fields[i].size());
    plan.values.emplace_back();
    for (std::size_t j = 0; j < found.fields[i].size(); ++j) {
      plan.values[i].push_back(found.fields[i][j].value);
      places[fmt::format("{}:{}", i, found.fields[i][j].value)] = &sums[i][j];
    }
  }
  auto pricing = co_await this->pricing(filter.from, filter.to);
  if (!pricing) co_return pricing.error();
  plan.classes = classes_of(*pricing->book, filter.from, filter.to);
  Statement statement = plan_facet_usage(plan);
  auto used = co_await usage(std::move(statement), plan.classes);
  if (!used) co_return used.error();
  for (const UsageRow& row : *used) {
    if (const auto place = places.find(row.group); place != places.end())
      add_usage(*place->second, row.usage_key, row.usage, *pricing);
  }
  for (auto& field : sums)
    for (CostSum& sum : field) sum.finish();
  co_return sums;
}

Task<Result<std::vector<CostGroup>>> CostReader::table(Filter filter, CostBy by,
                                                       const Field* field) {
  auto narrow = co_await narrowed(store_, std::move(filter));
  if (!narrow) co_return narrow.error();
  filter = *std::move(narrow);
  auto pricing = co_await this->pricing(filter.from, filter.to);
  if (!pricing) co_return pricing.error();
  PriceClasses classes = classes_of(*pricing->book, filter.from, filter.to);
  Statement statement = plan_usage({.filter = filter,
                                    .classes = classes,
                                    .by = by == CostBy::field ? field : nullptr,
                                    .groups_max = limits::cost_groups_max});
  auto used = co_await usage(std::move(statement), std::move(classes));
  if (!used) co_return used.error();
  std::map<std::string, CostSum> groups;
  for (const UsageRow& row : *used) {
    std::string name = row.group;
    if (by == CostBy::model) name = quote_of(row.usage_key, *pricing->book).model;
    if (by == CostBy::deployment) name = row.usage_key.deployment;
    add_usage(groups[name], row.usage_key, row.usage, *pricing);
  }
  std::vector<CostGroup> table;
  for (auto& [name, sum] : groups) {
    sum.finish();
    table.push_back({name, std::move(sum)});
  }
  std::ranges::stable_sort(table, [](const CostGroup& a, const CostGroup& b) {
    return std::pair(b.sum.known_cost(), b.sum.calls) < std::pair(a.sum.known_cost(), a.sum.calls);
  });
  co_return table;
}

}  // namespace catalejo::query
