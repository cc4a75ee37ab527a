#include "monitor/definition_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/limits.hpp"

namespace catalejo::monitor {
namespace {

namespace dom = codec::dom;

constexpr std::int64_t kMinute = 60, kHour = 3'600, kDay = 86'400;

struct Number {
  std::string_view name;
  std::int64_t Definition::*to;
  std::int64_t unit, least, most;
};
constexpr std::array kNumbers{
    Number{"evaluation_delay", &Definition::evaluation_delay_s, 1, 0, kDay},
    Number{"new_group_delay", &Definition::new_group_delay_s, 1, 0, 7 * kDay},
    Number{"new_host_delay", &Definition::new_host_delay_s, 1, 0, 7 * kDay},
    Number{"renotify_interval", &Definition::remind_s, kMinute, 0, 30 * 24 * 60},
    Number{"renotify_occurrences", &Definition::remind_times, 1, 0, 10'000},
    Number{"timeout_h", &Definition::timeout_s, kHour, 0, 24},
    Number{"no_data_timeframe", &Definition::missing_after_s, kMinute, 0, 31 * 24 * 60},
};

// What says nothing about when and whom to tell, or is done in any case.
constexpr std::array<std::string_view, 6> kWithoutMeaning = {
    "notify_audit",        "locked", "device_ids", "min_location_failed", "enable_logs_sample",
    "min_failure_duration"};

Result<double> number_of(std::string_view where, dom::element value) {
  double number = 0;
  if (value.get(number) != simdjson::SUCCESS || !std::isfinite(number))
    return bad(where, "must be a number");
  return number;
}

Result<void> read_thresholds(dom::element value, Definition& made) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS) return bad("options.thresholds", "must be an object");
  for (const dom::key_value_pair field : fields) {
    if (field.value.is_null()) continue;
    const std::string where = fmt::format("options.thresholds.{}", field.key);
    if (field.key == "ok" || field.key == "unknown" || field.key.ends_with("_query")) {
      if (field.key.ends_with("_query")) made.unsupported.push_back(where);
      continue;
    }
    auto number = number_of(where, field.value);
    if (!number) return number.error();
    Thresholds& to = made.thresholds;
    if (field.key == "critical") {
      to.given = *number;
    } else if (field.key == "warning") {
      to.warning = *number;
    } else if (field.key == "critical_recovery") {
      to.critical_recovery = *number;
    } else if (field.key == "warning_recovery") {
      to.warning_recovery = *number;
    } else {
      made.unsupported.push_back(where);
    }
  }
  return {};
}

Result<void> read_windows(dom::element value, Definition& made) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS)
    return bad("options.threshold_windows", "must be an object");
  for (const dom::key_value_pair field : fields) {
    if (field.value.is_null()) continue;
    const std::int64_t window = window_of(codec::text_or_empty(field.value));
    if (window == 0)
      return bad("options.threshold_windows", fmt::format("{} is like last_15m", field.key));
    if (field.key == "trigger_window") made.trigger_window_s = window;
    if (field.key == "recovery_window") made.recovery_window_s = window;
  }
  return {};
}

Result<void> read_missing(dom::element value, Definition& made) {
  const std::string_view word = codec::text_or_empty(value);
  if (word == "default") {
    made.missing = Missing::as_it_was;
  } else if (word == "show_no_data") {
    made.missing = Missing::show;
  } else if (word == "show_and_notify_no_data") {
    made.missing = Missing::show_and_tell;
  } else if (word == "resolve") {
    made.missing = Missing::resolve;
  } else {
    return bad("options.on_missing_data",
               "must be default, show_no_data, show_and_notify_no_data or resolve");
  }
  return {};
}

Result<void> read_statuses(dom::element value, Definition& made) {
  dom::array items;
  if (value.get(items) != simdjson::SUCCESS)
    return bad("options.renotify_statuses", "must be an array");
  made.remind_alert = made.remind_warn = made.remind_no_data = false;
  for (const dom::element item : items) {
    const std::string_view word = codec::text_or_empty(item);
    made.remind_alert |= word == "alert";
    made.remind_warn |= word == "warn";
    made.remind_no_data |= word == "no data";
  }
  return {};
}

Result<void> read_silenced(dom::element value, Definition& made) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS) return bad("options.silenced", "must be an object");
  for (const dom::key_value_pair field : fields) {
    std::int64_t until = 0;
    if (!field.value.is_null() && field.value.get(until) != simdjson::SUCCESS)
      return bad("options.silenced", "must be Unix seconds or null, by scope");
    made.silenced[std::string(field.key)] = until;
  }
  return {};
}

Result<void> read_retention(dom::element value, Definition& made) {
  const std::int64_t length = window_of(codec::text_or_empty(value));
  if (length < kHour || length > 72 * kHour)
    return bad("options.group_retention_duration", "must be from 60m to 72h");
  made.forget_s = length;
  return {};
}

bool is_empty(dom::element value) {
  dom::array items;
  dom::object fields;
  bool flag = true;
  std::string_view text = "-";
  if (value.get(items) == simdjson::SUCCESS) return items.size() == 0;
  if (value.get(fields) == simdjson::SUCCESS) return fields.size() == 0;
  if (value.get(flag) == simdjson::SUCCESS) return !flag;
  return value.get(text) == simdjson::SUCCESS && text.empty();
}

// What is wrong with them is said by the query, which names them; or by nobody, on an import.
Result<void> read_variables(dom::element value, Definition& made) {
  dom::array items;
  if (value.get(items) != simdjson::SUCCESS) return bad("options.variables", "must be an array");
  if (items.size() > limits::metric_formulas_max)
    return bad("options.variables", fmt::format("are up to {}", limits::metric_formulas_max));
  for (const dom::element item : items) {
    const std::size_t at = made.variables.size();
    auto read = query::metrics::read_named_query(item, fmt::format("options.variables[{}]", at),
                                                 fmt::format("query{}", at + 1));
    if (!read) {
      made.wrong_variable = read.error();
      return {};
    }
    made.variables.push_back(*std::move(read));
  }
  return {};
}

Result<void> read_flag(std::string_view name, dom::element value, bool& to) {
  if (value.get(to) == simdjson::SUCCESS) return {};
  return bad(fmt::format("options.{}", name), "must be true or false");
}

Result<void> read_option(std::string_view name, dom::element value, Definition& made) {
  for (const Number& number : kNumbers) {
    if (name != number.name) continue;
    double read = 0;
    if (value.get(read) != simdjson::SUCCESS || read < static_cast<double>(number.least) ||
        read > static_cast<double>(number.most))
      return bad(fmt::format("options.{}", name),
                 fmt::format("must be a number from {} to {}", number.least, number.most));
    made.*number.to = static_cast<std::int64_t>(read) * number.unit;
    return {};
  }
  if (name == "thresholds") return read_thresholds(value, made);
  if (name == "threshold_windows") return read_windows(value, made);
  if (name == "on_missing_data") return read_missing(value, made);
  if (name == "renotify_statuses") return read_statuses(value, made);
  if (name == "silenced") return read_silenced(value, made);
  if (name == "variables") return read_variables(value, made);
  if (name == "group_retention_duration") return read_retention(value, made);
  if (name == "require_full_window") return read_flag(name, value, made.require_full_window);
  if (name == "include_tags") return read_flag(name, value, made.title_has_group);
  if (name == "escalation_message") {
    made.escalation_message = codec::text_or_empty(value);
    return {};
  }
  if (std::ranges::find(kWithoutMeaning, name) != kWithoutMeaning.end() || is_empty(value))
    return {};
  made.unsupported.push_back(fmt::format("options.{}", name));
  return {};
}

// The old way to ask for No Data: notify_no_data, and after how long.
Result<void> read_old_missing(const dom::object& fields, Definition& made) {
  dom::element value;
  bool notify = false;
  if (fields["notify_no_data"].get(value) == simdjson::SUCCESS && !value.is_null())
    CATALEJO_TRY(read_flag("notify_no_data", value, notify));
  made.missing_old_way = notify && made.missing == Missing::as_it_was;
  if (made.missing_old_way) {
    made.missing = Missing::show_and_tell;
  } else {
    made.missing_after_s = 0;
  }
  return {};
}

// A recovery threshold lies on the good side of what it recovers from.
Result<void> check_recovery(const Definition& made, std::string_view name, double threshold,
                            const std::optional<double>& recovery) {
  if (!recovery) return {};
  const bool up = upwards(made.query->compare);
  if (up ? *recovery <= threshold : *recovery >= threshold) return {};
  return bad(fmt::format("options.thresholds.{}", name),
             fmt::format("is {}, which is no recovery from {}", *recovery, threshold));
}

Result<void> check_thresholds(const Definition& made) {
  const MonitorQuery& query = *made.query;
  const Thresholds& thresholds = made.thresholds;
  if (thresholds.given && *thresholds.given != query.critical)
    return bad("options.thresholds.critical",
               fmt::format("is {}, the query says {}", *thresholds.given, query.critical));
  if (thresholds.warning) {
    const bool up = upwards(query.compare);
    if (up ? *thresholds.warning > thresholds.critical : *thresholds.warning < thresholds.critical)
      return bad("options.thresholds.warning",
                 fmt::format("is {}, which the critical one of {} comes before",
                             *thresholds.warning, thresholds.critical));
    CATALEJO_TRY(
        check_recovery(made, "warning_recovery", *thresholds.warning, thresholds.warning_recovery));
  }
  return check_recovery(made, "critical_recovery", thresholds.critical,
                        thresholds.critical_recovery);
}

// Of anomalies(): the options say it, or the function does.
Result<void> settle_windows(Definition& made) {
  const MonitorQuery& query = *made.query;
  if (query.band() != "anomalies") return {};
  for (const query::metrics::Argument& argument : query.expression().arguments)
    if (argument.name == "alert_window" && made.trigger_window_s == 0)
      made.trigger_window_s = window_of(argument.text);
  if (made.trigger_window_s == 0)
    made.trigger_window_s = std::min<std::int64_t>(15 * kMinute, query.window_s);
  if (made.recovery_window_s == 0) made.recovery_window_s = made.trigger_window_s;
  if (made.trigger_window_s > query.window_s || made.recovery_window_s > query.window_s)
    return bad("options.threshold_windows", "are no longer than the window of the query");
  return {};
}

}  // namespace

Result<void> read_options(dom::element value, Definition& made) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS) return bad("options", "must be an object");
  for (const dom::key_value_pair field : fields) {
    if (field.value.is_null() || field.key == "notify_no_data") continue;
    CATALEJO_TRY(read_option(field.key, field.value, made));
  }
  return read_old_missing(fields, made);
}

Result<void> check_options(Definition& made) {
  if (!made.query) return {};
  made.thresholds.critical = made.query->critical;
  CATALEJO_TRY(check_thresholds(made));
  CATALEJO_TRY(settle_windows(made));
  if (made.missing_old_way && made.missing_after_s == 0)
    made.missing_after_s = 2 * made.query->window_s;
  // Of hosts, before there was new_group_delay.
  const bool by_host =
      std::ranges::any_of(made.query->metrics.metrics, [](const query::metrics::Metric& metric) {
        return std::ranges::find(metric.by, "host") != metric.by.end();
      });
  if (made.new_group_delay_s == 0 && by_host) made.new_group_delay_s = made.new_host_delay_s;
  return {};
}

}  // namespace catalejo::monitor
