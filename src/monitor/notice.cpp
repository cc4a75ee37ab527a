#include "monitor/notice.hpp"

#include <fmt/format.h>

#include "codec/digest.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"
#include "monitor/message.hpp"

namespace catalejo::monitor {
namespace {

constexpr std::int64_t kMillis = 1'000;

// A number as people write it: no more places than say something.
std::string number_text(double value) {
  return fmt::format("{:.6g}", value);
}

std::string number_text(const std::optional<double>& value) {
  return value ? number_text(*value) : std::string();
}

std::string comparator_of(const Definition& definition) {
  return definition.query ? std::string(sign_of(definition.query->compare)) : std::string();
}

// What it is told for crossing; a composite has none.
std::string threshold_of(const Definition& definition, bool warning) {
  if (!definition.query) return {};
  const Thresholds& limits = definition.thresholds;
  return number_text(warning && limits.warning ? *limits.warning : limits.critical);
}

MessageFacts facts_of(const Definition& definition, const Stepped& stepped,
                      const std::vector<std::string>& tags, std::int64_t at_s) {
  const Told& told = *stepped.told;
  const auto from = told.from, to = told.to;
  using enum MonitorStatus;
  MessageFacts facts;
  const bool recovery = to == ok;
  facts.cases = {{"is_alert", to == alert},
                 {"is_warning", to == warn},
                 {"is_no_data", to == no_data},
                 {"is_recovery", recovery},
                 {"is_alert_recovery", recovery && from == alert},
                 {"is_warning_recovery", recovery && from == warn},
                 {"is_no_data_recovery", recovery && from == no_data},
                 {"is_alert_to_warning", from == alert && to == warn},
                 {"is_warning_to_alert", from == warn && to == alert},
                 {"is_no_data_to_alert", from == no_data && to == alert},
                 {"is_alert_to_no_data", from == alert && to == no_data},
                 {"is_renotify", told.again}};
  const Thresholds& limits = definition.thresholds;
  const MonitorGroup& group = stepped.group;
  const bool warning = to == warn || (recovery && from == warn);
  facts.variables = {
      {"value", number_text(group.value)},
      {"threshold", threshold_of(definition, warning)},
      {"warn_threshold", number_text(limits.warning)},
      {"critical_threshold", threshold_of(definition, false)},
      {"comparator", comparator_of(definition)},
      {"first_triggered_at", to_rfc3339({group.triggered_s * kNanosPerSecond})},
      {"first_triggered_at_epoch", std::to_string(group.triggered_s * kMillis)},
      {"last_triggered_at", to_rfc3339({group.retriggered_s * kNanosPerSecond})},
      {"last_triggered_at_epoch", std::to_string(group.retriggered_s * kMillis)},
      {"triggered_duration_sec", std::to_string(at_s - group.triggered_s)},
      {"priority", definition.priority > 0 ? fmt::format("P{}", definition.priority) : ""}};
  for (const std::string& tag : tags) {
    const std::string key = tag.substr(0, tag.find(':'));
    const std::string value = key.size() < tag.size() ? tag.substr(key.size() + 1) : "";
    facts.variables[key + ".name"] = value;
    facts.variables[key] = value;
  }
  return facts;
}

std::string metric_of(const Definition& definition) {
  if (!definition.query || definition.query->metrics.metrics.empty()) return {};
  return definition.query->metrics.metrics.front().name;
}

std::string_view word_of(const Told& told) {
  if (told.again) return "Re-Triggered";
  switch (told.to) {
    case MonitorStatus::alert:
      return "Triggered";
    case MonitorStatus::warn:
      return "Warn";
    case MonitorStatus::no_data:
      return "No Data";
    default:
      return "Recovered";
  }
}

std::string_view kind_of(MonitorStatus status) {
  switch (status) {
    case MonitorStatus::alert:
    case MonitorStatus::no_data:
      return "error";
    case MonitorStatus::warn:
      return "warning";
    default:
      return "success";
  }
}

// What of a message makes no sense to people: to whom it goes.
std::string without_mentions(std::string text, const std::vector<std::string>& mentions) {
  for (const std::string& mention : mentions) {
    const std::string written = "@" + mention;
    for (std::size_t at = text.find(written); at != std::string::npos; at = text.find(written, at))
      text.erase(at, written.size());
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.pop_back();
  return text;
}

std::string title_of(const Definition& definition, const MessageFacts& facts, const Told& told,
                     const MonitorGroup& group) {
  std::string title = definition.priority > 0 ? fmt::format("[P{}] ", definition.priority) : "";
  title += fmt::format("[{}", word_of(told));
  if (definition.title_has_group && group.name != "*")
    title += fmt::format(" on {{{}}}", group.name);
  return title + "] " + render(definition.name, facts);
}

void add_times(Notice& notice, std::int64_t at_s) {
  notice["DATE"] = notice["LAST_UPDATED"] = std::to_string(at_s * kMillis);
  notice["DATE_POSIX"] = notice["LAST_UPDATED_POSIX"] = std::to_string(at_s);
}

}  // namespace

std::vector<store::MonitorNotice> notices_of(const NoticeOptions& options, std::int64_t monitor,
                                             const Definition& definition, const Stepped& stepped,
                                             const std::vector<std::string>& tags,
                                             std::int64_t at_s,
                                             const std::map<std::string, std::string>& words) {
  const Told& told = *stepped.told;
  const MonitorGroup& group = stepped.group;
  MessageFacts facts = facts_of(definition, stepped, tags, at_s);
  for (const auto& [name, text] : words) facts.variables[name] = text;
  // A reminder may have words of its own; it goes to whom the message goes, too.
  const std::string message = render(definition.message, facts);
  const std::string escalation = told.again ? render(definition.escalation_message, facts) : "";
  const std::vector<std::string> mentions = mentions_in(message + "\n" + escalation);
  const std::string cycle =
      codec::sha256_hex(fmt::format("{} {} {}", monitor, group.name, group.triggered_s))
          .substr(0, 32);
  std::vector<std::string> all_tags = definition.tags;
  all_tags.insert(all_tags.end(), tags.begin(), tags.end());
  all_tags.push_back("monitor");
  Notice notice{
      {"ALERT_ID", std::to_string(monitor)},
      {"ALERT_TITLE", render(definition.name, facts)},
      {"ALERT_QUERY", definition.query_text},
      {"ALERT_METRIC", metric_of(definition)},
      {"ALERT_SCOPE", group.name == "*" ? "" : group.name},
      {"ALERT_STATUS", definition.query
                           ? fmt::format("{} {} {}", number_text(group.value),
                                         comparator_of(definition), facts.variables.at("threshold"))
                           : std::string(monitor::word_of(told.to))},
      {"ALERT_TRANSITION", std::string(word_of(told))},
      {"ALERT_TYPE", std::string(kind_of(told.to))},
      {"ALERT_PRIORITY", facts.variables.at("priority")},
      {"ALERT_CYCLE_KEY", cycle},
      {"AGGREG_KEY", fmt::format("monitor-{}-{}", monitor, group.name)},
      {"EVENT_TITLE", title_of(definition, facts, told, group)},
      {"EVENT_MSG", without_mentions(escalation.empty() ? message : escalation, mentions)},
      {"EVENT_TYPE", "metric_alert_monitor"},
      {"STATUS", std::string(monitor::word_of(told.to))},
      {"VALUE", number_text(group.value)},
      {"THRESHOLD", facts.variables.at("threshold")},
      {"TAGS", fmt::format("{}", fmt::join(all_tags, ","))},
      {"LINK", fmt::format("{}/monitors/{}", options.page_url, monitor)},
  };
  notice["TEXT_ONLY_MSG"] = notice["EVENT_MSG"];
  notice["PRIORITY"] = told.to == MonitorStatus::ok ? "low" : "normal";
  add_times(notice, at_s);
  if (options.on_said) options.on_said(group.name, notice);
  std::vector<store::MonitorNotice> notices;
  for (const std::string& mention : mentions) {
    const std::string key =
        codec::sha256_hex(fmt::format("{} {} {} {}", monitor, group.name, at_s, mention))
            .substr(0, 32);
    notice["ID"] = key;
    notices.push_back({.key = key,
                       .monitor = monitor,
                       .group = group.name,
                       .channel = mention,
                       .body = encode(notice),
                       .next_ms = at_s * kMillis,
                       .created_ms = at_s * kMillis});
  }
  return notices;
}

store::MonitorNotice trial_notice(const NoticeOptions& options, const std::string& channel,
                                  bool over) {
  const std::int64_t at_s = now().value / kNanosPerSecond;
  Notice notice{{"ALERT_ID", "0"},
                {"ALERT_TITLE", "Catalejo: a trial"},
                {"ALERT_TRANSITION", over ? "Recovered" : "Triggered"},
                {"ALERT_TYPE", "success"},
                {"ALERT_CYCLE_KEY", "catalejo-trial"},
                {"AGGREG_KEY", "catalejo-trial"},
                {"EVENT_TITLE", "Catalejo: a trial"},
                {"EVENT_MSG", fmt::format("This is sent to see whether @{} works.", channel)},
                {"EVENT_TYPE", "metric_alert_monitor"},
                {"STATUS", "OK"},
                {"PRIORITY", "low"},
                {"LINK", fmt::format("{}/monitors", options.page_url)}};
  notice["TEXT_ONLY_MSG"] = notice["EVENT_MSG"];
  add_times(notice, at_s);
  store::MonitorNotice made{.channel = channel, .created_ms = at_s * kMillis};
  made.key = codec::sha256_hex(fmt::format("trial {} {}", channel, now().value)).substr(0, 32);
  notice["ID"] = made.key;
  made.body = encode(notice);
  return made;
}

std::string encode(const Notice& notice) {
  std::string json;
  codec::JsonObjectWriter object(json);
  for (const auto& [name, value] : notice) object.text(name, value);
  object.close();
  return json;
}

Result<Notice> decode(std::string json) {
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(json));
  codec::dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return Error{Code::corrupt, "a kept notice is no object", "notice"};
  Notice notice;
  for (const codec::dom::key_value_pair field : fields)
    notice[std::string(field.key)] = codec::text_or_empty(field.value);
  return notice;
}

}  // namespace catalejo::monitor
