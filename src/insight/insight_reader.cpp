#include "insight/insight_reader.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace catalejo::insight {
namespace {

constexpr auto kStepDim = static_cast<std::size_t>(Dim::step);

void add_to(std::map<std::string, Group>& groups, const Cell& cell, Dim dim, bool judged) {
  const std::string& name = cell.where[static_cast<std::size_t>(dim)];
  if (name.empty()) return;
  Group& group = groups[name];
  group.name = name;
  if (judged) {
    group.judged_before.add(cell.before.sums);
    group.judged_now.add(cell.now.sums);
  } else {
    group.before.add(cell.before);
    group.now.add(cell.now);
  }
}

std::vector<Group> most_calls_first(std::map<std::string, Group> groups) {
  std::vector<Group> list;
  list.reserve(groups.size());
  for (auto& [name, group] : groups) list.push_back(std::move(group));
  std::ranges::stable_sort(list, [](const Group& a, const Group& b) {
    return std::pair(a.now.sums.calls, a.before.sums.calls) >
           std::pair(b.now.sums.calls, b.before.sums.calls);
  });
  if (list.size() > limits::insight_groups_max) list.resize(limits::insight_groups_max);
  return list;
}

Overview overview_of(const std::vector<Cell>& cells, const std::vector<Cell>& evaluations) {
  Overview overview;
  overview.changes = find_changes(cells, evaluations);
  for (const Dim dim : {Dim::ml_app, Dim::model, Dim::deployment, Dim::prompt}) {
    std::map<std::string, Group> groups;
    for (const Cell& cell : cells)
      if (cell.where[kStepDim].empty()) add_to(groups, cell, dim, false);
    for (const Cell& cell : evaluations) add_to(groups, cell, dim, true);
    overview.by[dim] = most_calls_first(std::move(groups));
  }
  for (const Cell& cell : cells) {
    if (!cell.where[kStepDim].empty() && cell.where[kStepDim] != kOther) continue;
    overview.before.add(cell.before);
    overview.now.add(cell.now);
  }
  for (const Cell& cell : evaluations) {
    overview.judged_before.add(cell.before.sums);
    overview.judged_now.add(cell.now.sums);
  }
  return overview;
}

void add_cost(Figures& figures, const query::CostSum& sum, std::int64_t offset_ns,
              std::int64_t slice_ns) {
  Sums cost;
  cost.priced = sum.known_calls();
  cost.nano_usd = static_cast<double>(sum.known_cost().value);
  const auto slice = std::clamp<std::int64_t>(offset_ns / slice_ns, 0, kSlices - 1);
  figures.sums.add(cost);
  figures.slices[static_cast<std::size_t>(slice)].add(cost);
}

}  // namespace

Future<Result<std::string>> InsightReader::start(query::Statement statement) {
  return query::ask(store_, std::move(statement));
}

Task<Result<Periods>> InsightReader::narrowed(Periods periods, UnixNanos from) {
  query::Filter wide = periods.filter;
  wide.from = from;
  auto narrow = co_await query::narrowed(store_, std::move(wide));
  if (!narrow) co_return narrow.error();
  periods.filter.search = std::move(narrow->search);
  periods.filter.stretches = std::move(narrow->stretches);
  co_return periods;
}

Task<Result<std::vector<Cell>>> InsightReader::cells(Periods periods) {
  auto body = co_await start(plan_cells(periods, Cells::all));
  if (!body) co_return body.error();
  auto found = read_cells(*body, Cells::all);
  if (!found) co_return found.error();
  if (*found) co_return **std::move(found);
  body = co_await start(plan_cells(periods, Cells::largest));
  if (!body) co_return body.error();
  found = read_cells(*body, Cells::largest);
  if (!found) co_return found.error();
  co_return **std::move(found);
}

Task<Result<void>> InsightReader::add_costs(Periods periods, std::vector<Cell>& cells) {
  std::map<std::string, Cell*> by_key;
  Cell* other = nullptr;
  for (Cell& cell : cells) {
    if (cell.where[0] == kOther) other = &cell;
    by_key[key_of(cell.where)] = &cell;
  }
  const std::int64_t interval_ms = std::max<std::int64_t>(periods.slice_ns() / kNanosPerMilli, 1);
  for (const bool now : {false, true}) {
    query::SeriesPlan plan{.filter = now ? periods.filter : periods.before(),
                           .interval_ms = interval_ms,
                           .by = &cell_field()};
    const std::int64_t from_ns = plan.filter.from.value;
    auto series = co_await costs_.series(std::move(plan), 0);
    if (!series) co_return series.error();
    for (const auto& [key, sum] : *series) {
      const auto found = by_key.find(key.second);
      Cell* cell = found == by_key.end() ? other : found->second;
      if (cell == nullptr) continue;
      const std::int64_t middle_ns = (key.first + interval_ms / 2) * kNanosPerMilli;
      add_cost(now ? cell->now : cell->before, sum, middle_ns - from_ns, periods.slice_ns());
    }
  }
  co_return Result<void>{};
}

Task<Result<void>> InsightReader::explain(Periods periods, std::vector<Change>& changes) {
  std::size_t left = limits::insight_explained_max;
  for (Change& change : changes) {
    if (change.metric != Metric::latency || !change.worse || left == 0) continue;
    --left;
    auto body = co_await start(plan_retries(periods, change.where));
    if (!body) co_return body.error();
    auto retries = read_retries(*body);
    if (!retries) co_return retries.error();
    change.retries = *retries;
  }
  co_return Result<void>{};
}

Task<Result<Overview>> InsightReader::overview(Periods asked) {
  const UnixNanos from = asked.traces_from();
  auto narrow = co_await narrowed(std::move(asked), from);
  if (!narrow) co_return narrow.error();
  const Periods periods = *std::move(narrow);
  auto judged = start(plan_evaluation_cells(periods));
  auto cells = co_await this->cells(periods);
  auto judged_body = co_await judged;
  if (!cells) co_return cells.error();
  if (!judged_body) co_return judged_body.error();
  auto evaluations = read_evaluation_cells(*judged_body);
  if (!evaluations) co_return evaluations.error();
  if (auto added = co_await add_costs(periods, *cells); !added) co_return added.error();
  Overview overview = overview_of(*cells, *evaluations);
  auto explained = co_await explain(periods, overview.changes.found);
  if (!explained) co_return explained.error();
  co_return overview;
}

Task<Result<ErrorGroups>> InsightReader::errors(Periods asked) {
  const UnixNanos ever{0};
  auto narrow = co_await narrowed(std::move(asked), ever);
  if (!narrow) co_return narrow.error();
  const Periods periods = *std::move(narrow);
  auto body = co_await start(plan_errors(periods));
  if (!body) co_return body.error();
  co_return read_errors(*body);
}

Task<Result<std::vector<Outlier>>> InsightReader::outliers(Periods asked) {
  const UnixNanos from = asked.traces_from();
  auto narrow = co_await narrowed(std::move(asked), from);
  if (!narrow) co_return narrow.error();
  const Periods periods = *std::move(narrow);
  auto cells = co_await this->cells(periods);
  if (!cells) co_return cells.error();
  const std::vector<Fence> fences = fences_of(*cells);
  if (fences.empty()) co_return std::vector<Outlier>{};
  auto found = co_await start(plan_outliers(periods.filter, fences));
  if (!found) co_return found.error();
  co_return read_outliers(*found, fences);
}

}  // namespace catalejo::insight
