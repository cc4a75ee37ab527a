// Statistics of APM spans that a tracer made itself: what it may have dropped is in them. Texts
// point into the body of the request.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "model/ddsketch.hpp"

namespace catalejo::model {

// Spans of one bucket of time that have all of these in common.
struct TraceStatsGroup {
  std::string_view env, version, host;
  std::string_view service, name, resource, span_kind;
  std::uint64_t http_status = 0;  // 0 = none
  UnixNanos start;                // of the bucket
  std::uint64_t hits = 0, errors = 0;
  double duration_s = 0;  // of all together
  DDSketch durations_s;   // how they are distributed; empty when it could not be read
};

struct TraceStats {
  std::vector<TraceStatsGroup> groups;
  std::uint64_t buckets = 0;
  std::uint64_t sketches_unread = 0;  // of another mapping than a logarithm
};

}  // namespace catalejo::model
