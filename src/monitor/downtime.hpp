// Downtimes as Datadog's API has them (/api/v2/downtime): which monitors and groups, when; and
// which of them are on. A downtime is kept as it was given; what of it is not acted upon is named.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "monitor/definition.hpp"
#include "monitor/recurrence.hpp"
#include "query/metrics/ast.hpp"
#include "store/monitors.hpp"

namespace catalejo::monitor {

struct Downtime {
  std::string scope_text, display_zone = "UTC", message;
  query::metrics::Scope scope;
  std::int64_t monitor_id = 0;            // 0: by tags
  std::vector<std::string> monitor_tags;  // all of them; "*" is every monitor
  std::int64_t start_s = 0, end_s = 0;    // without recurrences; an end of 0 = none
  std::vector<Recurrence> recurrences;
  bool mutes_first_recovery = false;
  std::vector<std::string> unsupported;  // "notify_end_types", …
  std::string body;                      // the attributes, with what they leave open filled in

  bool is_of(std::int64_t monitor, const Definition& definition) const;
  // A group by its tags, and those that its monitor's query asks for.
  bool covers(const Definition& definition, const std::vector<std::string>& tags_of_group) const;
  // The first of its windows that is not over.
  std::optional<Window> window(std::int64_t at_s) const;
  std::int64_t ends_s() const;  // 0 = never
};

// The attributes. Errors: malformed, bad_request.
Result<Downtime> read_downtime(std::string json, std::int64_t now_s);
// The attributes with those of `change` in place of their own.
Result<std::string> changed_downtime(std::string kept, std::string change);

// What is told of a group while a downtime may be on.
enum class Mute { none, but_recovery, all };

// What is kept, read once; and those of it that are on.
class Downtimes {
 public:
  // What is read newly. A downtime that cannot be read mutes nothing, and is logged.
  void take(const std::vector<store::Downtime>& kept);
  // The longest silence of those that are on.
  Mute mute(std::int64_t monitor, const Definition& definition,
            const std::vector<std::string>& tags_of_group, std::int64_t at_s) const;

 private:
  struct Read {
    UnixNanos modified;
    std::shared_ptr<const Downtime> downtime;  // nullptr: canceled, or it cannot be read
    // What was found last: from then on it is off, and on from `from_s` to `to_s`. So no rule is
    // reckoned for each group.
    mutable std::int64_t found_s = 0, from_s = 0, to_s = 0;
  };
  static bool is_on(const Read& read, std::int64_t at_s);

  std::map<std::string, Read> read_;
};

}  // namespace catalejo::monitor
