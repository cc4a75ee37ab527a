// Bounds on events, service checks and questions about them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace catalejo::limits {

// Characters, as Datadog has them: its typed clients refuse to read longer ones. The rest is cut.
inline constexpr std::size_t event_title_characters_max = 500;
inline constexpr std::size_t event_text_characters_max = 4'000;
inline constexpr std::size_t event_key_characters_max = 100;  // aggregation key
// A body of an Agent holds some hundred service checks.
inline constexpr std::size_t events_per_request_max = 10'000;
// Of DogStatsD within a second, while the thread that keeps them is busy.
inline constexpr std::size_t events_waiting_max = 10'000;
// A page of Datadog's list.
inline constexpr std::size_t events_page_max = 1'000;
inline constexpr std::size_t events_pages_max = 10'000;
// Words and tags of a question.
inline constexpr std::size_t event_query_bytes_max = 2'000;
inline constexpr std::size_t event_query_terms_max = 32;
// Steps of a timeline.
inline constexpr std::size_t event_buckets_max = 500;
// Checks of which the newest state is shown.
inline constexpr std::size_t checks_shown_max = 1'000;

}  // namespace catalejo::limits
