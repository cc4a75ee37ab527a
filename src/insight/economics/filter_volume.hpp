// The content filter: what Azure counted by category and severity, beside the verdicts of the
// traced calls. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "insight/economics/counted.hpp"

namespace catalejo::insight::economics {

// As spans have it: "prompt" or "completion", "self_harm", "high". Azure's spelling is folded. A
// verdict without a severity (a jailbreak) has none, and what Azure blocked has none either.
struct Verdict {
  std::string side, category, severity;
  auto operator<=>(const Verdict&) const = default;
};

enum class Volume : std::uint8_t { harmful, blocked, checked };
struct AzureVolume {
  Volume volume = Volume::checked;
  MetricPlace place;
  Verdict verdict;  // of `checked` empty
  double sum = 0;
};
query::Statement plan_azure_volumes(const Span& span);
Result<std::vector<AzureVolume>> read_azure_volumes(std::string_view body);

struct TracedVolume {
  std::string resource, deployment, model;
  Verdict verdict;
  std::int64_t calls = 0, filtered = 0;
  UnixNanos newest;
  TraceId trace_id;  // of the newest
  SpanId span_id;
};
// Verdicts that object to something: filtered, detected, or a severity other than safe.
inline constexpr std::size_t kVolumeRowsMax = 2'000;
query::Statement plan_traced_volumes(const Span& span, const std::vector<std::string>& resources);
Result<std::vector<TracedVolume>> read_traced_volumes(std::string_view body);

struct FilterLine {
  std::optional<std::int64_t> harmful, blocked;  // by Azure
  std::int64_t calls = 0, filtered = 0;          // traced
  UnixNanos newest;
  TraceId trace_id;
  SpanId span_id;
};
struct FilterVolume {
  std::optional<std::int64_t> checked;  // requests that Azure looked at
  std::map<Verdict, FilterLine> lines;
  void add(const AzureVolume& more);
  void add(const TracedVolume& more);
};
// What a search adds for the calls with that verdict; empty when its names are none of the
// filter's.
std::string terms_for(const Verdict& verdict);

}  // namespace catalejo::insight::economics
