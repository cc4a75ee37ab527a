#include "evaluate/subject_reader.hpp"

#include <simdjson.h>

#include <deque>
#include <string>
#include <vector>

namespace catalejo::evaluate {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr auto kFound = simdjson::SUCCESS;

Voice voice_of_role(std::string_view role, Voice otherwise) {
  if (role == "user") return Voice::user;
  if (role == "assistant") return Voice::assistant;
  if (role == "system" || role == "developer") return Voice::system;
  if (role == "tool" || role == "function") return Voice::tool_result;
  return otherwise;
}

// Who speaks where no role is said.
Voice voice_of_kind(std::string_view kind, Side side) {
  if (kind == "tool") return side == Side::input ? Voice::tool_call : Voice::tool_result;
  return side == Side::input ? Voice::user : Voice::assistant;
}

std::string_view text_at(const object& parent, std::string_view key) {
  std::string_view text;
  return parent[key].get(text) == kFound ? text : std::string_view{};
}

}  // namespace

struct SubjectReader::State {
  Subject subject;
  std::vector<Text> texts;
  std::vector<model::Tag> tags;
  std::vector<model::Metric> metrics;
  std::deque<std::string> made;  // JSON that had to be written out
  simdjson::dom::parser input, output, metadata, extra;

  std::string_view keep(element value) { return made.emplace_back(simdjson::minify(value)); }
  void add(Text place, std::string_view text) {
    if (text.empty()) return;
    place.text = text;
    texts.push_back(place);
  }
  void read_io(Text place, std::string_view kind, std::string_view json,
               simdjson::dom::parser& parser);
  void read_content(const Text& place, element content);
  void read_message(Text place, element message);
  void read_calls(Text place, const object& message);
  void read_results(Text place, const object& message);
  void read_document(Text place, element document);
  void read_metadata(std::string_view json);
  void read_extra(std::string_view json);
};

// A text, the parts of one, or JSON where a text is expected.
void SubjectReader::State::read_content(const Text& place, element content) {
  if (std::string_view text; content.get(text) == kFound) return add(place, text);
  if (content.is_null()) return;
  array parts;
  if (content.get(parts) != kFound) return add(place, keep(content));
  for (const element part : parts) {
    object fields;
    if (std::string_view text; part.get(text) == kFound) {
      add(place, text);
    } else if (part.get(fields) == kFound) {
      add(place, text_at(fields, "text"));
      add(place, text_at(fields, "refusal"));
    }
  }
}

void SubjectReader::State::read_calls(Text place, const object& message) {
  array calls;
  if (message["tool_calls"].get(calls) != kFound) return;
  place.voice = Voice::tool_call;
  for (const element each : calls) {
    object call, function;
    if (each.get(call) != kFound) continue;
    const bool nested = call["function"].get(function) == kFound;
    place.name = text_at(nested ? function : call, "name");
    element arguments;
    if ((nested ? function : call)["arguments"].get(arguments) == kFound) {
      if (std::string_view text; arguments.get(text) == kFound) {
        add(place, text.empty() ? "{}" : text);
      } else {
        add(place, keep(arguments));
      }
    } else {
      add(place, "{}");
    }
  }
}

void SubjectReader::State::read_results(Text place, const object& message) {
  array results;
  if (message["tool_results"].get(results) != kFound) return;
  place.voice = Voice::tool_result;
  for (const element each : results) {
    object fields;
    element result;
    if (each.get(fields) != kFound) continue;
    place.name = text_at(fields, "name");
    if (fields["result"].get(result) == kFound) read_content(place, result);
  }
}

void SubjectReader::State::read_message(Text place, element message) {
  object fields;
  if (message.get(fields) != kFound) return read_content(place, message);
  place.voice = voice_of_role(text_at(fields, "role"), place.voice);
  if (place.voice == Voice::tool_result) place.name = text_at(fields, "name");
  element content;
  if (fields["content"].get(content) == kFound) read_content(place, content);
  place.name = {};
  read_calls(place, fields);
  read_results(place, fields);
}

void SubjectReader::State::read_document(Text place, element document) {
  object fields;
  place.voice = Voice::document;
  if (document.get(fields) != kFound) return read_content(place, document);
  place.name = text_at(fields, "name");
  if (place.name.empty()) place.name = text_at(fields, "id");
  element text;
  if (fields["text"].get(text) == kFound) read_content(place, text);
}

void SubjectReader::State::read_io(Text place, std::string_view kind, std::string_view json,
                                   simdjson::dom::parser& parser) {
  if (json.empty()) return;
  place.voice = voice_of_kind(kind, place.side);
  element root, value;
  object fields;
  if (parser.parse(json.data(), json.size()).get(root) != kFound) return add(place, json);
  if (root.get(fields) != kFound) return read_content(place, root);
  bool known = false;
  array items;
  if (fields["messages"].get(items) == kFound) {
    known = true;
    for (const element message : items) {
      read_message(place, message);
      ++place.message;
    }
    place.message = 0;
  }
  if (fields["documents"].get(items) == kFound) {
    known = true;
    for (const element document : items) {
      read_document(place, document);
      ++place.message;
    }
    place.message = 0;
  }
  if (fields["value"].get(value) == kFound) {
    known = true;
    read_content(place, value);
  }
  if (fields["parameters"].get(value) == kFound) {
    known = true;
    read_content(place, value);
  }
  if (!known && fields.size() > 0 && fields["prompt"].error() != kFound) add(place, json);
}

void SubjectReader::State::read_metadata(std::string_view json) {
  object fields;
  element value;
  if (json.empty() || metadata.parse(json.data(), json.size()).get(fields) != kFound) return;
  subject.finish_reason = text_at(fields, "finish_reason");
  if (fields["response_format"].get(value) == kFound) subject.response_format_json = keep(value);
}

void SubjectReader::State::read_extra(std::string_view json) {
  object fields;
  element value;
  if (json.empty() || extra.parse(json.data(), json.size()).get(fields) != kFound) return;
  if (fields["tool_definitions"].get(value) == kFound && value.is_array())
    subject.tool_definitions_json = keep(value);
}

SubjectReader::SubjectReader() : state_(std::make_unique<State>()) {}
SubjectReader::~SubjectReader() = default;

const Subject& SubjectReader::read(const query::SpanRow& row) {
  State& state = *state_;
  state.texts.clear();
  state.tags.clear();
  state.metrics.clear();
  state.made.clear();
  for (const auto& [key, value] : row.tags) state.tags.push_back({key, value});
  for (const auto& [key, value] : row.metrics) state.metrics.push_back({key, value});
  state.subject = {.trace_id = row.trace_id,
                   .span_id = row.span_id,
                   .start = row.start,
                   .duration_ns = row.duration_ns,
                   .error = row.error,
                   .error_type = row.error_type,
                   .error_message = row.error_message,
                   .kind = row.kind,
                   .name = row.name,
                   .service = row.service,
                   .env = row.env,
                   .ml_app = row.ml_app,
                   .session_id = row.session_id,
                   .model_name = row.model,
                   .deployment = row.deployment,
                   .metadata_json = row.metadata,
                   .extra_json = row.extra};
  state.read_io({.side = Side::input}, row.kind, row.input, state.input);
  state.read_io({.side = Side::output}, row.kind, row.output, state.output);
  state.read_metadata(row.metadata);
  state.read_extra(row.extra);
  state.subject.texts = state.texts;
  state.subject.tags = state.tags;
  state.subject.metrics = state.metrics;
  return state.subject;
}

}  // namespace catalejo::evaluate
