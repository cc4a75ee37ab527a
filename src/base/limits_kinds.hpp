#pragma once
#include "base/limits.hpp"
namespace catalejo::limits {
// Of a composite monitor: as many as Datadog takes, and how often they may be named.
inline constexpr std::size_t composite_members_max = 10;
inline constexpr std::size_t composite_steps_max = 200;
// Groups of one look at spans; each becomes a row.
inline constexpr std::size_t monitor_span_groups_max = 1'000;
inline constexpr std::size_t monitor_span_keys_max = 4;  // that it is grouped by
// Looks of one request for a replay, a day of minutes; its caller goes on from there.
inline constexpr std::size_t monitor_replay_looks_max = 1'440;
inline constexpr std::size_t monitor_replay_points_max = 20'000;
}
