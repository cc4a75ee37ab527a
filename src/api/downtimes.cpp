// /api/v2/downtime: times in which nothing is told. Contract: Datadog's API reference, Downtimes.
#include <fmt/format.h>

#include <algorithm>

#include "api/body.hpp"
#include "api/monitors_json.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "monitor/downtime.hpp"

namespace catalejo::api {
namespace {

constexpr std::size_t kPageMax = 1'000;

std::int64_t seconds_now() {
  return now().value / kNanosPerSecond;
}

std::string rfc3339(std::int64_t at_s) {
  return to_rfc3339({at_s * kNanosPerSecond});
}

std::string_view status_of(const store::Downtime& kept, const std::optional<monitor::Window>& next,
                           std::int64_t at_s) {
  if (kept.canceled.value != 0) return "canceled";
  if (!next) return "ended";
  return next->from_s <= at_s ? "active" : "scheduled";
}

void append_window(std::string& out, const monitor::Window& window) {
  Fields fields(out);
  fields.text("start", rfc3339(window.from_s));
  fields.text_or_null("end", window.to_s == 0 ? std::string() : rfc3339(window.to_s));
  fields.close();
}

// As it was given, and of what comes again the time that is or comes next.
void append_schedule(std::string& out, codec::dom::element given,
                     const std::optional<monitor::Window>& next, bool recurs) {
  Fields fields(out);
  codec::dom::object schedule;
  if (given.get(schedule) == simdjson::SUCCESS)
    for (const codec::dom::key_value_pair field : schedule)
      codec::append_json(fields.key(field.key), field.value);
  if (recurs && next) append_window(fields.key("current_downtime"), *next);
  fields.close();
}

void append_attributes(std::string& out, const store::Downtime& kept, const monitor::Downtime& made,
                       codec::dom::object given) {
  const std::int64_t at_s = seconds_now();
  const auto next = made.window(at_s);
  Fields fields(out);
  fields.text_or_null("canceled",
                      kept.canceled.value == 0 ? std::string() : to_rfc3339(kept.canceled));
  fields.text("created", to_rfc3339(kept.created));
  fields.text("modified", to_rfc3339(kept.modified));
  fields.text("status", status_of(kept, next, at_s));
  const auto missing = [&given](std::string_view name) {
    return given[name].error() != simdjson::SUCCESS;
  };
  if (missing("display_timezone")) fields.text("display_timezone", "UTC");
  if (missing("message")) fields.key("message") += "null";
  if (missing("mute_first_recovery_notification"))
    fields.flag("mute_first_recovery_notification", false);
  if (missing("notify_end_states"))
    fields.key("notify_end_states") += R"(["alert","no data","warn"])";
  if (missing("notify_end_types")) fields.key("notify_end_types") += R"(["expired"])";
  for (const codec::dom::key_value_pair field : given) {
    if (field.key == "schedule")
      append_schedule(fields.key("schedule"), field.value, next, !made.recurrences.empty());
    else
      codec::append_json(fields.key(field.key), field.value);
  }
  Fields ours(fields.key("catalejo"));
  append_array(ours.key("unsupported"), made.unsupported, codec::append_json_string);
  ours.text("author", kept.author);
  ours.close();
  fields.close();
}

Result<void> append_downtime(std::string& out, const store::Downtime& kept) {
  auto made = monitor::read_downtime(kept.body, kept.created.value / kNanosPerSecond);
  if (!made) return made.error();
  codec::JsonDocument document;
  std::string body = made->body;
  CATALEJO_TRY(document.parse(body));
  codec::dom::object given;
  if (codec::root(document).get(given) != simdjson::SUCCESS)
    return Error{Code::corrupt, "a kept downtime is no object", kept.id};
  Fields fields(out);
  fields.text("id", kept.id);
  fields.text("type", "downtime");
  append_attributes(fields.key("attributes"), kept, *made, given);
  fields.key("relationships") +=
      made->monitor_id == 0
          ? std::string(R"({"monitor":{"data":null}})")
          : fmt::format(R"({{"monitor":{{"data":{{"id":"{}","type":"monitors"}}}}}})",
                        made->monitor_id);
  fields.close();
  return {};
}

net::Response downtime_answer(const store::Downtime& kept) {
  std::string body = R"({"data":)";
  if (auto appended = append_downtime(body, kept); !appended) return problem(appended.error());
  return json_answer(body + "}");
}

// {"data":{"attributes":{…}}}
Result<std::string> attributes_of(std::string body) {
  if (body.size() > limits::downtime_bytes_max)
    return Error{Code::body_too_large, "the body is longer than this route takes", "body"};
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  codec::dom::element attributes;
  if (codec::root(document)["data"]["attributes"].get(attributes) != simdjson::SUCCESS ||
      !attributes.is_object())
    return bad("data.attributes", "must be an object");
  std::string out;
  codec::append_json(out, attributes);
  return out;
}

net::Response keep(const ApiPtr& api, const net::Request& request, store::Downtime downtime,
                   const monitor::Downtime& made, bool is_new) {
  downtime.body = made.body;
  downtime.ends_s = made.ends_s();
  auto kept = api->monitors.put_downtime(std::move(downtime), is_new);
  if (!kept) return problem(kept.error());
  log::info("audit", "downtime {} kept by {}", kept->id, who(api, request));
  return downtime_answer(*kept);
}

// A monitor that is not there has no downtime.
Result<void> check_monitor(const ApiPtr& api, const monitor::Downtime& made) {
  if (made.monitor_id == 0) return {};
  auto monitor = api->monitors.get(made.monitor_id);
  if (monitor) return {};
  return bad("monitor_identifier.monitor_id", monitor.error().message);
}

std::int64_t number_or(const net::Request& request, std::string_view name, std::int64_t fallback) {
  const auto number = parse_number(request.parameter(name).value_or(""));
  return number && *number >= 0 ? *number : fallback;
}

bool is_current(const store::Downtime& kept) {
  return kept.canceled.value == 0 && (kept.ends_s == 0 || kept.ends_s > seconds_now());
}

net::Response list(const ApiPtr& api, const net::Request& request, const std::string&) {
  auto kept = api->monitors.downtimes();
  if (!kept) return problem(kept.error());
  const bool current_only = request.parameter("current_only").value_or("") == "true";
  if (current_only)
    std::erase_if(*kept, [](const store::Downtime& one) { return !is_current(one); });
  const auto size = static_cast<std::size_t>(number_or(request, "page[limit]", 30));
  const auto skipped = static_cast<std::size_t>(number_or(request, "page[offset]", 0));
  std::string body = R"({"data":[)";
  for (std::size_t i = skipped; i < kept->size() && i < skipped + std::min(size, kPageMax); ++i) {
    if (i > skipped) body += ',';
    if (auto appended = append_downtime(body, (*kept)[i]); !appended)
      return problem(appended.error());
  }
  return json_answer(
      body + fmt::format(R"(],"meta":{{"page":{{"total_filtered_count":{}}}}}}})", kept->size()));
}

net::Response create(const ApiPtr& api, const net::Request& request, const std::string&) {
  auto attributes = attributes_of(request.body);
  if (!attributes) return problem(attributes.error());
  const auto made = monitor::read_downtime(*std::move(attributes), seconds_now());
  if (!made) return problem(made.error());
  if (auto there = check_monitor(api, *made); !there) return problem(there.error());
  store::Downtime downtime{.id = {},
                           .body = {},
                           .author = author_or_key(api, request, {}),
                           .created = {},
                           .modified = {}};
  return keep(api, request, std::move(downtime), *made, /*is_new=*/true);
}

net::Response read(const ApiPtr& api, const net::Request&, const std::string& id) {
  const auto kept = api->monitors.downtime(id);
  if (!kept) return problem(kept.error());
  return downtime_answer(*kept);
}

net::Response change(const ApiPtr& api, const net::Request& request, const std::string& id) {
  auto change = attributes_of(request.body);
  if (!change) return problem(change.error());
  auto kept = api->monitors.downtime(id);
  if (!kept) return problem(kept.error());
  if (kept->canceled.value != 0) return problem(bad("id", "it is canceled; make another"));
  auto body = monitor::changed_downtime(kept->body, *std::move(change));
  if (!body) return problem(body.error());
  const auto made = monitor::read_downtime(*std::move(body), kept->created.value / kNanosPerSecond);
  if (!made) return problem(made.error());
  if (auto there = check_monitor(api, *made); !there) return problem(there.error());
  return keep(api, request, *std::move(kept), *made, /*is_new=*/false);
}

net::Response cancel(const ApiPtr& api, const net::Request& request, const std::string& id) {
  auto kept = api->monitors.downtime(id);
  if (!kept) return problem(kept.error());
  if (kept->canceled.value == 0) {
    kept->canceled = now();
    if (auto put = api->monitors.put_downtime(*std::move(kept), /*is_new=*/false); !put)
      return problem(put.error());
    log::info("audit", "downtime {} canceled by {}", id, who(api, request));
  }
  net::Response answer;
  answer.status = 204;
  return answer;
}

// The downtimes of a monitor that are on, or will be.
net::Response matches(const ApiPtr& api, const net::Request&, const std::string& id) {
  const auto number = parse_number(id);
  if (!number) return problem(number.error());
  auto monitor = api->monitors.get(*number);
  if (!monitor) return problem(monitor.error());
  const auto known = known_monitor(api->monitors, *std::move(monitor));
  if (!known) return problem(known.error());
  auto kept = api->monitors.downtimes();
  if (!kept) return problem(kept.error());
  const std::int64_t at_s = seconds_now();
  std::string body = R"({"data":[)";
  std::size_t count = 0;
  for (const store::Downtime& one : *kept) {
    if (one.canceled.value != 0) continue;
    const auto made = monitor::read_downtime(one.body, one.created.value / kNanosPerSecond);
    if (!made || !made->is_of(*number, known->definition)) continue;
    const auto window = made->window(at_s);
    if (!window) continue;
    if (count++ > 0) body += ',';
    Fields fields(body);
    fields.text("id", one.id);
    fields.text("type", "downtime_match");
    Fields attributes(fields.key("attributes"));
    attributes.text("start", rfc3339(window->from_s));
    attributes.text_or_null("end", window->to_s == 0 ? std::string() : rfc3339(window->to_s));
    attributes.text("scope", made->scope_text);
    attributes.key("groups") += "[]";
    attributes.close();
    fields.close();
  }
  return json_answer(body +
                     fmt::format(R"(],"meta":{{"page":{{"total_filtered_count":{}}}}}}})", count));
}

// Rules are counted out and the disk is waited for: not on an event loop.
using Work = net::Response (*)(const ApiPtr&, const net::Request&, const std::string&);

Answer at_desk(ApiPtr api, net::Request request, std::string id, Work work) {
  auto task = [api, request = std::move(request), id, work]() -> Result<net::Response> {
    return work(api, request, id);
  };
  auto answer = co_await api->options.desk->run(std::move(task));
  if (!answer) co_return problem(answer.error());
  co_return *std::move(answer);
}

}  // namespace

Answer get_downtimes(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), list);
}

Answer create_downtime(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), create);
}

Answer get_downtime(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), read);
}

Answer patch_downtime(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), change);
}

Answer cancel_downtime(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), cancel);
}

Answer get_matches(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), matches);
}

}  // namespace catalejo::api
