// What is known of one group of a monitor between two looks at it. docs/decisions/045-monitors.md
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace catalejo::model {

// Kept as numbers: new ones go at the end.
enum class MonitorStatus : std::uint8_t { unknown, ok, warn, alert, no_data };

// The worse, the higher; 0 = not known.
constexpr int severity(MonitorStatus status) {
  switch (status) {
    case MonitorStatus::alert:
      return 4;
    case MonitorStatus::warn:
      return 3;
    case MonitorStatus::no_data:
      return 2;
    case MonitorStatus::ok:
      return 1;
    case MonitorStatus::unknown:
      break;
  }
  return 0;
}

// Times in Unix seconds; 0 = never.
struct MonitorGroup {
  std::string name;  // "env:prod,host:a" in the order of `by`; "*" when there is no `by`
  MonitorStatus status = MonitorStatus::unknown;
  std::int64_t since_s = 0;                         // it has this status
  MonitorStatus told = MonitorStatus::ok;           // what was last said of it to the outside
  std::int64_t told_s = 0;                          // when
  std::int64_t told_times = 0;                      // how often it was said again
  std::int64_t appeared_s = 0;                      // later than its monitor's first look
  std::int64_t points_since_s = 0, points_s = 0;    // the first point known of it, the last look
                                                    // that found one
  std::int64_t triggered_s = 0, retriggered_s = 0;  // out of OK, and the last change since
  std::optional<double> value;                      // of the last look that had one
  bool operator==(const MonitorGroup&) const = default;
};

}  // namespace catalejo::model
