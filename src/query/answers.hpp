// Reads what the statements of plans.hpp give back. Every function says Error database when the
// body is not what its statement promises.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "query/plans.hpp"

namespace catalejo::query {

struct TraceTotals {
  std::uint64_t spans = 0, errors = 0, llm_calls = 0;
  std::int64_t tokens = kUnknown;
};
// One per key, in the order of the keys.
Result<std::vector<TraceTotals>> read_page_totals(std::string_view body,
                                                  const std::vector<TraceKey>& keys);

// The ids of one trace, with the time its spans lie in. Empty when nothing was found.
Result<TraceIds> read_find_trace(std::string_view body);
// The same of those among the rows that name `id`.
TraceIds ids_of(TraceId id, const std::vector<SpanRow>& rows);
Result<std::uint64_t> read_count(std::string_view body);
// One text a row.
Result<std::vector<std::string>> read_texts(std::string_view body);

struct FacetValue {
  std::string value;
  std::uint64_t count = 0;
};
struct Facets {
  std::vector<std::vector<FacetValue>> fields;  // as asked for; values without text left out
  std::uint64_t total = 0;
};
Result<Facets> read_facets(std::string_view body, std::size_t fields);

// Facets by the number of their slice.
struct SlicedFacets {
  std::map<std::int64_t, Facets> slices;
  bool complete = true;  // false: a field has too many values
};
Result<SlicedFacets> read_sliced_facets(std::string_view body, std::size_t fields);

struct SeriesBucket {
  std::int64_t start_ms = 0;
  std::string group;
  std::uint64_t count = 0, errors = 0;
  double p50_ns = 0, p95_ns = 0, p99_ns = 0;
  std::int64_t tokens = kUnknown, cost_nano_usd = kUnknown;
};
Result<std::vector<SeriesBucket>> read_series(std::string_view body);

}  // namespace catalejo::query
