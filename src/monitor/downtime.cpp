#include "monitor/downtime.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "codec/json_merge.hpp"
#include "codec/json_writer.hpp"
#include "monitor/message.hpp"
#include "monitor/scope.hpp"

namespace catalejo::monitor {
namespace {

namespace dom = codec::dom;
using query::metrics::Scope;

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

Result<std::string> text_in(std::string_view where, dom::element value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return bad(where, "must be a text");
  return std::string(text);
}

Result<void> read_identifier(dom::element value, Downtime& made) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS)
    return bad("monitor_identifier", "must be an object with monitor_id or monitor_tags");
  dom::array tags;
  if (fields["monitor_id"].get(made.monitor_id) == simdjson::SUCCESS && made.monitor_id > 0)
    return {};
  if (fields["monitor_tags"].get(tags) != simdjson::SUCCESS || tags.size() == 0)
    return bad("monitor_identifier", "must have monitor_id or monitor_tags");
  for (const dom::element tag : tags) {
    auto text = text_in("monitor_identifier.monitor_tags", tag);
    if (!text) return text.error();
    made.monitor_tags.push_back(*std::move(text));
  }
  return {};
}

Result<std::int64_t> time_of(std::string_view where, dom::element value) {
  auto text = text_in(where, value);
  if (!text) return text.error();
  const auto time = parse_rfc3339(*text);
  if (!time) return bad(where, "must be a time with its offset, like 2026-01-05T22:00:00+01:00");
  return time->value / kNanosPerSecond;
}

Result<void> read_recurrence(dom::element value, std::int64_t now_s, const std::string& zone,
                             Downtime& made) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS)
    return bad("schedule.recurrences", "must be a list of objects");
  Recurrence recurrence{.start = local_time_at(now_s, zone), .zone = zone};
  for (const dom::key_value_pair field : fields) {
    if (field.value.is_null()) continue;
    auto text = text_in(field.key, field.value);
    if (!text) return text.error();
    if (field.key == "rrule") {
      recurrence.rule = *std::move(text);
    } else if (field.key == "duration") {
      auto length = length_of(*text);
      if (!length) return length.error();
      recurrence.length_s = *length;
    } else if (field.key == "start") {
      auto start = local_time_of(*text);
      if (!start) return start.error();
      recurrence.start = *std::move(start);
    } else {
      return bad(field.key, fmt::format("a recurrence has no '{}'", field.key));
    }
  }
  if (recurrence.length_s == 0) return bad("duration", "must be there, for example 1h");
  CATALEJO_TRY(check(recurrence));
  made.recurrences.push_back(std::move(recurrence));
  return {};
}

Result<void> read_schedule(dom::element value, std::int64_t now_s, Downtime& made) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS) return bad("schedule", "must be an object");
  dom::array recurrences;
  if (fields["recurrences"].get(recurrences) == simdjson::SUCCESS) {
    if (recurrences.size() == 0 || recurrences.size() > limits::downtime_recurrences_max)
      return bad("schedule.recurrences", "must be one to five");
    std::string_view zone = "UTC";
    if (fields["timezone"].error() == simdjson::SUCCESS && fields["timezone"].get(zone))
      return bad("schedule.timezone", "must be a text");
    if (!is_zone(std::string(zone)))
      return bad("schedule.timezone", fmt::format("there is no time zone {} here", zone));
    for (const dom::element one : recurrences)
      CATALEJO_TRY(read_recurrence(one, now_s, std::string(zone), made));
    return {};
  }
  for (const dom::key_value_pair field : fields) {
    if (field.value.is_null()) continue;
    if (field.key == "current_downtime") continue;
    if (field.key != "start" && field.key != "end")
      return bad("schedule", fmt::format("has no '{}' without recurrences", field.key));
    auto time = time_of(field.key, field.value);
    if (!time) return time.error();
    (field.key == "start" ? made.start_s : made.end_s) = *time;
  }
  if (made.end_s != 0 && made.end_s <= made.start_s) return bad("end", "must come after the start");
  return {};
}

Result<void> read_field(std::string_view name, dom::element value, std::int64_t now_s,
                        Downtime& made) {
  if (name == "monitor_identifier") return read_identifier(value, made);
  if (name == "schedule") return read_schedule(value, now_s, made);
  if (name == "mute_first_recovery_notification") {
    if (value.get(made.mutes_first_recovery) != simdjson::SUCCESS)
      return bad(name, "must be true or false");
    return {};
  }
  std::string* to = name == "scope"              ? &made.scope_text
                    : name == "message"          ? &made.message
                    : name == "display_timezone" ? &made.display_zone
                                                 : nullptr;
  if (to != nullptr) {
    auto text = text_in(name, value);
    if (!text) return text.error();
    *to = *std::move(text);
    return {};
  }
  made.unsupported.emplace_back(name);
  return {};
}

// What a server says of a downtime, and nobody else.
bool is_servers(std::string_view name) {
  return name == "status" || name == "created" || name == "modified" || name == "canceled" ||
         name == "catalejo";
}

std::string dashed(std::string_view local) {
  return fmt::format("{}-{}-{}T{}:{}:{}", local.substr(0, 4), local.substr(4, 2),
                     local.substr(6, 2), local.substr(9, 2), local.substr(11, 2),
                     local.substr(13, 2));
}

std::string time_text(std::int64_t at_s) {
  return codec::json_quoted(to_rfc3339({at_s * kNanosPerSecond}));
}

// With the beginnings that were left open, so that they are the same when it is read again.
std::string schedule_text(const Downtime& made) {
  std::string out;
  codec::JsonObjectWriter schedule(out);
  if (made.recurrences.empty()) {
    schedule.key("start") += time_text(made.start_s);
    schedule.key("end") += made.end_s == 0 ? "null" : time_text(made.end_s);
    schedule.close();
    return out;
  }
  std::string& list = schedule.key("recurrences");
  list += '[';
  for (const Recurrence& one : made.recurrences) {
    if (list.back() != '[') list += ',';
    codec::JsonObjectWriter object(list);
    object.text("rrule", one.rule);
    object.text("duration", fmt::format("{}m", one.length_s / 60));
    object.text("start", dashed(one.start));
    object.close();
  }
  list += ']';
  schedule.text("timezone", made.recurrences.front().zone);
  schedule.close();
  return out;
}

}  // namespace

Result<Downtime> read_downtime(std::string json, std::int64_t now_s) {
  if (json.size() > limits::downtime_bytes_max)
    return Error{Code::body_too_large, "a downtime of more than 32 KiB is not kept", "body"};
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(json));
  dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return bad("attributes", "must be an object");
  Downtime made{.start_s = now_s};
  codec::JsonObjectWriter kept(made.body);
  for (const dom::key_value_pair field : fields) {
    if (is_servers(field.key)) continue;
    if (field.key != "schedule") codec::append_json(kept.key(field.key), field.value);
    if (!field.value.is_null()) CATALEJO_TRY(read_field(field.key, field.value, now_s, made));
  }
  auto scope = read_scope(made.scope_text);
  if (!scope) return scope.error();
  made.scope = *std::move(scope);
  if (made.monitor_id == 0 && made.monitor_tags.empty())
    return bad("monitor_identifier", "must be there");
  if (!is_zone(made.display_zone))
    return bad("display_timezone", fmt::format("there is no time zone {} here", made.display_zone));
  if (!mentions_in(made.message).empty()) made.unsupported.emplace_back("message: mentions");
  kept.key("schedule") += schedule_text(made);
  kept.close();
  return made;
}

Result<std::string> changed_downtime(std::string kept, std::string change) {
  codec::JsonDocument before, after;
  CATALEJO_TRY(before.parse(kept));
  CATALEJO_TRY(after.parse(change));
  dom::object old_fields, new_fields;
  if (codec::root(before).get(old_fields) != simdjson::SUCCESS ||
      codec::root(after).get(new_fields) != simdjson::SUCCESS)
    return bad("attributes", "must be an object");
  return codec::merged(old_fields, new_fields);
}

bool Downtime::is_of(std::int64_t monitor, const Definition& definition) const {
  if (monitor_id != 0) return monitor_id == monitor;
  return std::ranges::all_of(monitor_tags, [&](const std::string& tag) {
    return tag == "*" || std::ranges::find(definition.tags, tag) != definition.tags.end();
  });
}

bool Downtime::covers(const Definition& definition,
                      const std::vector<std::string>& tags_of_group) const {
  if (scope.kind == Scope::Kind::everything) return true;
  std::vector<std::string> tags = tags_of_group;
  if (definition.query)
    for (const auto& metric : definition.query->metrics.metrics) add_tags(metric.scope, tags);
  return holds(scope, tags);
}

std::optional<Window> Downtime::window(std::int64_t at_s) const {
  if (recurrences.empty()) {
    if (end_s != 0 && end_s <= at_s) return std::nullopt;
    return Window{.from_s = start_s, .to_s = end_s};
  }
  std::optional<Window> first;
  for (const Recurrence& one : recurrences) {
    const auto next = window_at(one, at_s);
    if (next && (!first || next->from_s < first->from_s)) first = next;
  }
  return first;
}

std::int64_t Downtime::ends_s() const {
  std::int64_t last = end_s;
  for (const Recurrence& one : recurrences) {
    const std::int64_t end = last_end_of(one);
    if (end == 0) return 0;
    last = std::max(last, end);
  }
  return last;
}

void Downtimes::take(const std::vector<store::Downtime>& kept) {
  std::map<std::string, Read> now;
  for (const store::Downtime& one : kept) {
    const auto known = read_.find(one.id);
    if (known != read_.end() && known->second.modified == one.modified) {
      now.insert(*known);
      continue;
    }
    Read read{.modified = one.modified, .downtime = nullptr};
    if (one.canceled.value == 0) {
      auto made = read_downtime(one.body, one.created.value / kNanosPerSecond);
      if (made)
        read.downtime = std::make_shared<const Downtime>(*std::move(made));
      else
        log::warn("monitor", "downtime {} cannot be read: {}", one.id, to_string(made.error()));
    }
    now.emplace(one.id, std::move(read));
  }
  read_ = std::move(now);
}

bool Downtimes::is_on(const Read& read, std::int64_t at_s) {
  if (!read.downtime) return false;
  if (at_s < read.found_s || at_s >= read.to_s) {
    const Window window = read.downtime->window(at_s).value_or(Window{.from_s = kNever, .to_s = 0});
    read.found_s = at_s;
    read.from_s = window.from_s;
    read.to_s = window.to_s == 0 ? kNever : window.to_s;
  }
  return at_s >= read.from_s;
}

Mute Downtimes::mute(std::int64_t monitor, const Definition& definition,
                     const std::vector<std::string>& tags_of_group, std::int64_t at_s) const {
  Mute mute = Mute::none;
  for (const auto& [id, read] : read_) {
    if (!read.downtime || !read.downtime->is_of(monitor, definition)) continue;
    if (!is_on(read, at_s) || !read.downtime->covers(definition, tags_of_group)) continue;
    mute = std::max(mute, read.downtime->mutes_first_recovery ? Mute::all : Mute::but_recovery);
  }
  return mute;
}

}  // namespace catalejo::monitor
