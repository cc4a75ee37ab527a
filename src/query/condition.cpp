// Filter → the condition of a WHERE.
#include <fmt/format.h>

#include "query/filter.hpp"
#include "query/price_table.hpp"

namespace catalejo::query {
namespace {

void write_field(StatementBuilder& out, const FieldFilter& filter) {
  const auto write = [&](std::string_view verb, const std::vector<std::string>& values) {
    if (values.empty()) return;
    out << fmt::format("\n  AND {} {} {}", filter.field->column, verb, out.bind_texts(values));
  };
  write("IN", filter.wanted);
  write("NOT IN", filter.excluded);
}

std::string_view view_condition(View view) {
  switch (view) {
    case View::traces:
      return "\n  AND half IN (1, 3) AND parent_id = 0";
    case View::spans:
      return "\n  AND half IN (1, 3)";
    case View::apm:
      return "\n  AND half IN (2, 3)";
  }
  return "";
}

}  // namespace

void write_stretches(StatementBuilder& out, const std::vector<search::Stretch>& stretches) {
  out << "\n  AND (false";
  for (const auto& [first, last] : stretches) {
    out << fmt::format(" OR (start >= {} AND start <= {})", out.bind_time(first),
                       out.bind_time(last));
  }
  out << ")";
}

void write_condition(StatementBuilder& out, const Filter& filter) {
  out << fmt::format("start >= {} AND start <= {}", out.bind_time(filter.from),
                     out.bind_time(filter.to));
  if (filter.stretches) write_stretches(out, *filter.stretches);
  out << view_condition(filter.view);
  for (const FieldFilter& field : filter.fields) write_field(out, field);
  for (const TagFilter& tag : filter.tags) {
    out << fmt::format("\n  AND tags[{}] {} {}", out.bind_text(tag.key), tag.excluded ? "!=" : "=",
                       out.bind_text(tag.value));
  }
  if (filter.trace_id) {
    const std::string id = out.bind_trace_id(*filter.trace_id);
    out << fmt::format("\n  AND (trace_id = {0} OR apm_trace_id = {0})", id);
  }
  if (filter.span_id)
    out << fmt::format("\n  AND span_id = {}", out.bind("UInt64", to_decimal(*filter.span_id)));
  if (filter.duration_ns_min)
    out << fmt::format("\n  AND duration_ns >= {}", out.bind_int(*filter.duration_ns_min));
  if (filter.duration_ns_max)
    out << fmt::format("\n  AND duration_ns <= {}", out.bind_int(*filter.duration_ns_max));
  if (!filter.search) return;
  search::Scope scope{filter.from, filter.to, filter.view == View::apm};
  if (filter.prices && search::is_about_cost(*filter.search))
    scope.cost = cost_expression(out, *filter.prices);
  out << "\n  AND " << search::write_condition(out, *filter.search, scope);
}

}  // namespace catalejo::query
