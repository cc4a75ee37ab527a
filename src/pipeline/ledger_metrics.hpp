// The loss ledger as metrics: once a minute, what was received and what became of it since, as
// counts `catalejo.*` (docs/en/reference/loss-ledger.md). A minute in which nothing happened has no
// points, and its own points are not counted, so that an idle program writes nothing. A crash loses
// the minute that it was in; the ledger itself begins anew then.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/ledger.hpp"
#include "model/metric_point.hpp"

namespace catalejo::pipeline {

struct LedgerState {
  model::Account spans, evaluations, points, events;
  std::map<std::string, std::uint64_t, std::less<>> requests_rejected;
};
LedgerState state_of(const model::Ledger& ledger);

// What happened between the two, as counts that stand at `time`.
std::vector<model::MetricPoint> points_between(const LedgerState& before, const LedgerState& after,
                                               UnixNanos time);

class LedgerMetrics {
 public:
  explicit LedgerMetrics(UnixNanos started) : since_(started) {}

  // What happened since the last time: once a minute, in between nothing, unless it is the end.
  std::vector<model::MetricPoint> due(const model::Ledger& ledger, UnixNanos now, bool at_end);

 private:
  UnixNanos since_;
  LedgerState before_;
};

}  // namespace catalejo::pipeline
