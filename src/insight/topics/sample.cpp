#include "insight/topics/sample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/limits.hpp"
#include "codec/utf8.hpp"
#include "model/evaluation.hpp"
#include "query/plans.hpp"
#include "query/preview.hpp"
#include "query/row_reader.hpp"
#include "query/saturate.hpp"

namespace catalejo::insight::topics {
namespace {

using query::Statement;
using query::StatementBuilder;

void write_calls(StatementBuilder& out, const query::Filter& filter) {
  query::write_condition(out, filter);
  out << "\n  AND kind = 'llm' AND half IN (1, 3)";
}

void write_picked(StatementBuilder& out, const query::Filter& filter, std::uint64_t total,
                  std::size_t wanted) {
  write_calls(out, filter);
  if (total <= wanted) return;
  const double share = static_cast<double>(wanted) / static_cast<double>(total);
  const auto most = static_cast<std::uint64_t>(std::ldexp(share, 64));
  out << fmt::format("\n  AND sipHash64(span_id) < {}", out.bind("UInt64", fmt::to_string(most)));
}

// Its beginning and its end, in whole characters.
std::string bounded(std::string text) {
  constexpr std::size_t kHalf = limits::topic_input_bytes_max / 2;
  if (text.size() <= 2 * kHalf) return text;
  std::string head(codec::utf8_prefix(text, kHalf));
  std::size_t from = text.size() - kHalf;
  while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xc0) == 0x80) ++from;
  return head + '\n' + text.substr(from);
}

}  // namespace

Statement plan_call_count(const query::Filter& filter) {
  StatementBuilder out;
  out << "SELECT count()\nFROM spans\nWHERE ";
  write_calls(out, filter);
  out << "\nFORMAT RowBinary";
  return std::move(out).finish();
}

Result<std::uint64_t> read_call_count(std::string_view body) {
  query::RowReader reader(body);
  const std::uint64_t count = reader.u64();
  if (reader.failed()) return query::broken_answer();
  return count;
}

Statement plan_calls(const query::Filter& filter, std::uint64_t total, std::size_t wanted) {
  StatementBuilder out;
  out << fmt::format("SELECT {}\nFROM spans\nWHERE ", query::span_columns(query::Columns::call));
  write_picked(out, filter, total, wanted);
  // Calls come while this is asked: a few more than were counted are no reason to fail.
  out << fmt::format("\nLIMIT {}\nFORMAT RowBinary", wanted + wanted / 10);
  return std::move(out).finish();
}

Result<std::vector<Call>> read_calls(std::string body, const query::Pricing& pricing) {
  auto rows = query::read_span_rows(std::move(body));
  if (!rows) return rows.error();
  std::vector<Call> calls;
  calls.reserve(rows->rows.size());
  for (const query::SpanRow& row : rows->rows) {
    const query::SpanCost cost = query::span_cost(row, pricing, false);
    calls.push_back({.trace_id = row.trace_id,
                     .span_id = row.span_id,
                     .start = row.start,
                     .duration_ns = row.duration_ns,
                     .failed = row.error,
                     .text = bounded(query::text_of_input(row.input)),
                     .tokens = row.total_tokens,
                     .nano_usd = cost.cost.known() ? cost.cost.amount.value : query::kUnknown});
  }
  // The database gives them in any order; topics are to be the same each time.
  std::ranges::sort(calls, [](const Call& a, const Call& b) {
    return std::tuple(a.start, a.span_id.value, a.trace_id) <
           std::tuple(b.start, b.span_id.value, b.trace_id);
  });
  return calls;
}

Statement plan_judgements(const query::Filter& filter, std::uint64_t total, std::size_t wanted) {
  StatementBuilder out;
  const auto write_traces = [&] {
    out << "(SELECT trace_id FROM spans WHERE ";
    write_picked(out, filter, total, wanted);
    out << ")";
  };
  const std::string from = out.bind_time(query::shifted(filter.from, -limits::trace_slack_nanos));
  const std::string to = out.bind_time(query::shifted(filter.to, limits::trace_slack_nanos));
  // The newest of each label counts, of each person and of the evaluators, unless it was taken
  // back.
  out << fmt::format(
      "SELECT trace_id, span_id, toUInt8(span_id = 0 OR (trace_id, span_id) IN (\n"
      "    SELECT trace_id, span_id FROM spans WHERE start >= {0} AND start <= {1} AND parent_id = "
      "0 "
      "AND half IN (1, 3)\n      AND trace_id IN ",
      from, to);
  write_traces();
  out << fmt::format(
      ")), toUInt64(assessment = 'fail')\nFROM (\n  SELECT trace_id, span_id, assessment, status "
      "FROM evaluations\n  WHERE join_key = '' AND timestamp >= {} AND trace_id != {} AND trace_id "
      "IN ",
      from, query::kNoTrace);
  write_traces();
  out << fmt::format(
      "\n  ORDER BY timestamp DESC\n  LIMIT 1 BY trace_id, span_id, label, submitter)\n"
      "WHERE assessment IN ('pass', 'fail') AND status != {}\nLIMIT {}\nFORMAT RowBinary",
      out.bind_text(model::kWithdrawn), limits::search_subselect_rows_max);
  return std::move(out).finish();
}

Result<void> read_judgements(std::string_view body, std::vector<Call>& calls) {
  std::map<std::pair<TraceId, std::uint64_t>, Call*> by_span;
  std::map<TraceId, Call*> first_of;
  for (Call& call : calls) {
    by_span.emplace(std::pair(call.trace_id, call.span_id.value), &call);
    first_of.emplace(call.trace_id, &call);
  }
  query::RowReader reader(body);
  while (!reader.at_end()) {
    const TraceId trace_id = reader.trace_id();
    const std::uint64_t span_id = reader.u64();
    const bool of_trace = reader.u8() != 0;
    const std::uint64_t failing = reader.u64();
    if (reader.failed()) return query::broken_answer();
    Call* call = nullptr;
    if (const auto own = by_span.find({trace_id, span_id}); own != by_span.end())
      call = own->second;
    else if (const auto first = first_of.find(trace_id); of_trace && first != first_of.end())
      call = first->second;
    if (call == nullptr) continue;
    ++call->judged;
    call->judged_failing += failing;
  }
  return {};
}

}  // namespace catalejo::insight::topics
