// Bounds of monitors.
#pragma once

#include <cstddef>
#include <cstdint>

namespace catalejo::limits {

// --- monitors ---
inline constexpr std::size_t monitors_max = 5'000;
inline constexpr std::size_t monitor_bytes_max = 256u << 10;  // of its JSON
inline constexpr std::size_t monitor_name_bytes_max = 2'000;
// A message with all its cases; what is sent of it is no longer.
inline constexpr std::size_t monitor_message_bytes_max = 64u << 10;
// {{#…}} inside each other.
inline constexpr std::size_t monitor_template_depth_max = 16;
inline constexpr std::size_t monitor_mentions_max = 50;  // of one message
inline constexpr std::size_t channels_max = 500;
inline constexpr std::size_t channel_bytes_max = 64u << 10;
// Looks that are made up for after a stop; an older one says nothing that is still of use.
inline constexpr std::int64_t monitor_looks_late_max = 5;
// Monitors whose looks become one transaction: each costs a write to the disk.
inline constexpr std::size_t monitor_looks_at_once = 64;
// With pauses that double up to ten minutes, some three hours; then somebody has to look.
inline constexpr std::int64_t notice_attempts_max = 24;
inline constexpr int notice_timeout_ms = 10'000;
inline constexpr std::int64_t monitor_history_days = 90;

}  // namespace catalejo::limits
