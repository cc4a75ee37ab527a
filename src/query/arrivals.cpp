#include "query/arrivals.hpp"

#include <fmt/format.h>

#include "query/row_reader.hpp"
#include "query/span_row.hpp"

namespace catalejo::query {

Statement plan_arrivals(const ArrivalsPlan& plan) {
  StatementBuilder out;
  out << "SELECT toUnixTimestamp64Milli(received), trace_id, apm_trace_id, span_id, session_id\n"
         "FROM spans\nWHERE ";
  // Few came since: their texts alone are read.
  out << fmt::format("received > {} AND received <= {} AND ", out.bind_time(plan.after),
                     out.bind_time(plan.to));
  write_condition(out, plan.filter);
  if (plan.behind) {
    out << fmt::format(
        "\n  AND (toUnixTimestamp64Milli(received), span_id, trace_id) > ({}, {}, "
        "toFixedString({}, 16))",
        out.bind_int(plan.behind->received_ms),
        out.bind("UInt64", to_decimal(plan.behind->span_id)),
        out.bind_trace_id(plan.behind->trace_id));
  }
  out << fmt::format("\nORDER BY received, span_id, trace_id\nLIMIT {}\nFORMAT RowBinary",
                     plan.rows_max);
  return std::move(out).finish();
}

Result<std::vector<Arrival>> read_arrivals(std::string_view body) {
  std::vector<Arrival> rows;
  RowReader reader(body);
  while (!reader.at_end()) {
    Arrival row;
    row.received_ms = reader.i64();
    row.trace_id = reader.trace_id();
    row.apm_trace_id = reader.trace_id();
    row.span_id = {reader.u64()};
    row.session_id = std::string(reader.text());
    if (reader.failed()) return broken_answer();
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace catalejo::query
