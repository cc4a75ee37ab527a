#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "base/limits.hpp"
#include "codec/base64.hpp"
#include "codec/json_writer.hpp"
#include "codec/utf8.hpp"
#include "intake/dd_apm/payload_spans.hpp"
#include "intake/dd_apm/traces.hpp"

namespace catalejo::intake::dd_apm {
namespace {

using codec::JsonObjectWriter;
using codec::ProtobufReader;

constexpr std::size_t kTraceIdBytes = 16;

// enum SpanKind
constexpr std::string_view kKinds[] = {"", "internal", "server", "client", "producer", "consumer"};

struct TraceId {
  std::uint64_t high = 0, low = 0;
};

// Sixteen bytes, the most significant first.
TraceId trace_id_of(std::string_view bytes) {
  TraceId id;
  if (bytes.size() != kTraceIdBytes) return id;
  for (std::size_t i = 0; i < kTraceIdBytes; ++i) {
    std::uint64_t& half = i < kTraceIdBytes / 2 ? id.high : id.low;
    half = half << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return id;
}

class TracerReader {
 public:
  TracerReader(std::string_view bytes, PayloadSpans& spans) : bytes_(bytes), spans_(spans) {}

  void run(PayloadSpans::Origin origin) {
    table();
    ProtobufReader about(bytes_);
    while (about.next()) {
      if (about.field() < 7 || about.field() > 9) continue;
      const std::string_view text = text_of(about.unsigned_integer(), nullptr);
      if (text.empty()) continue;
      if (about.field() == 7) origin.env = text;
      if (about.field() == 8) origin.host = text;
      if (about.field() == 9) origin.version = text;
    }
    spans_.check(about);
    spans_.begin_tracer(origin);
    ProtobufReader in(bytes_);
    while (in.next())
      if (in.field() == 11) chunk(in.bytes());
  }

 private:
  struct Text {
    std::string_view text;
    bool mended = false;  // bytes that are no UTF-8 were replaced
  };

  void table() {
    ProtobufReader in(bytes_);
    while (in.next()) {
      if (in.field() != 1) continue;
      if (texts_.size() == kTextsMax) return spans_.set_too_large();
      const std::string_view text = in.bytes();
      const bool good = codec::is_utf8(text);
      texts_.push_back({good ? text : spans_.clean(text), !good});
    }
    spans_.check(in);
  }

  // The text that an index stands for; one that is none makes its span wrong.
  std::string_view text_of(std::uint64_t index, ApmSpan* span) {
    if (index >= texts_.size()) {
      // The first text is the empty one, so 0 stands for it, whether there is a table or not.
      if (span != nullptr && index != 0) span->wrong_type = true;
      return {};
    }
    const Text& text = texts_[static_cast<std::size_t>(index)];
    if (span != nullptr && text.mended) span->flags |= model::flag_invalid_utf8;
    return text.text;
  }
  std::string_view text_of(ProtobufReader& in, ApmSpan* span) {
    return text_of(in.unsigned_integer(), span);
  }

  struct Attribute {
    std::string_view key, value;  // the latter an AnyValue
  };
  // Of an entry of map<uint32, AnyValue>, and of a KeyValue.
  Attribute attribute_of(std::string_view bytes, ApmSpan* span) {
    Attribute read;
    ProtobufReader in(bytes);
    while (in.next()) {
      if (in.field() == 1) read.key = text_of(in, span);
      if (in.field() == 2) read.value = in.bytes();
    }
    spans_.check(in);
    return read;
  }

  void append_object(std::string& out, const std::vector<std::string_view>& entries,
                     std::size_t depth, ApmSpan& span) {
    JsonObjectWriter fields(out);
    for (const std::string_view entry : entries) {
      const Attribute read = attribute_of(entry, &span);
      append_any(fields.key(read.key), read.value, depth, span);
    }
    fields.close();
  }

  void append_list(std::string& out, std::string_view bytes, std::size_t depth, ApmSpan& span) {
    char before = '[';
    ProtobufReader in(bytes);
    while (in.next()) {
      if (in.field() != 1) continue;
      out += std::exchange(before, ',');
      append_any(out, in.bytes(), depth, span);
    }
    spans_.check(in);
    out += before == '[' ? "[]" : "]";
  }

  // An AnyValue as JSON, always one value.
  void append_any(std::string& out, std::string_view bytes, std::size_t depth, ApmSpan& span) {
    if (depth >= limits::nesting_depth_max) {
      spans_.set_too_deep();
      out += "null";
      return;
    }
    ProtobufReader in(bytes);
    if (!in.next()) {
      out += "null";
      return spans_.check(in);
    }
    switch (in.field()) {
      case 1:
        codec::append_json_string(out, text_of(in, &span));
        break;
      case 2:
        out += in.unsigned_integer() != 0 ? "true" : "false";
        break;
      case 3:
        codec::append_json_number(out, in.number());
        break;
      case 4:
        codec::append_json_number(out, in.integer());
        break;
      case 5:
        out += '"';
        codec::append_base64(out, in.bytes());
        out += '"';
        break;
      case 6:
        append_list(out, in.bytes(), depth + 1, span);
        break;
      case 7: {
        std::vector<std::string_view> pairs;
        ProtobufReader list(in.bytes());
        while (list.next())
          if (list.field() == 1) pairs.push_back(list.bytes());
        spans_.check(list);
        append_object(out, pairs, depth + 1, span);
        break;
      }
      default:
        out += "null";
        break;
    }
    spans_.check(in);
  }

  // Texts are tags, numbers are metrics, as before there were attributes.
  void take(const Attribute& attribute, std::vector<model::Tag>& tags,
            std::vector<model::Metric>& metrics, ApmSpan& span) {
    ProtobufReader in(attribute.value);
    if (!in.next()) return spans_.check(in);
    if (in.field() == 1) tags.push_back({attribute.key, text_of(in, &span)});
    if (in.field() == 2)
      tags.push_back({attribute.key, in.unsigned_integer() != 0 ? "true" : "false"});
    if (in.field() == 4) metrics.push_back({attribute.key, static_cast<double>(in.integer())});
    if (in.field() == 3)
      if (const double number = in.number(); std::isfinite(number))
        metrics.push_back({attribute.key, number});
    // What other products put there is passed over.
    if (in.field() == 5 && attribute.key == "_llmobs") span.llmobs_msgpack = in.bytes();
    if (in.field() == 6 || in.field() == 7) {
      std::string json;
      append_any(json, attribute.value, 0, span);
      tags.push_back({attribute.key, spans_.arena().copy(json)});
    }
    spans_.check(in);
  }

  void chunk(std::string_view bytes) {
    PayloadSpans::Chunk chunk;
    ApmSpan nobody;
    TraceId trace;
    ProtobufReader about(bytes);
    while (about.next()) {
      if (about.field() == 1) chunk.priority = about.integer();
      if (about.field() == 2) chunk.origin = text_of(about, &nobody);
      if (about.field() == 3)
        take(attribute_of(about.bytes(), &nobody), chunk.tags, chunk.metrics, nobody);
      if (about.field() == 6) trace = trace_id_of(about.bytes());
    }
    spans_.check(about);
    if (trace.high != 0)
      chunk.tags.push_back({"_dd.p.tid", spans_.arena().copy(fmt::format("{:016x}", trace.high))});
    spans_.begin_chunk(std::move(chunk));
    ProtobufReader in(bytes);
    while (in.next())
      if (in.field() == 4) span(in.bytes(), trace.low);
    spans_.end_chunk();
  }

  void span(std::string_view bytes, std::uint64_t trace_id) {
    ApmSpan& span = spans_.begin_span();
    span.trace_id = trace_id;
    std::vector<std::string_view> links, events;
    ProtobufReader in(bytes);
    while (in.next()) {
      switch (in.field()) {
        case 1:
          span.service = text_of(in, &span);
          break;
        case 2:
          span.name = text_of(in, &span);
          break;
        case 3:
          span.resource = text_of(in, &span);
          break;
        case 4:
          span.span_id = in.fixed();
          break;
        case 5:
          span.parent_id = in.unsigned_integer();
          break;
        case 6:
          span.start_ns = static_cast<std::int64_t>(in.fixed());
          break;
        case 7:
          span.duration_ns = in.integer();
          break;
        case 8:
          span.error = in.unsigned_integer() != 0;
          break;
        case 9:
          take(attribute_of(in.bytes(), &span), span.meta, span.metrics, span);
          break;
        case 10:
          span.type = text_of(in, &span);
          break;
        case 11:
          links.push_back(in.bytes());
          break;
        case 12:
          events.push_back(in.bytes());
          break;
        default:
          promoted(in, span);
          break;
      }
    }
    spans_.check(in);
    const auto write_link = [&](auto& out, auto item) { append_link(out, item, span); };
    spans_.add_list("span_links", links, write_link);
    const auto write_event = [&](auto& out, auto item) { append_event(out, item, span); };
    spans_.add_list("span_events", events, write_event);
    spans_.add_span();
  }

  // Tags that have fields of their own.
  void promoted(ProtobufReader& in, ApmSpan& span) {
    if (in.field() == 13) tell(span, "env", text_of(in, &span));
    if (in.field() == 14) tell(span, "version", text_of(in, &span));
    if (in.field() == 15) tell(span, "component", text_of(in, &span));
    if (in.field() == 16)
      if (const auto kind = in.unsigned_integer(); kind < std::size(kKinds))
        tell(span, "span.kind", kKinds[kind]);
  }

  static void tell(ApmSpan& span, std::string_view key, std::string_view value) {
    if (!value.empty()) span.meta.push_back({key, value});
  }

  void append_link(std::string& out, std::string_view bytes, ApmSpan& span) {
    JsonObjectWriter fields(out);
    std::vector<std::string_view> attributes;
    ProtobufReader in(bytes);
    while (in.next()) {
      if (in.field() == 1) {
        const TraceId id = trace_id_of(in.bytes());
        codec::append_json_number(fields.key("trace_id"), id.low);
        codec::append_json_number(fields.key("trace_id_high"), id.high);
      }
      if (in.field() == 2) codec::append_json_number(fields.key("span_id"), in.fixed());
      if (in.field() == 3) attributes.push_back(in.bytes());
      if (in.field() == 4) fields.text("tracestate", text_of(in, &span));
      if (in.field() == 5) codec::append_json_number(fields.key("flags"), in.unsigned_integer());
    }
    spans_.check(in);
    if (!attributes.empty()) append_object(fields.key("attributes"), attributes, 0, span);
    fields.close();
  }

  void append_event(std::string& out, std::string_view bytes, ApmSpan& span) {
    JsonObjectWriter fields(out);
    std::vector<std::string_view> attributes;
    ProtobufReader in(bytes);
    while (in.next()) {
      if (in.field() == 1) codec::append_json_number(fields.key("time_unix_nano"), in.fixed());
      if (in.field() == 2) fields.text("name", text_of(in, &span));
      if (in.field() == 3) attributes.push_back(in.bytes());
    }
    spans_.check(in);
    if (!attributes.empty()) append_object(fields.key("attributes"), attributes, 0, span);
    fields.close();
  }

  std::string_view bytes_;
  PayloadSpans& spans_;
  std::vector<Text> texts_;
};

}  // namespace

void read_indexed_tracer(std::string_view bytes, const PayloadSpans::Origin& agent,
                         PayloadSpans& spans) {
  TracerReader(bytes, spans).run(agent);
}

}  // namespace catalejo::intake::dd_apm
