// Facets and series: the slices of time whose answers are still true, and one statement for the
// rest.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/limits.hpp"
#include "query/reader.hpp"

namespace catalejo::query {
namespace {

std::size_t bytes_of(const SeriesSlice& slice) {
  std::size_t bytes = 0;
  for (const SeriesBucket& bucket : slice) bytes += sizeof bucket + bucket.group.size();
  return bytes;
}

std::size_t bytes_of(const Facets& facets) {
  std::size_t bytes = sizeof facets;
  for (const auto& field : facets.fields)
    for (const FacetValue& value : field) bytes += sizeof value + value.value.size();
  return bytes;
}

}  // namespace

Task<Result<std::optional<std::vector<SeriesBucket>>>> Reader::sliced_series(SeriesPlan plan) {
  using Answer = std::optional<std::vector<SeriesBucket>>;
  const store::InsertedTimes* times = store_.inserted_times();
  auto question = question_of(plan.filter);
  if (times == nullptr || !question || (plan.by != nullptr && plan.by->many_values))
    co_return Answer();
  const std::int64_t interval_ns = plan.interval_ms * kNanosPerMilli;
  const Slices slices = slices_of(plan.filter, interval_ns, now());
  if (slices.whole.empty()) co_return Answer();
  *question += fmt::format("\n{} {}", plan.interval_ms, plan.by ? plan.by->parameter : "");
  const std::uint64_t position = times->position();
  Known<SeriesSlice> known = find_known(series_cache_, *question, slices.whole, *times);
  plan.filter.stretches = rest_of(plan.filter, known.times);
  if (plan.filter.stretches->size() > limits::search_stretches_max) co_return Answer();
  auto body = co_await run(plan_series(plan, Groups::all));
  if (!body) co_return body.error();
  auto found = read_series(*body);
  if (!found) co_return found.error();
  if (found->size() >= limits::series_rows_max) co_return Answer();
  std::map<std::int64_t, SeriesSlice> fresh;
  for (const SeriesBucket& bucket : *found)
    fresh[bucket.start_ms * kNanosPerMilli / slices.length_ns].push_back(bucket);
  known.answers.push_back(*std::move(found));
  auto all = joined(known.answers);
  if (!all) co_return Answer();
  const auto bytes = [](const SeriesSlice& slice) { return bytes_of(slice); };
  keep_fresh(series_cache_, *question, position, slices, known, fresh, {}, bytes);
  co_return all;
}

Task<Result<std::optional<Facets>>> Reader::sliced_facets(Filter filter,
                                                          std::vector<const Field*> fields,
                                                          std::size_t values_max) {
  using Answer = std::optional<Facets>;
  const store::InsertedTimes* times = store_.inserted_times();
  auto question = question_of(filter);
  if (times == nullptr || !question || std::ranges::any_of(fields, &Field::many_values))
    co_return Answer();
  const Slices slices = slices_of(filter, kNanosPerSecond, now());
  if (slices.whole.empty()) co_return Answer();
  for (const Field* field : fields) *question += fmt::format("\n{}", field->parameter);
  const std::uint64_t position = times->position();
  Known<Facets> known = find_known(facets_cache_, *question, slices.whole, *times);
  filter.stretches = rest_of(filter, known.times);
  if (filter.stretches->size() > limits::search_stretches_max) co_return Answer();
  auto body = co_await run(plan_sliced_facets(filter, fields, slices.length_ns / kNanosPerSecond));
  if (!body) co_return body.error();
  auto found = read_sliced_facets(*body, fields.size());
  if (!found) co_return found.error();
  if (!found->complete) co_return Answer();
  const auto bytes = [](const Facets& slice) { return bytes_of(slice); };
  Facets none;
  none.fields.resize(fields.size());
  for (auto& [number, slice] : found->slices) slice.fields.resize(fields.size());
  keep_fresh(facets_cache_, *question, position, slices, known, found->slices, none, bytes);
  for (auto& [number, slice] : found->slices) known.answers.push_back(std::move(slice));
  co_return joined(known.answers, fields.size(), values_max);
}

}  // namespace catalejo::query
