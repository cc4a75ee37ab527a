// Bounds of judges.
#pragma once

#include <cstddef>

namespace catalejo::limits {

// Each span is compared with every judge that is published.
inline constexpr std::size_t judges_max = 100;
// Prompt of 64 KiB, schema of 32 KiB, as a body escapes them.
inline constexpr std::size_t judge_body_bytes_max = 256u << 10;
// Spans that wait for the one thread that asks judges: ids only. Who has waited this long is not
// judged any more, since what comes now waits behind.
inline constexpr std::size_t judge_queue_max = 1'000;
inline constexpr int judge_wait_seconds_max = 3'600;
// An answer of a model that reasons takes a minute.
inline constexpr int judge_timeout_ms = 90'000;
// People who try a judge at the same time.
inline constexpr std::size_t judge_trials_max = 4;
// Spans and traces that one request has judged.
inline constexpr std::size_t judge_run_spans_max = 200;
inline constexpr std::size_t judge_run_traces_max = 20;

}  // namespace catalejo::limits
