#include "query/events/events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "model/metric_time.hpp"
#include "query/events/condition.hpp"
#include "query/row_reader.hpp"
#include "query/span_row.hpp"

namespace catalejo::query::events {
namespace {

constexpr std::string_view kColumns =
    "toUInt8(kind), id, toInt64(toUnixTimestamp(time)), status, title, text, toString(host), "
    "aggregation_key, toString(priority), toString(source_type), toString(alert_type), "
    "arrayMap(t -> toString(t), tags), flags";

// The column is of 32 bits.
std::string bind_second(StatementBuilder& out, std::int64_t seconds) {
  constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return fmt::format("toDateTime({}, 'UTC')",
                     out.bind_int(std::clamp<std::int64_t>(seconds, 0, kMost)));
}

std::string where(StatementBuilder& out, const Filter& filter) {
  return fmt::format("kind = {} AND time >= {} AND time <= {} AND ({})",
                     static_cast<int>(filter.kind), bind_second(out, filter.from_s),
                     bind_second(out, filter.to_s), write_condition(out, filter.search));
}

EventRow read_event(RowReader& row) {
  EventRow read;
  model::Event& event = read.event;
  event.kind = static_cast<model::EventKind>(row.u8());
  event.id = row.u64();
  event.time = model::metric_time(row.i64());
  event.status = static_cast<model::CheckStatus>(row.u8());
  for (std::string* text : {&event.title, &event.text, &event.host, &event.aggregation_key,
                            &event.priority, &event.source_type, &event.alert_type})
    *text = row.text();
  const std::size_t tags = row.count(1);
  for (std::size_t i = 0; i < tags; ++i) event.tags.emplace_back(row.text());
  event.flags = row.u32();
  read.alike = row.u64();
  return read;
}

}  // namespace

Statement plan_events(const Filter& filter, const Page& page) {
  StatementBuilder out;
  std::string condition = where(out, filter);
  if (page.after)
    condition += fmt::format(" AND (time, id) {} ({}, {})", page.oldest_first ? '>' : '<',
                             bind_second(out, page.after->time_s),
                             out.bind("UInt64", fmt::format("{}", page.after->id)));
  // Those without a key are each their own.
  constexpr std::string_view kKey =
      "if(aggregation_key = '', toString(id), concat('k', aggregation_key))";
  const std::string_view order = page.oldest_first ? "time ASC, id ASC" : "time DESC, id DESC";
  out << "SELECT " << kColumns << ", " << (filter.aggregated ? "alike" : "toUInt64(1)")
      << " FROM (SELECT *";
  if (filter.aggregated) out << ", count() OVER (PARTITION BY " << kKey << ") AS alike";
  out << " FROM events WHERE " << condition << ") ORDER BY " << order;
  if (filter.aggregated) out << " LIMIT 1 BY " << kKey;
  out << fmt::format(" LIMIT {} OFFSET {} FORMAT RowBinary", page.limit, page.offset);
  return std::move(out).finish();
}

Statement plan_event(std::uint64_t id) {
  StatementBuilder out;
  out << "SELECT " << kColumns
      << ", toUInt64(1) FROM events WHERE id = " << out.bind("UInt64", fmt::format("{}", id))
      << " LIMIT 1 FORMAT RowBinary";
  out.set_brief();
  return std::move(out).finish();
}

Result<std::vector<EventRow>> read_events(std::string_view body) {
  std::vector<EventRow> rows;
  RowReader row(body);
  while (!row.at_end()) rows.push_back(read_event(row));
  if (row.failed()) return broken_answer();
  return rows;
}

Statement plan_counts(const Filter& filter, std::int64_t step_s) {
  StatementBuilder out;
  const std::string condition = where(out, filter);
  out << fmt::format(
             "SELECT toInt64({1} + intDiv(toInt64(toUnixTimestamp(time)) - {1}, {0}) * {0}) AS "
             "begin, toString(alert_type) AS alert, count() FROM events WHERE ",
             step_s, filter.from_s - filter.from_s % step_s)
      << condition << " GROUP BY begin, alert ORDER BY begin, alert FORMAT RowBinary";
  return std::move(out).finish();
}

Result<std::vector<Count>> read_counts(std::string_view body) {
  std::vector<Count> counts;
  RowReader row(body);
  while (!row.at_end()) {
    Count& count = counts.emplace_back();
    count.begin_s = row.i64();
    count.alert_type = row.text();
    count.count = row.u64();
  }
  if (row.failed()) return broken_answer();
  return counts;
}

Statement plan_checks(const Filter& filter, std::size_t limit) {
  StatementBuilder out;
  std::string states;
  for (const model::CheckStatus state : filter.states)
    states += fmt::format("{}{}", states.empty() ? "" : ",", static_cast<int>(state));
  const std::string condition = where(out, filter);
  out << "SELECT " << kColumns << ", said FROM (SELECT *, count() OVER (PARTITION BY title, host, "
      << "tags) AS said FROM events WHERE " << condition
      << " ORDER BY time DESC, received DESC LIMIT 1 BY title, host, tags) "
      << (states.empty() ? "" : "WHERE status IN (" + states + ") ")
      // Critical, warning, unknown, fine.
      << "ORDER BY transform(status, [2, 1, 3, 0], [0, 1, 2, 3], 4), title, host, tags "
      << fmt::format("LIMIT {} FORMAT RowBinary", limit);
  return std::move(out).finish();
}

}  // namespace catalejo::query::events
