#include "query/recent_calls.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "query/row_reader.hpp"

namespace catalejo::query {
namespace {

constexpr int kLookedAtMax = 200'000, kCallsMax = 50'000;

}  // namespace

Statement plan_recent_calls(UnixNanos from, std::size_t of_a_kind) {
  StatementBuilder out;
  constexpr std::string_view kColumns =
      "ml_app, kind, name, model, deployment, start, duration_ns, input_tokens, output_tokens, "
      "cost_nano_usd";
  out << fmt::format(
      "SELECT {0}\nFROM (\n  SELECT {0} FROM spans\n"
      "  WHERE start >= {1} AND half != 2 AND error = 0\n  ORDER BY start DESC LIMIT {2})\n"
      "ORDER BY start DESC\nLIMIT {3} BY ml_app, kind, name, model, deployment\nLIMIT {4}\n"
      "FORMAT RowBinary",
      kColumns, out.bind_time(from), kLookedAtMax, of_a_kind, kCallsMax);
  return std::move(out).finish();
}

Result<std::vector<SpanRow>> read_recent_calls(std::string_view body) {
  std::vector<SpanRow> calls;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    SpanRow call;
    call.half = 1;
    for (std::string_view* text :
         {&call.ml_app, &call.kind, &call.name, &call.model, &call.deployment})
      *text = row.text();
    call.start.value = row.i64();
    for (std::int64_t* number :
         {&call.duration_ns, &call.input_tokens, &call.output_tokens, &call.cost_nano_usd})
      *number = row.i64();
    calls.push_back(std::move(call));
  }
  if (row.failed()) return broken_answer();
  std::ranges::reverse(calls);
  return calls;
}

}  // namespace catalejo::query
