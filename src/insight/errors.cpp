// The SELECT of failed spans and how its rows fall together.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/limits.hpp"
#include "insight/fingerprint.hpp"
#include "insight/plans.hpp"
#include "query/row_reader.hpp"

namespace catalejo::insight {
namespace {

using query::StatementBuilder;

constexpr std::size_t kCommonDims = 4;  // application, model, deployment, prompt

void keep_common(Where& where, const Where& other) {
  for (std::size_t dim = 0; dim < kCommonDims; ++dim)
    if (where[dim] != other[dim]) where[dim].clear();
}

void merge(ErrorGroup& group, const ErrorGroup& other) {
  group.now += other.now;
  group.before += other.before;
  group.total += other.total;
  group.first = std::min(group.first, other.first);
  if (other.last > group.last) {
    group.last = other.last;
    group.trace_id = other.trace_id;
    group.span_id = other.span_id;
    group.example = other.example;
  }
  keep_common(group.where, other.where);
}

}  // namespace

query::Statement plan_errors(const Periods& periods) {
  // Everything that is kept is looked at: only so it is known when an error was first seen.
  query::Filter ever = periods.filter;
  ever.from = {0};
  StatementBuilder out;
  const std::string from = out.bind_time(periods.filter.from);
  const std::string before_from = out.bind_time(periods.before_from);
  const std::string before_to = out.bind_time(periods.before_to());
  out << fmt::format(
      "SELECT toString(error_type), argMax(message, start), argMax(stack, start), toString(name),\n"
      "  toString(ml_app), toString(model), toString(deployment), toString(prompt),\n"
      "  countIf(start >= {0}) AS n_now, countIf(start >= {1} AND start < {2}), count(),\n"
      "  toUnixTimestamp64Nano(min(start)), toUnixTimestamp64Nano(max(start)),\n"
      "  argMax(trace_id, start), argMax(span_id, start)\n"
      "FROM (\n  SELECT start, trace_id, span_id, error_type, name, ml_app, model, deployment, "
      "prompt,\n    substring(error_message, 1, {3}) AS message,\n"
      "    right(error_stack, {4}) AS stack\n  FROM spans\n  WHERE ",
      from, before_from, before_to, limits::error_message_bytes_max,
      limits::error_stack_tail_bytes);
  query::write_condition(out, ever);
  out << "\n  AND error != 0 AND (trace_id, span_id) NOT IN (\n"
         "    SELECT trace_id, parent_id FROM spans\n"
         "    WHERE error != 0 AND half IN (1, 3) AND parent_id != 0))\n"
         // Digits out at once: most of what makes messages differ, so fewer rows come back.
         "GROUP BY error_type, name, ml_app, model, deployment, prompt,\n"
         "  replaceRegexpAll(message, '[0-9a-fA-F-]*[0-9][0-9a-fA-F-]*', '#'),\n"
         "  replaceRegexpAll(stack, '[0-9]+', '')\n";
  out << fmt::format("ORDER BY n_now DESC, max(start) DESC\nLIMIT {}\nFORMAT RowBinary",
                     limits::error_rows_max);
  return std::move(out).finish();
}

Result<ErrorGroups> read_errors(std::string_view body) {
  std::map<std::tuple<std::string, std::string, std::string, std::string>, ErrorGroup> groups;
  query::RowReader reader(body);
  std::size_t rows = 0;
  while (!reader.at_end()) {
    ErrorGroup row;
    row.type = std::string(reader.text());
    row.example = std::string(reader.text());
    row.message = normalise_message(row.example);
    row.place = place_of(reader.text());
    row.step = std::string(reader.text());
    for (std::size_t dim = 0; dim < kCommonDims; ++dim) row.where[dim] = std::string(reader.text());
    row.now = reader.u64();
    row.before = reader.u64();
    row.total = reader.u64();
    row.first = {reader.i64()};
    row.last = {reader.i64()};
    row.trace_id = reader.trace_id();
    row.span_id = {reader.u64()};
    if (reader.failed()) return query::broken_answer();
    ++rows;
    auto [place, made] = groups.try_emplace({row.type, row.message, row.place, row.step}, row);
    if (!made) merge(place->second, row);
  }
  if (reader.failed()) return query::broken_answer();
  ErrorGroups found{.groups = {}, .complete = rows < limits::error_rows_max};
  for (auto& [key, group] : groups)
    if (group.now > 0 || group.before > 0) found.groups.push_back(std::move(group));
  std::ranges::stable_sort(found.groups, [](const ErrorGroup& a, const ErrorGroup& b) {
    return std::tuple(a.now, a.before, a.last.value) > std::tuple(b.now, b.before, b.last.value);
  });
  if (found.groups.size() > limits::error_groups_max) {
    found.groups.resize(limits::error_groups_max);
    found.complete = false;
  }
  return found;
}

}  // namespace catalejo::insight
