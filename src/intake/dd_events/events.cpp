#include "intake/dd_events/events.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"
#include "model/metric_time.hpp"

namespace catalejo::intake::dd_events {
namespace {

namespace dom = codec::dom;
using model::Event;
using model::EventKind;

// What the fields that all have are called.
struct Names {
  EventKind kind;
  std::string_view title, text, host, time;
  std::string_view source;
};
constexpr Names kEvent{EventKind::event, "title",         "text",
                       "host",           "date_happened", "/api/v1/events"};
constexpr Names kAgentEvent{EventKind::event, "msg_title", "msg_text",
                            "host",           "timestamp", "/intake/"};
constexpr Names kCheck{EventKind::service_check, "check", "message", "host_name", "timestamp",
                       "/api/v1/check_run"};

// Why one is refused: the reason in the ledger and what the client is told.
struct Problem {
  std::string_view reason;
  Error error;
};
using Checked = std::optional<Problem>;

Problem wrong_type(std::string_view where, std::string_view expected) {
  return {"wrong_type",
          {Code::wrong_type, fmt::format("must be {}", expected), std::string(where)}};
}

Checked read_text(std::string_view key, dom::element value, std::string& out) {
  std::string_view text;
  if (value.is_null()) return std::nullopt;
  if (value.get(text) != simdjson::SUCCESS) return wrong_type(key, "a text");
  out = text;
  return std::nullopt;
}

// Some clients send parts of a second.
Checked read_time(std::string_view key, dom::element value, UnixNanos& out) {
  double seconds = 0;
  if (value.is_null()) return std::nullopt;
  constexpr double kMost = 1e15;
  if (value.get(seconds) != simdjson::SUCCESS || !(std::abs(seconds) < kMost))
    return wrong_type(key, "Unix seconds");
  out = model::metric_time(static_cast<std::int64_t>(std::floor(seconds)));
  return std::nullopt;
}

Checked read_tags(dom::element value, Event& event) {
  dom::array tags;
  if (value.is_null()) return std::nullopt;
  if (value.get(tags) != simdjson::SUCCESS) return wrong_type("tags", "a list of texts");
  for (const dom::element tag : tags) {
    std::string_view text;
    if (tag.get(text) != simdjson::SUCCESS) return wrong_type("tags", "a list of texts");
    event.tags.emplace_back(text);
  }
  return std::nullopt;
}

Checked read_status(dom::element value, Event& event) {
  std::uint64_t status = 0;
  if (value.get(status) != simdjson::SUCCESS || status > 3)
    return Problem{
        "check_status",
        {Code::out_of_range, "must be 0 (ok), 1 (warning), 2 (critical) or 3 (unknown)", "status"}};
  event.status = static_cast<model::CheckStatus>(status);
  return std::nullopt;
}

Checked read_device(dom::element value, Event& event) {
  std::string device;
  if (Checked problem = read_text("device_name", value, device)) return problem;
  if (!device.empty()) event.tags.push_back("device:" + device);
  return std::nullopt;
}

Checked read_field(std::string_view key, dom::element value, const Names& names, Event& event) {
  const bool check = names.kind == EventKind::service_check;
  if (key == names.title) return read_text(key, value, event.title);
  if (key == names.text) return read_text(key, value, event.text);
  if (key == names.host) return read_text(key, value, event.host);
  if (key == names.time) return read_time(key, value, event.time);
  if (key == "tags") return read_tags(value, event);
  if (check) return key == "status" ? read_status(value, event) : std::nullopt;
  if (key == "aggregation_key") return read_text(key, value, event.aggregation_key);
  if (key == "priority") return read_text(key, value, event.priority);
  if (key == "alert_type") return read_text(key, value, event.alert_type);
  if (key == "source_type_name") return read_text(key, value, event.source_type);
  if (key == "device_name") return read_device(value, event);
  return std::nullopt;
}

// A client that is answered hears of words that mean nothing.
Checked check_words(const Event& event) {
  if (!event.priority.empty() && model::priority_name(event.priority).empty())
    return Problem{"priority", {Code::out_of_range, "must be normal or low", "priority"}};
  if (!event.alert_type.empty() && model::alert_type_name(event.alert_type).empty())
    return Problem{"alert_type",
                   {Code::out_of_range,
                    "must be info, error, warning, success, user_update, recommendation or "
                    "snapshot",
                    "alert_type"}};
  return std::nullopt;
}

Checked read_one(dom::element entry, const Names& names, UnixNanos now, Event& event) {
  dom::object fields;
  if (entry.get(fields) != simdjson::SUCCESS) return wrong_type({}, "an object");
  event = {.kind = names.kind, .repeatable = true, .time = now, .source = names.source};
  for (const dom::key_value_pair field : fields)
    if (Checked problem = read_field(field.key, field.value, names, event)) return problem;
  const bool check = names.kind == EventKind::service_check;
  if (event.title.empty())
    return Problem{check ? "no_name" : "no_title",
                   {Code::missing_field, "must be there", std::string(names.title)}};
  dom::element status;
  if (check && fields["status"].get(status) != simdjson::SUCCESS)
    return Problem{"check_status", {Code::missing_field, "must be there", "status"}};
  if (Checked problem = check_words(event)) return problem;
  event.time.value -= event.time.value % kNanosPerSecond;
  event.id = model::event_id(event);
  return std::nullopt;
}

void take(dom::element entry, const Names& names, UnixNanos now, Parsed& out) {
  ++out.batch.events_received;
  Event event;
  Checked problem;
  if (out.batch.events.size() >= limits::events_per_request_max) {
    problem = Problem{"too_many_events",
                      {Code::out_of_range,
                       fmt::format("a request has at most {}", limits::events_per_request_max),
                       {}}};
  } else {
    problem = read_one(entry, names, now, event);
  }
  if (!problem) {
    out.batch.events.push_back(std::move(event));
    return;
  }
  ++out.batch.events_rejected[std::string(problem->reason)];
  if (!out.refused) out.refused = std::move(problem->error);
}

void take_all(dom::array entries, const Names& names, UnixNanos now, Parsed& out) {
  for (const dom::element entry : entries) take(entry, names, now, out);
}

// As Datadog answers, with the fields that its clients read.
std::string answer_of(const Event& event) {
  std::string body;
  codec::JsonObjectWriter answer(body);
  answer.text("status", "ok");
  codec::JsonObjectWriter fields(answer.key("event"));
  codec::append_json_number(fields.key("id"), event.id);
  fields.text("id_str", std::to_string(event.id));
  fields.text("title", event.title);
  fields.text("text", event.text);
  codec::append_json_number(fields.key("date_happened"), event.time.value / kNanosPerSecond);
  fields.text("priority", event.priority.empty() ? "normal" : event.priority);
  fields.text("alert_type", event.alert_type.empty() ? "info" : event.alert_type);
  fields.key("tags") += '[';
  for (const std::string& tag : event.tags) {
    if (body.back() != '[') body += ',';
    codec::append_json_string(body, tag);
  }
  body += ']';
  fields.text("url", fmt::format("/api/v1/events/{}", event.id));
  fields.close();
  answer.close();
  return body;
}

constexpr const char* kOk = R"({"status":"ok"})";

}  // namespace

Result<Parsed> parse_event(std::string body, UnixNanos now) {
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return Error{Code::malformed, "the body is an object with a title and a text", {}};
  Parsed out;
  take(codec::root(document), kEvent, now, out);
  out.answer = out.batch.events.empty() ? kOk : answer_of(out.batch.events.front());
  return out;
}

Result<Parsed> parse_check_run(std::string body, UnixNanos now) {
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  const dom::element root = codec::root(document);
  Parsed out{.batch = {}, .answer = kOk, .refused = {}};
  dom::array checks;
  if (root.get(checks) == simdjson::SUCCESS) {
    take_all(checks, kCheck, now, out);
  } else if (root.is_object()) {
    take(root, kCheck, now, out);
  } else {
    return Error{Code::malformed, "the body is a check, or a list of them", {}};
  }
  return out;
}

// {"events": {"docker": [{"msg_title": …}], …}, …}; what else an Agent tells here (of its host) is
// for nobody.
Result<Parsed> parse_agent_intake(std::string body, UnixNanos now) {
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return Error{Code::malformed, "the body is an object", {}};
  Parsed out{.batch = {}, .answer = kOk, .refused = {}};
  dom::object groups;
  if (fields["events"].get(groups) != simdjson::SUCCESS) return out;
  for (const dom::key_value_pair group : groups) {
    dom::array events;
    const std::size_t before = out.batch.events.size();
    if (group.value.get(events) == simdjson::SUCCESS) take_all(events, kAgentEvent, now, out);
    for (std::size_t i = before; i < out.batch.events.size(); ++i) {
      Event& event = out.batch.events[i];
      if (event.source_type.empty()) event.source_type = group.key;
    }
  }
  return out;
}

}  // namespace catalejo::intake::dd_events
