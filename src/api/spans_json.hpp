// Spans, traces and evaluations as the page's API shows them (openapi.json: Row, Trace, Span,
// Evaluation).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "codec/json_writer.hpp"
#include "query/cost_sum.hpp"
#include "query/reader.hpp"

namespace catalejo::api {

// An object whose absent values are null.
class Fields {
 public:
  explicit Fields(std::string& out) : object_(out) {}
  std::string& key(std::string_view name) { return object_.key(name); }
  void text(std::string_view name, std::string_view value) { object_.text(name, value); }
  void text_or_null(std::string_view name, std::string_view value);
  void flag(std::string_view name, bool value);
  void integer(std::string_view name, std::int64_t value);
  // null below 0: not known.
  void known(std::string_view name, std::int64_t value);
  void number(std::string_view name, std::optional<double> value);  // null when there is none
  // As the object "tokens".
  void tokens(std::int64_t input, std::int64_t output, std::int64_t total);
  void cost(std::string_view name, std::int64_t nano_usd);
  void trace_id(std::string_view name, TraceId id);  // null when empty
  void span_id(std::string_view name, SpanId id);    // null when 0
  void time(std::string_view name, UnixNanos time);  // decimal text
  // Stored JSON as it is; null when empty. Text that is no JSON after all becomes a string, so
  // that one odd row cannot break an answer.
  void json(std::string_view name, std::string_view text);
  void flags(std::string_view name, std::uint32_t flags);
  void text_map(std::string_view name, const query::TextMap& map);
  void close() { object_.close(); }

 private:
  codec::JsonObjectWriter object_;
};

// `append(out, item)` for each, as an array.
template <typename Items, typename Append>
void append_array(std::string& out, const Items& items, Append append) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ',';
    first = false;
    append(out, item);
  }
  out += ']';
}

// {"id","type","attributes"}, as JSON:API has it; `append(attributes)` writes the fields.
template <typename Append>
void append_item(std::string& out, std::string_view id, std::string_view type, Append append) {
  Fields item(out);
  item.text("id", id);
  item.text("type", type);
  Fields attributes(item.key("attributes"));
  append(attributes);
  attributes.close();
  item.close();
}

void append_stored_json(std::string& out, std::string_view text);

// `totals` and `trace_cost` only for a list of traces.
void append_row(std::string& out, const query::SpanRow& row, const query::SpanCost& cost,
                const query::TraceTotals* totals, const query::CostSum* trace_cost);
// `whole_cost` is that of a trace of which a part is answered.
void append_trace(std::string& out, const query::Trace& trace, const query::Pricing& pricing,
                  const query::CostSum* whole_cost);
// One line of a window of a large trace (openapi.json: TraceLine).
void append_line(std::string& out, const query::TraceLines& lines, std::size_t at);
void append_evaluation(std::string& out, const query::EvaluationRow& row);
// The value in the form its type has: number, true, "text" or JSON.
void append_evaluation_value(std::string& out, const query::EvaluationRow& row);

}  // namespace catalejo::api
