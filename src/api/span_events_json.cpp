#include <fmt/format.h>
#include <simdjson.h>

#include "api/span_events.hpp"
#include "api/spans_json.hpp"
#include "model/evaluation.hpp"

// The typed client refuses a field of another type than its model's, so texts that clients sent
// in another shape are brought into the model's here; the page's own API shows them verbatim.
namespace catalejo::api {
namespace {

using codec::JsonObjectWriter;
using simdjson::dom::array;
using simdjson::dom::element;

void append_text_of(std::string& out, element value) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) {
    codec::append_json_string(out, text);
  } else {
    codec::append_json_string(out, value.is_null() ? std::string() : simdjson::minify(value));
  }
}

void copy_text(JsonObjectWriter& to, element from, std::string_view name) {
  element value;
  if (from[name].get(value) == simdjson::SUCCESS && !value.is_null())
    append_text_of(to.key(name), value);
}

// Arguments are an object in the model; clients send text that holds one, too.
void append_arguments(std::string& out, element value) {
  if (value.is_object()) {
    out += simdjson::minify(value);
    return;
  }
  std::string_view text;
  simdjson::dom::parser parser;
  if (value.get(text) == simdjson::SUCCESS) {
    element parsed;
    if (parser.parse(text.data(), text.size()).get(parsed) == simdjson::SUCCESS &&
        parsed.is_object()) {
      out += simdjson::minify(parsed);
      return;
    }
  }
  JsonObjectWriter wrapped(out);
  append_text_of(wrapped.key("value"), value);
  wrapped.close();
}

void append_tool_call(std::string& out, element call) {
  JsonObjectWriter object(out);
  for (const std::string_view name : {"name", "tool_id", "type"}) copy_text(object, call, name);
  element arguments;
  if (call["arguments"].get(arguments) == simdjson::SUCCESS && !arguments.is_null())
    append_arguments(object.key("arguments"), arguments);
  object.close();
}

void append_tool_result(std::string& out, element result) {
  JsonObjectWriter object(out);
  for (const std::string_view name : {"name", "result", "tool_id", "type"})
    copy_text(object, result, name);
  object.close();
}

template <typename Append>
void append_list(JsonObjectWriter& to, std::string_view name, element parent, Append append) {
  array items;
  if (parent[name].get(items) != simdjson::SUCCESS) return;
  std::string& out = to.key(name);
  out += '[';
  for (const element item : items) {
    if (!item.is_object()) continue;
    if (out.back() != '[') out += ',';
    append(out, item);
  }
  out += ']';
}

void append_message(std::string& out, element message) {
  JsonObjectWriter object(out);
  for (const std::string_view name : {"content", "id", "role"}) copy_text(object, message, name);
  append_list(object, "tool_calls", message, append_tool_call);
  append_list(object, "tool_results", message, append_tool_result);
  object.close();
}

// {"messages":[…]} or {"value":"…"}; other shapes as the text of their JSON.
void append_io(JsonObjectWriter& attributes, std::string_view name, std::string_view json) {
  if (json.empty()) return;
  JsonObjectWriter io(attributes.key(name));
  simdjson::dom::parser parser;
  element root, value;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) {
    io.text("value", json);
  } else if (root["messages"].error() == simdjson::SUCCESS) {
    append_list(io, "messages", root, append_message);
    copy_text(io, root, "value");
  } else if (root["value"].get(value) == simdjson::SUCCESS) {
    append_text_of(io.key("value"), value);
  } else {
    io.text("value", json);
  }
  io.close();
}

void append_tool_definition(std::string& out, element definition) {
  JsonObjectWriter object(out);
  for (const std::string_view name : {"name", "description", "version"})
    copy_text(object, definition, name);
  element schema;
  if (definition["schema"].get(schema) == simdjson::SUCCESS && schema.is_object())
    object.key("schema") += simdjson::minify(schema);
  object.close();
}

void append_extra(JsonObjectWriter& attributes, const query::SpanRow& row) {
  simdjson::dom::parser parser;
  element root;
  if (!row.metadata.empty() &&
      parser.parse(row.metadata.data(), row.metadata.size()).get(root) == simdjson::SUCCESS &&
      root.is_object())
    attributes.key("metadata") += row.metadata;
  if (row.extra.empty() ||
      parser.parse(row.extra.data(), row.extra.size()).get(root) != simdjson::SUCCESS)
    return;
  copy_text(attributes, root, "intent");
  append_list(attributes, "tool_definitions", root, append_tool_definition);
}

void append_metrics(JsonObjectWriter& attributes, const query::SpanRow& row,
                    const cost::Cost& cost) {
  JsonObjectWriter metrics(attributes.key("metrics"));
  for (const auto& [name, value] : row.metrics) codec::append_json_number(metrics.key(name), value);
  if (cost.known()) {
    codec::append_json_number(metrics.key("estimated_total_cost"),
                              static_cast<double>(cost.amount.value));
  }
  metrics.close();
}

void append_tags(std::string& out, const query::TextMap& tags) {
  out += '[';
  for (const auto& [key, value] : tags) {
    if (out.back() != '[') out += ',';
    codec::append_json_string(out, fmt::format("{}:{}", key, value));
  }
  out += ']';
}

void append_evaluations(JsonObjectWriter& attributes,
                        const std::vector<const query::EvaluationRow*>& evaluations) {
  if (evaluations.empty()) return;
  JsonObjectWriter by_label(attributes.key("evaluation"));
  for (const query::EvaluationRow* row : evaluations) {
    JsonObjectWriter metric(by_label.key(row->label));
    metric.text("eval_metric_type",
                model::metric_type_name(static_cast<model::MetricType>(row->metric_type)));
    append_evaluation_value(metric.key("value"), *row);
    if (!row->assessment.empty()) metric.text("assessment", row->assessment);
    if (!row->reasoning.empty()) metric.text("reasoning", row->reasoning);
    metric.text("status", row->status.empty() ? "OK" : row->status);
    append_tags(metric.key("tags"), row->tags);
    metric.close();
  }
  by_label.close();
}

}  // namespace

void append_span_event(std::string& out, const query::SpanRow& row, const cost::Cost& cost,
                       const std::vector<const query::EvaluationRow*>& evaluations) {
  JsonObjectWriter data(out);
  data.text("id", fmt::format("{}{:016x}", to_hex(row.trace_id), row.span_id.value));
  data.text("type", "span");
  JsonObjectWriter attributes(data.key("attributes"));
  attributes.text("trace_id", to_hex(row.trace_id));
  attributes.text("span_id", to_decimal(row.span_id));
  attributes.text("parent_id", row.parent_id.value == 0 ? "undefined" : to_decimal(row.parent_id));
  attributes.text("name", row.name);
  attributes.text("span_kind", row.kind);
  attributes.text("ml_app", row.ml_app);
  attributes.text("status", row.error ? "error" : "ok");
  codec::append_json_number(attributes.key("start_ns"), row.start.value);
  codec::append_json_number(attributes.key("duration"), static_cast<double>(row.duration_ns));
  if (!row.model.empty()) attributes.text("model_name", row.model);
  if (!row.provider.empty()) attributes.text("model_provider", row.provider);
  append_io(attributes, "input", row.input);
  append_io(attributes, "output", row.output);
  append_extra(attributes, row);
  append_metrics(attributes, row, cost);
  append_tags(attributes.key("tags"), row.tags);
  append_evaluations(attributes, evaluations);
  attributes.close();
  data.close();
}

}  // namespace catalejo::api
