// Questions about cost to the store: coroutines beside those of reader.hpp.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "base/task.hpp"
#include "cost/prices.hpp"
#include "query/cost_sum.hpp"
#include "query/reader.hpp"
#include "query/slices.hpp"

namespace catalejo::query {

struct CostGroup {
  std::string name;
  CostSum sum;
};

// What a cost table groups by: a field, or what the price book makes of a call.
enum class CostBy { field, model, deployment };

class CostReader {
 public:
  // Both outlive the reader and every task of it.
  CostReader(store::Store& store, cost::Prices& prices) : store_(store), prices_(prices) {}

  // What prices the spans that started between these times.
  Task<Result<Pricing>> pricing(UnixNanos from, UnixNanos to);
  // The filter with a price table, if it needs one (`always`, or its search is about cost): of the
  // calls from `from`, or from the begin of its time, to its end.
  Task<Result<Filter>> priced(Filter filter, bool always = false,
                              std::optional<UnixNanos> from = std::nullopt);
  // Of one trace, summed in the database: for one too large to be read whole.
  Task<Result<CostSum>> trace(TraceIds ids, Pricing pricing);
  // What the traces of a page used, asked at once; and the answer as one sum per row.
  Future<Result<std::string>> ask_page(const std::vector<SpanRow>& rows, const Pricing& pricing);
  static Result<std::vector<CostSum>> page(std::string_view body, const std::vector<SpanRow>& rows,
                                           const Pricing& pricing);
  // By (start of the bucket in ms, group): the groups are those of Reader::series, or all with 0.
  using Series = std::map<std::pair<std::int64_t, std::string>, CostSum>;
  Task<Result<Series>> series(SeriesPlan plan, std::size_t groups_max = limits::series_groups_max);
  // One sum per value of each field.
  Task<Result<std::vector<std::vector<CostSum>>>> facets(Filter filter,
                                                         std::vector<const Field*> fields,
                                                         Facets found);
  // Dearest first; calls without a value of the field have no name.
  Task<Result<std::vector<CostGroup>>> table(Filter filter, CostBy by, const Field* field);

 private:
  Task<Result<std::vector<UsageRow>>> usage(Statement statement, PriceClasses classes);
  // What provisioned deployments used on the days between these times.
  Task<Result<ProvisionedDays>> provisioned(std::shared_ptr<const cost::PriceBook> book,
                                            UnixNanos from, UnixNanos to);

  store::Store& store_;
  cost::Prices& prices_;
  SliceCache<std::vector<ProvisionedUse>> provisioned_;
};

}  // namespace catalejo::query
