#include "monitor/definition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "codec/json_merge.hpp"
#include "codec/json_writer.hpp"
#include "monitor/definition_options.hpp"
#include "monitor/span_query.hpp"

namespace catalejo::monitor {
namespace {

namespace dom = codec::dom;

constexpr std::int64_t kDay = 86'400;

// What a server says of a monitor; in an imported file it is another server's.
constexpr std::array<std::string_view, 17> kServersFields = {"id",
                                                             "org_id",
                                                             "created",
                                                             "created_at",
                                                             "modified",
                                                             "modified_at",
                                                             "deleted",
                                                             "creator",
                                                             "multi",
                                                             "overall_state",
                                                             "overall_state_modified",
                                                             "matching_downtimes",
                                                             "state",
                                                             "last_triggered_ts",
                                                             "metadata",
                                                             "catalejo",
                                                             "url"};

// The definition inside the envelope of an asset, or the object itself.
Result<dom::object> bare_of(dom::element root) {
  dom::object fields, inner;
  if (root.get(fields) != simdjson::SUCCESS)
    return bad("body", "must be an object: a monitor as it is exported");
  if (fields["definition"].get(inner) == simdjson::SUCCESS) return inner;
  return fields;
}

Result<std::string> text_of(std::string_view name, dom::element value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return bad(name, "must be a text");
  return std::string(text);
}

Result<void> read_tags(dom::element value, Definition& made) {
  dom::array items;
  if (value.get(items) != simdjson::SUCCESS) return bad("tags", "must be an array of texts");
  for (const dom::element item : items) {
    auto text = text_of("tags", item);
    if (!text) return text.error();
    made.tags.push_back(*std::move(text));
  }
  return {};
}

Result<void> read_field(std::string_view name, dom::element value, Definition& made) {
  for (const auto& [key, part] : {std::pair<std::string_view, std::string*>{"name", &made.name},
                                  {"type", &made.type},
                                  {"query", &made.query_text},
                                  {"message", &made.message}}) {
    if (name != key) continue;
    auto text = text_of(name, value);
    if (!text) return text.error();
    *part = *std::move(text);
    return {};
  }
  if (name == "tags") return read_tags(value, made);
  if (name == "options") return read_options(value, made);
  if (name == "priority") {
    if (value.get(made.priority) != simdjson::SUCCESS || made.priority < 1 || made.priority > 5)
      return bad(name, "must be a number from 1 to 5");
    return {};
  }
  if (name != "restricted_roles" && name != "draft_status" && name != "assets")
    made.unsupported.push_back(std::string(name));
  return {};
}

bool is_metric_type(std::string_view type) {
  return type == "query alert" || type == "metric alert";
}

Result<void> read_query(Definition& made, bool lenient) {
  if (made.query_text.empty()) return bad("query", "must be there");
  std::optional<Error> wrong;
  const auto take = [&](auto read, auto& to) {
    if (read)
      to = *std::move(read);
    else
      wrong = read.error();
  };
  const bool is_watched = is_metric_type(made.type) || is_span_type(made.type);
  if (is_watched && is_formula(made.query_text)) {
    if (made.wrong_variable)
      wrong = made.wrong_variable;
    else
      take(parse_formula_query(made.query_text, made.variables), made.query);
  } else if (is_metric_type(made.type)) {
    take(parse_query(made.query_text), made.query);
  } else if (is_span_type(made.type)) {
    take(parse_span_query(made.type, made.query_text), made.query);
  } else if (made.type == "composite") {
    take(parse_composite(made.query_text), made.composite);
  } else {
    made.unsupported.push_back("type: " + made.type);
  }
  const bool has_variables = !made.variables.empty() || made.wrong_variable;
  if (has_variables && !is_formula(made.query_text))
    made.unsupported.push_back("options.variables");
  if (wrong && !lenient) return *wrong;
  if (wrong) made.unsupported.push_back("query: " + wrong->message);
  return {};
}

// A scope of `silenced` names tags that a group must have, all of them.
bool is_silenced(std::string_view scope, const std::vector<std::string>& tags_of_group) {
  if (scope == "*") return true;
  while (!scope.empty()) {
    const std::string_view tag = scope.substr(0, scope.find(','));
    if (std::ranges::find(tags_of_group, tag) == tags_of_group.end()) return false;
    scope.remove_prefix(std::min(tag.size() + 1, scope.size()));
  }
  return true;
}

}  // namespace

Result<Definition> read_definition(std::string json, bool lenient) {
  if (json.size() > limits::monitor_bytes_max)
    return Error{Code::body_too_large, "a monitor of more than 256 KiB is not kept", "body"};
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(json));
  auto fields = bare_of(codec::root(document));
  if (!fields) return fields.error();
  Definition made;
  codec::JsonObjectWriter kept(made.body);
  for (const dom::key_value_pair field : *fields) {
    if (std::ranges::find(kServersFields, field.key) != kServersFields.end()) continue;
    codec::append_json(kept.key(field.key), field.value);
    if (!field.value.is_null()) CATALEJO_TRY(read_field(field.key, field.value, made));
  }
  kept.close();
  if (made.type.empty()) return bad("type", "must be there, for example \"query alert\"");
  if (made.name.empty()) return bad("name", "must be there");
  if (made.message.size() > limits::monitor_message_bytes_max ||
      made.escalation_message.size() > limits::monitor_message_bytes_max)
    return bad("message", "is longer than 64 KiB");
  CATALEJO_TRY(read_query(made, lenient));
  CATALEJO_TRY(check_options(made));
  return made;
}

Result<std::string> merged(std::string kept, std::string change) {
  if (change.size() > limits::monitor_bytes_max)
    return Error{Code::body_too_large, "a monitor of more than 256 KiB is not kept", "body"};
  codec::JsonDocument before, after;
  CATALEJO_TRY(before.parse(kept));
  CATALEJO_TRY(after.parse(change));
  auto old_fields = bare_of(codec::root(before));
  if (!old_fields) return old_fields.error();
  auto new_fields = bare_of(codec::root(after));
  if (!new_fields) return new_fields.error();
  return codec::merged(*old_fields, *new_fields);
}

Result<std::string> with_silenced(std::string kept,
                                  const std::map<std::string, std::int64_t>& silenced) {
  codec::JsonDocument document;
  std::string body = kept;
  CATALEJO_TRY(document.parse(body));
  std::string change;
  codec::JsonObjectWriter fields(change);
  codec::JsonObjectWriter options(fields.key("options"));
  dom::object before;
  if (codec::root(document)["options"].get(before) == simdjson::SUCCESS)
    for (const dom::key_value_pair field : before)
      if (field.key != "silenced") codec::append_json(options.key(field.key), field.value);
  codec::JsonObjectWriter scopes(options.key("silenced"));
  for (const auto& [scope, end_s] : silenced) {
    if (end_s == 0)
      scopes.key(scope) += "null";
    else
      codec::append_json_number(scopes.key(scope), end_s);
  }
  scopes.close();
  options.close();
  fields.close();
  return merged(std::move(kept), std::move(change));
}

std::int64_t later(std::int64_t one_s, std::int64_t other_s) {
  return one_s == 0 || other_s == 0 ? 0 : std::max(one_s, other_s);
}

std::optional<std::int64_t> Definition::muted_until(const std::vector<std::string>& tags_of_group,
                                                    std::int64_t at_s) const {
  std::optional<std::int64_t> until;
  for (const auto& [scope, end_s] : silenced) {
    if ((end_s != 0 && end_s <= at_s) || !is_silenced(scope, tags_of_group)) continue;
    until = until ? later(*until, end_s) : end_s;
  }
  return until;
}

std::vector<std::string> Definition::by() const {
  return query ? query->by() : std::vector<std::string>{};
}

// As Datadog looks: a window of two days needs no look a minute.
std::int64_t Definition::pause_s() const {
  const std::int64_t window = query ? query->window_s : 0;
  if (window >= 2 * kDay) return 1'800;
  return window >= kDay ? 600 : 60;
}

}  // namespace catalejo::monitor
