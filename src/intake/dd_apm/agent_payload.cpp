#include <cmath>
#include <utility>

#include "codec/json_writer.hpp"
#include "intake/dd_apm/payload_spans.hpp"
#include "intake/dd_apm/traces.hpp"

namespace catalejo::intake::dd_apm {
namespace {

using codec::JsonObjectWriter;
using codec::ProtobufReader;

// Of an entry of map<string, string>; what is empty does not stand on the wire.
model::Tag read_tag(std::string_view bytes, PayloadSpans& spans) {
  model::Tag tag;
  ProtobufReader in(bytes);
  while (in.next()) {
    if (in.field() == 1) tag.key = spans.text(in);
    if (in.field() == 2) tag.value = spans.text(in);
  }
  spans.check(in);
  return tag;
}

void read_metric(std::string_view bytes, PayloadSpans& spans, ApmSpan& span) {
  model::Metric metric{{}, 0};
  ProtobufReader in(bytes);
  while (in.next()) {
    if (in.field() == 1) metric.key = spans.text(in);
    if (in.field() == 2) metric.value = in.number();
  }
  spans.check(in);
  if (std::isfinite(metric.value)) span.metrics.push_back(metric);
}

// Structs of other products (security, where an error began) are passed over.
void read_struct(std::string_view bytes, PayloadSpans& spans, ApmSpan& span) {
  std::string_view key, value;
  ProtobufReader in(bytes);
  while (in.next()) {
    if (in.field() == 1) key = in.bytes();
    if (in.field() == 2) value = in.bytes();
  }
  spans.check(in);
  if (key == "_llmobs") span.llmobs_msgpack = value;
}

void append_attributes(std::string& out, const std::vector<std::string_view>& entries,
                       PayloadSpans& spans) {
  JsonObjectWriter fields(out);
  for (const std::string_view entry : entries) {
    const model::Tag tag = read_tag(entry, spans);
    fields.text(tag.key, tag.value);
  }
  fields.close();
}

// AttributeAnyValue with the members that tracers write; one of an array has no array in it.
void append_any(std::string& out, std::string_view bytes, bool in_array, PayloadSpans& spans) {
  std::int64_t type = 0, integer = 0;
  bool flag = false;
  double number = 0;
  std::string_view text, array;
  ProtobufReader in(bytes);
  while (in.next()) {
    if (in.field() == 1) type = in.integer();
    if (in.field() == 2) text = spans.text(in);
    if (in.field() == 3) flag = in.unsigned_integer() != 0;
    if (in.field() == 4) integer = in.integer();
    if (in.field() == 5) number = in.number();
    if (in.field() == 6) array = in.bytes();
  }
  spans.check(in);
  JsonObjectWriter fields(out);
  codec::append_json_number(fields.key("type"), type);
  if (type == 0) fields.text("string_value", text);
  if (type == 1) fields.key("bool_value") += flag ? "true" : "false";
  if (type == 2) codec::append_json_number(fields.key("int_value"), integer);
  if (type == 3) codec::append_json_number(fields.key("double_value"), number);
  if (type == 4 && !in_array) {
    std::string& to = fields.key("array_value");
    to += R"({"values":)";
    char before = '[';
    ProtobufReader items(array);
    while (items.next()) {
      if (items.field() != 1) continue;
      to += std::exchange(before, ',');
      append_any(to, items.bytes(), true, spans);
    }
    spans.check(items);
    to += before == '[' ? "[]}" : "]}";
  }
  fields.close();
}

void append_link(std::string& out, std::string_view bytes, PayloadSpans& spans) {
  JsonObjectWriter fields(out);
  std::vector<std::string_view> attributes;
  ProtobufReader in(bytes);
  while (in.next()) {
    if (in.field() == 1) codec::append_json_number(fields.key("trace_id"), in.unsigned_integer());
    if (in.field() == 2)
      codec::append_json_number(fields.key("trace_id_high"), in.unsigned_integer());
    if (in.field() == 3) codec::append_json_number(fields.key("span_id"), in.unsigned_integer());
    if (in.field() == 4) attributes.push_back(in.bytes());
    if (in.field() == 5) fields.text("tracestate", spans.text(in));
    if (in.field() == 6) codec::append_json_number(fields.key("flags"), in.unsigned_integer());
  }
  spans.check(in);
  if (!attributes.empty()) append_attributes(fields.key("attributes"), attributes, spans);
  fields.close();
}

void append_event(std::string& out, std::string_view bytes, PayloadSpans& spans) {
  JsonObjectWriter fields(out);
  std::vector<std::string_view> attributes;
  ProtobufReader in(bytes);
  while (in.next()) {
    if (in.field() == 1) codec::append_json_number(fields.key("time_unix_nano"), in.fixed());
    if (in.field() == 2) fields.text("name", spans.text(in));
    if (in.field() == 3) attributes.push_back(in.bytes());
  }
  spans.check(in);
  if (!attributes.empty()) {
    JsonObjectWriter values(fields.key("attributes"));
    for (const std::string_view entry : attributes) {
      std::string_view key, value;
      ProtobufReader pair(entry);
      while (pair.next()) {
        if (pair.field() == 1) key = spans.text(pair);
        if (pair.field() == 2) value = pair.bytes();
      }
      spans.check(pair);
      append_any(values.key(key), value, false, spans);
    }
    values.close();
  }
  fields.close();
}

void add_lists(const std::vector<std::string_view>& links,
               const std::vector<std::string_view>& events, PayloadSpans& spans) {
  const auto write_link = [&](auto& out, auto item) { append_link(out, item, spans); };
  spans.add_list("span_links", links, write_link);
  const auto write_event = [&](auto& out, auto item) { append_event(out, item, spans); };
  spans.add_list("span_events", events, write_event);
}

void read_span(std::string_view bytes, PayloadSpans& spans) {
  ApmSpan& span = spans.begin_span();
  std::vector<std::string_view> links, events;
  ProtobufReader in(bytes);
  while (in.next()) {
    switch (in.field()) {
      case 1:
        span.service = spans.text(in);
        break;
      case 2:
        span.name = spans.text(in);
        break;
      case 3:
        span.resource = spans.text(in);
        break;
      case 4:
        span.trace_id = in.unsigned_integer();
        break;
      case 5:
        span.span_id = in.unsigned_integer();
        break;
      case 6:
        span.parent_id = in.unsigned_integer();
        break;
      case 7:
        span.start_ns = in.integer();
        break;
      case 8:
        span.duration_ns = in.integer();
        break;
      case 9:
        span.error = in.integer() != 0;
        break;
      case 10:
        span.meta.push_back(read_tag(in.bytes(), spans));
        break;
      case 11:
        read_metric(in.bytes(), spans, span);
        break;
      case 12:
        span.type = spans.text(in);
        break;
      case 13:
        read_struct(in.bytes(), spans, span);
        break;
      case 14:
        links.push_back(in.bytes());
        break;
      case 15:
        events.push_back(in.bytes());
        break;
      default:
        break;
    }
  }
  spans.check(in);
  add_lists(links, events, spans);
  spans.add_span();
}

// Twice, here and below: what holds for all may stand behind them.
void read_chunk(std::string_view bytes, PayloadSpans& spans) {
  PayloadSpans::Chunk chunk;
  ProtobufReader about(bytes);
  while (about.next()) {
    if (about.field() == 1) chunk.priority = about.integer();
    if (about.field() == 2) chunk.origin = spans.text(about);
    if (about.field() == 4) chunk.tags.push_back(read_tag(about.bytes(), spans));
  }
  spans.check(about);
  spans.begin_chunk(std::move(chunk));
  ProtobufReader in(bytes);
  while (in.next())
    if (in.field() == 3) read_span(in.bytes(), spans);
  spans.end_chunk();
}

void read_tracer(std::string_view bytes, PayloadSpans::Origin origin, PayloadSpans& spans) {
  ProtobufReader about(bytes);
  while (about.next()) {
    if (about.field() != 8 && about.field() != 9 && about.field() != 10) continue;
    const std::string_view text = spans.text(about);
    if (text.empty()) continue;
    if (about.field() == 8) origin.env = text;
    if (about.field() == 9) origin.host = text;
    if (about.field() == 10) origin.version = text;
  }
  spans.check(about);
  spans.begin_tracer(origin);
  ProtobufReader in(bytes);
  while (in.next())
    if (in.field() == 6) read_chunk(in.bytes(), spans);
}

}  // namespace

Result<model::Batch> parse_agent_payload(std::string body) {
  model::Batch batch;
  const std::string_view bytes = batch.arena.adopt(std::move(body));
  PayloadSpans spans(batch);
  PayloadSpans::Origin agent;
  ProtobufReader about(bytes);
  while (about.next()) {
    if (about.field() == 1) agent.host = spans.text(about);
    if (about.field() == 2) agent.env = spans.text(about);
  }
  spans.check(about);
  ProtobufReader in(bytes);
  while (in.next()) {
    if (in.field() == 5) read_tracer(in.bytes(), agent, spans);
    if (in.field() == 11) read_indexed_tracer(in.bytes(), agent, spans);
  }
  if (auto error = spans.error()) return *std::move(error);
  // The Agent makes statistics of all traces, also of those that it does not send on.
  batch.client_computed_stats = true;
  return batch;
}

}  // namespace catalejo::intake::dd_apm
