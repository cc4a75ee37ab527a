#include "intake/dd_apm/json_traces.hpp"

#include "codec/json_writer.hpp"
#include "intake/bounded_json.hpp"

namespace catalejo::intake::dd_apm {
namespace {

namespace dom = codec::dom;

class JsonSpanReader {
 public:
  JsonSpanReader(model::Arena& arena, ApmSpan& span) : arena_(arena), span_(span) {}

  void read(dom::element value) {
    dom::object fields;
    if (value.get(fields) != simdjson::SUCCESS) {
      span_.wrong_type = true;
      return;
    }
    for (const dom::key_value_pair item : fields) {
      if (!item.value.is_null()) field(item.key, item.value);
    }
  }

 private:
  void field(std::string_view key, dom::element value) {
    if (key == "meta") return meta(value);
    if (key == "metrics") return metrics(value);
    if (key == "meta_struct") return meta_struct(value);
    if (key == "service")
      span_.service = text(value);
    else if (key == "name")
      span_.name = text(value);
    else if (key == "resource")
      span_.resource = text(value);
    else if (key == "type")
      span_.type = text(value);
    else if (key == "trace_id")
      span_.trace_id = id(value);
    else if (key == "span_id")
      span_.span_id = id(value);
    else if (key == "parent_id")
      span_.parent_id = id(value);
    else if (key == "start")
      integer(value, span_.start_ns);
    else if (key == "duration")
      integer(value, span_.duration_ns);
    else if (key == "error")
      error(value);
    else
      extra(key, value);
  }

  std::string_view text(dom::element value) {
    if (!value.is_string()) span_.wrong_type = true;
    return arena_.copy(codec::text_or_empty(value));
  }

  std::uint64_t id(dom::element value) {
    std::uint64_t number = 0;
    if (value.get(number) == simdjson::SUCCESS) return number;
    const auto hex = parse_hex64(codec::text_or_empty(value));
    if (!hex) span_.wrong_type = true;
    return hex.value_or(0);
  }

  void integer(dom::element value, std::int64_t& out) {
    if (!read_integer(value, out)) span_.wrong_type = true;
  }

  void error(dom::element value) {
    std::int64_t number = 0;
    if (!value.is_bool()) integer(value, number);
    span_.error = value.is_bool() ? value.get_bool().value_unsafe() : number != 0;
  }

  void meta(dom::element value) {
    dom::object fields;
    span_.wrong_type = span_.wrong_type || value.get(fields) != simdjson::SUCCESS;
    if (span_.wrong_type) return;
    for (const dom::key_value_pair item : fields) {
      if (!item.value.is_null()) span_.meta.push_back({arena_.copy(item.key), text(item.value)});
    }
  }

  void metrics(dom::element value) {
    dom::object fields;
    span_.wrong_type = span_.wrong_type || value.get(fields) != simdjson::SUCCESS;
    if (span_.wrong_type) return;
    for (const dom::key_value_pair item : fields) {
      double number = 0;
      if (item.value.get(number) == simdjson::SUCCESS) {
        span_.metrics.push_back({arena_.copy(item.key), number});
      } else if (!item.value.is_null()) {
        span_.wrong_type = true;
      }
    }
  }

  void meta_struct(dom::element value) {
    dom::element llmobs;
    if (value.at_key("_llmobs").get(llmobs) == simdjson::SUCCESS) span_.llmobs_json = llmobs;
  }

  void extra(std::string_view key, dom::element value) {
    if (!span_.extra.empty()) span_.extra += ',';
    codec::append_json_string(span_.extra, key);
    span_.extra += ':';
    append_bounded_json(span_.extra, value, span_.flags);
  }

  model::Arena& arena_;
  ApmSpan& span_;
};

}  // namespace

bool looks_like_json(std::string_view body) {
  return !body.empty() && static_cast<unsigned char>(body.front()) < 0x80;
}

void read_json_span(dom::element value, model::Arena& arena, ApmSpan& span) {
  span.clear();
  JsonSpanReader(arena, span).read(value);
}

Result<model::Batch> parse_json_traces(std::string body) {
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  std::string().swap(body);  // the tree has its own copy
  dom::array chunks;
  if (codec::root(document).get(chunks) != simdjson::SUCCESS)
    return Error{Code::wrong_type, "the body must be an array of traces", "body"};
  model::Batch batch;
  ApmBatcher batcher(batch, "dd_apm/v0.4+json");
  ApmSpan span;
  for (const dom::element chunk : chunks) {
    dom::array spans;
    if (chunk.get(spans) != simdjson::SUCCESS)
      return Error{Code::wrong_type, "a trace must be an array of spans", "body"};
    batcher.begin_chunk();
    for (const dom::element item : spans) {
      read_json_span(item, batch.arena, span);
      batcher.add(span, document.notes());
    }
    batcher.end_chunk();
  }
  return batch;
}

}  // namespace catalejo::intake::dd_apm
