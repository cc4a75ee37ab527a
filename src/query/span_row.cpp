#include "query/span_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "base/limits.hpp"

namespace catalejo::query {
namespace {

// `list` is the expression that stands for the column in a list; empty means the column itself.
struct Column {
  std::string_view name;
  std::string_view list = {};
  // For a line of a tree.
  std::string_view line() const {
    if (name == "tags") return "mapFilter((k, v) -> k = 'http.status_code', tags)";
    return name == "metrics" ? list : "''";
  }
};

// read_span below reads these in this order.
constexpr std::array kSpanColumns = {
    Column{"half"},
    Column{"trace_id"},
    Column{"apm_trace_id"},
    Column{"span_id"},
    Column{"parent_id"},
    Column{"apm_parent_id"},
    Column{"start"},
    Column{"duration_ns"},
    Column{"received"},
    Column{"error"},
    Column{"name"},
    Column{"apm_name"},
    Column{"apm_type"},
    Column{"kind"},
    Column{"service"},
    Column{"env"},
    Column{"version"},
    Column{"ml_app"},
    Column{"model"},
    Column{"provider"},
    Column{"deployment"},
    Column{"error_type"},
    Column{"source"},
    Column{"resource"},
    Column{"session_id"},
    Column{"user_id"},
    Column{"error_message", "substringUTF8(error_message, 1, 500)"},
    Column{"error_stack", "''"},
    Column{"input", "preview"},
    Column{"output", "preview"},
    Column{"metadata", "''"},
    Column{"extra", "''"},
    Column{"tags", "CAST(map(), 'Map(String, String)')"},
    Column{"metrics", "CAST(map(), 'Map(String, Float64)')"},
    Column{"input_tokens"},
    Column{"output_tokens"},
    Column{"total_tokens"},
    Column{"cost_nano_usd"},
    Column{"flags"},
    Column{"cached_tokens"},
    Column{"cache_write_tokens"},
    Column{"reasoning_tokens"},
    Column{"audio_input_tokens"},
    Column{"audio_output_tokens"},
    Column{"azure_resource"},
};

// Of a long input the last message of a user's, and of a long message its beginning and its end.
std::string asked_expression() {
  constexpr std::string_view kCut =
      "concat('{{\"value\":', toJSONString(concat(leftUTF8({0}, {1}), '\\n', rightUTF8({0}, "
      "{1}))), "
      "'}}')";
  const std::string text = fmt::format(
      "if(m = '', JSONExtractString(input, 'value'), if(JSONType(m, 'content') = 'String', "
      "JSONExtractString(m, 'content'), m))");
  return fmt::format(
      "if(length(input) <= {0}, input, arrayMap(m -> if(m != '' AND length(m) <= {0}, "
      "concat('{{\"messages\":[', m, ']}}'), {1}), [arrayLast(m -> JSONExtractString(m, 'role') = "
      "'user', JSONExtractArrayRaw(input, 'messages'))])[1])",
      2 * limits::topic_input_bytes_max,
      fmt::format(kCut, text, limits::topic_input_bytes_max / 4));
}

// A text above the limit is not sent whole for the sake of its first line: the database picks the
// message a person would look for and sends the beginning of that.
std::string preview_expression(std::string_view column) {
  const std::string_view wanted = column == "input" ? "user" : "assistant";
  return fmt::format(
      "if(length({0}) <= {1}, {0}, concat('{{\"value\":', toJSONString(substringUTF8("
      "if(JSONHas({0}, 'messages'), JSONExtractString(arrayLast(m -> "
      "JSONExtractString(m, 'role') = '{2}', JSONExtractArrayRaw({0}, 'messages')), 'content'), "
      "JSONExtractString({0}, 'value')), 1, {3})), '}}'))",
      column, limits::preview_json_bytes_max, wanted, limits::preview_characters_max * 4);
}

void read_span(RowReader& reader, SpanRow& row) {
  row.half = reader.u8();
  row.trace_id = reader.trace_id();
  row.apm_trace_id = reader.trace_id();
  for (SpanId* id : {&row.span_id, &row.parent_id, &row.apm_parent_id}) id->value = reader.u64();
  row.start.value = reader.i64();
  row.duration_ns = reader.i64();
  row.received_ms = reader.i64();
  row.error = reader.u8() != 0;
  for (std::string_view* text :
       {&row.name,       &row.apm_name,      &row.apm_type,    &row.kind,     &row.service,
        &row.env,        &row.version,       &row.ml_app,      &row.model,    &row.provider,
        &row.deployment, &row.error_type,    &row.source,      &row.resource, &row.session_id,
        &row.user_id,    &row.error_message, &row.error_stack, &row.input,    &row.output,
        &row.metadata,   &row.extra})
    *text = reader.text();
  row.tags = read_text_map(reader);
  row.metrics = read_number_map(reader);
  for (std::int64_t* number :
       {&row.input_tokens, &row.output_tokens, &row.total_tokens, &row.cost_nano_usd})
    *number = reader.i64();
  row.flags = reader.u32();
  for (std::int64_t* number : {&row.cached_tokens, &row.cache_write_tokens, &row.reasoning_tokens,
                               &row.audio_input_tokens, &row.audio_output_tokens})
    *number = reader.i64();
  row.azure_resource = reader.text();
}

void read_evaluation(RowReader& reader, EvaluationRow& row) {
  row.id = reader.trace_id();
  row.trace_id = reader.trace_id();
  row.span_id.value = reader.u64();
  for (std::string_view* text : {&row.session_id, &row.join_key, &row.join_value, &row.event_kind,
                                 &row.scope, &row.label, &row.ml_app})
    *text = reader.text();
  row.metric_type = reader.u8();
  row.score = reader.f64();
  for (std::string_view* text : {&row.text, &row.assessment, &row.reasoning, &row.status,
                                 &row.submitter, &row.metadata, &row.error_json})
    *text = reader.text();
  row.timestamp_ms = reader.i64();
  row.tags = read_text_map(reader);
  row.source = reader.text();
}

template <typename Row, typename Read>
Result<Rows<Row>> read_rows(std::string body, Read read) {
  Rows<Row> result;
  result.body = std::make_unique<const std::string>(std::move(body));
  RowReader reader(*result.body);
  while (!reader.at_end()) {
    result.rows.emplace_back();
    read(reader, result.rows.back());
  }
  if (reader.failed()) return broken_answer();
  return result;
}

}  // namespace

TextMap read_text_map(RowReader& reader) {
  TextMap map(reader.count(2));
  for (auto& [key, value] : map) {
    key = reader.text();
    value = reader.text();
  }
  return map;
}

NumberMap read_number_map(RowReader& reader) {
  NumberMap map(reader.count(9));
  for (auto& [key, value] : map) {
    key = reader.text();
    value = reader.f64();
  }
  return map;
}

std::string span_columns(Columns columns) {
  std::string list;
  for (const Column& column : kSpanColumns) {
    if (!list.empty()) list += ", ";
    if (columns == Columns::all || column.list.empty()) {
      list += column.name;
    } else if (columns == Columns::line) {
      list += column.line();
    } else if (columns == Columns::call && column.list == "preview") {
      list += column.name == "input" ? asked_expression() : "''";
    } else if (column.list == "preview") {
      list += preview_expression(column.name);
    } else {
      list += column.list;
    }
  }
  return list;
}

std::string evaluation_columns() {
  return "id, trace_id, span_id, session_id, join_key, join_value, event_kind, scope, label, "
         "ml_app, metric_type, score, text, assessment, reasoning, status, submitter, metadata, "
         "error_json, timestamp, tags, source";
}

Result<Rows<SpanRow>> read_span_rows(std::string body) {
  return read_rows<SpanRow>(std::move(body), read_span);
}

Result<Rows<EvaluationRow>> read_evaluation_rows(std::string body) {
  return read_rows<EvaluationRow>(std::move(body), read_evaluation);
}

Error broken_answer() {
  return Error{Code::database,
               "the database answered rows of another shape than was asked for; "
               "is its schema the one of this version?",
               ""};
}

namespace {

std::string_view version_of(const EvaluationRow& row) {
  const auto found = std::ranges::find(row.tags, "evaluator_version",
                                       &std::pair<std::string_view, std::string_view>::first);
  return found == row.tags.end() ? std::string_view() : found->second;
}

// A person judges again; an evaluator does when a trace or session grew.
bool may_be_replaced(const EvaluationRow& row) {
  return !row.submitter.empty() || (row.scope != "span" && row.source.starts_with("catalejo/"));
}

}  // namespace

void keep_current(std::vector<EvaluationRow>& rows) {
  const auto key = [](const EvaluationRow& row) {
    const bool by_person = !row.submitter.empty();
    return std::tuple(by_person ? row.submitter : row.source, row.label, row.trace_id, row.span_id,
                      row.session_id, row.join_key, row.join_value,
                      by_person ? std::string_view() : version_of(row));
  };
  std::map<decltype(key(rows[0])), const EvaluationRow*> newest;
  for (const EvaluationRow& row : rows)
    if (may_be_replaced(row)) newest[key(row)] = &row;
  std::vector<EvaluationRow> current;
  for (EvaluationRow& row : rows)
    if (!may_be_replaced(row) || newest.at(key(row)) == &row) current.push_back(row);
  rows = std::move(current);
}

}  // namespace catalejo::query
