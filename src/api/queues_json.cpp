#include "api/queues_json.hpp"

#include "api/body.hpp"
#include "api/spans_json.hpp"
#include "base/hash.hpp"
#include "base/limits.hpp"

namespace catalejo::api {

void append_queue(std::string& out, const store::Queue& queue) {
  append_item(out, queue.id, "queues", [&](Fields& attributes) {
    attributes.text("name", queue.name);
    attributes.text("description", queue.description);
    attributes.text("project_id", queue.project);
    attributes.text("owned_by", queue.owner);
    attributes.text("created_by", queue.created_by);
    attributes.text("modified_by", queue.modified_by);
    attributes.text("created_at", to_rfc3339(queue.created));
    attributes.text("modified_at", to_rfc3339(queue.updated));
    // Who reaches the server may do everything.
    attributes.flag("can_manage_access", true);
    attributes.flag("restrict_to_assignees", false);
    attributes.flag("restrict_to_reviewers", false);
    Fields schema(attributes.key("annotation_schema"));
    schema.key("label_schemas") += queue.labels;
    schema.close();
    attributes.integer("schema_version", queue.schema_version);
    attributes.integer("reviewers", queue.reviewers);
    attributes.integer("items", queue.items);
    attributes.integer("done", queue.done);
  });
}

void append_item_fields(Fields& fields, const store::QueueItem& item) {
  fields.text("id", item.id);
  fields.text("type", item.type);
  fields.text("content_id", item.content);
  const Target target = target_of(item);
  fields.trace_id("trace_id", target.trace_id);
  fields.span_id("span_id", target.span_id);
  fields.text_or_null("session_id", target.session_id);
  fields.text_or_null("added_by", item.added_by);
  fields.text("created_at", to_rfc3339(item.created));
  fields.text("modified_at", to_rfc3339(item.updated));
}

void append_answer_head(Fields& fields, const store::QueueAnswer& answer) {
  fields.text("id", answer.id);
  fields.text("interaction_id", answer.item);
  fields.text("created_by", answer.reviewer);
  fields.text("modified_by", answer.reviewer);
  fields.text("created_at", to_rfc3339(answer.created));
  fields.text("modified_at", to_rfc3339(answer.updated));
}

void append_answer(std::string& out, const store::QueueAnswer& answer) {
  Fields fields(out);
  append_answer_head(fields, answer);
  fields.integer("schema_version", answer.schema_version);
  fields.flag("skipped", answer.skipped);
  fields.key("label_values") += answer.values;
  fields.close();
}

Result<store::QueueItem> make_item(const std::string& type, const std::string& content) {
  store::QueueItem item;
  item.type = type;
  const std::size_t colon = type == "span" ? content.find(':') : std::string::npos;
  if (type == "session") {
    if (content.empty() || content.size() > limits::short_name_bytes_max)
      return bad("content_id", "must be the id of a session");
    item.content = content;
    return item;
  }
  if (type != "trace" && type != "experiment_trace" && type != "span")
    return bad("type", "must be trace, span or session");
  const auto trace = parse_trace_id(content.substr(0, colon));
  if (!trace || trace->empty()) return bad("content_id", "must begin with the id of a trace");
  item.content = to_hex(*trace);
  if (type != "span") return item;
  const auto span = parse_span_id(colon == std::string::npos ? "" : content.substr(colon + 1));
  if (!span || span->value == 0)
    return bad("content_id", "must be the id of a trace, a colon and the id of a span");
  item.content += ":" + to_decimal(*span);
  return item;
}

Result<void> read_sample(std::string_view name, codec::dom::element value, double& sample) {
  if (value.get(sample) == simdjson::SUCCESS && sample > 0 && sample <= 1) return {};
  return bad(name, "must be above 0 and at most 1");
}

bool is_in_sample(const std::string& content, double rate) {
  return unit_of(hash128(content)) < rate;
}

Target target_of(const store::QueueItem& item) {
  Target target;
  if (item.type == "session") {
    target.session_id = item.content;
    return target;
  }
  const std::size_t colon = item.content.find(':');
  target.trace_id = parse_trace_id(item.content.substr(0, colon)).value_or(TraceId{});
  if (colon != std::string::npos)
    target.span_id = parse_span_id(item.content.substr(colon + 1)).value_or(SpanId{});
  return target;
}

}  // namespace catalejo::api
