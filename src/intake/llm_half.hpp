// The LLM half of a span, whichever way it came: a JSON event of `api/v2/llmobs`, its MessagePack
// form, a span of the public API, or the `_llmobs` struct inside an APM span. What is
// not known by name is kept in extra_json.
#pragma once

#include <string>

#include "codec/json_dom.hpp"
#include "intake/fate.hpp"
#include "model/arena.hpp"
#include "model/span.hpp"

namespace catalejo::intake {

// Reads events one after the other into spans of one batch; keeps its buffers between them.
class LlmHalfReader {
 public:
  explicit LlmHalfReader(model::Arena& arena) : arena_(arena) {}

  // Fills `span` from `event`; what the event does not say stays as it is, so that the ids and
  // times of an enclosing APM span may be set before. Extra fields of the APM half, as the fields
  // of a JSON object without its braces, come in `apm_extra`. `notes` are those of the document.
  Fate read(codec::dom::element event, codec::Notes notes, std::string_view apm_extra,
            model::Span& span);

 private:
  void read_field(std::string_view key, codec::dom::element value);
  void read_span_id(codec::dom::element value, SpanId& id);
  void read_trace_id(codec::dom::element value, TraceId& id);
  void read_tags(codec::dom::element value);
  void read_metrics(codec::dom::element value);
  void read_meta(codec::dom::element value);
  void read_meta_field(std::string_view key, codec::dom::element value);
  void read_error(codec::dom::element value);
  void read_dd(codec::dom::element value);
  void read_collection_errors(codec::dom::element value);
  void add_extra(std::string_view key, codec::dom::element value);
  void finish(std::string_view apm_extra);
  void flag_notes(codec::dom::element event, codec::Notes notes);
  std::string_view keep(codec::dom::element text);
  std::string_view keep_json(codec::dom::element value);

  model::Arena& arena_;
  model::Span* span_ = nullptr;  // the one being read
  std::string scratch_;          // JSON on its way into the arena
  std::string extra_;            // fields of extra_json, without braces
  std::string_view status_message_, error_type_tag_;
  std::string_view parent_agent_name_, parent_agent_id_;
  bool has_agent_attribution_ = false;
  bool sampled_out_ = false;
  bool wrong_type_ = false;
};

// "k:v" at the first colon; without one, the text is the key.
model::Tag split_tag(std::string_view text);

// A number of any JSON type, or digits in a text; false when it is none or does not fit.
bool read_integer(codec::dom::element value, std::int64_t& out);

}  // namespace catalejo::intake
