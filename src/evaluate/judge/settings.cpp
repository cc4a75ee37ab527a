#include "evaluate/judge/settings.hpp"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"
#include "query/filter.hpp"

namespace catalejo::evaluate::judge {
namespace {

namespace dom = codec::dom;

constexpr std::size_t kListMax = 100;
constexpr std::int64_t kPerDayMax = 1'000'000'000'000;

// What a field is read by. What is left out, or null, stays as it was.
using Read = std::function<Result<void>(std::string_view, dom::element)>;

template <typename Value>
Read plain(Value& to, const char* what) {
  return [&to, what](std::string_view name, dom::element value) -> Result<void> {
    if (value.get(to) == simdjson::SUCCESS) return {};
    return bad(name, fmt::format("must be {}", what));
  };
}

Read text(std::string& to) {
  return [&to](std::string_view name, dom::element value) -> Result<void> {
    std::string_view view;
    if (value.get(view) != simdjson::SUCCESS) return bad(name, "must be text");
    to = view;
    return {};
  };
}

Read maybe(std::optional<double>& to) {
  return [&to](std::string_view name, dom::element value) -> Result<void> {
    double number = 0;
    if (value.get(number) != simdjson::SUCCESS) return bad(name, "must be a number");
    to = number;
    return {};
  };
}

Read texts(std::vector<std::string>& to) {
  return [&to](std::string_view name, dom::element value) -> Result<void> {
    dom::array items;
    to.clear();
    if (value.get(items) != simdjson::SUCCESS || items.size() > kListMax)
      return bad(name, fmt::format("must be an array of at most {} texts", kListMax));
    for (const dom::element item : items) {
      std::string_view view;
      if (item.get(view) != simdjson::SUCCESS) return bad(name, "must be an array of texts");
      to.emplace_back(view);
    }
    return {};
  };
}

Result<void> read_object(std::string_view place, dom::element value,
                         const std::map<std::string_view, Read>& readers) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS) return bad(place, "must be an object");
  for (const dom::key_value_pair field : fields) {
    const auto found = readers.find(field.key);
    if (found == readers.end())
      return bad(field.key, fmt::format("there is no field \"{}\"", field.key));
    if (!field.value.is_null()) CATALEJO_TRY(found->second(field.key, field.value));
  }
  return {};
}

Read prompt(std::vector<PromptMessage>& to) {
  return [&to](std::string_view name, dom::element value) -> Result<void> {
    dom::array items;
    if (value.get(items) != simdjson::SUCCESS) return bad(name, "must be an array of messages");
    for (const dom::element item : items) {
      PromptMessage message;
      CATALEJO_TRY(
          read_object(name, item, {{"role", text(message.role)}, {"text", text(message.text)}}));
      to.push_back(std::move(message));
    }
    return {};
  };
}

Read output(OutputType& to) {
  return [&to](std::string_view name, dom::element value) -> Result<void> {
    const auto type = output_type_of(codec::text_or_empty(value));
    if (!type) return bad(name, "must be boolean, score, categorical or json");
    to = *type;
    return {};
  };
}

Read json(std::string& to) {
  return [&to](std::string_view, dom::element value) -> Result<void> {
    codec::append_json(to, value);
    return {};
  };
}

Read criteria(Criteria& to) {
  return [&to](std::string_view name, dom::element value) {
    return read_object(name, value,
                       {{"pass_values", texts(to.pass_values)},
                        {"score_min", maybe(to.score_min)},
                        {"score_max", maybe(to.score_max)}});
  };
}

Result<void> check_scope(const Settings& settings) {
  if (!(settings.sampling >= 0 && settings.sampling <= 1))
    return bad("sampling", "must be from 0 to 1");
  for (const auto& [name, amount] : {std::pair{"calls_per_day", settings.calls_per_day},
                                     {"tokens_per_day", settings.tokens_per_day}})
    if (amount < 0 || amount > kPerDayMax) return bad(name, "must not be below 0");
  if (settings.query.empty()) return {};
  query::Filter filter;
  return filter.set_search(settings.query, "query");
}

void append_texts(std::string& out, const std::vector<std::string>& items) {
  out += '[';
  for (const std::string& item : items) {
    if (out.back() != '[') out += ',';
    codec::append_json_string(out, item);
  }
  out += ']';
}

void append_maybe(std::string& out, const std::optional<double>& number) {
  if (number)
    codec::append_json_number(out, *number);
  else
    out += "null";
}

void append_prompt(std::string& out, const std::vector<PromptMessage>& prompt) {
  out += '[';
  for (const PromptMessage& message : prompt) {
    if (out.back() != '[') out += ',';
    codec::JsonObjectWriter object(out);
    object.text("role", message.role);
    object.text("text", message.text);
    object.close();
  }
  out += ']';
}

void append_definition(codec::JsonObjectWriter& object, const Definition& definition) {
  object.text("label", definition.label);
  append_prompt(object.key("prompt"), definition.prompt);
  object.text("output", output_type_name(definition.output));
  codec::append_json_number(object.key("score_min"), definition.score_min);
  codec::append_json_number(object.key("score_max"), definition.score_max);
  append_texts(object.key("categories"), definition.categories);
  object.key("schema") += definition.schema_json.empty() ? "null" : definition.schema_json;
  object.key("reasoning") += definition.reasoning ? "true" : "false";
  codec::JsonObjectWriter criteria(object.key("criteria"));
  append_texts(criteria.key("pass_values"), definition.criteria.pass_values);
  append_maybe(criteria.key("score_min"), definition.criteria.score_min);
  append_maybe(criteria.key("score_max"), definition.criteria.score_max);
  criteria.close();
  append_maybe(object.key("temperature"), definition.temperature);
  codec::append_json_number(object.key("output_tokens_max"), definition.output_tokens_max);
}

}  // namespace

Result<Settings> read_settings(std::string_view given) {
  Settings settings;
  Definition& definition = settings.definition;
  codec::JsonDocument document;
  std::string body(given);
  CATALEJO_TRY(document.parse(body));
  CATALEJO_TRY(
      read_object("draft", codec::root(document),
                  {{"label", text(definition.label)},
                   {"prompt", prompt(definition.prompt)},
                   {"output", output(definition.output)},
                   {"score_min", plain(definition.score_min, "a number")},
                   {"score_max", plain(definition.score_max, "a number")},
                   {"categories", texts(definition.categories)},
                   {"schema", json(definition.schema_json)},
                   {"reasoning", plain(definition.reasoning, "true or false")},
                   {"criteria", criteria(definition.criteria)},
                   {"temperature", maybe(definition.temperature)},
                   {"output_tokens_max", plain(definition.output_tokens_max, "a whole number")},
                   {"deployment", text(settings.deployment)},
                   {"kinds", texts(settings.kinds)},
                   {"apps", texts(settings.apps)},
                   {"query", text(settings.query)},
                   {"sampling", plain(settings.sampling, "a number")},
                   {"calls_per_day", plain(settings.calls_per_day, "a whole number")},
                   {"tokens_per_day", plain(settings.tokens_per_day, "a whole number")}}));
  CATALEJO_TRY(check(definition));
  CATALEJO_TRY(check_scope(settings));
  return settings;
}

void append_settings(std::string& out, const Settings& settings) {
  codec::JsonObjectWriter object(out);
  append_definition(object, settings.definition);
  object.text("deployment", settings.deployment);
  append_texts(object.key("kinds"), settings.kinds);
  append_texts(object.key("apps"), settings.apps);
  object.text("query", settings.query);
  codec::append_json_number(object.key("sampling"), settings.sampling);
  codec::append_json_number(object.key("calls_per_day"), settings.calls_per_day);
  codec::append_json_number(object.key("tokens_per_day"), settings.tokens_per_day);
  object.close();
}

}  // namespace catalejo::evaluate::judge
