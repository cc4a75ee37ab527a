// TEMPORARY: these lines go into limits.hpp.
#pragma once
#include <cstdint>
namespace catalejo::limits {
// What a rule adds to a queue in a day, when it does not say: an hour of work for a person.
inline constexpr std::int64_t queue_daily_default = 100;
// So many days of what a rule did are kept and shown.
inline constexpr std::int64_t queue_rule_days_max = 30;
}  // namespace catalejo::limits
