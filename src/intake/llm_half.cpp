#include "intake/llm_half.hpp"

#include <cmath>

#include "base/limits.hpp"
#include "codec/json_writer.hpp"
#include "intake/bounded_json.hpp"

namespace catalejo::intake {
namespace {

namespace dom = codec::dom;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_null(dom::element value) {
  return value.is_null();
}

}  // namespace

bool read_integer(dom::element value, std::int64_t& out) {
  switch (value.type()) {
    case dom::element_type::INT64:
      out = value.get_int64().value_unsafe();
      return true;
    case dom::element_type::DOUBLE: {
      const double number = value.get_double().value_unsafe();
      if (!(number >= -9.2e18 && number <= 9.2e18)) return false;
      out = static_cast<std::int64_t>(std::llround(number));
      return true;
    }
    case dom::element_type::STRING: {
      const auto digits = parse_decimal64(value.get_string().value_unsafe());
      if (!digits || *digits > INT64_MAX) return false;
      out = static_cast<std::int64_t>(*digits);
      return true;
    }
    default:
      return false;
  }
}

model::Tag split_tag(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::string_view LlmHalfReader::keep(dom::element text) {
  return arena_.copy(codec::text_or_empty(text));
}

// Compact JSON in the arena; nothing for null and for an empty object.
std::string_view LlmHalfReader::keep_json(dom::element value) {
  if (is_null(value)) return {};
  scratch_.clear();
  append_bounded_json(scratch_, value, span_->flags);
  return scratch_ == "{}" ? std::string_view{} : arena_.copy(scratch_);
}

Fate LlmHalfReader::read(dom::element event, codec::Notes notes, std::string_view apm_extra,
                         model::Span& span) {
  span_ = &span;
  extra_.clear();
  status_message_ = error_type_tag_ = parent_agent_name_ = parent_agent_id_ = {};
  has_agent_attribution_ = sampled_out_ = wrong_type_ = false;
  dom::object fields;
  if (event.get(fields) != simdjson::SUCCESS) return Fate::wrong_type;
  for (const dom::key_value_pair field : fields) read_field(field.key, field.value);
  if (notes != 0) flag_notes(event, notes);
  finish(apm_extra);
  if (wrong_type_) return Fate::wrong_type;
  if (sampled_out_) return Fate::sampled_out;
  if (span.span_id.value == 0) return Fate::missing_span_id;
  if (span.trace_id.empty()) return Fate::missing_trace_id;
  return Fate::kept;
}

void LlmHalfReader::read_field(std::string_view key, dom::element value) {
  if (key == "meta") return read_meta(value);
  if (key == "metrics") return read_metrics(value);
  if (key == "tags") return read_tags(value);
  if (key == "name") {
    span_->name = keep(value);
  } else if (key == "span_id") {
    read_span_id(value, span_->span_id);
  } else if (key == "trace_id") {
    read_trace_id(value, span_->trace_id);
  } else if (key == "parent_id") {
    read_span_id(value, span_->parent_id);
  } else if (key == "start_ns") {
    if (!read_integer(value, span_->start.value)) wrong_type_ = true;
  } else if (key == "duration") {
    if (!read_integer(value, span_->duration_ns)) wrong_type_ = true;
  } else if (key == "status") {
    span_->error = span_->error || codec::text_or_empty(value) == "error";
  } else if (key == "status_message") {
    status_message_ = keep(value);
  } else if (key == "service") {
    span_->service = keep(value);
  } else if (key == "ml_app") {
    span_->ml_app = keep(value);
  } else if (key == "session_id") {
    span_->session_id = keep(value);
  } else if (key == "_dd") {
    read_dd(value);
  } else if (key == "apm_trace_id") {
    read_trace_id(value, span_->apm_trace_id);
  } else if (key == "pagent_name") {
    parent_agent_name_ = codec::text_or_empty(value);
  } else if (key == "pagent_span_id") {
    parent_agent_id_ = codec::text_or_empty(value);
  } else if (key == "collection_errors") {
    read_collection_errors(value);
  } else {
    add_extra(key, value);
  }
}

// A number, decimal text, or any text: then a stable id is made from it and the span says so.
void LlmHalfReader::read_span_id(dom::element value, SpanId& id) {
  std::uint64_t number = 0;
  if (value.get(number) == simdjson::SUCCESS) {
    id.value = number;
    return;
  }
  const std::string_view text = codec::text_or_empty(value);
  if (text.empty() || text == "undefined") {
    if (!text.empty() || is_null(value) || value.is_string()) {
      id.value = 0;
    } else {
      wrong_type_ = true;
    }
    return;
  }
  if (const auto parsed = parse_span_id(text)) {
    id = *parsed;
  } else {
    id = span_id_from_text(text);
    span_->flags |= model::flag_id_from_text;
  }
}

void LlmHalfReader::read_trace_id(dom::element value, TraceId& id) {
  std::uint64_t number = 0;
  if (value.get(number) == simdjson::SUCCESS) {
    id = {0, number};
    return;
  }
  const std::string_view text = codec::text_or_empty(value);
  if (text.empty()) {
    wrong_type_ = wrong_type_ || (!is_null(value) && !value.is_string());
    return;
  }
  if (const auto parsed = parse_trace_id(text)) {
    id = *parsed;
  } else {
    id = trace_id_from_text(text);
    span_->flags |= model::flag_id_from_text;
  }
}

// "k:v" texts in an array, or a map.
void LlmHalfReader::read_tags(dom::element value) {
  if (value.is_array()) {
    const dom::array items = value.get_array().value_unsafe();
    for (const dom::element item : items) {
      if (!item.is_string()) continue;
      span_->tags.push_back(split_tag(keep(item)));
      if (span_->tags.back().key == "error_type") error_type_tag_ = span_->tags.back().value;
    }
  } else if (value.is_object()) {
    const dom::object fields = value.get_object().value_unsafe();
    for (const dom::key_value_pair field : fields) {
      const std::string_view text =
          field.value.is_string() ? keep(field.value) : keep_json(field.value);
      span_->tags.push_back({arena_.copy(field.key), text});
    }
  } else if (!is_null(value)) {
    add_extra("tags", value);
  }
}

void LlmHalfReader::read_metrics(dom::element value) {
  if (!value.is_object()) {
    if (!is_null(value)) add_extra("metrics", value);
    return;
  }
  const dom::object fields = value.get_object().value_unsafe();
  for (const dom::key_value_pair field : fields) {
    double number = 0;
    if (field.value.get(number) == simdjson::SUCCESS) {
      span_->metrics.push_back({arena_.copy(field.key), number});
    } else if (!is_null(field.value)) {
      add_extra("metrics." + std::string(field.key), field.value);
    }
  }
}

void LlmHalfReader::read_meta(dom::element value) {
  if (!value.is_object()) {
    if (!is_null(value)) wrong_type_ = true;
    return;
  }
  const dom::object fields = value.get_object().value_unsafe();
  for (const dom::key_value_pair field : fields) read_meta_field(field.key, field.value);
}

void LlmHalfReader::read_meta_field(std::string_view key, dom::element value) {
  if (key == "input" || key == "output") {
    std::string_view& json = key == "input" ? span_->input_json : span_->output_json;
    json = keep_json(value);
    if (value.is_string()) {  // some send the bare text of {"value":…}
      scratch_ = "{\"value\":" + std::string(json) + "}";
      json = arena_.copy(scratch_);
    }
  } else if (key == "metadata") {
    span_->metadata_json = keep_json(value);
  } else if (key == "span") {
    dom::element kind;
    if (value.at_key("kind").get(kind) == simdjson::SUCCESS) span_->kind = keep(kind);
  } else if (key == "span.kind" || key == "kind") {
    span_->kind = keep(value);
  } else if (key == "model_name") {
    span_->model_name = keep(value);
  } else if (key == "model_provider") {
    span_->model_provider = keep(value);
  } else if (key == "error") {
    read_error(value);
  } else if (key == "error.type") {
    span_->error_type = keep(value);
  } else if (key == "error.message") {
    span_->error_message = keep(value);
  } else if (key == "error.stack") {
    span_->error_stack = keep(value);
  } else {
    has_agent_attribution_ = has_agent_attribution_ || key == "agent_attribution";
    add_extra(key, value);
  }
}

void LlmHalfReader::read_error(dom::element value) {
  if (!value.is_object()) {
    if (!is_null(value)) add_extra("error", value);
    return;
  }
  const dom::object fields = value.get_object().value_unsafe();
  for (const dom::key_value_pair field : fields) {
    if (field.key == "type") {
      span_->error_type = keep(field.value);
    } else if (field.key == "message") {
      span_->error_message = keep(field.value);
    } else if (field.key == "stack") {
      span_->error_stack = keep(field.value);
    } else {
      add_extra("error." + std::string(field.key), field.value);
    }
  }
}

void LlmHalfReader::read_dd(dom::element value) {
  if (!value.is_object()) return;
  const dom::object fields = value.get_object().value_unsafe();
  for (const dom::key_value_pair field : fields) {
    const std::string_view text = codec::text_or_empty(field.value);
    if (field.key == "apm_trace_id") {
      read_trace_id(field.value, span_->apm_trace_id);
    } else if (field.key == "sampling_decision") {
      sampled_out_ = text == "0";
    } else if (field.key == "sample_rate") {
      if (text != "1") add_extra("_dd.sample_rate", field.value);
    } else if (field.key != "span_id" && field.key != "trace_id") {
      add_extra("_dd." + std::string(field.key), field.value);
    }
  }
}

void LlmHalfReader::read_collection_errors(dom::element value) {
  if (value.is_array()) {
    const dom::array items = value.get_array().value_unsafe();
    for (const dom::element item : items) {
      if (codec::text_or_empty(item) == "dropped_io") span_->flags |= model::flag_dropped_io;
    }
  }
  add_extra("collection_errors", value);
}

void LlmHalfReader::add_extra(std::string_view key, dom::element value) {
  if (is_null(value)) return;
  if (!extra_.empty()) extra_ += ',';
  codec::append_json_string(extra_, key);
  extra_ += ':';
  append_bounded_json(extra_, value, span_->flags);
}

void LlmHalfReader::finish(std::string_view apm_extra) {
  if (!has_agent_attribution_ && !parent_agent_id_.empty()) {
    if (!extra_.empty()) extra_ += ',';
    extra_ += "\"agent_attribution\":";
    codec::JsonObjectWriter attribution(extra_);
    attribution.text("pagent_name", parent_agent_name_);
    attribution.text("pagent_span_id", parent_agent_id_);
    attribution.close();
  }
  if (!extra_.empty() && !apm_extra.empty()) extra_ += ',';
  extra_ += apm_extra;
  if (!extra_.empty()) span_->extra_json = arena_.copy(extra_.insert(0, 1, '{').append(1, '}'));
  if (span_->error_message.empty()) span_->error_message = status_message_;
  if (span_->error_type.empty()) span_->error_type = error_type_tag_;
  span_->error = span_->error || !span_->error_type.empty();
  if (span_->apm_trace_id.empty()) span_->apm_trace_id = span_->trace_id;
  if (span_->trace_id.empty()) span_->trace_id = span_->apm_trace_id;
  if (span_->kind.empty()) span_->kind = "unknown";  // "" says that there is no LLM half
}

// A document is mended as a whole; which of its events was hurt is seen by the replacements.
void LlmHalfReader::flag_notes(dom::element event, codec::Notes notes) {
  if ((notes & codec::note_number_text) != 0) span_->flags |= model::flag_number_text;
  if ((notes & codec::note_invalid_utf8) == 0) return;
  scratch_.clear();
  codec::append_json(scratch_, event);
  if (scratch_.find(kReplacement) != std::string::npos) span_->flags |= model::flag_invalid_utf8;
}

}  // namespace catalejo::intake
