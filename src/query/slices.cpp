#include "query/slices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/limits.hpp"
#include "query/saturate.hpp"

namespace catalejo::query {

std::vector<search::Stretch> cut_into_slices(UnixNanos first, UnixNanos to,
                                             std::int64_t length_ns) {
  std::vector<search::Stretch> whole;
  for (std::int64_t at = first.value; at + length_ns - 1 <= to.value; at += length_ns)
    whole.emplace_back(UnixNanos{at}, UnixNanos{at + length_ns - 1});
  return whole;
}

Slices slices_of(const Filter& filter, std::int64_t unit_ns, UnixNanos now) {
  constexpr std::int64_t kLengthMin = 900 * kNanosPerSecond;
  constexpr std::int64_t kSlices = 100;
  const std::int64_t wanted =
      std::max(kLengthMin, distance_saturated(filter.from, filter.to) / kSlices);
  Slices slices{.length_ns = (wanted - 1) / unit_ns * unit_ns + unit_ns, .whole = {}};
  const std::int64_t length = slices.length_ns;
  const UnixNanos to = std::min(filter.to, now);
  if (filter.from.value < 0 || to.value > INT64_MAX - 2 * length) return slices;
  const UnixNanos first{(filter.from.value + length - 1) / length * length};
  slices.whole = cut_into_slices(first, to, length);
  return slices;
}

std::vector<search::Stretch> rest_of(const Filter& filter,
                                     const std::vector<search::Stretch>& known) {
  std::vector<search::Stretch> rest;
  std::int64_t from = filter.from.value;
  for (const auto& [first, last] : known) {
    if (from < first.value) rest.emplace_back(UnixNanos{from}, UnixNanos{first.value - 1});
    from = last.value + 1;
  }
  if (from <= filter.to.value) rest.emplace_back(UnixNanos{from}, filter.to);
  return rest;
}

std::optional<std::string> question_of(const Filter& filter) {
  if (filter.stretches) return std::nullopt;
  Filter timeless = filter;
  timeless.from = timeless.to = {0};
  StatementBuilder out;
  write_condition(out, timeless);
  const Statement statement = std::move(out).finish();
  if (statement.sql.find("SELECT") != std::string::npos) return std::nullopt;
  std::string question = statement.sql;
  for (const auto& [name, value] : statement.parameters)
    question += fmt::format("\n{}:{}", value.size(), value);
  return question;
}

std::optional<std::vector<SeriesBucket>> joined(const std::vector<SeriesSlice>& parts) {
  std::vector<SeriesBucket> buckets;
  std::set<std::string_view> groups;
  for (const SeriesSlice& part : parts) {
    for (const SeriesBucket& bucket : part) {
      groups.insert(bucket.group);
      buckets.push_back(bucket);
    }
  }
  if (groups.size() > limits::series_groups_max) return std::nullopt;
  std::ranges::sort(buckets, [](const SeriesBucket& a, const SeriesBucket& b) {
    return std::tie(a.start_ms, a.group) < std::tie(b.start_ms, b.group);
  });
  return buckets;
}

Facets joined(const std::vector<Facets>& parts, std::size_t fields, std::size_t values_max) {
  Facets all;
  all.fields.resize(fields);
  for (const Facets& part : parts) all.total += part.total;
  for (std::size_t i = 0; i < all.fields.size(); ++i) {
    std::map<std::string, std::uint64_t> counts;
    for (const Facets& part : parts)
      for (const FacetValue& value : part.fields[i]) counts[value.value] += value.count;
    for (const auto& [value, count] : counts) all.fields[i].push_back({value, count});
    std::ranges::stable_sort(all.fields[i], std::greater<>(), &FacetValue::count);
    if (all.fields[i].size() > values_max) all.fields[i].resize(values_max);
  }
  return all;
}

}  // namespace catalejo::query
