// A monitor as Datadog writes it, read: POST /api/v1/monitor's body, or the envelope of its assets
// ({"version":2,…,"definition":{…}}). It is kept whole; what of it is not acted upon is named.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "monitor/composite_query.hpp"
#include "monitor/monitor_query.hpp"
#include "query/metrics/named_queries.hpp"

namespace catalejo::monitor {

struct Thresholds {
  double critical = 0;          // of the query
  std::optional<double> given;  // the same once more, in the options
  std::optional<double> warning, critical_recovery, warning_recovery;
};

// What a group without points means.
enum class Missing : std::uint8_t {
  as_it_was,      // of counts: zero; of all else: the last status
  show,           // No Data, nobody is told
  show_and_tell,  // No Data
  resolve,        // OK
};

struct Definition {
  std::string name, type, message, escalation_message, query_text;
  std::vector<std::string> tags;
  std::int64_t priority = 0;  // 1 … 5, 0 = none
  // Neither: it is kept and not looked at.
  std::optional<MonitorQuery> query;
  std::optional<Composite> composite;
  Thresholds thresholds;
  std::int64_t trigger_window_s = 0, recovery_window_s = 0;  // of anomalies()
  std::int64_t missing_after_s = 0;  // notify_no_data: so long without a point; 0 = with the window
  std::int64_t evaluation_delay_s = 0, new_group_delay_s = 0, new_host_delay_s = 0;
  std::int64_t remind_s = 0, remind_times = 0;  // 0 = never; 0 = without end
  std::int64_t timeout_s = 0;  // of a group without points that stays triggered; 0 = none
  std::int64_t forget_s = 86'400;
  Missing missing = Missing::as_it_was;
  bool missing_old_way = false;  // it was said as notify_no_data
  bool require_full_window = false;
  bool remind_alert = true, remind_warn = false, remind_no_data = true;
  bool title_has_group = true;
  // Groups of which nothing is told, until when (0 = for ever); "*" is all of them.
  std::map<std::string, std::int64_t> silenced;
  // What formulas are of; or why one of them cannot be asked.
  std::vector<query::metrics::AskedQuery> variables;
  std::optional<Error> wrong_variable;
  std::vector<std::string> unsupported;  // "options.notify_by", "type: log alert", with why
  std::string body;                      // what is kept: without what a server says

  // Until when `silenced` mutes a group: the longest of it, 0 = for ever; nullopt: it does not.
  std::optional<std::int64_t> muted_until(const std::vector<std::string>& tags_of_group,
                                          std::int64_t at_s) const;
  bool is_muted(const std::vector<std::string>& tags_of_group, std::int64_t at_s) const {
    return muted_until(tags_of_group, at_s).has_value();
  }
  std::int64_t pause_s() const;  // between two looks
  bool is_watched() const { return query || composite; }
  // The tags that it is grouped by; of a composite, its members say it.
  std::vector<std::string> by() const;
};

// `lenient`: a query that cannot be evaluated here makes the monitor one that is not looked at, as
// an import wants it; otherwise it is an error. Errors: malformed, bad_request.
Result<Definition> read_definition(std::string json, bool lenient);
// The kept JSON with these as options.silenced.
Result<std::string> with_silenced(std::string kept,
                                  const std::map<std::string, std::int64_t>& silenced);
// The later of two ends, of which 0 is never.
std::int64_t later(std::int64_t one_s, std::int64_t other_s);
// The kept JSON with the members of `change` in place of its own: what PUT means.
Result<std::string> merged(std::string kept, std::string change);

}  // namespace catalejo::monitor
