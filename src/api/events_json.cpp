#include "api/events_json.hpp"

#include <fmt/format.h>

#include "api/spans_json.hpp"

namespace catalejo::api {
namespace {

std::int64_t seconds_of(const model::Event& event) {
  return event.time.value / kNanosPerSecond;
}

void append_tags(std::string& out, const model::Event& event) {
  append_array(out, event.tags, codec::append_json_string);
}

// "service" of "service:shop".
std::string_view tag_value(const model::Event& event, std::string_view key) {
  for (const std::string& tag : event.tags)
    if (tag.starts_with(key) && tag.substr(key.size()).starts_with(':'))
      return std::string_view(tag).substr(key.size() + 1);
  return {};
}

}  // namespace

void append_event(std::string& out, const query::events::EventRow& row) {
  const model::Event& event = row.event;
  Fields fields(out);
  fields.integer("id", static_cast<std::int64_t>(event.id));
  fields.text("id_str", fmt::format("{}", event.id));
  fields.text("title", event.title);
  fields.text("text", event.text);
  fields.integer("date_happened", seconds_of(event));
  fields.text("alert_type", event.alert_type);
  fields.text("priority", event.priority);
  fields.text_or_null("host", event.host);
  fields.text("source", event.source_type);
  fields.text("source_type_name", event.source_type);
  append_tags(fields.key("tags"), event);
  fields.text("aggregation_key", event.aggregation_key);
  fields.flag("is_aggregate", row.alike > 1);
  fields.integer("count", static_cast<std::int64_t>(row.alike));
  fields.text("url", fmt::format("/api/v1/events/{}", event.id));
  fields.flags("flags", event.flags);
  fields.close();
}

void append_event_response(std::string& out, const query::events::EventRow& row) {
  const model::Event& event = row.event;
  const std::string id = fmt::format("{}", event.id);
  Fields data(out);
  data.text("id", id);
  data.text("type", "event");
  Fields whole(data.key("attributes"));
  whole.text("timestamp", to_rfc3339(event.time));
  whole.text("message", event.text);
  append_tags(whole.key("tags"), event);
  Fields fields(whole.key("attributes"));
  fields.text("title", event.title);
  fields.text("status", event.alert_type);
  fields.text("priority", event.priority);
  fields.text("hostname", event.host);
  fields.text("service", tag_value(event, "service"));
  fields.text("source_type_name", event.source_type);
  fields.text("aggregation_key", event.aggregation_key);
  fields.integer("date_happened", seconds_of(event));
  fields.integer("timestamp", event.time.value / kNanosPerMilli);
  append_tags(fields.key("tags"), event);
  Fields evt(fields.key("evt"));
  evt.text("id", id);
  evt.text("name", event.title);
  evt.close();
  fields.close();
  whole.close();
  data.close();
}

void append_check(std::string& out, const query::events::EventRow& row) {
  const model::Event& check = row.event;
  Fields fields(out);
  fields.text("check", check.title);
  fields.integer("status", static_cast<std::int64_t>(check.status));
  fields.text("state", model::check_status_name(check.status));
  fields.text_or_null("host_name", check.host);
  append_tags(fields.key("tags"), check);
  fields.text("message", check.text);
  fields.integer("timestamp", seconds_of(check));
  fields.integer("count", static_cast<std::int64_t>(row.alike));
  fields.close();
}

}  // namespace catalejo::api
