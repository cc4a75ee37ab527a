// What one request brought: spans, evaluations, points of metrics and events with the bytes they
// point into, and an account of what was refused. spans_received counts wire spans; each ends in
// `spans`, `spans_sampled_out` or `rejected`.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/arena.hpp"
#include "model/evaluation.hpp"
#include "model/event.hpp"
#include "model/metric_point.hpp"
#include "model/span.hpp"

namespace catalejo::model {

// Why something of a request was not kept; a short snake_case reason each, bounded in number.
using Rejections = std::map<std::string, std::uint64_t, std::less<>>;

struct Batch {
  Arena arena;
  std::vector<Span> spans;
  std::vector<Evaluation> evaluations;
  std::uint64_t spans_received = 0;
  std::uint64_t spans_sampled_out = 0;  // _dd.sampling_decision "0"
  // What of them metrics are made of; they are not stored.
  std::vector<Span> sampled_out;
  // The tracer makes its own statistics of the APM halves (TraceStats): they are not counted here.
  bool client_computed_stats = false;
  Rejections spans_rejected;
  std::uint64_t evaluations_received = 0;
  Rejections evaluations_rejected;
  std::vector<MetricPoint> points;
  std::uint64_t points_received = 0;  // `points` and `points_rejected`
  Rejections points_rejected;
  std::vector<Event> events;          // and service checks
  std::uint64_t events_received = 0;  // `events` and `events_rejected`
  Rejections events_rejected;
};

}  // namespace catalejo::model
