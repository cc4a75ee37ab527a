#include "intake/dd_llmobs/events.hpp"

#include "base/limits.hpp"
#include "codec/json_dom.hpp"
#include "codec/msgpack_json.hpp"
#include "intake/dd_apm/json_traces.hpp"
#include "intake/llm_half.hpp"

namespace catalejo::intake::dd_llmobs {
namespace {

namespace dom = codec::dom;

// What the attributes of a public request say for all its spans.
struct Common {
  std::string_view ml_app, session_id;
  std::vector<model::Tag> tags;
};

class EventBatcher {
 public:
  EventBatcher(model::Batch& batch, codec::Notes notes, std::string_view source)
      : batch_(batch), notes_(notes), source_(source), reader_(batch.arena) {}

  void add(dom::element event, const Common& common) {
    if (batch_.spans.size() >= limits::spans_per_request_max)
      return account_span(batch_, Fate::too_many_spans, {});
    model::Span span;
    span.halves = model::Halves::llm;
    span.source = source_;
    const Fate fate = reader_.read(event, notes_, {}, span);
    if (span.ml_app.empty()) span.ml_app = common.ml_app;
    if (span.session_id.empty()) span.session_id = common.session_id;
    span.tags.insert(span.tags.end(), common.tags.begin(), common.tags.end());
    account_span(batch_, fate, std::move(span));
  }

  // {"spans":[…]}; false when it is not of that shape.
  bool add_wrapper(dom::element wrapper) {
    dom::array spans;
    if (wrapper["spans"].get(spans) != simdjson::SUCCESS) return false;
    for (const dom::element event : spans) add(event, {});
    return true;
  }

 private:
  model::Batch& batch_;
  codec::Notes notes_;
  std::string_view source_;
  LlmHalfReader reader_;
};

Error wrong_shape() {
  return {Code::wrong_type, "the body must be {\"spans\":[…]} or an array of such objects", "body"};
}

Result<codec::Notes> to_json(std::string& body) {
  codec::MsgpackReader reader(body);
  std::string json;
  json.reserve(body.size() + body.size() / 4);
  Result<codec::Notes> notes = codec::append_msgpack_as_json(json, reader);
  if (!notes) return notes;
  if (!reader.at_end())
    return Error{Code::malformed, "there are bytes behind the end of the MessagePack", "body"};
  body.swap(json);
  return notes;
}

}  // namespace

Result<model::Batch> parse_events(std::string body) {
  const bool msgpack = !body.empty() && !dd_apm::looks_like_json(body);
  codec::Notes notes = 0;
  if (msgpack) {
    Result<codec::Notes> transcoded = to_json(body);
    if (!transcoded) return transcoded.error();
    notes = *transcoded;
  }
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  std::string().swap(body);  // the tree has its own copy
  model::Batch batch;
  EventBatcher batcher(batch, notes | document.notes(),
                       msgpack ? "dd_llmobs/msgpack" : "dd_llmobs/json");
  const dom::element root = codec::root(document);
  dom::array wrappers;
  if (root.get(wrappers) != simdjson::SUCCESS) {
    if (!batcher.add_wrapper(root)) return wrong_shape();
    return batch;
  }
  for (const dom::element wrapper : wrappers)
    if (!batcher.add_wrapper(wrapper)) return wrong_shape();
  return batch;
}

Result<model::Batch> parse_public_spans(std::string body) {
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  dom::object attributes;
  dom::array spans;
  if (codec::root(document)["data"]["attributes"].get(attributes) != simdjson::SUCCESS ||
      attributes["spans"].get(spans) != simdjson::SUCCESS)
    return Error{Code::missing_field, "data.attributes.spans must be an array of spans", "body"};
  model::Batch batch;
  const auto text = [&](std::string_view key) {
    std::string_view value;
    return attributes[key].get(value) == simdjson::SUCCESS ? batch.arena.copy(value)
                                                           : std::string_view{};
  };
  Common common{text("ml_app"), text("session_id"), {}};
  dom::array tags;
  if (attributes["tags"].get(tags) == simdjson::SUCCESS) {
    for (const dom::element tag : tags)
      if (tag.is_string())
        common.tags.push_back(split_tag(batch.arena.copy(tag.get_string().value_unsafe())));
  }
  EventBatcher batcher(batch, document.notes(), "dd_llmobs/public");
  for (const dom::element span : spans) batcher.add(span, common);
  return batch;
}

}  // namespace catalejo::intake::dd_llmobs
