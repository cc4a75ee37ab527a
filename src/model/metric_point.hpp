// One value of a metric over one interval: what became of all that came in for it meanwhile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "model/ddsketch.hpp"

namespace catalejo::model {

// What a value says, and how values of one series add up over time.
enum class MetricKind : std::uint8_t {
  count = 1,         // how often, within the interval: summed
  gauge = 2,         // how much, at the time: the last one counts
  rate = 3,          // how often a second: averaged
  distribution = 4,  // how values are spread: sketches are merged
};

struct MetricPoint {
  std::string name;               // "llm.latency": letters, digits, '_' and '.'
  std::string host;               // empty = not said
  std::vector<std::string> tags;  // "key:value" or "key", in order, each once
  MetricKind kind = MetricKind::gauge;
  UnixNanos time;                // where the interval begins
  std::uint32_t interval_s = 0;  // 0 = not known
  double value = 0;              // unless a distribution
  DDSketch sketch;               // a distribution
  // The same point again is the same point: what a client sends twice. What is summed up here is
  // always new, though the next ten seconds may look alike.
  bool repeatable = false;
  std::string_view source;  // which intake: "dogstatsd", "/api/v2/series"
};

// Points of the same name, host and tags are one series. It is written to disk.
std::uint64_t series_of(const MetricPoint& point);

}  // namespace catalejo::model
