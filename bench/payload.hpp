// Pre-encoded request bodies of realistic spans whose ids and times are patched in place before
// each send, so that the generator costs next to nothing. A trace is one workflow span and four
// LLM spans; a span carries about 1.8 KB of Zipf-like text in its messages.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace catalejo::bench {

enum class Encoding { llmobs_json, apm_v04 };

struct Patch {
  enum class What : std::uint8_t {
    trace_hex,
    trace_high,
    span,
    parent,
    start,
    apm_trace,
    apm_span,
    apm_parent,
    apm_start
  };
  std::size_t offset;
  What what;
  std::uint32_t span;  // index within the body
};

struct Payload {
  std::string body;
  std::vector<Patch> patches;
  std::uint32_t spans = 0;
};

// `seed` chooses the text; `spans` is rounded down to whole traces of five.
Payload make_payload(Encoding encoding, std::uint64_t seed, std::uint32_t spans);

// Writes ids for spans number first, first + 1, … and times just before `now_ns`.
void patch(Payload& payload, std::uint64_t first, std::int64_t now_ns);

// The ids patch() gives to span number `n` at that time.
std::uint64_t span_id_of(std::uint64_t n);
std::string trace_id_of(std::uint64_t n, std::int64_t now_ns);  // 32 hex digits

}  // namespace catalejo::bench
