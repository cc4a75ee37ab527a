#include "monitor/downtime_v1.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/limits.hpp"
#include "base/time.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"
#include "monitor/scope.hpp"

namespace catalejo::monitor {
namespace {

namespace dom = codec::dom;

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kKinds{
    {{"days", "DAILY"}, {"weeks", "WEEKLY"}, {"months", "MONTHLY"}, {"years", "YEARLY"}}};
constexpr std::array<std::string_view, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> kRuleDays{"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
// What a server says of a downtime, and nobody else.
constexpr std::array<std::string_view, 10> kServers{
    "active",    "active_child", "canceled",   "created",  "creator_id",
    "parent_id", "id",           "updater_id", "modified", "downtime_type"};

std::string date_text(std::int64_t at_s) {
  std::string text;
  for (const char c : to_rfc3339({at_s * kNanosPerSecond}).substr(0, 19))
    if (c != '-' && c != ':') text += c;
  return text + 'Z';
}

std::string time_text(std::int64_t at_s) {
  return codec::json_quoted(to_rfc3339({at_s * kNanosPerSecond}));
}

// "20260105T220000" with its dashes.
std::string dashed(std::string_view local) {
  return fmt::format("{}-{}-{}T{}:{}:{}", local.substr(0, 4), local.substr(4, 2),
                     local.substr(6, 2), local.substr(9, 2), local.substr(11, 2),
                     local.substr(13, 2));
}

// One text or a list of them.
Result<std::vector<std::string>> texts_in(std::string_view where, dom::element value) {
  std::vector<std::string> texts;
  std::string_view text;
  dom::array items;
  if (value.get(text) == simdjson::SUCCESS) {
    texts.emplace_back(text);
    return texts;
  }
  if (value.get(items) != simdjson::SUCCESS) return bad(where, "must be a list of texts");
  for (const dom::element item : items) {
    if (item.get(text) != simdjson::SUCCESS) return bad(where, "must be a list of texts");
    texts.emplace_back(text);
  }
  return texts;
}

Result<std::int64_t> seconds_in(std::string_view where, dom::element value) {
  constexpr std::int64_t kMax = 253'402'300'799;  // the year 9999
  std::int64_t seconds = 0;
  if (value.get(seconds) != simdjson::SUCCESS || seconds < 0 || seconds > kMax)
    return bad(where, "must be Unix seconds");
  return seconds;
}

struct Repeated {
  std::string kind, rule;
  std::int64_t period = 1, until_s = 0, times = 0;
  std::vector<std::string> days;
};

Result<void> read_days(dom::element value, Repeated& made) {
  auto days = texts_in("recurrence.week_days", value);
  if (!days) return days.error();
  for (const std::string& day : *days) {
    const auto found = std::ranges::find(kDays, day);
    if (found == kDays.end()) return bad("recurrence.week_days", "are Mon, Tue, … Sun");
    made.days.emplace_back(kRuleDays[static_cast<std::size_t>(found - kDays.begin())]);
  }
  return {};
}

Result<void> read_repeated_field(std::string_view name, dom::element value, Repeated& made) {
  if (name == "week_days") return read_days(value, made);
  std::string_view text;
  if (name == "type" || name == "rrule") {
    if (value.get(text) != simdjson::SUCCESS) return bad(name, "must be a text");
    (name == "type" ? made.kind : made.rule) = text;
    return {};
  }
  std::int64_t* const to = name == "period"              ? &made.period
                           : name == "until_date"        ? &made.until_s
                           : name == "until_occurrences" ? &made.times
                                                         : nullptr;
  if (to == nullptr) return bad(name, fmt::format("a recurrence has no '{}'", name));
  auto number = seconds_in(fmt::format("recurrence.{}", name), value);
  if (!number) return bad(name, "must be a number");
  *to = *number;
  return {};
}

// The RRULE of a recurrence.
Result<std::string> rule_of(dom::element value) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS) return bad("recurrence", "must be an object");
  Repeated made;
  for (const dom::key_value_pair field : fields)
    if (!field.value.is_null()) CATALEJO_TRY(read_repeated_field(field.key, field.value, made));
  if (made.kind == "rrule") return made.rule;
  const auto kind =
      std::ranges::find(kKinds, made.kind, [](const auto& each) { return each.first; });
  if (kind == kKinds.end()) return bad("recurrence.type", "is days, weeks, months, years or rrule");
  if (made.period < 1) return bad("recurrence.period", "must be 1 or more");
  if (made.until_s != 0 && made.times != 0)
    return bad("recurrence", "ends at until_date or after until_occurrences, not both");
  std::string rule = fmt::format("FREQ={};INTERVAL={}", kind->second, made.period);
  if (!made.days.empty() && kind->second != "WEEKLY")
    return bad("recurrence.week_days", "go with weeks");
  for (std::size_t i = 0; i < made.days.size(); ++i)
    rule += (i == 0 ? ";BYDAY=" : ",") + made.days[i];
  if (made.until_s != 0) rule += ";UNTIL=" + date_text(made.until_s);
  if (made.times != 0) rule += fmt::format(";COUNT={}", made.times);
  return rule;
}

struct Schedule {
  std::int64_t start_s = 0, end_s = 0;
  std::string zone = "UTC";
  std::string rule;  // empty: once
  bool named = false;
};

Schedule schedule_of(const Downtime& downtime) {
  Schedule made{
      .start_s = downtime.start_s, .end_s = downtime.end_s, .zone = downtime.display_zone};
  if (downtime.recurrences.empty()) return made;
  const Recurrence& first = downtime.recurrences.front();
  const Window window = window_at(first, 0).value_or(Window{});
  made.start_s = window.from_s;
  made.end_s = window.to_s;
  made.zone = first.zone;
  made.rule = first.rule;
  return made;
}

Result<void> read_schedule_field(std::string_view name, dom::element value, Schedule& made) {
  made.named = true;
  if (name == "timezone") {
    std::string_view zone;
    if (value.is_null()) return {};
    if (value.get(zone) != simdjson::SUCCESS || !is_zone(std::string(zone)))
      return bad("timezone", "must be a time zone that is known here, like Europe/Madrid");
    made.zone = zone;
    return {};
  }
  if (name == "recurrence") {
    made.rule.clear();
    if (value.is_null()) return {};
    auto rule = rule_of(value);
    if (!rule) return rule.error();
    if (rule->empty()) return bad("recurrence.rrule", "must be there");
    made.rule = *std::move(rule);
    return {};
  }
  if (value.is_null()) {
    if (name == "end") made.end_s = 0;
    return {};
  }
  auto seconds = seconds_in(name, value);
  if (!seconds) return seconds.error();
  (name == "start" ? made.start_s : made.end_s) = *seconds;
  return {};
}

Result<void> write_schedule(const Schedule& made, codec::JsonObjectWriter& out) {
  if (made.end_s != 0 && made.end_s <= made.start_s) return bad("end", "must come after the start");
  out.text("display_timezone", made.zone);
  codec::JsonObjectWriter schedule(out.key("schedule"));
  if (made.rule.empty()) {
    schedule.key("start") += time_text(made.start_s);
    schedule.key("end") += made.end_s == 0 ? "null" : time_text(made.end_s);
    schedule.close();
    return {};
  }
  if (made.end_s == 0) return bad("end", "must be there of what comes again");
  schedule.text("timezone", made.zone);
  std::string& list = schedule.key("recurrences");
  list += '[';
  codec::JsonObjectWriter recurrence(list);
  recurrence.text("rrule", made.rule);
  recurrence.text("duration", fmt::format("{}m", (made.end_s - made.start_s + 59) / 60));
  recurrence.text("start", dashed(local_time_at(made.start_s, made.zone)));
  recurrence.close();
  list += ']';
  schedule.close();
  return {};
}

struct Whom {
  std::int64_t monitor_id = 0;
  std::vector<std::string> tags;
  bool named = false;
};

Result<void> read_whom(std::string_view name, dom::element value, Whom& made) {
  made.named = true;
  if (value.is_null()) return {};
  if (name == "monitor_id") {
    if (value.get(made.monitor_id) != simdjson::SUCCESS || made.monitor_id < 0)
      return bad("monitor_id", "must be the number of a monitor");
    return {};
  }
  auto tags = texts_in("monitor_tags", value);
  if (!tags) return tags.error();
  made.tags = *std::move(tags);
  return {};
}

void write_whom(const Whom& made, codec::JsonObjectWriter& out) {
  codec::JsonObjectWriter whom(out.key("monitor_identifier"));
  if (made.monitor_id > 0) {
    codec::append_json_number(whom.key("monitor_id"), made.monitor_id);
  } else {
    std::string& list = whom.key("monitor_tags");
    list += '[';
    for (const std::string& tag : made.tags) {
      if (list.back() != '[') list += ',';
      codec::append_json_string(list, tag);
    }
    list += made.tags.empty() ? "\"*\"]" : "]";
  }
  whom.close();
}

// All of the scopes must hold.
Result<std::string> scope_in(dom::element value) {
  auto scopes = texts_in("scope", value);
  if (!scopes) return scopes.error();
  std::string all;
  for (const std::string& scope : *scopes) {
    if (scope == "*" || scope.empty()) continue;
    if (!all.empty()) all += " AND ";
    all += scopes->size() > 1 && scope.find(' ') != scope.npos ? "(" + scope + ")" : scope;
  }
  return all.empty() ? "*" : all;
}

std::string_view value_in(std::string_view rule, std::string_view name) {
  while (!rule.empty()) {
    const std::string_view part = rule.substr(0, rule.find(';'));
    rule.remove_prefix(std::min(part.size() + 1, rule.size()));
    if (part.starts_with(name) && part.substr(name.size()).starts_with('='))
      return part.substr(name.size() + 1);
  }
  return {};
}

// "MO,TU" as Mon and Tue; nothing when it says more.
std::optional<std::string> days_json(std::string_view days) {
  if (days.empty()) return "null";
  std::string list = "[";
  while (!days.empty()) {
    const std::string_view day = days.substr(0, days.find(','));
    days.remove_prefix(std::min(day.size() + 1, days.size()));
    const auto found = std::ranges::find(kRuleDays, day);
    if (found == kRuleDays.end()) return std::nullopt;
    if (list.size() > 1) list += ',';
    codec::append_json_string(list, kDays[static_cast<std::size_t>(found - kRuleDays.begin())]);
  }
  return list + ']';
}

// A rule as rule_of() makes it becomes what it was made of; every other one is given as it is.
void append_repeated(std::string& out, const std::string& rule) {
  codec::JsonObjectWriter recurrence(out);
  const auto kind = std::ranges::find(kKinds, value_in(rule, "FREQ"),
                                      [](const auto& each) { return each.second; });
  const std::string_view period = value_in(rule, "INTERVAL"), until = value_in(rule, "UNTIL"),
                         count = value_in(rule, "COUNT");
  const auto days = days_json(value_in(rule, "BYDAY"));
  std::string same;
  if (kind != kKinds.end()) same = fmt::format("FREQ={};INTERVAL={}", kind->second, period);
  if (days && *days != "null") same += fmt::format(";BYDAY={}", value_in(rule, "BYDAY"));
  const auto ends = parse_rfc3339(until.size() == 16 ? dashed(until) + "Z" : std::string());
  if (!until.empty()) same += fmt::format(";UNTIL={}", until);
  if (!count.empty()) same += fmt::format(";COUNT={}", count);
  std::int64_t number = 0;
  const auto is_number = [&number](std::string_view text) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() && read.ptr == text.data() + text.size();
  };
  if (same != rule || !is_number(period) || (!count.empty() && !is_number(count)) ||
      (!until.empty() && !ends)) {
    recurrence.text("type", "rrule");
    recurrence.text("rrule", rule);
    recurrence.close();
    return;
  }
  recurrence.text("type", kind->first);
  recurrence.key("period") += period;
  recurrence.key("week_days") += *days;
  recurrence.key("until_date") +=
      until.empty() ? "null" : fmt::format("{}", ends->value / kNanosPerSecond);
  recurrence.key("until_occurrences") += count.empty() ? "null" : count;
  recurrence.close();
}

void append_texts(std::string& out, const std::vector<std::string>& texts) {
  out += '[';
  for (const std::string& text : texts) {
    if (out.back() != '[') out += ',';
    codec::append_json_string(out, text);
  }
  out += ']';
}

void append_number(std::string& out, std::int64_t number) {
  if (number == 0)
    out += "null";
  else
    codec::append_json_number(out, number);
}

// What is the same of a downtime and of the time of it that is now.
void append_whom(codec::JsonObjectWriter& fields, const Downtime& made) {
  const std::vector<std::string> scopes = scopes_of(made);
  append_texts(fields.key("scope"), scopes);
  fields.key("downtime_type") +=
      scopes.front() == "*"                                                                   ? "0"
      : std::ranges::all_of(scopes, [](const auto& one) { return one.starts_with("host:"); }) ? "1"
                                                                                              : "2";
  append_number(fields.key("monitor_id"), made.monitor_id);
  append_texts(fields.key("monitor_tags"),
               made.monitor_tags.empty() ? std::vector<std::string>{"*"} : made.monitor_tags);
  fields.key("message") += made.message.empty() ? "null" : codec::json_quoted(made.message);
  fields.key("mute_first_recovery_notification") += made.mutes_first_recovery ? "true" : "false";
}

// Kept and not acted upon; as they were given.
void append_ends(codec::JsonObjectWriter& fields, const Downtime& made) {
  codec::JsonDocument document;
  std::string body = made.body;
  dom::object given;
  if (!document.parse(body) || codec::root(document).get(given) != simdjson::SUCCESS) return;
  for (const auto& [name, otherwise] :
       {std::pair{"notify_end_states", R"(["alert","no data","warn"])"},
        std::pair{"notify_end_types", R"(["expired"])"}}) {
    dom::element value;
    if (given[name].get(value) == simdjson::SUCCESS && !value.is_null())
      codec::append_json(fields.key(name), value);
    else
      fields.key(name) += otherwise;
  }
}

}  // namespace

std::int64_t number_of(const std::string& id) {
  std::string digits;
  for (const char c : id)
    if (c != '-' && digits.size() < 12) digits += c;
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return number;
}

std::vector<std::string> scopes_of(const Downtime& downtime) {
  if (downtime.scope.kind == query::metrics::Scope::Kind::everything) return {"*"};
  std::vector<std::string> tags = plain_tags(downtime.scope);
  if (tags.empty()) return {downtime.scope_text};
  for (std::string& tag : tags) tag = scope_of({tag});
  return tags;
}

Result<FirstVersion> read_first_version(std::string body, std::int64_t now_s,
                                        const Downtime* before) {
  if (body.size() > limits::downtime_bytes_max)
    return Error{Code::body_too_large, "a downtime of more than 32 KiB is not kept", "body"};
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return bad("body", "must be an object");
  FirstVersion made;
  codec::JsonObjectWriter out(made.attributes);
  Schedule schedule = before ? schedule_of(*before) : Schedule{.start_s = now_s, .named = true};
  Whom whom{.named = before == nullptr};
  std::string scope = before ? "" : "*";
  bool says_whom = before != nullptr;
  for (const dom::key_value_pair field : fields) {
    const std::string_view name = field.key;
    if (std::ranges::find(kServers, name) != kServers.end()) continue;
    const bool of_whom = name == "scope" || name == "monitor_id" || name == "monitor_tags";
    says_whom = says_whom || (of_whom && !field.value.is_null());
    if (name == "start" || name == "end" || name == "timezone" || name == "recurrence") {
      CATALEJO_TRY(read_schedule_field(name, field.value, schedule));
    } else if (name == "monitor_id" || name == "monitor_tags") {
      CATALEJO_TRY(read_whom(name, field.value, whom));
    } else if (name == "scope") {
      auto read = field.value.is_null() ? Result<std::string>("*") : scope_in(field.value);
      if (!read) return read.error();
      scope = *std::move(read);
    } else if (name == "disabled") {
      bool disabled = false;
      made.disabled = field.value.get(disabled) == simdjson::SUCCESS && disabled;
    } else {
      codec::append_json(out.key(name), field.value);
    }
  }
  if (!scope.empty()) out.text("scope", scope);
  if (whom.named) write_whom(whom, out);
  if (before && schedule.named && before->recurrences.size() > 1)
    return bad("recurrence", "has several here; /api/v2/downtime changes them");
  if (schedule.named) CATALEJO_TRY(write_schedule(schedule, out));
  if (!says_whom) return bad("scope", "must be there, or a monitor; * is everything");
  out.close();
  return made;
}

void append_first_version(std::string& out, const store::Downtime& kept, const Downtime& made,
                          std::int64_t at_s) {
  const Schedule schedule = schedule_of(made);
  const bool is_canceled = kept.canceled.value != 0;
  const auto window = is_canceled ? std::nullopt : made.window(at_s);
  const bool is_on = window && window->from_s <= at_s;
  codec::JsonObjectWriter fields(out);
  codec::append_json_number(fields.key("id"), number_of(kept.id));
  fields.key("active") += is_on ? "true" : "false";
  fields.key("disabled") += is_canceled ? "true" : "false";
  append_number(fields.key("canceled"), kept.canceled.value / kNanosPerSecond);
  codec::append_json_number(fields.key("start"), schedule.start_s);
  append_number(fields.key("end"), schedule.end_s);
  fields.text("timezone", schedule.zone);
  append_whom(fields, made);
  append_ends(fields, made);
  fields.key("parent_id") += "null";
  fields.key("updater_id") += "null";
  if (schedule.rule.empty()) {
    fields.key("recurrence") += "null";
  } else {
    append_repeated(fields.key("recurrence"), schedule.rule);
    std::string& child = fields.key("active_child");
    if (is_on) {
      codec::JsonObjectWriter now(child);
      codec::append_json_number(now.key("id"), number_of(kept.id));
      now.key("active") += "true";
      codec::append_json_number(now.key("start"), window->from_s);
      append_number(now.key("end"), window->to_s);
      now.text("timezone", schedule.zone);
      append_whom(now, made);
      codec::append_json_number(now.key("parent_id"), number_of(kept.id));
      now.close();
    } else {
      child += "null";
    }
  }
  fields.close();
}

}  // namespace catalejo::monitor
